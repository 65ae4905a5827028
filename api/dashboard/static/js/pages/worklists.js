// Worklists: everything a person has to do, by kind, due first; assign, close with a reason, undo.
import { html, useState } from "../lib.js";
import { amount, amountOrDash, dollars, due, moment, named, plural, shortDay } from "../format.js";
import { download, onceKey, post } from "../http.js";
import { Dialog, ReasonDialog, attempt, toast } from "../kit/dialog.js";
import { Field } from "../kit/fields.js";
import { Icon } from "../kit/icons.js";
import { ActiveFilters, More, Pills, useList } from "../kit/list.js";
import { Page, PeekHead } from "../kit/page.js";
import { Code, Facts, NextAction, Tabs } from "../kit/parts.js";
import { Empty, Failure, News } from "../kit/states.js";
import { Chip, WORK, WorkIcon } from "../kit/status.js";
import { DataTable, KeyHints, useRows } from "../kit/table.js";
import { useKeys } from "../keys.js";
import { useResource } from "../resource.js";
import { Link, go, place, withQuery } from "../router.js";
import { may, me } from "../session.js";

// Where an item is worked on.
export function itemHref(item) {
  if (item.kind === "suspense") return withQuery(`/payments/${item.remittance_id}`, { match: item.reason === "unmatched" && item.state === "open" ? item.remittance_position : null });
  if (item.claim) return `/claims/${item.claim.id}`;
  if (item.remittance_id) return `/payments/${item.remittance_id}`;
  if (item.eligibility_check_id) return `/eligibility/${item.eligibility_check_id}`;
  if (item.file_id) return `/files/${item.file_id}`;
  return withQuery("/worklists", { kind: item.kind, reason: item.reason });
}

// Which claim: ours; of money that found none, the number that its payer gives.
export function ClaimOf({ item, payer }) {
  const number = item.claim?.patient_control_number ?? item.payer_control_number;
  const said = [item.patient, payer && named(item.payer?.name)].filter(Boolean).join(" · ");
  if (!number) return said || "–";
  return html`${!item.claim && html`<span class="muted">Their </span>`}<span class="mono" title=${number}>${number}</span><span class="said">${said}</span>`;
}

const COLUMNS = [
  { key: "kind", label: "Kind", hidden: true, className: "icon-cell", card: "fold", cell: (item) => html`<${WorkIcon} kind=${item.kind} />` },
  { key: "what", label: "What is wrong, and what to do", isHead: true, card: "lead",
    cell: (item) => html`<${Link} href=${itemHref(item)}>${item.message}<//><span class="said flow">${item.action}</span>` },
  { key: "claim", label: "Claim", cell: (item) => html`<${ClaimOf} item=${item} />` },
  { key: "payer", label: "Payer", card: "fold", wide: true, cell: (item) => named(item.payer?.name) || "–" },
  { key: "who", label: "Whose", card: "fold", cell: (item) => item.assignee?.name ?? html`<span class="muted">Nobody’s</span>` },
  { key: "opened", label: "Since", sort: "opened", num: true, card: "fold", wide: true, cell: (item) => shortDay(item.opened_at) },
  { key: "due", label: "Due", sort: "due", num: true, cardLabel: "Due", cell: (item) => { const told = due(item.due_on); return html`<span class=${told.isLate ? "late" : ""}>${told.text}</span>`; } },
  { key: "amount", label: "Amount", sort: "amount", num: true, downFirst: true, card: "end", className: "strong", cell: (item) => amountOrDash(item.amount_cents) },
];

const WORDS = {
  reason: (value) => `Reason ${value}`,
  category: (value) => `Denied: ${value}`,
  payer: (value) => `Payer ${value}`,
  claim_id: () => "One claim",
  due_before: (value) => `Due before ${shortDay(value)}`,
};

// One call for all of them; what somebody else did first is skipped and told.
const change = (action, ids, params = {}) => post("/work-items/bulk", { action, ids, params }, { key: onceKey() });
const idsOf = (things) => things.map((thing) => thing.id);
const said = (told, did) => `${plural(told.count, "item")} ${did}.${told.skipped_count ? ` ${plural(told.skipped_count, "item")} skipped: ${told.skipped[0].message}` : ""}`;

