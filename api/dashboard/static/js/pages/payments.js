// Payments: each remittance as a proof in a row; what needs a person first; money that has no claim yet.
import { html } from "../lib.js";
import { amount, amountOrDash, dollars, less, moment, named, plural, shortDay } from "../format.js";
import { download } from "../http.js";
import { attempt } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { ActiveFilters, More, Views, useList } from "../kit/list.js";
import { Columns } from "../kit/charts.js";
import { Page } from "../kit/page.js";
import { Card } from "../kit/parts.js";
import { Bones, Empty, Failure, News } from "../kit/states.js";
import { Chip, REMITTANCE } from "../kit/status.js";
import { DataTable, KeyHints, useRows } from "../kit/table.js";
import { useResource } from "../resource.js";
import { Link, go, place } from "../router.js";
import { may } from "../session.js";
import { hrefOfLink } from "./my-day.js";

const SAID = { recorded: "A notice; it moves no money", waiting: "The answer comes in a moment", discarded: "Never to be posted" };
const hrefOf = (remittance) => `/payments/${remittance.id}`;
const METHODS = { ACH: "EFT", CHK: "check", NON: "no payment", BOP: "bank's choice", FWT: "wire" };
export const methodOf = (remittance) => METHODS[remittance.method] ?? remittance.method;

export function stateOf(remittance) {
  const needs = remittance.needs;
  if (remittance.state === "posted" && needs && (needs.unmatched || needs.unbalanced)) return "review";
  return remittance.state;
}
export const STATES = { ...REMITTANCE, review: ["Needs review", "alert", "amber"], waiting: ["Being judged", "clock", "blue"] };

export function saidOf(remittance) {
  const needs = remittance.needs ?? {};
  if (needs.unmatched) return `${plural(needs.unmatched, "claim")} not found, ${amount(needs.suspense_cents)} in suspense`;
  if (needs.unbalanced) return `${plural(needs.unbalanced, "claim")} off, ${amount(needs.suspense_cents)} in suspense`;
  if (needs.open_items && remittance.state === "posted") return `${plural(needs.open_items, "item")} to work`;
  if (needs.suspense_cents && remittance.state === "posted") return `Posted; ${amount(needs.suspense_cents)} not ours, in suspense`;
  return remittance.why || SAID[remittance.state] || `By rule, ${moment(remittance.received_at)}`;
}

function Difference({ cents, counts }) {
  if (!counts) return "–";
  return html`<span class=${cents ? "off strong" : "ok"}><${Icon} name=${cents ? "cross" : "check"} small className="inline" />${amount(Math.abs(cents))}</span>`;
}
// As the API's totals have it: of these no money is ours, or not by this row.
const counts = (remittance) => !["duplicate", "recorded", "discarded"].includes(remittance.state);

const COLUMNS = [
  { key: "state", label: "Status", card: "lead", cell: (each) => html`<${Chip} of=${STATES} value=${stateOf(each)} /><span class="said flow">${saidOf(each)}</span>` },
  { key: "trace", label: "Remittance", sort: "trace", isHead: true, cell: (each) => html`<${Link} class="mono" href=${hrefOf(each)}>${each.trace || "No number"}<//><span class="said">${named(each.payer_name)}, ${methodOf(each)}</span>` },
  { key: "received", label: "Received", sort: "received", num: true, downFirst: true, card: "fold", cell: (each) => html`<time datetime=${each.received_at}>${moment(each.received_at)}</time>` },
  { key: "claims", label: "Claims", sort: "claims", num: true, downFirst: true, card: "fold", wide: true, cell: (each) => (counts(each) ? each.claims : "–") },
  { key: "paid", label: "Claims paid", num: true, card: "fold", cell: (each) => (counts(each) ? amount(each.claims_paid_cents) : "–") },
  { key: "plb", label: "− PLB", num: true, card: "fold", cell: (each) => (counts(each) ? amountOrDash(each.provider_adjustments_cents) : "–") },
  { key: "payment", label: "= Payment", sort: "amount", num: true, downFirst: true, card: "end", className: "strong", cell: (each) => (counts(each) ? amount(each.payment_cents) : "–") },
  { key: "difference", label: "Difference", num: true, cardLabel: "Difference", cell: (each) => html`<${Difference} cents=${each.difference_cents} counts=${counts(each)} />` },
];

const WORDS = {
  payer: (value) => `Payer ${named(value)}`, partner_id: () => "One trading partner", paid_from: (value) => `Paid since ${shortDay(value)}`, paid_to: (value) => `Paid until ${shortDay(value)}`,
  amount_min_cents: (value) => `From ${dollars(Number(value))}`, amount_max_cents: (value) => `To ${dollars(Number(value))}`,
};

