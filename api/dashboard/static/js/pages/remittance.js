// One remittance: every cent accounted for at three levels, what was posted, and what it started.
import { html, useState } from "../lib.js";
import { amount, amountOrDash, dollars, less, moment, named, plural } from "../format.js";
import { onceKey, post } from "../http.js";
import { ReasonDialog, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { Page } from "../kit/page.js";
import { Card, Code, NextAction } from "../kit/parts.js";
import { Bones, Empty, Failure, Findings, Locked } from "../kit/states.js";
import { Chip } from "../kit/status.js";
import { useResource } from "../resource.js";
import { Link, place, setQuery } from "../router.js";
import { may } from "../session.js";
import { MatchDialog } from "./remittance-match.js";
import { STATES, methodOf, saidOf, stateOf } from "./payments.js";
import { RemittanceClaims, isWaiting } from "./remittance-claims.js";

const LEVELS = { line: "each line", claim: "each claim", payment: "the payment" };

function Equation({ remittance }) {
  const proof = remittance.proof, off = proof.levels.filter((level) => level.off > 0);
  const part = (words, cents, answer) => html`<div class=${answer ? "answer" : ""}><span>${words}</span><strong>${answer ? dollars(cents) : amount(cents)}</strong></div>`;
  const op = (sign) => html`<div class="op">${sign}</div>`;
  const signed = (words, cents) => html`${op(less(cents).charAt(0))}${part(words, Math.abs(cents))}`;  // One sign, never "− −".
  return html`<${Card} title=${proof.difference_cents ? `${dollars(Math.abs(proof.difference_cents))} is not explained` : "Every cent accounted for"}
      end=${html`<span class=${`chip ${off.length ? "orange" : "green"}`}><${Icon} name=${off.length ? "alert" : "check"} small />${proof.levels.length - off.length} of ${proof.levels.length} levels balance</span>`}
      footer=${off.length > 0 && `Off: ${off.map((level) => `${LEVELS[level.level]} (${level.off} of ${level.checked}, ${amount(level.difference_cents)})`).join(", ")}`}>
    <div class="body"><div class="equation">${part("Claims paid, Σ CLP04", proof.claims_paid_cents)}${signed("Provider adjustments, Σ PLB", proof.provider_adjustments_cents)}${proof.difference_cents !== 0 && signed("Not explained", proof.difference_cents)}
      ${op("=")}${part("Payment, BPR02", proof.payment_cents, true)}</div></div><//>`;
}

function Adjustments({ remittance }) {
  const items = remittance.provider_adjustments;
  if (!items.length) return null;
  return html`<${Card} title="Provider adjustments" note="Plus keeps money from us, minus gives it to us"><div class="scroll" tabindex="0" role="region" aria-label="Provider adjustments"><table class="table plain"><caption class="visually-hidden">PLB</caption>
    <thead><tr><th scope="col">Code</th><th scope="col">In plain words</th><th scope="col">Reference</th><th scope="col">Went to</th><th scope="col" class="num">Amount</th></tr></thead>
    <tbody>${items.map((each) => html`<tr key=${each.n}><td><${Code} value=${each.reason} /></td><th scope="row">${each.words || "Provider adjustment"}</th><td>${each.claim_id ? html`<${Link} class="mono" href=${`/claims/${each.claim_id}`}>${each.reference}<//>` : html`<span class="mono">${each.reference || "–"}</span>`}</td><td>${each.account_words}</td><td class="num">${amount(each.amount_cents)}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row" colspan="4">Total</th><td class="num">${amount(remittance.proof.provider_adjustments_cents)}</td></tr></tfoot></table></div><//>`;
}

function Ledger({ ledger }) {
  return html`<${Card} title="Ledger entries" note="Debit = credit">${ledger.accounts.length === 0 ? html`<${Empty} title="Nothing is posted" />` : html`<table class="table plain"><caption class="visually-hidden">Postings by account</caption>
    <thead><tr><th scope="col">Account</th><th scope="col" class="num">Debit</th><th scope="col" class="num">Credit</th></tr></thead>
    <tbody>${ledger.accounts.map((each) => html`<tr key=${each.account}><th scope="row">${each.words}<span class="said flow mono">${each.account}</span></th><td class="num">${amountOrDash(each.debit_cents)}</td><td class="num">${amountOrDash(each.credit_cents)}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row">Total</th><td class="num">${amount(ledger.debit_cents)}</td><td class="num">${amount(ledger.credit_cents)}</td></tr></tfoot></table>`}<//>`;
}

function Started({ started }) {
  const open = started.items.filter((item) => item.state === "open");
  const rows = [
    started.items_total > 0 && ["ban", `${plural(started.items_total, "work item")}, ${open.length} open`, open.slice(0, 3).map((item) => item.message).join(" ")],
    started.reversals > 0 && ["back", `${plural(started.reversals, "take-back")}, ${dollars(Math.abs(started.reversed_cents))}`, "What was paid before was reversed"],
    started.recoupments_cents !== 0 && ["refresh", `Recoupments, ${dollars(started.recoupments_cents)}`, "Kept by the payer for earlier payments"],
    started.patient_balances > 0 && ["people", `${plural(started.patient_balances, "patient balance")}, ${dollars(started.patient_cents)}`, "To be billed to patients"],
  ].filter(Boolean);
  return html`<${Card} title="What it started">${rows.length === 0 ? html`<div class="body"><p class="small muted">Nothing: it closed what it was about.</p></div>` : html`<ul class="list">${rows.map(([icon, words, said]) => html`<li key=${words}><${Icon} name=${icon} /><div class="grow">${words}<span class="said">${said}</span></div></li>`)}</ul>`}<//>`;
}

const DECIDED = { replay_remittance: "Judged again", discard_remittance: "Set aside", post_despite_conflict: "Posted as another payment", match_payment: "Matched to a claim", unmatch_payment: "Match taken back", dismiss_payment: "Said to be not ours" };

function Decisions({ decisions }) {
  if (!decisions.length) return null;
  return html`<${Card} title="Decisions"><ul class="list">${decisions.map((each, n) => html`<li key=${n}><${Icon} name="person" /><div class="grow">${DECIDED[each.what] ?? each.what.replaceAll("_", " ")}${each.reason && html`: “${each.reason}”`}<span class="said">${each.who}, ${moment(each.made_at)}</span></div></li>`)}</ul><//>`;
}

export default function Remittance({ id }) {
  const told = useResource(`/remittances/${id}`, { kinds: ["remittance", "claim", "work_item"] });
  const [dialog, setDialog] = useState(null);
  const remittance = told.data;
  if (!remittance) return html`<${Page} title="Payment" crumbs=${[["Payments", "/payments"], ["…"]]}><${Failure} problem=${told.problem} retry=${told.refresh} />${!told.problem && html`<${Bones} lines=${8} />`}<//>`;
  const canWork = may("remittances.work");
  const decide = async (path, reason, words) => { await post(`/remittances/${id}/${path}`, reason ? { reason } : {}, { key: onceKey() }); toast(words); told.refresh(); };
  const isHeld = remittance.state === "held" || remittance.state === "discarded";
  const waiting = remittance.claim_payments.filter(isWaiting);
  const off = isHeld ? [] : remittance.claim_payments.filter((each) => each.state === "unbalanced");
  const isAlike = remittance.state === "held" && remittance.findings.some((each) => each.code === "835-PAYMENT-CONFLICT");
  const matching = canWork && remittance.claim_payments.find((each) => String(each.position) === place.value.query.get("match"));
  const first = remittance.findings[0];
  return html`<${Page} title=${`${named(remittance.payer_name)}, ${dollars(remittance.payment_cents)}`} crumbs=${[["Payments", "/payments"], [remittance.trace || "No number"]]}
      sub=${`${methodOf(remittance).charAt(0).toUpperCase()}${methodOf(remittance).slice(1)} ${remittance.trace} of ${remittance.payment_date ?? "no date"} · ${plural(remittance.claim_payments.length, "claim decision")} · received ${moment(remittance.received_at)}`}
      status=${html`<${Chip} of=${STATES} value=${stateOf(remittance)} /><span class="said">${saidOf(remittance)}</span>`}
      actions=${html`${may("files.content") && html`<${Link} class="btn" href=${`/files/${remittance.file_id}`}><${Icon} name="edi" />See the 835<//>`}<button class="btn" onClick=${() => print()}><${Icon} name="print" />Print</button>`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept />
    <div class="columns"><div class="stack">
      ${isHeld && html`<${NextAction} title=${first?.cure ?? "Decide what becomes of it"} actions=${canWork ? html`<button class="btn primary" onClick=${() => setDialog("replay")}><${Icon} name="refresh" />Judge again</button>${isAlike && html`<button class="btn" onClick=${() => setDialog("post")}>It is another payment</button>`}${remittance.state === "held" && html`<button class="btn" onClick=${() => setDialog("discard")}>Set aside</button>`}`
          : html`<${Locked} why="A payment poster or a manager decides on held payments.">Judge again<//>`} why="Nothing of it is posted: no balance changed."><p>${first?.message ?? remittance.why}</p>${remittance.findings.length > 1 && html`<${Findings} findings=${remittance.findings.slice(1)} />`}<//>`}
      ${waiting.length > 0 && html`<${NextAction} title=${waiting.length === 1 ? "Say whose this payment is" : `Say whose these ${waiting.length} payments are`} actions=${canWork ? html`<button class="btn primary" onClick=${() => setQuery({ match: waiting[0].position })}><${Icon} name="link" />Find the claim</button>` : html`<${Locked} why="A payment poster matches payments.">Find the claim<//>`}>
        <p>${dollars(waiting.reduce((sum, each) => sum + each.paid_cents, 0))} waits in suspense: no claim here has these numbers.</p><//>`}
      ${off.length > 0 && html`<${NextAction} title="Ask the payer for a corrected remittance" actions=${html`<${Link} class="btn" href=${`/worklists?kind=suspense&reason=unbalanced`}><${Icon} name="work" />All that do not add up<//>`}
          why="Its cash is in the ledger. When it is settled, close its item on the worklist with what was agreed.">
        <p>${dollars(off.reduce((sum, each) => sum + each.paid_cents, 0))} waits in suspense: ${off.length === 1 ? html`claim <span class="mono">${off[0].control_number}</span> is off by ${dollars(Math.abs(off[0].sums.difference_cents))}.` : `${off.length} claims do not add up; their lines are open below.`}</p><//>`}
      <${Equation} remittance=${remittance} /><${RemittanceClaims} remittance=${remittance} onTakeBack=${(payment) => setDialog(payment)} /><${Adjustments} remittance=${remittance} /></div>
    <div class="stack"><${Ledger} ledger=${remittance.ledger} /><${Started} started=${remittance.started} /><${Decisions} decisions=${remittance.decisions} /></div></div>
    ${dialog === "replay" && html`<${ReasonDialog} title="Judge this payment again?" submit="Judge again" optional onClose=${() => setDialog(null)} act=${(reason) => decide("replay", reason, "It is being judged again; it posts if it adds up now.")}><p>Do it when the cause is settled, for example when its practice is known now.</p><//>`}
    ${dialog === "discard" && html`<${ReasonDialog} title="Set this payment aside?" submit="Set aside" danger onClose=${() => setDialog(null)} act=${(reason) => decide("discard", reason, "Set aside. Nothing of it is posted.")}><p>It is never posted. It can be judged again later.</p><//>`}
    ${dialog === "post" && html`<${ReasonDialog} title="Is this another payment?" submit="Post it too" onClose=${() => setDialog(null)} act=${(reason) => decide("post", reason, "It is being judged again as a payment of its own.")}><p>It has the number, day, amount and payee of a payment that was posted. Post it only where the bank received both.</p><//>`}
    ${dialog?.position && html`<${ReasonDialog} title="Take this match back?" submit="Take it back" danger onClose=${() => setDialog(null)} act=${(reason) => decide(`claims/${dialog.position}/unmatch`, reason, "Taken back: the money is in suspense again.")}><p>The money returns to suspense by new entries; nothing is erased.</p><//>`}
    ${matching && html`<${MatchDialog} remittance=${remittance} payment=${matching} onClose=${() => setQuery({ match: null })} onDone=${told.refresh} />`}
  <//>`;
}
