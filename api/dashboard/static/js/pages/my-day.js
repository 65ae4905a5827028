// My day: what is due, what is worth most, and what is wrong with the machinery; every number is a link.
import { html, useEffect } from "../lib.js";
import { age, amount, amountOrDash, dollars, due, longDay, plural, today } from "../format.js";
import { Columns, StackedBars } from "../kit/charts.js";
import { Icon } from "../kit/icons.js";
import { Page } from "../kit/page.js";
import { Card } from "../kit/parts.js";
import { Bones, Empty, Failure, Notice } from "../kit/states.js";
import { WorkIcon } from "../kit/status.js";
import { DataTable, KeyHints, useRows } from "../kit/table.js";
import { useKeys } from "../keys.js";
import { stir, useResource } from "../resource.js";
import { Link, go, place, setQuery, withQuery } from "../router.js";
import { badges } from "../shell.js";
import { ClaimOf, itemHref } from "./worklists.js";

const COUNTERS = [
  ["rejections", "Rejections", "wrong"],
  ["held", "Held", "pause"],
  ["denials_due", "Denials due", "ban", "None is due in 7 days"],
  ["to_post", "To post", "money"],
  ["unmatched", "Unmatched", "bank"],
  ["coverage", "Coverage fails", "shield"],
];
const STALE_MS = 10 * 60_000;
const AGAIN_MS = 5 * 60_000;
// What to do now; how to send it again stands with the claim.
const firstStep = (action) => action.replace(/; then .*$/, ".");

export const hrefOfLink = (link) => withQuery(link.page.startsWith("/") ? link.page : `/${link.page}`, link.filter ?? {});

const COLUMNS = [
  { key: "kind", label: "Kind", hidden: true, className: "icon-cell", card: "fold", cell: (item) => html`<${WorkIcon} kind=${item.kind} />` },
  { key: "what", label: "What is wrong, and what to do", isHead: true, card: "lead",
    cell: (item) => html`<${Link} href=${itemHref(item)}>${item.message}<//><span class="said flow">${firstStep(item.action)}</span>` },
  { key: "claim", label: "Claim", cell: (item) => html`<${ClaimOf} item=${item} payer />` },
  { key: "due", label: "Due", num: true, cardLabel: "Due", cell: (item) => { const told = due(item.due_on); return html`<span class=${told.isLate ? "late" : ""}>${told.text}</span>`; } },
  { key: "open", label: "Open", num: true, card: "end", cardLabel: "Open", className: "strong", cell: (item) => amountOrDash(item.amount_cents) },
];

function Counter({ name, icon, told, none = "Nothing waits" }) {
  return html`<${Link} class="counter" href=${hrefOfLink(told.link)}><span class="label"><${Icon} name=${icon} />${name}</span>
    <span class="value">${told.count} <small class="muted">${told.amount_cents ? dollars(told.amount_cents) : ""}</small></span>
    <span class="note">${told.count ? `Oldest ${age(told.oldest_at)}` : none}</span><//>`;
}

function StartHere({ items, total }) {
  const [current, choose] = useRows({ rows: items, hrefOf: itemHref });
  useKeys([[".", "Work on the next item", () => items[0] && go(itemHref(items[0]))]], [items]);
  const sum = items.reduce((cents, item) => cents + item.amount_cents, 0);
  return html`<${Card} title="Start here" note="What is due first, then what is worth most" end=${html`<${Link} href="/worklists">All ${total}<//>`}>
    ${items.length === 0 ? html`<${Empty} title="Nothing waits for you">When a payer or a check finds something, it stands here with what to do.<//>`
      : html`<${DataTable} plain caption="Next actions, in order" columns=${COLUMNS} rows=${items} hrefOf=${itemHref} current=${current} onCurrent=${choose}
          totals=${html`<tr><td class="icon-cell fold-away"></td><th scope="row" colspan="3">These ${items.length}</th><td class="num">${amount(sum)}</td></tr>`} />`}<//>`;
}

function Alerts({ alerts }) {
  return html`<${Card} title="Alerts" end=${html`<span class="muted">${alerts.length} open</span>`}>
    ${alerts.length === 0 ? html`<div class="body"><p class="small muted">All connections and jobs are well.</p></div>`
      : html`<ul class="list">${alerts.map((alert, n) => html`<li key=${n}><span class=${alert.severity === "error" ? "bad" : "warn"}><${Icon} name=${alert.severity === "error" ? "wrong" : "alert"} /></span>
          <div class="grow"><${Link} href=${hrefOfLink(alert.link)}>${alert.message}<//><span class="said">${alert.safe} ${alert.action}</span></div></li>`)}</ul>`}<//>`;
}

