// Giving the open work of claims to somebody.
import { html, useState } from "../lib.js";
import { get, post } from "../http.js";
import { plural } from "../format.js";
import { Dialog, toast } from "../kit/dialog.js";
import { Field } from "../kit/fields.js";
import { useResource } from "../resource.js";
import { me } from "../session.js";

export function AssignDialog({ claims, onClose, onDone }) {
  const people = useResource("/users/assignable");
  const [who, setWho] = useState(me.value.id);
  const options = [...(people.data?.items ?? []).map((person) => [person.id, person.id === me.value.id ? `${person.name} (me)` : person.name]), ["", "Nobody"]];
  const send = async () => {
    const open = (await Promise.all(claims.map((claim) => get(`/work-items?claim_id=${claim.id}&limit=50`)))).flatMap((page) => page.items);
    const before = open.map((item) => [item.id, item.assignee?.id ?? null]);
    const assign = (ids, userId) => post("/work-items/bulk", { action: "assign", ids, params: { user_id: userId } });
    if (open.length) await assign(open.map((item) => item.id), who || null);
    toast(open.length ? `${plural(open.length, "task")} assigned.` : "None of these claims has open work to assign.", open.length && {
      undo: async () => {
        for (const userId of new Set(before.map(([, id]) => id))) await assign(before.filter(([, id]) => id === userId).map(([id]) => id), userId);
        onDone();
      },
    });
    onClose();
    onDone();
  };
  return html`<${Dialog} title=${`Assign the work of ${plural(claims.length, "claim")}`} submit="Assign" onClose=${onClose} onSubmit=${send}>
    <${Field} label="To" options=${options} value=${who} onValue=${setWho} /><//>`;
}
