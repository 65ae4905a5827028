// One timeline of a claim over encounter, edits, files, answers, payments, notes and people.
import { html, useState } from "../lib.js";
import { source } from "../format.js";
import { Card, Code, Timeline } from "../kit/parts.js";
import { Bones, Empty, Failure } from "../kit/states.js";
import { useResource } from "../resource.js";
import { may } from "../session.js";
import { textAt } from "./claim-form.js";

const TONES = { good: "tick", bad: "wrong", warn: "alert" };
const WHATS = { encounter: "down", edit: "edit", note: "note", task: "work", posting: "money" };
const GROUPS = [["all", "Everything", () => true], ["payer", "Payer", (entry) => entry.kind === "payer" || entry.kind === "clearinghouse"], ["person", "People", (entry) => entry.kind === "person"]];

function Words({ entry }) {
  return html`${entry.text ? `“${entry.text}”` : entry.words}${entry.codes.map((code) => html` <${Code} key=${code} value=${code} />`)}
    ${entry.changes.length > 0 && html`<details><summary class="small muted">Show the change</summary><ul class="small">${entry.changes.map((change) => html`<li key=${change.pointer}>${change.label}: ${textAt(change.pointer, change.before)} → <strong>${textAt(change.pointer, change.after)}</strong></li>`)}</ul></details>`}`;
}

export function shown(entry) {
  const file = entry.file;
  return {
    at: entry.at, kind: entry.kind, tone: entry.tone === "neutral" ? "" : entry.tone, source: source(entry.source), icon: WHATS[entry.what] ?? TONES[entry.tone],
    words: html`<${Words} entry=${entry} />`, href: file && may("files.read") ? `/files/${file.id}${file.segment_number ? `?segment=${file.segment_number}` : ""}` : null,
    hrefWords: file && `${file.file_type}${file.segment_number ? ` line ${file.segment_number}` : ""}`,
  };
}

// Newest first; where a claim went more than once, each journey has its heading.
function withBranches(entries, submissions) {
  if (submissions.length < 2) return entries.map(shown);
  const heading = (n) => { const one = submissions.find((each) => each.n === n); return { branch: one ? `Submission ${n}, ${one.patient_control_number}` : "Before it was sent" }; };
  return entries.flatMap((entry, n) => (n === 0 || entries[n - 1].submission !== entry.submission ? [heading(entry.submission), shown(entry)] : [shown(entry)]));
}

export function ClaimTimeline({ id }) {
  const told = useResource(`/claims/${id}/timeline`, { kinds: ["claim", "work_item", "remittance"] });
  const [group, setGroup] = useState("all");
  const entries = told.data?.items ?? [];
  const fits = GROUPS.find(([name]) => name === group)[2];
  return html`<${Card} title="Timeline" end=${html`<span class="switch" role="group" aria-label="Show">${GROUPS.map(([name, words, test]) => html`<button class="pill" key=${name} aria-pressed=${group === name} onClick=${() => setGroup(name)}>${words} <span class="count">${entries.filter(test).length}</span></button>`)}</span>`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} lines=${6} />` : entries.length === 0 ? html`<${Empty} title="Nothing happened yet" />`
      : html`<div class="body"><${Timeline} entries=${withBranches(entries.filter(fits), told.data.submissions)} /></div>`}<//>`;
}
