// A partner that is not met now: why, until when, what waits, and the two ways on.
import { html } from "../lib.js";
import { count, lasted, moment, plural } from "../format.js";
import { Icon } from "../kit/icons.js";
import { NextAction } from "../kit/parts.js";
import { may } from "../session.js";

function waits(partner) {
  const files = partner.last_24h.queued;
  const since = partner.last_24h.queued_since;
  return files ? `Nothing is lost: ${plural(files, "file")} ${files === 1 ? "waits" : "wait"} here since ${moment(since)}, and answers wait there.` : "Nothing is lost: claims wait here, and answers wait there.";
}

export const isStopped = (partner) => partner.breaker.state !== "closed";

// In the place of the next action; `act` as the page has it.
export function Stopped({ partner, act }) {
  const breaker = partner.breaker;
  const held = breaker.waits_for_person;
  const next = breaker.state === "half_open" ? "One meeting goes on now, and decides." : `Next try ${moment(breaker.until)}.`;
  return html`<${NextAction} title=${held ? "Mend the connection, then start again" : "Nothing to do: it is tried again by itself"}
      actions=${may("partners.work") && html`<button class="btn primary" onClick=${act.test}><${Icon} name="plug" />Test the connection</button><button class="btn" onClick=${act.start}>${held ? "Start again" : "Try now"}</button>`}>
    <p>${breaker.why} ${held ? breaker.cure : `${plural(Math.max(breaker.failures, 1), "meeting")} in a row failed. ${next}`}</p><p class="small muted">${waits(partner)}</p><//>`;
}

export function startWords(partner) {
  return partner.breaker.waits_for_person
    ? ["Start again", `${partner.breaker.why} ${partner.breaker.cure} Starting before may do harm: say what was done.`]
    : ["Try now", "What waits is tried at once. If it fails again, it waits again."];
}

// [[label, value], ...] of the jobs about a partner, for its facts.
export function workFacts({ work }) {
  const parts = [[work.ready, "ready"], [work.waiting, "waiting"], [work.running, "running"], [work.dead + work.quarantined, "gave up"]].filter(([n]) => n);
  return [["Jobs", parts.map(([n, word]) => `${count(n)} ${word}`).join(", ") || "None open"],
    ["Oldest ready", work.oldest_ready_seconds === null ? null : lasted(work.oldest_ready_seconds)]];
}

export function DayTotals({ totals }) {
  const dash = (n) => (n ? count(n) : "–");
  const cell = (n, className = "") => html`<td class=${`num ${className} ${n ? "" : "zero"}`}>${dash(n)}</td>`;
  return html`<tr><th scope="row" colspan="3">Last 24 hours</th>${cell(totals.received, "if-wide")}${cell(totals.filtered, "if-wide")}${cell(totals.queued)}${cell(totals.sent, "if-wide")}
    ${cell(totals.failed)}<td class=${`num ${totals.missing ? "" : "zero"}`}>${totals.missing ? plural(totals.missing, "file") : "–"}</td>${cell(totals.quarantined)}</tr>`;
}
