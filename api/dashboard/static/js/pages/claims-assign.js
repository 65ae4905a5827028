// Giving the open work of claims to somebody.
import { html, useState } from "../lib.js";
import { get, onceKey, post } from "../http.js";
import { plural } from "../format.js";
import { Dialog, toast } from "../kit/dialog.js";
import { Field } from "../kit/fields.js";
import { Failure } from "../kit/states.js";
import { useResource } from "../resource.js";
import { me } from "../session.js";

const give = (ids, userId) => post("/work-items/bulk", { action: "assign", ids, params: { user_id: userId } }, { key: onceKey() });

// Puts items back to those who had them: [{id, was_assigned_to}, ...].
async function giveBack(changed) {
  for (const userId of new Set(changed.map((each) => each.was_assigned_to))) {
    await give(changed.filter((each) => each.was_assigned_to === userId).map((each) => each.id), userId);
  }
}

export function AssignDialog({ claims, onClose, onDone }) {
  const people = useResource("/users/assignable");
  const [who, setWho] = useState(me.value.id);
  const options = [...(people.data?.items ?? []).map((person) => [person.id, person.id === me.value.id ? `${person.name} (me)` : person.name]), ["", "Nobody"]];
  const send = async () => {
    const open = (await Promise.all(claims.map((claim) => get(`/work-items?claim_id=${claim.id}&limit=50`)))).flatMap((page) => page.items);
    if (!open.length) toast("Nothing assigned: these claims have no open work.");
    else {
      const told = await give(open.map((item) => item.id), who || null);
      toast(told.count ? `${plural(told.count, "task")} assigned.` : "Nothing changed: they had it already.", told.count
        ? { undo: async () => { await giveBack(told.changed); onDone(); } } : {});
    }
    onClose();
    onDone();
  };
  return html`<${Dialog} title=${`Assign the work of ${plural(claims.length, "claim")}`} submit="Assign" canSubmit=${Boolean(people.data)} onClose=${onClose} onSubmit=${send}>
    <${Failure} problem=${people.problem} retry=${people.refresh} />
    <${Field} label="To" options=${options} value=${who} onValue=${setWho} /><//>`;
}
