// What people decided, in words, where the service may not decide by itself.
import { html } from "../lib.js";
import { moment } from "../format.js";

const WORDS = {
  replay_file: "Read again", allow_number_again: "Control number allowed again", discard_file: "Set aside",
  create_partner: "Added", change_partner: "Settings changed", pause_partner: "Paused", resume_partner: "Resumed", close_breaker: "Started again",
};

// Oldest first, as the API gives them.
export function Decided({ decisions }) {
  return html`<ul class="list">${decisions.map((each, n) => html`<li key=${n}><div class="grow">${WORDS[each.what] ?? each.what.replaceAll("_", " ")}${each.reason && `: “${each.reason}”`}<span class="said">${each.who}, ${moment(each.made_at)}</span></div></li>`)}</ul>`;
}