function Aging() {
  const told = useResource("/analytics/ar-aging", { kinds: ["claim", "remittance"] });
  const data = told.data;
  const buckets = data?.buckets ?? [];
  const rows = data?.rows ?? [];
  return html`<${Card} title="Open receivables by age" note=${data && `${dollars(data.total_cents)} in all, ${data.over_90_percent} % over 90 days`} end=${html`<${Link} href="/analytics">Analytics<//>`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(data)} />
    ${!data ? !told.problem && html`<${Bones} lines=${6} />` : rows.length === 0 ? html`<${Empty} title="Nothing is open">Receivables stand here as soon as a claim is sent.<//>` : html`<div class="body">
      <${StackedBars} title="Open receivables by payer and age" describe=${data.definition} buckets=${buckets}
        rows=${rows.slice(0, 6).map((row) => ({ label: row.label, total_cents: row.total_cents, buckets: row.buckets.map((bucket) => ({ cents: bucket.amount_cents, href: bucket.link && hrefOfLink(bucket.link) })) }))} /></div>`}<//>`;
}

function Cash() {
  const told = useResource("/analytics/payments?group=week", { kinds: ["remittance"] });
  const points = told.data?.points ?? [];
  const now = points.at(-1);
  return html`<${Card} title="Cash per week" note="Posted, by payment date">
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} lines=${4} />` : html`<div class="body"><p class="big">${dollars(now?.amount_cents ?? 0)} <small class="muted">this week</small></p>
      <${Columns} title="Cash per week" describe=${told.data.definition} points=${points.map((point) => ({ day: point.from, cents: point.amount_cents, isOpen: point.is_open, href: point.link && hrefOfLink(point.link) }))} /></div>`}<//>`;
}

export default function MyDay() {
  const scope = place.value.query.get("scope") ?? "team";
  const day = useResource(`/dashboard/summary?scope=${scope}`, { kinds: ["work_item", "remittance", "file", "partner", "job", "eligibility_check", "claim", "clock"] });
  const data = day.data;
  useEffect(() => { if (data) badges.value = { ...badges.value, "/worklists": data.open_items }; }, [data]);
  useEffect(() => { const timer = setInterval(() => stir(["clock"]), AGAIN_MS); return () => clearInterval(timer); }, []);
  const isOld = data && Date.now() - Date.parse(data.as_of) > STALE_MS;
  const pick = (name, words) => html`<button class="pill" aria-pressed=${scope === name} onClick=${() => setQuery({ scope: name === "team" ? null : name })}>${words}</button>`;
  return html`<${Page} title="My day" sub=${html`${longDay(today())}${data && ` · ${plural(data.open_items, "thing")} to do, ${data.due_today || "none"} of them due today`}`}
      actions=${html`<div class="switch" role="group" aria-label="Scope">${pick("me", "Mine")}${pick("team", "Team")}</div>
        ${data?.start_here.length > 0 && html`<${Link} class="btn primary" href=${itemHref(data.start_here[0])}>Work next <kbd>.</kbd><//>`}`}>
    <${Failure} problem=${day.problem} retry=${day.refresh} kept=${Boolean(data)} />
    ${isOld && html`<${Notice} icon="clock"><strong>These counts are old.</strong> The newest answer of the server is more than 10 minutes old; we ask again by ourselves.<//>`}
    ${!data ? !day.problem && html`<${Bones} lines=${4} />` : html`
    <div class="counters six">${COUNTERS.map(([key, name, icon, none]) => html`<${Counter} key=${key} name=${name} icon=${icon} none=${none} told=${data.counters[key]} />`)}</div>
    <div class="columns below"><div class="stack"><${StartHere} items=${data.start_here} total=${data.open_items} /><${Aging} /></div>
      <div class="stack"><${Alerts} alerts=${data.alerts} /><${Cash} /></div></div>
    <${KeyHints} keys=${[["j k", "move"], ["enter", "open"], [".", "work next"], ["/", "search"], ["g c", "claims"], ["?", "all keys"]]} />`}
  <//>`;
}
