// What can be done with the claims that are selected; what would be skipped is told before.
import { html, useEffect, useState } from "../lib.js";
import { amount, count, plural } from "../format.js";
import { Problem, onceKey, post } from "../http.js";
import { Dialog, ReasonDialog, attempt, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { Bones, Failure, Locked, Notice } from "../kit/states.js";
import { useKeys } from "../keys.js";
import { may } from "../session.js";
import { AssignDialog } from "./claims-assign.js";

export const BULK_MAX = 500;  // Claims of one call.
const DID = { hold: "held", note: "noted", resubmit: "checked" };

const send = (action, ids, extra) => post("/claims/bulk", { action, ids, ...extra }, { key: onceKey() });

// {reason: [claim id, ...]}
function byReason(skipped) {
  const found = new Map();
  for (const each of skipped) found.set(each.reason, [...(found.get(each.reason) ?? []), each.claim_id]);
  return [...found];
}

function Resubmit({ chosen, ids, act, onClose }) {
  const [told, setTold] = useState(null);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    send("resubmit", ids, { dry_run: true }).then(setTold, (reason) => { if (!(reason instanceof Problem)) throw reason; setProblem(reason); });
  }, []);
  const numberOf = (id) => chosen.find((claim) => claim.id === id)?.patient_control_number;
  return html`<${Dialog} title=${`Check and resend ${plural(ids.length, "claim")}`} submit=${told ? `Check and resend ${count(told.done.length)}` : "Check and resend"} canSubmit=${Boolean(told?.done.length)} onClose=${onClose} onSubmit=${() => act("resubmit", {}, told.done)}>
    <p>Each is built from its encounter as that is now. Those that pass every check go with the next file; the others stay held, with what is wrong.</p>
    <${Failure} problem=${problem} />
    ${!told ? !problem && html`<${Bones} />` : html`<p role="status"><strong>${plural(told.done.length, "claim")} can go.</strong></p>
      ${told.warned.length > 0 && html`<${Notice}>${told.warned.length === 1 ? "1 of them is" : `${count(told.warned.length)} of them are`} unchanged since the rejection, and likely to come back.<//>`}
      ${told.skipped.length > 0 && html`<${Notice}><strong>${plural(told.skipped.length, "claim")} will be skipped.</strong>
        <ul class="steps">${byReason(told.skipped).map(([reason, some]) => html`<li key=${reason}>${reason} <span class="mono">${some.map(numberOf).join(", ")}</span></li>`)}</ul><//>`}`}
  <//>`;
}

export function Bulk({ chosen, list, select, clear }) {
  const [dialog, setDialog] = useState(null);
  const ids = chosen.map((claim) => claim.id);
  const open = chosen.reduce((sum, claim) => sum + claim.open_cents, 0);
  const act = async (action, extra, some = ids) => {
    const told = await send(action, some, extra);
    toast([`${plural(told.done.length, "claim")} ${DID[action]}.`, ...byReason(told.skipped).map(([reason, left]) => `${count(left.length)} skipped: ${reason}`)].join(" "));
    setDialog(null);
    clear();
    list.refresh();
  };
  const canWork = may("claims.work"), canAssign = may("work.do");
  const begin = (name) => () => setDialog(name);
  useKeys([...(canAssign ? [["a", "Assign what is selected", begin("assign")]] : []), ...(canWork ? [["n", "Note on what is selected", begin("note")]] : [])], [canAssign, canWork]);
  const close = () => setDialog(null);
  const more = Math.min(list.total, BULK_MAX);
  const selectAll = () => attempt(async () => select(new Set((await list.all(BULK_MAX)).map((claim) => claim.id))));
  return html`<div class="bulkbar" role="region" aria-label="With the selected claims"><strong>${count(ids.length)} selected</strong> · ${amount(open)} open
    ${chosen.length === list.rows.length && list.more && html`<button class="link" onClick=${selectAll}>Select ${more < list.total ? `the first ${count(more)}` : `all ${count(more)}`}</button>`}
    <span class="rule"></span>
    ${canAssign && html`<button class="btn quiet" onClick=${begin("assign")}><${Icon} name="person" />Assign <kbd>a</kbd></button>`}
    ${canWork ? html`<button class="btn quiet" onClick=${begin("note")}><${Icon} name="note" />Note <kbd>n</kbd></button>
      <button class="btn quiet" onClick=${begin("hold")}><${Icon} name="pause" />Hold</button>
      <button class="btn primary" onClick=${begin("resubmit")}><${Icon} name="sent" />Check and resend</button>`
      : html`<${Locked} why="Your role reads claims. A biller can send them again.">Check and resend<//>`}
    <button class="btn quiet icon" aria-label="Select nothing" onClick=${clear}><${Icon} name="cross" /></button>
    ${dialog === "assign" && html`<${AssignDialog} claims=${chosen} onClose=${close} onDone=${() => { clear(); list.refresh(); }} />`}
    ${dialog === "note" && html`<${ReasonDialog} title=${`Note on ${plural(ids.length, "claim")}`} submit="Add the note" onClose=${close} act=${(text) => act("note", { text })}><p>Notes stay with the claims; they cannot be changed later.</p><//>`}
    ${dialog === "hold" && html`<${ReasonDialog} title=${`Hold ${plural(ids.length, "claim")}`} submit="Hold" onClose=${close} act=${(text) => act("hold", { text })}><p>Held claims are not sent until somebody releases them. What does not wait to be sent is skipped.</p><//>`}
    ${dialog === "resubmit" && html`<${Resubmit} chosen=${chosen} ids=${ids} act=${act} onClose=${close} />`}
  </div>`;
}
