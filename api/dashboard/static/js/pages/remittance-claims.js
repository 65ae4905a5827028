// The decisions of a remittance, claim by claim and line by line: charge − adjustments = paid.
import { html } from "../lib.js";
import { amount, amountOrDash, less, plural, shortDay } from "../format.js";
import { Icon } from "../kit/icons.js";
import { Card, Code } from "../kit/parts.js";
import { Link, setQuery } from "../router.js";
import { may } from "../session.js";

const COLUMNS = 7;
const refused = (sums) => sums.denied_cents + sums.other_cents;

function Proof({ sums, rule }) {
  return html`<span class=${sums.difference_cents ? "off" : "ok"}><${Icon} name=${sums.difference_cents ? "cross" : "check"} small className="inline" />${rule ?? amount(Math.abs(sums.difference_cents))}</span>`;
}

function Reasons({ said }) {
  return html`${said.adjustments.map((each, n) => html`<span key=${n}>${less(each.amount_cents)} <${Code} value=${`${each.group}-${each.reason}`} title=${each.words} /> </span>`)}
    ${said.remarks.map((each) => html`<${Code} key=${each.code} value=${each.code} title=${each.words} /> `)}
    ${[...said.adjustments, ...said.remarks].filter((each) => each.words && (each.is_denied || !("group" in each))).map((each, n) => html`<span class="said flow" key=${`w${n}`}>${each.words}</span>`)}`;
}

function Services({ payment }) {
  const sums = payment.sums;
  return html`<tr class="proof"><td colspan=${COLUMNS}><details open=${payment.state !== "posted" || sums.difference_cents !== 0 || refused(sums) > 0}>
    <summary><${Icon} name="right" small className="turn" />${plural(payment.services.length, "line")}, each: charge − adjustments = paid</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Lines"><table class="ledger inset"><caption class="visually-hidden">Lines of claim ${payment.control_number}</caption>
      <thead><tr><th scope="col">Line</th><th scope="col" class="num">Charge</th><th scope="col">Adjustments</th><th scope="col" class="num">Paid</th><th scope="col">Proof</th></tr></thead>
      <tbody>${payment.services.map((service) => html`<tr key=${service.service}><th scope="row">${service.line ?? "–"} <strong>${[service.procedure, ...service.modifiers].join("-")}</strong></th><td class="num">${amount(service.charge_cents)}</td><td><${Reasons} said=${service.said} /></td><td class="num">= ${amount(service.paid_cents)}</td><td><${Proof} sums=${service.sums} rule="B1" /></td></tr>`)}
        ${payment.said.adjustments.length > 0 && html`<tr><th scope="row">Whole claim</th><td></td><td><${Reasons} said=${payment.said} /></td><td></td><td></td></tr>`}
        <tr class="result"><th scope="row">Claim</th><td class="num">${amount(sums.charge_cents)}</td><td>${less(sums.charge_cents - sums.paid_cents)}</td><td class="num">= ${amount(sums.paid_cents)}</td><td><${Proof} sums=${sums} rule="B2" /></td></tr></tbody></table></div></details></td></tr>`;
}

const STATE = { unmatched: "in suspense: no claim found", unbalanced: "in suspense: does not add up", recorded: "moves no money", not_posted: "not posted" };

const BY_HAND = "BY-HAND";
export const isWaiting = (payment) => payment.state === "unmatched" && !payment.is_dismissed;

function Claim({ payment, onTakeBack }) {
  const sums = payment.sums;
  const said = [payment.patient, `${payment.status_code}, ${payment.decision.charAt(0).toLowerCase()}${payment.decision.slice(1)}`, payment.reversed_on && `that of ${shortDay(payment.reversed_on)}`, payment.is_dismissed ? "in suspense: not ours" : STATE[payment.state], payment.match_rule === BY_HAND && "matched by hand", payment.match_confidence === "likely" && `matched by ${payment.match_rule}`].filter(Boolean).join(" · ");
  return html`<tr key=${payment.position} class=${isWaiting(payment) ? "is-current" : ""}>
    <th scope="row" class="lead">${payment.claim_id ? html`<${Link} class="mono" href=${`/claims/${payment.claim_id}`}>${payment.control_number}<//>` : html`<span class="mono">${payment.payer_control_number || `Payment ${payment.position}`}</span>`}
      ${isWaiting(payment) && may("remittances.work") && html` <button class="btn small" onClick=${() => setQuery({ match: payment.position })}><${Icon} name="link" small />Find the claim</button>`}
      ${payment.match_rule === BY_HAND && may("remittances.work") && html` <button class="btn small" onClick=${() => onTakeBack(payment)}><${Icon} name="back" small />Take the match back</button>`}<span class="said flow">${said}</span></th>
    <td class="num fold-away">${amount(sums.charge_cents)}</td><td class="num fold-away">${amountOrDash(sums.contract_cents)}</td><td class="num fold-away">${amountOrDash(sums.patient_cents)}</td><td class="num fold-away">${amountOrDash(refused(sums))}</td>
    <td class="num strong end-of-card">${amount(sums.paid_cents)}</td><td class="fold-away"><${Proof} sums=${sums} /></td></tr>
    ${payment.services.length > 0 && html`<${Services} payment=${payment} />`}`;
}

export function RemittanceClaims({ remittance, onTakeBack }) {
  const sums = remittance.totals;
  return html`<${Card} title="Claims" note="Charge − contract − patient − refused = paid">
    <table class="table plain cards"><caption class="visually-hidden">Decisions by claim</caption>
      <thead><tr><th scope="col">Claim and decision</th><th scope="col" class="num">Charge</th><th scope="col" class="num">Contract</th><th scope="col" class="num">Patient</th><th scope="col" class="num">Refused</th><th scope="col" class="num">Paid</th><th scope="col">Proof</th></tr></thead>
      <tbody>${remittance.claim_payments.map((payment) => html`<${Claim} key=${payment.position} payment=${payment} onTakeBack=${onTakeBack} />`)}</tbody>
      <tfoot><tr><th scope="row">Total of ${plural(remittance.claim_payments.length, "decision")}</th><td class="num">${amount(sums.charge_cents)}</td><td class="num">${amount(sums.contract_cents)}</td><td class="num">${amount(sums.patient_cents)}</td><td class="num">${amount(refused(sums))}</td><td class="num">${amount(sums.paid_cents)}</td><td><${Proof} sums=${sums} /></td></tr></tfoot></table><//>`;
}
