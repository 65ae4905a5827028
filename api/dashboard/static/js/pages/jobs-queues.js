// The queues: what could run, what waits, what runs; and whether anybody takes it up.
import { html } from "../lib.js";
import { count, lasted } from "../format.js";
import { Card } from "../kit/parts.js";

const WORDS = {
  realtime: "Answers at once", intake: "Encounters and files in", post: "Files out, payments posted",
  send: "Meetings with partners", webhook: "Messages to other systems", slow: "Checks against the guides",
};
const LATE_SECONDS = 120;
const dash = (n) => (n ? count(n) : "–");
const num = (n, tone = "") => html`<td class=${`num ${n ? tone : "zero"}`}>${dash(n)}</td>`;

function Oldest({ seconds }) {
  if (seconds === null) return html`<td class="num zero">–</td>`;
  const isLate = seconds > LATE_SECONDS;
  return html`<td class=${`num ${isLate ? "bad strong" : ""}`}>${lasted(seconds)}${isLate && html`<span class="said">Nobody takes it up</span>`}</td>`;
}

export function Queues({ queues }) {
  return html`<${Card} title="Queues" note="Waiting: for a moment, after a failure or for a partner that is not reached">
    <div class="scroll" tabindex="0" role="region" aria-label="Queues"><table class="table plain"><caption class="visually-hidden">Jobs that are not done, by queue</caption>
      <thead><tr><th scope="col">Queue</th>${["Ready", "Waiting", "Running", "Gave up", "Oldest ready"].map((label) => html`<th scope="col" class="num">${label}</th>`)}</tr></thead>
      <tbody>${queues.map((each) => html`<tr key=${each.queue}><th scope="row"><span class="strong">${WORDS[each.queue] ?? each.queue}</span><span class="said mono">${each.queue}</span></th>
        ${num(each.ready)}${num(each.waiting)}${num(each.running)}${num(each.dead + each.quarantined, "bad strong")}<${Oldest} seconds=${each.oldest_ready_seconds} /></tr>`)}</tbody>
    </table></div><//>`;
}