function Unmatched() {
  const told = useResource("/remittance-claims?state=unmatched&limit=6", { kinds: ["remittance", "claim"] });
  const items = told.data?.items ?? [];
  return html`<${Card} title="Money without a claim" note="In suspense until somebody says whose it is" end=${html`<${Link} href="/payments?has=unmatched">All<//>`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} />` : items.length === 0 ? html`<${Empty} title="All money has its claim">A payment that fits no claim stands here, with claims that may be meant.<//>`
      : html`<ul class="list">${items.map((each) => html`<li key=${`${each.remittance_id}/${each.position}`}><${Icon} name="money" /><div class="grow"><strong>${dollars(each.paid_cents)}</strong> ${named(each.payer_name)}, ${each.patient}
          <span class="said">Their number ${each.payer_control_number || "–"}, received ${shortDay(each.received_at)}</span></div>
        <${Link} class=${may("remittances.work") ? "btn primary" : "btn"} href=${`/payments/${each.remittance_id}?match=${each.position}`}>${may("remittances.work") ? "Match" : "Look"}<//></li>`)}</ul>`}<//>`;
}

function Cash() {
  const told = useResource("/analytics/payments?group=week", { kinds: ["remittance"] });
  return html`<${Card} title="Cash per week" note="Posted, by payment date"><${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} lines=${5} />` : told.data.points.length === 0 ? html`<${Empty} title="No payment was posted yet" />`
      : html`<div class="body"><${Columns} title="Cash per week" describe=${told.data.definition} points=${told.data.points.map((point) => ({ day: point.from, cents: point.amount_cents, isOpen: point.is_open, href: point.link && hrefOfLink(point.link) }))} /></div>`}<//>`;
}

export default function Payments() {
  const list = useList("/remittances", { names: ["state", "has", "payer", "partner_id", "paid_from", "paid_to", "amount_min_cents", "amount_max_cents"], sort: "-received", kinds: ["remittance"] });
  const every = useResource("/remittances?limit=1", { kinds: ["remittance", "work_item"] });  // A tab counts the list behind it, not the one before it.
  const rows = list.rows, has = every.data?.facets.has, states = every.data?.facets.state, sums = list.totals;
  const number = (facet, name) => facet && (facet[name] ?? 0);
  const [current, choose] = useRows({ rows, hrefOf });
  const query = place.value.query;
  const views = [
    { label: "All", query: "", count: every.data?.total }, { label: "Needs review", query: "has=needs_review", count: number(has, "needs_review") }, { label: "Held", query: "state=held", count: number(states, "held") }, { label: "Posted", query: "state=posted", count: number(states, "posted") },
    { label: "Reversals", query: "has=reversals", count: number(has, "reversals") }, { label: "Zero-pay", query: "has=zero_pay", count: number(has, "zero_pay") }, { label: "Unmatched", query: "has=unmatched", count: number(has, "unmatched") }, { label: "Duplicates", query: "state=duplicate", count: number(states, "duplicate") },
  ];
  return html`<${Page} title="Payments" actions=${html`<${News} resource=${list} />${may("export") && html`<button class="btn" onClick=${() => attempt(() => download(`/remittances/export?format=csv&${query}`))}><${Icon} name="save" />CSV</button>`}`}>
    <${Views} views=${views} label="Payments" base="/payments" />
    <div class="filters"><${ActiveFilters} words=${WORDS} /></div>
    <p class="visually-hidden" role="status">${rows ? plural(list.total, "remittance") : "Loading"}</p>
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(rows)} />
    ${rows?.length === 0 ? html`<${Empty} title="No payment fits" action=${query.toString() && html`<button class="btn" onClick=${() => go("/payments")}>Show all payments</button>`}>Remittances appear when a trading partner sends them.<//>`
      : html`<${DataTable} caption="Remittances: claims paid less provider adjustments is the payment" columns=${COLUMNS} rows=${rows} hrefOf=${hrefOf} sort=${list.sort} onSort=${list.setSort} current=${current} onCurrent=${choose} isStale=${Boolean(list.problem)}
          totals=${sums && html`<tr><th scope="row" colspan="3">Total of ${plural(list.total, "remittance")}<span class="said flow">${amount(sums.claims_paid_cents)} claims paid ${less(sums.provider_adjustments_cents)} PLB ${sums.difference_cents ? `${less(sums.difference_cents)} not explained ` : ""}= ${amount(sums.payment_cents)} payment; duplicates count for nothing</span></th>
            <td class="num if-wide">${sums.claims}</td><td class="num">${amount(sums.claims_paid_cents)}</td><td class="num">${amount(sums.provider_adjustments_cents)}</td><td class="num">${amount(sums.payment_cents)}</td><td class="num"><${Difference} cents=${sums.difference_cents} counts /></td></tr>`} />`}
    <${More} list=${list} word="remittances" />
    <div class="halves below"><${Unmatched} /><${Cash} /></div>
    <${KeyHints} keys=${[["j k", "move"], ["enter", "open"]]} />
  <//>`;
}
