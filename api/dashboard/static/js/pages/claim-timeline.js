// One timeline of a claim over encounter, edits, files, answers, payments, notes and people.
import { html, useState } from "../lib.js";
import { Card, Timeline } from "../kit/parts.js";
import { Bones, Empty, Failure } from "../kit/states.js";
import { useResource } from "../resource.js";
import { may } from "../session.js";

const ICONS = { good: "tick", bad: "wrong", warn: "alert" };
const GROUPS = [["all", "Everything", () => true], ["payer", "Payer", (entry) => entry.kind === "payer" || entry.kind === "clearinghouse"], ["person", "People", (entry) => entry.kind === "person"]];

const hrefOf = (entry) => (entry.remittance_id ? `/payments/${entry.remittance_id}` : entry.file_id && may("files.read") ? `/files/${entry.file_id}${entry.segment_number ? `?segment=${entry.segment_number}` : ""}` : null);

export const shownEntries = (entries) => entries.map((entry) => ({
  ...entry, icon: ICONS[entry.tone] ?? (entry.kind === "person" ? "note" : undefined), href: hrefOf(entry),
  hrefWords: entry.segment_number ? `${entry.file_type ?? "File"} line ${entry.segment_number}` : entry.file_type ?? "File",
}));

export function ClaimTimeline({ id }) {
  const told = useResource(`/claims/${id}/timeline`, { kinds: ["claim", "work_item", "remittance"] });
  const [group, setGroup] = useState("all");
  const entries = told.data?.items ?? [];
  const fits = GROUPS.find(([name]) => name === group)[2];
  return html`<${Card} title="Timeline" end=${html`<span class="switch" role="group" aria-label="Show">${GROUPS.map(([name, words, test]) => html`<button class="pill" key=${name} aria-pressed=${group === name} onClick=${() => setGroup(name)}>${words} <span class="count">${entries.filter((entry) => !entry.branch && test(entry)).length}</span></button>`)}</span>`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} lines=${6} />` : entries.length === 0 ? html`<${Empty} title="Nothing happened yet" />`
      : html`<div class="body"><${Timeline} entries=${shownEntries(entries.filter((entry) => entry.branch || fits(entry)))} /></div>`}<//>`;
}
