// Eligibility: who is covered, who is not, and what to do before the visit or the claim.
import { html, useState } from "../lib.js";
import { moment, named, plural } from "../format.js";
import { post } from "../http.js";
import { Dialog, toast } from "../kit/dialog.js";
import { Field } from "../kit/fields.js";
import { Icon } from "../kit/icons.js";
import { ActiveFilters, More, Pills, useList } from "../kit/list.js";
import { Page } from "../kit/page.js";
import { Empty, Failure, Locked, News } from "../kit/states.js";
import { Chip, OUTCOME } from "../kit/status.js";
import { DataTable, KeyHints, useRows } from "../kit/table.js";
import { Link } from "../router.js";
import { may } from "../session.js";

const hrefOf = (check) => `/eligibility/${check.id}`;
export const outcomeOf = (check) => (check.outcome !== "unanswered" ? check.outcome : check.state === "failed" ? "failed" : "waiting");
const saidOf = (check) => (check.retry_at ? `Asked again ${moment(check.retry_at)}` : check.answered_at ? `${named(check.payer.name)}, 271, ${moment(check.answered_at)}` : check.sent_at ? `Asked ${moment(check.sent_at)}` : "Waits for the next file");

const COLUMNS = [
  { key: "outcome", label: "Coverage", card: "lead", cell: (check) => html`<${Chip} of=${OUTCOME} value=${outcomeOf(check)} /><span class="said">${saidOf(check)}</span>` },
  { key: "patient", label: "Patient", isHead: true, cell: (check) => html`<${Link} href=${hrefOf(check)}>${check.patient || "Patient"}<//><span class="said">${named(check.payer.name)}</span>` },
  { key: "day", label: "Asked for", sort: "service_date", num: true, downFirst: true, card: "end", cell: (check) => html`<time datetime=${check.service_date}>${check.service_date}</time>` },
  { key: "plan", label: "Plan", card: "fold", wide: true, cell: (check) => named(check.plan) || "–" },
  { key: "why", label: "What to do", card: "fold", cell: (check) => html`${check.message || (outcomeOf(check) === "active" ? "Nothing" : "–")}${check.action && html`<span class="said flow">${check.action}</span>`}` },
  { key: "tries", label: "Tries", num: true, card: "fold", cell: (check) => check.tries },
];

function AskMany({ onClose, onDone }) {
  const [days, setDays] = useState("30");
  const send = async () => {
    const told = await post("/eligibility-checks/batch", { not_checked_in_days: Number(days) });
    toast(`${plural(told.asked, "coverage")} asked about.${told.has_more ? " There are more: ask again." : ""}`);
    onClose();
    onDone();
  };
  return html`<${Dialog} title="Check coverages again" submit="Ask the payers" canSubmit=${/^\d{1,3}$/.test(days) && Number(days) > 0} onClose=${onClose} onSubmit=${send}>
    <${Field} label="All that were not checked in so many days" inputmode="numeric" value=${days} onValue=${setDays} hint="The questions go out at once; answers come with the next exchange." /><//>`;
}

export default function Eligibility() {
  const list = useList("/eligibility-checks", { names: ["outcome", "state", "coverage_id", "partner_id", "payer", "service_from", "service_to"], sort: "-created", kinds: ["eligibility_check"] });
  const [isAsking, setAsking] = useState(false);
  const [current, choose] = useRows({ rows: list.rows, hrefOf });
  const groups = Object.keys(list.facets.outcome ?? {}).map((outcome) => [OUTCOME[outcome]?.[0] ?? outcome, [outcome]]);
  return html`<${Page} title="Eligibility" sub=${list.rows && `${plural(list.total, "check")}${list.sort === "-created" ? ", the newest on top" : ""}`}
      actions=${html`<${News} resource=${list} />${may("eligibility.ask") ? html`<button class="btn primary" onClick=${() => setAsking(true)}><${Icon} name="refresh" />Check again</button>` : html`<${Locked} why="A biller can ask the payers.">Check again<//>`}`}>
    <div class="filters-row"><${Pills} name="outcome" groups=${groups} facet=${list.facets.outcome} label="Outcome" />
      <div class="filters"><${ActiveFilters} words=${{ coverage_id: () => "One coverage", partner_id: () => "One trading partner", payer: (value) => `Payer ${value}`, service_from: (value) => `Since ${value}`, service_to: (value) => `Until ${value}` }} /></div></div>
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(list.rows)} />
    ${list.rows?.length === 0 ? html`<${Empty} title="No check fits">Checks are made by a schedule, by hand, or when a claim is built.<//>`
      : html`<${DataTable} caption="Eligibility checks" columns=${COLUMNS} rows=${list.rows} hrefOf=${hrefOf} sort=${list.sort} onSort=${list.setSort} current=${current} onCurrent=${choose} isStale=${Boolean(list.problem)} />`}
    <${More} list=${list} word="checks" /><${KeyHints} keys=${[["j k", "move"], ["enter", "open"]]} />
    ${isAsking && html`<${AskMany} onClose=${() => setAsking(false)} onDone=${list.refresh} />`}
  <//>`;
}
