// Sent and answered: every claim that was sent is accepted, rejected or still waiting.
import { html } from "../lib.js";
import { amount, amountOrDash, moment, plural } from "../format.js";
import { Card } from "../kit/parts.js";
import { BoneRows, Empty, Failure } from "../kit/states.js";
import { Chip } from "../kit/status.js";
import { useResource } from "../resource.js";
import { Link } from "../router.js";

const TONE = { good: ["", "tick", "green"], wait: ["", "clock", "blue"], late: ["", "alert", "orange"], bad: ["", "wrong", "orange"] };
const dash = (n) => (n ? n : "–");

export function SentAndAnswered() {
  const told = useResource("/exchange/sent?limit=10", { kinds: ["file", "claim"] });
  const rows = told.data?.items ?? null;
  const sum = told.data?.totals;
  return html`<${Card} title="Sent and answered" note="Every claim sent is accepted, rejected or still waiting">
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(rows)} />
    ${rows === null && told.problem ? null : rows?.length === 0 ? html`<${Empty} title="Nothing was sent yet">Files of claims stand here with what each answer said.<//>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Sent and answered"><table class="table plain">
      <caption class="visually-hidden">Files sent, newest first</caption>
      <thead><tr><th scope="col">File</th><th scope="col">Answer</th><th scope="col" class="num">Claims</th><th scope="col" class="num">Accepted</th><th scope="col" class="num">Rejected</th><th scope="col" class="num">Waiting</th><th scope="col" class="num">Billed</th><th scope="col" class="num">Rejected $</th><th scope="col" class="num">Waiting $</th></tr></thead>
      ${rows === null ? html`<${BoneRows} rows=${4} columns=${9} />` : html`<tbody>${rows.map((file) => html`<tr key=${file.id}>
        <th scope="row"><${Link} class="mono" href=${`/files/${file.id}`}>${file.number}<//><span class="said">${file.file_type} to ${file.partner_name}, ${moment(file.sent_at ?? file.created_at)}</span></th>
        <td><${Chip} of=${TONE} value=${file.ack.tone} words=${file.ack.words} /><span class="said">${file.ack.said}</span></td>
        <td class="num">${file.claims}</td><td class="num">${dash(file.accepted)}</td><td class="num">${dash(file.rejected)}</td><td class="num">${dash(file.waiting)}</td>
        <td class="num">${amount(file.billed_cents)}</td><td class="num">${amountOrDash(file.rejected_cents)}</td><td class="num">${amountOrDash(file.waiting_cents)}</td></tr>`)}</tbody>`}
      ${sum && html`<tfoot><tr><th scope="row" colspan="2">Total of ${plural(rows.length, "file")}<span class="said flow">${amount(sum.billed_cents)} billed − ${amount(sum.rejected_cents)} rejected − ${amount(sum.waiting_cents)} waiting = ${amount(sum.accepted_cents)} accepted</span></th>
        <td class="num">${sum.claims}</td><td class="num">${sum.accepted}</td><td class="num">${sum.rejected}</td><td class="num">${sum.waiting}</td><td class="num">${amount(sum.billed_cents)}</td><td class="num">${amount(sum.rejected_cents)}</td><td class="num">${amount(sum.waiting_cents)}</td></tr></tfoot>`}
    </table></div>`}<//>`;
}
