// Claims: every claim with who said its status, what is open, and what is due; the whole filtered set is summed.
import { html, signal, useEffect, useState } from "../lib.js";
import { age, amount, due, named, plural } from "../format.js";
import { download, onceKey, post } from "../http.js";
import { attempt, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { ActiveFilters, More, Pills, Views, useList } from "../kit/list.js";
import { cents, equation, MoneyBar, MoneySum } from "../kit/money.js";
import { Page, PeekHead } from "../kit/page.js";
import { NextAction, Timeline } from "../kit/parts.js";
import { Empty, Failure, News } from "../kit/states.js";
import { CLAIM, CLAIM_GROUPS, Chip, ClaimStatus, claimState } from "../kit/status.js";
import { DataTable, KeyHints, NumberLink, useRows } from "../kit/table.js";
import { useResource } from "../resource.js";
import { Link, go, place, withQuery } from "../router.js";
import { may } from "../session.js";
import { shown } from "./claim-timeline.js";
import { Bulk } from "./claims-bulk.js";
import { FILTER_WORDS, FilterDialog, meet } from "./claims-filter.js";

const hrefOf = (claim) => `/claims/${claim.id}`;
const kept = signal(null);      // The row that one comes back to.
const isPeeking = signal(true);
export const listed = signal([]);  // Ids of the list, for previous and next on a claim's page.

const NAMES = ["q", "status", "payer", "provider", "partner", "patient", "file", "assignee", "service_from", "service_to", "charge_min", "charge_max",
  "open_min", "open_max", "due_before", "work", "reason", "received_from", "received_to", "has_open", "sent_from", "sent_to"];

const COLUMNS = [
  { key: "status", label: "Status", sort: "status_at", card: "lead", cell: (claim) => html`<${ClaimStatus} claim=${claim} />` },
  { key: "claim", label: "Claim", isHead: true, cell: (claim) => html`<${NumberLink} value=${claim.patient_control_number} href=${hrefOf(claim)} /><span class="said">${claim.patient}</span>` },
  { key: "payer", label: "Payer", sort: "payer", card: "end", cell: (claim) => html`${named(claim.payer.name)}<span class="said">${named(claim.provider.name)}</span>` },
  { key: "served", label: "Served", sort: "service_from", num: true, downFirst: true, card: "fold",
    cell: (claim) => html`<time datetime=${claim.service_from}>${claim.service_from}</time><span class="said">${age(claim.service_from)}</span>` },
  { key: "billed", label: "Billed", sort: "charge", num: true, downFirst: true, card: "fold", cell: (claim) => amount(claim.charge_cents) },
  { key: "paid", label: "Paid", sort: "paid", num: true, downFirst: true, card: "fold", cell: (claim) => cents(claim.paid_cents) },
  { key: "adjusted", label: "Adjusted", num: true, wide: true, card: "fold", cell: (claim) => cents(claim.adjusted_cents) },
  { key: "patient", label: "Patient", num: true, wide: true, card: "fold", cell: (claim) => cents(claim.patient_cents) },
  { key: "open", label: "Open", sort: "open", num: true, downFirst: true, card: "end", cardLabel: "Open", className: "strong", cell: (claim) => cents(claim.open_cents) },
  { key: "due", label: "Due", sort: "due", num: true, cardLabel: "Due", cell: (claim) => { const told = due(claim.due_on); return html`<span class=${told.isLate ? "late" : ""}>${told.text}</span>`; } },
];

function Totals({ list, canSelect }) {
  const sums = list.totals;
  if (!sums) return null;
  return html`<tr>${canSelect && html`<td class="check"></td>`}
    <th scope="row" colspan="4">Total of ${plural(list.total, "claim")}<span class="said flow">${equation(sums)}</span></th>
    <td class="num">${amount(sums.charge_cents)}</td><td class="num">${amount(sums.paid_cents)}</td>
    <td class="num if-wide">${amount(sums.adjusted_cents)}</td><td class="num if-wide">${amount(sums.patient_cents)}</td>
    <td class="num">${amount(sums.open_cents)}</td><td></td></tr>`;
}

// Where nobody has to do anything: why not.
const WAITS = {
  ready: "It goes with the next file.", batched: "It goes with the next file.", paid: "It is settled.",
  reversed: "The payer took its payment back.", denied: "Nobody works on this denial.",
};

function Peek({ claim, move }) {
  const detail = useResource(`/claims/${claim.id}/timeline`, { kinds: ["claim"] });
  const last = (detail.data?.items ?? []).slice(0, 3).map(shown);
  return html`<${PeekHead} chip=${html`<${Chip} of=${CLAIM} value=${claimState(claim)} />`} onPrevious=${() => move(-1)} onNext=${() => move(1)} onClose=${() => { isPeeking.value = false; }} />
    <div><h2>${claim.patient}</h2><p class="small muted"><span class="mono">${claim.patient_control_number}</span> · ${named(claim.payer.name)}</p></div>
    ${claim.next_action
      ? html`<${NextAction} title=${claim.next_action} day=${claim.due_on} actions=${html`<${Link} class="btn primary" href=${hrefOf(claim)}>Open the claim<//>`} />`
      : html`<p class="small muted">Nothing to do now. ${WAITS[claim.status] ?? "We wait for an answer."}</p>`}
    <section><h3>Money</h3><${MoneyBar} money=${claim} /><${MoneySum} money=${claim} /></section>
    ${last.length > 0 && html`<section><h3>Last events</h3><${Timeline} brief entries=${last} /></section>`}
    <${KeyHints} keys=${[["j k", "move"], ["space", "preview"], ["enter", "open"], ["x", "select"]]} />`;
}

export default function Claims() {
  const list = useList("/claims", { names: NAMES, sort: "due", kinds: ["claim", "work_item"] });
  const [selection, setSelection] = useState(new Set());
  const [isFiltering, setFiltering] = useState(false);
  const rows = list.rows;
  listed.value = rows?.map((claim) => claim.id) ?? [];
  meet(rows ?? []);
  const canSelect = may("claims.work") || may("work.do");
  useEffect(() => setSelection(new Set()), [list.path]);  // What is not seen is not acted on.
  const [current, choose] = useRows({ rows, hrefOf, selection, onSelection: canSelect && setSelection, onPeek: () => { isPeeking.value = !isPeeking.value; }, keep: kept });
  const here = rows?.find((claim) => claim.id === current);
  const move = (step) => { const next = rows[rows.findIndex((claim) => claim.id === current) + step]; if (next) choose(next.id); };
  const save = (format) => attempt(() => download(withQuery("/claims/export", { format, ...list.values, sort: list.sort })));
  const sendReady = () => attempt(async () => {
    const { partners, paused } = await post("/exchange", undefined, { key: onceKey() });
    toast(partners ? "What is ready goes with the next file. Answers appear here as they come." : `Nothing is sent: ${plural(paused, "partner")} ${paused === 1 ? "is" : "are"} paused.`);
  });
  const isFiltered = [...place.value.query.keys()].some((name) => name !== "sort");
  const clear = () => setSelection(new Set());
  const chosen = (rows ?? []).filter((claim) => selection.has(claim.id));
  const views = [
    { label: "All claims", query: "" },
    { label: "Needs a person", query: "work=any" },
    { label: "Mine", query: "assignee=me" },
    { label: "Nobody’s", query: "assignee=nobody&work=any" },
  ];
  return html`<${Page} title="Claims" peek=${here && isPeeking.value && html`<${Peek} key=${here.id} claim=${here} move=${move} />`}
      actions=${html`<${News} resource=${list} />${may("exchange") && list.facets.status?.ready > 0 && html`<button class="btn" onClick=${sendReady}><${Icon} name="refresh" />Send what is ready</button>`}${may("export") && html`<button class="btn" onClick=${() => save("csv")}><${Icon} name="save" />CSV</button><button class="btn" onClick=${() => save("xlsx")}><${Icon} name="save" />Excel</button>`}`}>
    <${Views} views=${views} label="Views" base="/claims" />
    <div class="filters-row"><${Pills} name="status" groups=${CLAIM_GROUPS} facet=${list.facets.status} />
      <div class="filters" role="group" aria-label="More filters"><${ActiveFilters} words=${FILTER_WORDS} /><button class="pill add" onClick=${() => setFiltering(true)}><${Icon} name="plus" small />Filter</button></div></div>
    <p class="visually-hidden" role="status">${rows ? `${plural(list.total, "claim")}, ${chosen.length} selected` : "Loading"}</p>
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(rows)} />
    ${rows?.length === 0
      ? html`<${Empty} title=${isFiltered ? "No claim fits these filters" : "No claims yet"} action=${isFiltered && html`<button class="btn" onClick=${() => go("/claims")}>Show all claims</button>`}>
          ${isFiltered ? "Take a filter off, or show all." : "They appear as soon as an encounter is posted."}<//>`
      : html`<${DataTable} caption="Claims. Open is billed less paid, adjusted and patient." columns=${COLUMNS} rows=${rows} hrefOf=${hrefOf} nameOf=${(claim) => `claim ${claim.patient_control_number}`}
          sort=${list.sort} onSort=${list.setSort} selection=${selection} onSelection=${canSelect && setSelection} current=${current} onCurrent=${choose} isStale=${Boolean(list.problem)}
          totals=${html`<${Totals} list=${list} canSelect=${canSelect} />`} />`}
    <${More} list=${list} word="claims" />
    ${chosen.length > 0 && html`<${Bulk} chosen=${chosen} list=${list} select=${setSelection} clear=${clear} />`}
    ${isFiltering && html`<${FilterDialog} facets=${list.facets} onClose=${() => setFiltering(false)} />`}
  <//>`;
}

