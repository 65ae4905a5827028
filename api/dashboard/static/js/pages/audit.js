// Audit log: who did and saw what, when. It can be read, not changed.
import { html } from "../lib.js";
import { moment, plural } from "../format.js";
import { Field } from "../kit/fields.js";
import { ActiveFilters, More, useList } from "../kit/list.js";
import { Page } from "../kit/page.js";
import { Code } from "../kit/parts.js";
import { Empty, Failure } from "../kit/states.js";
import { DataTable, useRows } from "../kit/table.js";
import { Link, setQuery } from "../router.js";

const PAGES = { claim: "/claims/", remittance: "/payments/", file: "/files/", eligibility_check: "/eligibility/" };
const about = (event) => (PAGES[event.about] && event.about_id ? html`<${Link} href=${PAGES[event.about] + event.about_id}>${event.about.replaceAll("_", " ")}<//>` : event.about.replaceAll("_", " ") || "–");

// How far the record is beyond anybody's hand: said, not proven; `rcm audit verify` proves it.
function Chain({ chain }) {
  if (!chain) return null;
  const waits = chain.unchained ? ` ${plural(chain.unchained, "entry", "entries")} will follow within seconds.` : "";
  if (!chain.chained_at) return html`<p class="muted">Not chained yet.${waits}</p>`;
  const signed = chain.signed_at ? `, signed ${moment(chain.signed_at)}` : ", not signed as far as this page can tell";
  return html`<p class="muted">Covered by the hash chain up to ${moment(chain.chained_at)}${signed}.${waits}</p>`;
}

const COLUMNS = [
  { key: "at", label: "When", card: "lead", cell: (event) => html`<time datetime=${event.at}>${moment(event.at)}</time>` },
  { key: "who", label: "Who", isHead: true, cell: (event) => (event.actor_id ? html`<button class="link" onClick=${() => setQuery({ actor: event.actor_id })}>${event.actor_name}</button>` : event.actor_name) },
  { key: "action", label: "Did", cell: (event) => html`<${Code} value=${event.action} />${event.outcome === "refused" && html`<span class="said bad">refused</span>`}` },
  { key: "about", label: "To", card: "end", cell: about },
  { key: "detail", label: "Detail", card: "fold", cell: (event) => event.detail || "–" },
];

export default function Audit() {
  const list = useList("/audit-events", { names: ["actor", "action", "about", "about_id", "from", "to"], kinds: [] });
  const [current, choose] = useRows({ rows: list.rows });
  // The facet counts what fits the other filters too; what is chosen can always be taken off.
  const chosen = list.values.action[0] ?? "";
  const actions = [...new Set([...Object.keys(list.facets.action ?? {}), ...list.values.action])].sort();
  const words = { actor: (value) => list.rows?.find((event) => event.actor_id === value)?.actor_name ?? "One person", about: (value) => `About ${value}`, about_id: () => "One thing", from: (value) => `Since ${value}`, to: (value) => `Until ${value}` };
  return html`<${Page} title="Audit log" sub="Who did and saw what. Entries are appended and never changed." actions=${html`<button class="btn" onClick=${list.refresh}>Refresh</button>`}>
    <div class="filters"><${Field} label="What was done" options=${[["", "Everything"], ...actions.map((value) => [value, value])]} value=${chosen} onValue=${(action) => setQuery({ action })} /><${ActiveFilters} words=${words} /></div>
    <${Chain} chain=${list.data?.chain} />
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(list.rows)} />
    ${list.rows?.length === 0 ? html`<${Empty} title="No entry fits">Take a filter off.<//>`
      : html`<${DataTable} caption="Audit events, newest first" columns=${COLUMNS} rows=${list.rows} current=${current} onCurrent=${choose} />`}
    <${More} list=${list} word="entries" /><//>`;
}
