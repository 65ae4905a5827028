// Whose payment is this? Claims that may be meant, field by field; the match is posted by new entries.
import { html, useState } from "../lib.js";
import { dollars, named, plural, shortDay } from "../format.js";
import { onceKey, post } from "../http.js";
import { Dialog, ReasonDialog, toast } from "../kit/dialog.js";
import { Choice, Field } from "../kit/fields.js";
import { Icon } from "../kit/icons.js";
import { Bones, Empty, Failure } from "../kit/states.js";
import { useResource } from "../resource.js";

function Candidate({ candidate, isChosen, onChoose }) {
  return html`<li><${Choice} type="radio" name="candidate" checked=${isChosen} onChecked=${onChoose} label=${html`<span class="mono">${candidate.patient_control_number}</span> · ${candidate.patient} · ${dollars(candidate.charge_cents)} · served ${shortDay(candidate.service_from)}`}
    hint=${html`${candidate.fields.map((field) => html`<span key=${field.name} class=${field.agrees ? "good" : "muted"}><${Icon} name=${field.agrees ? "check" : "cross"} small className="inline" />${field.words} </span>`)}${candidate.needs_override && html`<span class="warn"><${Icon} name="alert" small className="inline" />Of another payer or practice</span>`}`} /></li>`;
}

export function MatchDialog({ remittance, payment, onClose, onDone }) {
  const base = `/remittances/${remittance.id}/claims/${payment.position}`;
  const told = useResource(`${base}/candidates`);
  const [chosen, setChosen] = useState(null);
  const [reason, setReason] = useState("");
  const [isSure, setSure] = useState(false);
  const [isDismissing, setDismissing] = useState(false);
  const items = told.data?.items ?? [];
  const isOfOthers = Boolean(items.find((candidate) => candidate.claim_id === chosen)?.needs_override);
  const send = async () => {
    await post(`${base}/match`, { claim_id: chosen, reason: reason.trim(), override: isOfOthers && isSure }, { key: onceKey() });
    toast(`${dollars(payment.paid_cents)} moved from suspense to the claim.`, { undo: async () => { await post(`${base}/unmatch`, { reason: "Undone at once." }, { key: onceKey() }); onDone(); } });
    onDone();
    onClose();
  };
  if (isDismissing) {
    return html`<${ReasonDialog} title="Not ours?" submit="It is not ours" danger onClose=${() => setDismissing(false)} act=${async (why) => { await post(`${base}/dismiss`, { reason: why }, { key: onceKey() }); toast("Kept in suspense, as not ours."); onDone(); onClose(); }}><p>The money stays in suspense, to be paid back. The item leaves the worklist.</p><//>`;
  }
  return html`<${Dialog} wide title=${`Whose ${dollars(payment.paid_cents)} is this?`} submit="Match and post" canSubmit=${Boolean(chosen && reason.trim()) && (!isOfOthers || isSure)} onClose=${onClose} onSubmit=${send} footer=${html`<button type="button" class="btn quiet" onClick=${() => setDismissing(true)}>It is not ours</button>`}>
    <p>${named(remittance.payer_name)} pays for ${payment.patient}${payment.service_from ? `, served ${shortDay(payment.service_from)}` : ""}, charge ${dollars(payment.charge_cents)}, under their number <span class="mono">${payment.payer_control_number || "–"}</span>.</p>
    <${Failure} problem=${told.problem} retry=${told.refresh} />
    ${!told.data ? !told.problem && html`<${Bones} />` : items.length === 0 ? html`<${Empty} title="No claim here comes near">Ask the payer for whom it is, or say that it is not ours.<//>`
      : html`<fieldset class="field"><legend class="label">${plural(items.length, "claim")} that may be meant, the likeliest first</legend><ul>${items.map((candidate) => html`<${Candidate} key=${candidate.claim_id} candidate=${candidate} isChosen=${chosen === candidate.claim_id} onChoose=${() => { setChosen(candidate.claim_id); setSure(false); }} />`)}</ul></fieldset>
        ${isOfOthers && html`<${Choice} label="Match it all the same" hint="The claim is of another payer or practice than the payment." checked=${isSure} onChecked=${setSure} />`}
        <${Field} label="Why it is this one" value=${reason} onValue=${setReason} maxlength="500" hint="Kept with your name. The payment moves by new entries; nothing is erased." />`}<//>`;
}
