// The other sections of a claim: its EDI, notes, proof of every cent, and who saw it.
import { html } from "../lib.js";
import { amount, moment } from "../format.js";
import { Icon } from "../kit/icons.js";
import { cents } from "../kit/money.js";
import { Card, Code } from "../kit/parts.js";
import { Bones, Empty, Failure } from "../kit/states.js";
import { useResource } from "../resource.js";
import { Link } from "../router.js";
import { SegmentList } from "./file-segments.js";

export function ClaimNotes({ id, write }) {
  const told = useResource(`/claims/${id}/notes`, { kinds: ["claim"] });
  const KIND = { hold: "Held", release: "Released" };
  return html`<${Card} title="Notes" note="Kept for good, in order" end=${write && html`<button class="btn small" onClick=${write}><${Icon} name="note" small />Write a note</button>`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} />` : told.data.items.length === 0 ? html`<${Empty} title="No notes yet">Say what the next person should know.<//>`
      : html`<ul class="list">${told.data.items.map((note) => html`<li key=${note.id}><${Icon} name="note" /><div class="grow">${KIND[note.kind] && html`<strong>${KIND[note.kind]}: </strong>`}${note.text}<span class="said">${note.by}, ${moment(note.written_at)}</span></div></li>`)}</ul>`}<//>`;
}

const DID = {
  "claim.view": "Opened the claim", "claim.reveal": "Showed hidden fields", "claim.notes": "Read the notes",
  "encounter.content": "Read the encounter", "encounter.correct": "Corrected",
};
// "birth date, member id" of pointers: the audit log names fields, never what stands in them.
const details = (text) => (text.startsWith("/") ? text.split(" ").map((each) => each.split("/").pop().replace(/_cents$/, "").replaceAll("_", " ")).join(", ") : text);

export function ClaimAudit({ id }) {
  const told = useResource(`/claims/${id}/audit`, { kinds: ["claim"] });
  return html`<${Card} title="Audit" note="Who saw and did what with this claim"><${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(told.data)} />
    ${!told.data ? !told.problem && html`<${Bones} />` : html`<table class="table plain cards"><caption class="visually-hidden">Audit of the claim, newest first</caption>
      <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Did</th><th scope="col">Detail</th></tr></thead>
      <tbody>${told.data.items.map((event, n) => html`<tr key=${n}><td class="lead"><time datetime=${event.at}>${moment(event.at)}</time></td><th scope="row">${event.by}</th><td>${DID[event.action] ?? html`<${Code} value=${event.action} />`}</td><td>${details(event.detail) || "–"}</td></tr>`)}</tbody></table>`}<//>`;
}

export function ClaimProof({ id }) {
  const told = useResource(`/claims/${id}/proof`, { kinds: ["claim", "remittance"] });
  if (!told.data) return html`<${Failure} problem=${told.problem} retry=${told.refresh} />${!told.problem && html`<${Bones} lines=${8} />`}`;
  return html`<div class="stack">${told.data.lines.map((line) => html`<${Card} key=${line.line ?? 0} title=${line.line === null ? "The claim as a whole" : `Line ${line.line}`}
      note=${`${amount(line.charge_cents)} = ${amount(line.paid_cents)} paid + ${amount(line.adjusted_cents)} adjusted + ${amount(line.patient_cents)} patient + ${amount(line.open_cents)} open`}>
    <div class="scroll" tabindex="0" role="region" aria-label="Ledger entries"><table class="ledger"><caption class="visually-hidden">Ledger entries</caption><thead><tr><th scope="col">Account</th><th scope="col">Reason</th><th scope="col">From</th><th scope="col" class="num">Debit</th><th scope="col" class="num">Credit</th></tr></thead>
      <tbody>${line.entries.map((entry, n) => html`<tr key=${n}><th scope="row"><span class="mono">${entry.account}</span></th><td>${entry.reason ? html`<${Code} value=${entry.reason} />` : entry.kind.replaceAll("_", " ")}</td>
        <td><${Link} href=${entry.remittance_id ? `/payments/${entry.remittance_id}` : `/files/${entry.file_id}?segment=${entry.segment_number}`}>${entry.remittance_id ? "835" : "837"} line ${entry.segment_number}<//><span class="said">${moment(entry.posted_at)}</span></td>
        <td class="num">${entry.amount_cents > 0 ? cents(entry.amount_cents) : "–"}</td><td class="num">${entry.amount_cents < 0 ? cents(-entry.amount_cents) : "–"}</td></tr>`)}</tbody></table></div><//>`)}
    <p class=${told.data.holds ? "ok" : "off"}><${Icon} name=${told.data.holds ? "tick" : "wrong"} className="inline" />${told.data.holds ? "The ledger adds up to what the claim shows." : "The ledger does not add up to what the claim shows. Tell the operator."}</p></div>`;
}

export function ClaimEdi({ id, isSent }) {
  const at = useResource(isSent ? `/claims/${id}/edi` : null);
  const place = at.data;
  const segments = useResource(place && `/files/${place.file_id}/annotated?offset=${place.first_segment - 1}&limit=${place.last_segment - place.first_segment + 1}`);
  if (!isSent) return html`<${Card} title="EDI"><${Empty} title="Not sent yet">The claim stands here as soon as it is in a file.<//><//>`;
  if (at.problem) return html`<${Failure} problem=${at.problem} retry=${at.refresh} />`;
  return html`<${Card} title="As it was sent last" note=${place && `File ${place.file_name}, lines ${place.first_segment} to ${place.last_segment}`} end=${place && html`<${Link} href=${`/files/${place.file_id}?segment=${place.first_segment}`}>See the whole file<//>`}>
    <${Failure} problem=${segments.problem} retry=${segments.refresh} />${!segments.data ? !segments.problem && html`<${Bones} lines=${8} />` : html`<${SegmentList} segments=${segments.data.segments} />`}<//>`;
}
