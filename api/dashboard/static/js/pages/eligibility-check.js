// One coverage check: the answer in plain words, what it costs the patient, and the benefits told.
import { html } from "../lib.js";
import { dollars, moment, named, shortDay } from "../format.js";
import { onceKey, post } from "../http.js";
import { attempt, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { Page } from "../kit/page.js";
import { Card, Code, Facts, NextAction } from "../kit/parts.js";
import { Bones, Empty, Failure, Locked, Notice } from "../kit/states.js";
import { Chip, OUTCOME } from "../kit/status.js";
import { useResource } from "../resource.js";
import { Link, go } from "../router.js";
import { may } from "../session.js";
import { outcomeOf } from "./eligibility.js";

const CAUSES = { person: "A person", batch: "A check of many", schedule: "The schedule" };
const words = (kind) => kind.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
const codeName = (code) => (code ? code.name || code.code : null);
const list = (codes) => codes.map(codeName).join(", ");

function worth(benefit) {
  if (benefit.amount_cents !== null && benefit.amount_cents !== undefined) return dollars(benefit.amount_cents);
  if (benefit.percent) return `${benefit.percent} %`;
  return benefit.quantity ? `${benefit.quantity} ${benefit.quantity_qualifier}` : "–";
}

function Benefits({ answer }) {
  const told = answer.benefits.filter((benefit) => benefit.kind !== "active");
  if (!told.length) return html`<${Empty} title="The payer told no benefits">Only whether the coverage is active.<//>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Benefits"><table class="table plain"><caption class="visually-hidden">Benefits as the payer told them</caption>
    <thead><tr><th scope="col">Benefit</th><th scope="col">For</th><th scope="col">Network</th><th scope="col">Period</th><th scope="col" class="num">Amount</th></tr></thead>
    <tbody>${told.map((benefit, n) => html`<tr key=${n}><th scope="row">${words(benefit.kind)}<span class="said">${[codeName(benefit.coverage_level), benefit.authorization && `authorization ${benefit.authorization}`].filter(Boolean).join(", ")}</span></th>
      <td>${list(benefit.service_types) || "–"}${benefit.messages?.map((text) => html`<span class="said flow">${text}</span>`)}</td><td>${codeName(benefit.network) ?? "–"}</td><td>${codeName(benefit.period) ?? "–"}</td><td class="num">${worth(benefit)}</td></tr>`)}</tbody></table></div>`;
}

function Accumulators({ answer }) {
  if (!answer.accumulators.length) return null;
  return html`<${Card} title="Deductible and out of pocket" note="Whole − left = met"><div class="scroll" tabindex="0" role="region" aria-label="What was met"><table class="table plain"><caption class="visually-hidden">What was met</caption>
    <thead><tr><th scope="col">What</th><th scope="col" class="num">Whole</th><th scope="col" class="num">Met</th><th scope="col" class="num">Left</th></tr></thead>
    <tbody>${answer.accumulators.map((each, n) => html`<tr key=${n}><th scope="row">${words(each.kind)}<span class="said">${[codeName(each.coverage_level), codeName(each.network)].filter(Boolean).join(", ")}</span></th>
      ${[each.total_cents, each.met_cents, each.remaining_cents].map((cents) => html`<td class="num">${cents === null ? "–" : dollars(cents)}</td>`)}</tr>`)}</tbody></table></div><//>`;
}

export default function Check({ id }) {
  const told = useResource(`/eligibility-checks/${id}`, { kinds: ["eligibility_check"] });
  const check = told.data;
  if (!check) return html`<${Page} title="Coverage check" crumbs=${[["Eligibility", "/eligibility"], ["…"]]}><${Failure} problem=${told.problem} retry=${told.refresh} />${!told.problem && html`<${Bones} />`}<//>`;
  const ask = () => attempt(async () => {
    const next = await post("/eligibility-checks", { coverage_id: check.coverage_id, service_date: check.service_date, service_types: check.service_types }, { key: onceKey() });
    toast("The question goes out now. The answer comes with the next exchange.");
    go(`/eligibility/${next.id}`);
  });
  const outcome = outcomeOf(check), answer = check.answer, refusals = answer?.refusals ?? [];
  const button = may("eligibility.ask") ? html`<button class="btn primary" onClick=${ask}><${Icon} name="refresh" />Ask again</button>` : html`<${Locked} why="A biller can ask the payer.">Ask again<//>`;
  const claims = may("claims.read") && html`<${Link} class="btn" href=${`/claims?patient=${check.patient_id}`}><${Icon} name="claim" />Their claims<//>`;
  const files = [["outbound_file_id", "270"], ["inbound_file_id", "271"]].filter(([name]) => check[name] && may("files.read"));
  return html`<${Page} title=${check.patient || named(check.payer.name)} sub=${`${named(check.payer.name)} · asked for ${check.service_date}`} crumbs=${[["Eligibility", "/eligibility"], [shortDay(check.created_at)]]}
      status=${html`<${Chip} of=${OUTCOME} value=${outcome} /><span class="said">${check.answered_at ? `${named(check.payer.name)}, 271, ${moment(check.answered_at)}` : "No answer yet"}</span>`}
      actions=${html`${files.map(([name, type]) => html`<${Link} class="btn" href=${`/files/${check[name]}`}><${Icon} name="edi" />See the ${type}<//>`)}${refusals.length === 0 && html`${claims}${button}`}`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept />
    <div class="columns"><div class="stack">
      ${refusals.map((refusal, n) => html`<${NextAction} key=${n} title=${refusal.action} actions=${n === 0 && html`${button}${claims}`} why=${html`Said by ${named(check.payer.name)}, <${Code} value=${`AAA ${refusal.code}`} />. ${refusal.advice}`}><p>${refusal.message}</p><//>`)}
      ${outcome === "inactive" && html`<${Notice} tone="red" icon="ban"><strong>Not covered on ${check.service_date}.</strong> This patient’s claims that were not sent are held. Ask for the new card, then correct the encounter.<//>`}
      ${check.retry_at && html`<${Notice} icon="clock"><strong>The payer could not answer.</strong> We ask again by ourselves ${moment(check.retry_at)}, attempt ${check.tries + 1}.<//>`}
      ${answer && html`<${Accumulators} answer=${answer} />${(refusals.length === 0 || answer.benefits.length > 0) && html`<${Card} title="Benefits" note=${named(answer.plan)}><${Benefits} answer=${answer} /><//>`}`}
      ${!answer && !check.retry_at && html`<${Card} title="No answer yet"><${Empty} title=${check.state === "failed" ? "The question failed" : "The payer has not answered"}>${check.state === "failed" ? "See the file for what was refused, then ask again." : "Answers come with the next exchange."}<//><//>`}
    </div><div class="stack">
      <${Card} title="Check"><div class="body"><${Facts} facts=${[["Payer", named(check.payer.name), check.payer.identifier], ["Plan", named(answer?.plan)], ["Covered", answer?.covered_from && `${answer.covered_from} to ${answer.covered_to ?? "open"}`], ["Asked by", CAUSES[check.cause] ?? check.cause], ["Attempt", check.tries], ["Sent", check.sent_at && moment(check.sent_at)], ["Answered", check.answered_at && moment(check.answered_at)]]} /></div><//>
      ${check.last_known && check.last_known.check_id !== check.id && html`<${Card} title="Last known answer"><div class="body"><${Facts} facts=${[["Coverage", html`<${Chip} of=${OUTCOME} value=${check.last_known.outcome} />`, `told ${moment(check.last_known.answered_at)}`], ["For", check.last_known.service_date]]} />
        <p class="spaced"><${Link} href=${`/eligibility/${check.last_known.check_id}`}>Open it<//></p></div><//>`}
    </div></div><//>`;
}