export function AssignItems({ items, onClose, onDone }) {
  const people = useResource("/users/assignable");
  const [who, setWho] = useState(me.value.id);
  const options = [...(people.data?.items ?? []).map((person) => [person.id, person.id === me.value.id ? `${person.name} (me)` : person.name]), ["", "Nobody"]];
  const send = async () => {
    const told = await change("assign", idsOf(items), { user_id: who || null });
    toast(said(told, "assigned"), { undo: told.count > 0 && (async () => {
      for (const [owner, changed] of Map.groupBy(told.changed, (each) => each.was_assigned_to)) await change("assign", idsOf(changed), { user_id: owner });
      onDone();
    }) });
    onClose();
    onDone();
  };
  return html`<${Dialog} title=${`Assign ${plural(items.length, "item")}`} submit="Assign" canSubmit=${Boolean(people.data)} onClose=${onClose} onSubmit=${send}>
    <${Failure} problem=${people.problem} retry=${people.refresh} />
    <${Field} label="To" options=${options} value=${who} onValue=${setWho} /><//>`;
}

export function CloseItems({ items, onClose, onDone }) {
  const send = async (reason) => {
    const told = await change("close", idsOf(items), { reason });
    toast(said(told, "closed"), { undo: told.count > 0 && (async () => {
      await change("open", idsOf(told.changed));
      onDone();
    }) });
    onDone();
  };
  return html`<${ReasonDialog} title=${`Close ${plural(items.length, "item")}`} submit=${items.length === 1 ? "Close the item" : `Close ${items.length} items`} onClose=${onClose} act=${send}>
    <p>It leaves the list. Nothing is changed on the claim or its money.</p><//>`;
}

