// Analytics: receivables by age, cash by week, why payers refuse; each bar is the list behind it.
import { html } from "../lib.js";
import { dollars, named } from "../format.js";
import { Columns, Pareto, StackedBars } from "../kit/charts.js";
import { Page } from "../kit/page.js";
import { Card } from "../kit/parts.js";
import { Bones, Empty, Failure } from "../kit/states.js";
import { useResource } from "../resource.js";
import { place, setQuery } from "../router.js";
import { hrefOfLink } from "./my-day.js";

const HEADS = { carc: ["Reason", "costs most"], payer: ["Payer", "refuses most"], category: ["Category", "costs most"] };

// A number with its one definition beneath; the part that fails says so alone.
function Figure({ title, told, isEmpty, empty, note, end, children }) {
  return html`<${Card} title=${title} note=${note} end=${end} footer=${told.data?.definition}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} lines=${6} />` : isEmpty ? html`<${Empty} title=${empty} />` : html`<div class="body">${children()}</div>`}<//>`;
}

function Choice({ name, label, value, options }) {
  return html`<div class="switch" role="group" aria-label=${label}>${options.map(([key, words]) => html`<button class="pill" key=${key} aria-pressed=${value === key} onClick=${() => setQuery({ [name]: key })}>${words}</button>`)}</div>`;
}

export default function Analytics() {
  const query = place.value.query;
  const basis = query.get("basis") ?? "service", by = query.get("by") ?? "carc";
  const aging = useResource(`/analytics/ar-aging?basis=${basis}`, { kinds: ["claim", "remittance"] });
  const cash = useResource("/analytics/payments?group=week", { kinds: ["remittance"] });
  const denials = useResource(`/analytics/denials?by=${by}`, { kinds: ["remittance", "work_item"] });
  const refused = denials.data?.items ?? [];
  const labelOf = (each) => (by === "payer" ? named(each.label) : each.label);
  const [of, does] = HEADS[by] ?? HEADS.carc;
  const most = refused[0] && labelOf(refused[0]);
  return html`<${Page} title="Analytics" sub="Exact to the cent, from the ledger. Choose a bar to see what it is made of.">
    <div class="stack">
      <${Figure} title="Open receivables by age" told=${aging} isEmpty=${!aging.data?.rows.length} empty="Nothing is open" note=${aging.data && `${dollars(aging.data.total_cents)} in all, ${aging.data.over_90_percent} % over 90 days`}
          end=${html`<${Choice} name="basis" label="Age" value=${basis} options=${[["service", "Since service"], ["submission", "Since first sent"]]} />`}>
        ${() => html`<${StackedBars} title="Open receivables by payer and age" since=${basis === "service" ? "service" : "first sent"} describe=${aging.data.definition} buckets=${aging.data.buckets}
          rows=${aging.data.rows.map((row) => ({ label: row.label, total_cents: row.total_cents, buckets: row.buckets.map((bucket) => ({ cents: bucket.amount_cents, href: bucket.link && hrefOfLink(bucket.link) })) }))} />`}<//>
      <div class="halves">
        <${Figure} title="Cash per week" told=${cash} isEmpty=${!cash.data?.points.length} empty="No payment was posted yet" note="Posted, by payment date">
          ${() => html`<${Columns} title="Cash per week" describe=${cash.data.definition} points=${cash.data.points.map((point) => ({ day: point.from, cents: point.amount_cents, isOpen: point.is_open, href: point.link && hrefOfLink(point.link) }))} />`}<//>
        <${Figure} title=${most ? `${most.charAt(0).toUpperCase()}${most.slice(1)} ${does}` : "Why payers refuse"} told=${denials} isEmpty=${!refused.length} empty="No payer refused anything" note="Open denied money"
            end=${html`<${Choice} name="by" label="Group by" value=${by} options=${[["carc", "Reason"], ["payer", "Payer"], ["category", "Category"]]} />`}>
          ${() => html`<${Pareto} title=${`Denied money by ${of.toLowerCase()}`} of=${of} describe=${denials.data.definition} items=${refused.slice(0, 10).map((each) => ({ label: labelOf(each), words: each.words ?? "", cents: each.amount_cents, count: each.count, share: Number(each.cumulative_share), href: each.link && hrefOfLink(each.link) }))} />`}<//>
      </div>
    </div><//>`;
}
