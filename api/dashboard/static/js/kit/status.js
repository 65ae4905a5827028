// Words, icon and colour of every state: seven colours, each with one meaning, never colour alone.
import { html } from "../lib.js";
import { named, shortDay } from "../format.js";
import { Icon } from "./icons.js";

export const CLAIM = {
  held: ["Held", "pause", "amber"],
  on_hold: ["On hold", "pause", "amber"],
  ready: ["Ready", "ready", "blue"],
  batched: ["In a file", "ready", "blue"],
  submitted: ["Submitted", "sent", "blue"],
  acknowledged: ["Received", "check", "teal"],
  accepted: ["Accepted", "tick", "teal"],
  accepted_by_payer: ["Accepted", "tick", "teal"],
  refused: ["Rejected", "wrong", "orange"],
  rejected: ["Rejected", "wrong", "orange"],
  rejected_by_payer: ["Rejected", "wrong", "orange"],
  paid: ["Paid", "tick", "green"],
  partly: ["Partially paid", "half", "green"],
  denied: ["Denied", "ban", "red"],
  pended: ["Pended", "clock", "amber"],
  reversed: ["Taken back", "back", "grey"],
};
// The pills above the claims list: each is several statuses that mean the same work.
export const CLAIM_GROUPS = [
  ["Held", ["held", "on_hold"]],
  ["Rejected", ["refused", "rejected", "rejected_by_payer"]],
  ["Denied", ["denied"]],
  ["Paid", ["paid"]],
  ["Ready", ["ready", "batched"]],
  ["Waiting", ["submitted", "acknowledged", "accepted", "accepted_by_payer", "pended"]],
  ["Taken back", ["reversed"]],
];
export const REMITTANCE = {
  posted: ["Posted", "tick", "green"],
  held: ["Held", "pause", "red"],
  recorded: ["Recorded", "file", "grey"],
  duplicate: ["Duplicate", "copy", "grey"],
  discarded: ["Set aside", "cross", "grey"],
};
export const FILE = {
  frozen: ["Waits to be sent", "clock", "blue"],
  uncertain: ["Being checked", "alert", "amber"],
  sent: ["Sent", "sent", "blue"],
  accepted: ["Accepted", "tick", "green"],
  rejected: ["Refused", "wrong", "orange"],
  received: ["Received", "down", "blue"],
  read: ["Read", "tick", "green"],
  quarantined: ["Kept aside", "ban", "red"],
  discarded: ["Set aside", "cross", "grey"],
};
export const OUTCOME = {
  active: ["Active", "tick", "green"],
  inactive: ["Inactive", "ban", "red"],
  not_found: ["Not found", "wrong", "orange"],
  payer_down: ["Payer down", "clock", "amber"],
  refused: ["Refused", "wrong", "orange"],
  unclear: ["Unclear", "alert", "amber"],
  unanswered: ["No answer yet", "clock", "blue"],
  waiting: ["Waits", "clock", "blue"],
  unchecked: ["Not checked", "clock", "grey"],
  failed: ["Failed", "wrong", "red"],
};
export const WORK = {
  held: ["Held", "pause", "amber"],
  rejected: ["Rejected", "wrong", "orange"],
  denied: ["Denied", "ban", "red"],
  follow_up: ["Follow up", "clock", "amber"],
  suspense: ["Unmatched money", "money", "amber"],
  remittance: ["Not posted", "money", "red"],
  file: ["File kept aside", "file", "red"],
  eligibility: ["Coverage", "shield", "orange"],
};

export function Chip({ of, value, words }) {
  const [word, icon, tone] = of[value] ?? [String(value ?? "").replaceAll("_", " "), "dots", "grey"];
  return html`<span class=${`chip ${tone}`}><${Icon} name=${icon} small />${words ?? word}</span>`;
}

// A paid claim with money still open is paid in part.
export const claimState = (claim) =>
  (claim.status === "paid" && (claim.open_cents ?? 0) > 0 ? "partly" : claim.status);

// "payer, 277CA" with the payer's own name; "us" with a capital.
export function saidBy(claim) {
  const [who, ...rest] = claim.status_by.split(", ");
  if (who === "us" && rest.length) return [...rest, shortDay(claim.status_at)].join(", ");
  const name = who === "payer" ? named(claim.payer?.name) : who.charAt(0).toUpperCase() + who.slice(1);
  return [name || "Payer", ...rest, shortDay(claim.status_at)].join(", ");
}

export function ClaimStatus({ claim }) {
  return html`<${Chip} of=${CLAIM} value=${claimState(claim)} /><span class="said">${saidBy(claim)}</span>`;
}

export function WorkIcon({ kind }) {
  const [word, icon, tone] = WORK[kind] ?? ["Work", "dots", "grey"];
  const colour = { orange: "warn", red: "bad", amber: "warn" }[tone] ?? "";
  return html`<span class=${colour}><${Icon} name=${icon} /><span class="visually-hidden">${word}</span></span>`;
}