function Peek({ item, move, close, begin }) {
  const acts = begin && item.state === "open" && html`<button class="btn" onClick=${begin("assign")}>Assign</button><button class="btn" onClick=${begin("close")}>Close</button>`;
  return html`<${PeekHead} chip=${html`<${Chip} of=${WORK} value=${item.kind} />`} onPrevious=${() => move(-1)} onNext=${() => move(1)} onClose=${close} />
    <div><h2>${item.patient || WORK[item.kind]?.[0]}</h2>${item.claim && html`<p class="small muted"><span class="mono">${item.claim.patient_control_number}</span> · ${named(item.claim.payer?.name)}</p>`}</div>
    <${NextAction} title=${item.action || "Look at it"} day=${item.due_on} actions=${html`<${Link} class="btn primary" href=${itemHref(item)}>Open<//>${acts}`}><p>${item.message}</p><//>
    <section><h3>Facts</h3><${Facts} facts=${[["Amount", item.amount_cents ? dollars(item.amount_cents) : null], ["Reason", html`<${Code} value=${item.reason} />`], ["Whose", item.assignee?.name ?? "Nobody’s"], ["Since", moment(item.opened_at)], ["Closed", item.closed_at && moment(item.closed_at), item.closed_by === "answer" ? "By a later answer" : item.closed_by]]} /></section>`;
}

export default function Worklists() {
  const list = useList("/work-items", { names: ["kind", "state", "reason", "category", "assignee", "due_before", "claim_id", "payer"], sort: "due", kinds: ["work_item"] });
  const [selection, setSelection] = useState(new Set());
  const [dialog, setDialog] = useState(null);
  const [isPeeking, setPeeking] = useState(true);
  const rows = list.rows;
  const [current, choose] = useRows({ rows, hrefOf: itemHref, selection, onSelection: setSelection, onPeek: () => setPeeking(!isPeeking) });
  const here = rows?.find((item) => item.id === current);
  const move = (step) => { const next = rows[rows.findIndex((item) => item.id === current) + step]; if (next) choose(next.id); };
  const picked = (rows ?? []).filter((item) => (selection.size ? selection.has(item.id) : item.id === current));
  const canDo = may("work.do");
  const begin = (name) => () => picked.length && canDo && setDialog(name);
  useKeys([["a", "Assign", begin("assign")], [".", "Work on the next item", () => rows?.length && go(itemHref(rows[0]))]], [rows, selection, current]);
  const done = () => { setSelection(new Set()); list.refresh(); };
  const isDone = list.values.state[0] === "done", whose = list.values.assignee.join();
  const tab = (label, assignee, state) => ({ label, isCurrent: isDone === Boolean(state) && (isDone || whose === (assignee ?? "")), href: withQuery("/worklists", { ...list.values, assignee, state }) });
  const kinds = Object.entries(WORK).map(([kind, [word]]) => [word, [kind]]);
  const total = list.totals?.amount_cents;
  const query = place.value.query;
  return html`<${Page} title="Worklists" sub=${rows && `${plural(list.total, "item")} ${isDone ? "done" : "to do"}${list.sort === "due" ? `, what ${isDone ? "was" : "is"} due first on top` : ""}`} peek=${here && isPeeking && html`<${Peek} item=${here} move=${move} close=${() => setPeeking(false)} begin=${canDo && !selection.size && begin} />`}
      actions=${html`<${News} resource=${list} />${may("export") && html`<button class="btn" onClick=${() => attempt(() => download(`/work-items/export?format=csv&${query}`))}><${Icon} name="save" />CSV</button>`}
        ${rows?.length > 0 && html`<${Link} class="btn primary" href=${itemHref(rows[0])}>Work next <kbd>.</kbd><//>`}`}>
    <${Tabs} label="Whose" tabs=${[tab("Everybody’s"), tab("Mine", "me"), tab("Nobody’s", "nobody"), tab("Done", null, "done")]} />
    <div class="filters-row"><${Pills} name="kind" groups=${kinds} facet=${list.facets.kind} label="Kind of work" /><div class="filters"><${ActiveFilters} words=${WORDS} /></div></div>
    <p class="visually-hidden" role="status">${rows ? `${plural(list.total, "item")}, ${selection.size} selected` : "Loading"}</p>
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(rows)} />
    ${rows?.length === 0 ? html`<${Empty} title=${isDone ? "Nothing is done yet" : "Nothing to do here"} action=${query.toString() && html`<button class="btn" onClick=${() => go("/worklists")}>Show all open work</button>`}>Work appears by itself when a check, a payer or a clearinghouse finds something.<//>`
      : html`<${DataTable} caption=${isDone ? "Work that is done" : "Open work"} columns=${COLUMNS} rows=${rows} hrefOf=${itemHref} nameOf=${(item) => item.message} sort=${list.sort} onSort=${list.setSort}
          selection=${canDo ? selection : undefined} onSelection=${canDo ? setSelection : undefined} current=${current} onCurrent=${choose} isStale=${Boolean(list.problem)}
          totals=${total !== undefined && html`<tr>${canDo && html`<td class="check"></td>`}<td class="icon-cell fold-away"></td><th scope="row" colspan="2">Total of ${plural(list.total, "item")}</th><td class="if-wide"></td><td></td><td class="if-wide"></td><td></td><td class="num">${amount(total)}</td></tr>`} />`}
    <${More} list=${list} word="items" />
    ${selection.size > 0 && html`<div class="bulkbar" role="region" aria-label="With the selected items"><strong>${selection.size} selected</strong><span class="rule"></span>
      <button class="btn quiet" onClick=${begin("assign")}><${Icon} name="person" />Assign <kbd>a</kbd></button><button class="btn quiet" onClick=${begin("close")}><${Icon} name="check" />Close</button>
      <button class="btn quiet icon" aria-label="Select nothing" onClick=${() => setSelection(new Set())}><${Icon} name="cross" /></button></div>`}
    ${dialog === "assign" && html`<${AssignItems} items=${picked} onClose=${() => setDialog(null)} onDone=${done} />`}
    ${dialog === "close" && html`<${CloseItems} items=${picked} onClose=${() => setDialog(null)} onDone=${done} />`}
    <${KeyHints} keys=${[["j k", "move"], ["space", "preview"], ["enter", "open"], ["x", "select"], ["a", "assign"], [".", "next"]]} />
  <//>`;
}
