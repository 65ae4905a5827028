// One claim: what to do next, where its money went, each line, and one timeline over every file and person.
import { html, useState } from "../lib.js";
import { amount, amountOrDash, dollars, inside, named, plural, shortDay, source } from "../format.js";
import { onceKey, post } from "../http.js";
import { Dialog, ReasonDialog, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { MoneyBar, MoneyParts, cents } from "../kit/money.js";
import { Page } from "../kit/page.js";
import { Card, Code, Copy, Facts, Masked, NextAction, Tabs } from "../kit/parts.js";
import { Bones, Failure, Locked } from "../kit/states.js";
import { CLAIM, Chip, OUTCOME, claimState } from "../kit/status.js";
import { useKeys } from "../keys.js";
import { stir, useResource } from "../resource.js";
import { Link, go, place, withQuery } from "../router.js";
import { may } from "../session.js";
import { ClaimAudit, ClaimEdi, ClaimNotes, ClaimProof } from "./claim-more.js";
import { ClaimForm, lockOf } from "./claim-form.js";
import { ClaimTimeline } from "./claim-timeline.js";
import { listed } from "./claims.js";
import { AssignItems, CloseItems } from "./worklists.js";

// What became of a claim that was built again, by its status.
const CHECKED = { ready: "Checked: it goes with the next file.", held: "Checked: it stays held. See what is wrong." };
const KINDS = ["claim", "work_item", "remittance", "eligibility_check"];

// Where a claim is corrected: at the field that is wrong, where one is named.
const correctHref = (claim) => withQuery(`/claims/${claim.id}`, { tab: "form", edit: "1", field: claim.next_actions[0]?.pointer });

function Next({ claim, act }) {
  const [first, ...others] = claim.next_actions;
  if (!first) return null;
  const lock = lockOf(claim);
  const buttons = html`
    ${!lock && html`<${Link} class=${`btn ${claim.may.release ? "primary" : ""}`} href=${correctHref(claim)}><${Icon} name="edit" />${first.field ? `Correct ${inside(first.field)}` : "Correct the claim"} <kbd>c</kbd><//>`}
    ${!lock && !claim.may.resubmit && html`<button class="btn" onClick=${act("resubmit")}><${Icon} name="sent" />Send again</button>`}
    ${!lock && !claim.may.release && html`<button class="btn primary" onClick=${act("release")}><${Icon} name="play" />Release</button>`}
    ${lock && html`<${Locked} why=${lock}>Correct<//>`}
    ${may("work.do") && html`<button class="btn" onClick=${act("assign")}><${Icon} name="person" />Assign</button><button class="btn" onClick=${act("close")}><${Icon} name="check" />Close</button>`}
    ${lock && html`<span class="small muted">${lock}</span>`}`;
  return html`<${NextAction} title=${first.action} day=${first.due_on} actions=${buttons}
      why=${html`${first.assignee ? `${first.assignee}’s. ` : "Nobody’s yet. "}Reason <${Code} value=${first.code} />${others.length > 0 && html`. Then: ${others.map((item) => item.action).join(" ")}`}`}><p>${first.wrong}</p><//>`;
}

// Why something is open.
const OPEN = {
  held: "Not sent yet", on_hold: "Not sent yet", ready: "Not sent yet", batched: "Not sent yet", refused: "Not with the payer", rejected: "Not with the payer",
  rejected_by_payer: "Not with the payer", paid: "Not settled by the payer", reversed: "Taken back by the payer",
};
function openWords(claim) {
  if (!claim.open_cents) return "";
  return claim.denied_cents > 0 ? `Refused by the payer ${amount(claim.denied_cents)}` : OPEN[claim.status] ?? "Waits for the payer";
}

// The payer's codes of a line; of a refusal also what it means.
function Reasons({ line }) {
  const codes = [...line.payer_reasons.map((each) => [`${each.group}-${each.reason}`, each.words, each.is_denied]), ...line.payer_remarks.map((each) => [each.code, each.words, true])];
  if (!codes.length) return "–";
  return html`<span class="chips">${codes.map(([code, words]) => html`<${Code} key=${code} value=${code} title=${words} />`)}</span>
    ${codes.filter(([, words, isTold]) => isTold && words).map(([code, words]) => html`<span class="said flow" key=${code}>${words}</span>`)}`;
}

function Lines({ claim }) {
  const sum = (name) => claim.lines.reduce((total, line) => total + (line[name] ?? 0), 0);
  return html`<${Card} title="Lines" note="Billed = paid + adjusted + patient + open, on every line" end=${html`<${Link} href=${`/claims/${claim.id}?tab=proof`}>See the proof<//>`}>
    <div class="scroll" tabindex="0" role="region" aria-label="Lines"><table class="table plain"><caption class="visually-hidden">Service lines</caption>
      <thead><tr><th scope="col" class="num">#</th><th scope="col">Service</th><th scope="col">Payer’s reasons</th>${["Billed", "Allowed", "Paid", "Adjusted", "Patient", "Open"].map((word) => html`<th scope="col" class="num" key=${word}>${word}</th>`)}</tr></thead>
      <tbody>${claim.lines.map((line) => html`<tr key=${line.line} class=${line.open_cents > 0 && line.denied_cents > 0 ? "is-current" : ""}>
        <td class="num">${line.line}</td><th scope="row"><span class="strong">${[line.procedure, ...line.modifiers].join("-")}</span><span class="said">${line.service_from}</span></th>
        <td><${Reasons} line=${line} /></td>
        <td class="num">${amount(line.charge_cents)}</td><td class="num">${amountOrDash(line.allowed_cents ?? 0)}</td><td class="num">${cents(line.paid_cents)}</td><td class="num">${cents(line.adjusted_cents)}</td><td class="num">${cents(line.patient_cents)}</td><td class="num strong">${cents(line.open_cents)}</td></tr>`)}</tbody>
      <tfoot><tr><td></td><th scope="row" colspan="2">Total of ${plural(claim.lines.length, "line")}</th>${["charge_cents", "allowed_cents", "paid_cents", "adjusted_cents", "patient_cents", "open_cents"].map((name) => html`<td class="num" key=${name}>${cents(sum(name))}</td>`)}</tr></tfoot></table></div><//>`;
}

function Aside({ claim }) {
  const [born, member] = ["/patient/date_of_birth", "/coverages/0/member_id"];
  const hidden = (pointer, label, dots) => html`<${Masked} label=${label} dots=${dots} path=${`/claims/${claim.id}/reveal`} field=${pointer} />`;
  const patient = claim.patient;
  return html`<div class="stack">
    <${Card} title="Claim" footer="Showing a hidden field is written to the audit log."><div class="body"><${Facts} facts=${[
      ["Patient", patient?.name], ["Born", patient?.birth_date && hidden(born, "the birth date", patient.birth_date)], ["Member ID", patient?.member_id && hidden(member, "the member ID", patient.member_id)],
      ["Diagnosis", claim.diagnoses.join(", ")], ["Billing", named(claim.billing.name), `NPI ${claim.billing.npi}`], ["Rendering", claim.rendering?.name, claim.rendering && `NPI ${claim.rendering.npi}`],
      ["Place", claim.place], ["Payer number", claim.payer_control_number && html`<span class="mono">${claim.payer_control_number}</span> <${Copy} value=${claim.payer_control_number} what="Payer’s number" />`],
      ["Sent through", claim.partner.name], ["Received", shortDay(claim.created_at)]]} /></div><//>
    <${Card} title=${`Coverage on ${shortDay(claim.service_from)}`}><div class="body"><${Facts} facts=${claim.coverages.map((each) => [["1st", "2nd", "3rd"][each.order - 1] ?? `${each.order}th`,
      html`${named(each.payer)}${each.last_check && html` <${Link} href=${`/eligibility/${each.last_check.check_id}`}>${OUTCOME[each.last_check.outcome]?.[0] ?? each.last_check.outcome}<//>`}`, each.last_check ? `271 of ${shortDay(each.last_check.answered_at)}` : each.order === 1 ? "Not checked" : each.plan])} /></div><//>
  </div>`;
}

export default function Claim({ id }) {
  const told = useResource(`/claims/${id}`, { kinds: KINDS });
  const [dialog, setDialog] = useState(null);
  const claim = told.data;
  const tab = place.value.query.get("tab") ?? "overview";
  const at = listed.value.indexOf(id);
  const step = (n) => { const next = listed.value[at + n]; if (at >= 0 && next) go(`/claims/${next}`); };
  const act = (name) => () => setDialog(name);
  const close = () => setDialog(null);
  useKeys([
    ["[", "Previous claim of the list", () => step(-1)], ["]", "Next claim of the list", () => step(1)],
    ["n", "Write a note", act("note")], ["c", "Correct the claim", () => claim && !claim.may.correct && may("claims.work") && go(correctHref(claim))],
  ], [claim, at]);
  if (!claim) return html`<${Page} title="Claim" crumbs=${[["Claims", "/claims"], ["…"]]}><${Failure} problem=${told.problem} retry=${told.refresh} />${!told.problem && html`<${Bones} lines=${8} />`}<//>`;
  const send = async (path, body, words) => { const answer = await post(`/claims/${id}/${path}`, body, { key: onceKey() }); toast(typeof words === "string" ? words : words[answer.status]); stir(KINDS); };
  const items = claim.next_actions.slice(0, 1).map((each) => ({ id: each.item_id }));
  const tabs = [["overview", "Overview"], ["form", "Form"], ["edi", "EDI"], ["notes", "Notes"], ["proof", "Proof"], ["audit", "Audit"]].filter(([name]) => ({ edi: may("files.content"), notes: may("phi.reveal") })[name] ?? true);
  return html`<${Page} title=${claim.patient?.name ?? claim.patient_control_number} crumbs=${[["Claims", "/claims"], [claim.patient_control_number]]}
      sub=${`${named(claim.payer.name)} · served ${claim.service_from} · billed ${dollars(claim.charge_cents)} · 837P`}
      status=${html`<${Chip} of=${CLAIM} value=${claimState(claim)} /><span class="said">${source(claim.said)}</span>`}
      actions=${html`${at >= 0 && html`<button class="btn quiet icon" aria-label="Previous claim" onClick=${() => step(-1)}><${Icon} name="up" /></button><button class="btn quiet icon" aria-label="Next claim" onClick=${() => step(1)}><${Icon} name="down" /></button>`}
        ${may("claims.work") && html`<button class="btn" onClick=${act("note")}><${Icon} name="note" />Note <kbd>n</kbd></button>`}
        ${may("claims.work") && !claim.may.hold && html`<button class="btn" onClick=${act("hold")}><${Icon} name="pause" />Hold</button>`}
        ${may("claims.work") && !claim.may.release && !claim.next_actions.length && html`<button class="btn" onClick=${act("release")}><${Icon} name="play" />Release</button>`}
        <button class="btn" onClick=${() => print()}><${Icon} name="print" />Print</button>`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept />
    <${Tabs} tabs=${tabs.map(([name, label]) => ({ label, href: name === "overview" ? `/claims/${id}` : `/claims/${id}?tab=${name}`, isCurrent: tab === name }))} />
    ${tab === "overview" && html`<div class="columns"><div class="stack">
      <${Next} claim=${claim} act=${act} />
      <${Card} title=${`Where ${dollars(claim.charge_cents)} went`}><div class="body"><${MoneyBar} money=${claim} /><${MoneyParts} money=${claim} notes=${{ open: openWords(claim) }} /></div><//>
      <${Lines} claim=${claim} /><${ClaimTimeline} id=${id} /></div><${Aside} claim=${claim} /></div>`}
    ${tab === "form" && html`<${ClaimForm} claim=${claim} onSaved=${() => stir(KINDS)} />`}
    ${tab === "edi" && html`<${ClaimEdi} id=${id} isSent=${claim.timeline.some((event) => event.file?.file_type.startsWith("837"))} />`}
    ${tab === "notes" && html`<${ClaimNotes} id=${id} write=${may("claims.work") && act("note")} />`}
    ${tab === "proof" && html`<${ClaimProof} id=${id} />`}
    ${tab === "audit" && html`<${ClaimAudit} id=${id} />`}
    ${dialog === "note" && html`<${ReasonDialog} title="Write a note" submit="Keep the note" onClose=${close} act=${(text) => send("notes", { text }, "Note kept.")}><p>Notes stay with the claim; they cannot be changed later.</p><//>`}
    ${dialog === "hold" && html`<${ReasonDialog} title="Hold this claim" submit="Hold" onClose=${close} act=${(reason) => send("hold", { reason }, "Held. It goes with no file until somebody releases it.")} />`}
    ${dialog === "release" && html`<${ReasonDialog} title="Release this claim" submit="Release" optional onClose=${close} act=${(reason) => send("release", reason ? { reason } : {}, CHECKED)} />`}
    ${dialog === "assign" && html`<${AssignItems} items=${items} onClose=${close} onDone=${() => stir(KINDS)} />`}
    ${dialog === "close" && html`<${CloseItems} items=${items} onClose=${close} onDone=${() => stir(KINDS)} />`}
    ${dialog === "resubmit" && html`<${Dialog} title="Send this claim again?" submit="Send again" onClose=${close} onSubmit=${async () => { await send("resubmit", undefined, CHECKED); close(); }}>
      <p>It is built from its encounter as that is now. If nothing was corrected since it was refused, it is likely to come back.</p><//>`}
  <//>`;
}
