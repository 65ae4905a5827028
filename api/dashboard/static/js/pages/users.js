// Users and keys: who may do what here, and which systems may call.
import { html, useState } from "../lib.js";
import { moment, plural } from "../format.js";
import { call, post } from "../http.js";
import { Dialog, toast } from "../kit/dialog.js";
import { Choice, Field } from "../kit/fields.js";
import { Icon } from "../kit/icons.js";
import { Page } from "../kit/page.js";
import { Card, Copy } from "../kit/parts.js";
import { Empty, Failure, Locked } from "../kit/states.js";
import { DataTable } from "../kit/table.js";
import { useResource } from "../resource.js";
import { may, me } from "../session.js";

export const ROLES = {
  biller: ["Biller", "Builds, corrects and sends claims; sees patients’ data"],
  poster: ["Payment poster", "Posts and matches payments; sees patients’ data"],
  manager: ["Manager", "Everything of billers and posters, failed jobs, the audit log"],
  admin: ["Administrator", "Users, keys, trading partners; no patients’ data"],
  integration: ["Integration engineer", "Trading partners, files, jobs; no patients’ data"],
  auditor: ["Auditor", "Reads everything, changes nothing"],
  ehr: ["EHR system", "Posts encounters and asks what became of them"],
};
export const roleNames = (roles) => roles.map((role) => ROLES[role]?.[0] ?? role).join(", ");
const practiceNames = (practices) => (practices === null || practices === undefined ? "Every practice" : practices.map((each) => each.name ?? each).join(", "));

// What is shown once: a link or a key. It cannot be asked for again.
function Once({ title, value, what, children, onClose }) {
  return html`<${Dialog} title=${title} onClose=${onClose}><p>${children}</p>
    <p class="mono">${value} <${Copy} value=${value} what=${what} /></p><p class="muted small">It is not shown again. Close this when you have it.</p><//>`;
}
const linkOf = (ticket) => `${location.origin}/#/invite/${ticket}`;

function RolePicker({ roles, onRoles, of }) {
  return html`<fieldset class="field"><legend class="label">Roles</legend>${of.map((role) => html`<${Choice} key=${role} label=${ROLES[role][0]} hint=${ROLES[role][1]} checked=${roles.includes(role)}
    onChecked=${(isOn) => onRoles(isOn ? [...roles, role] : roles.filter((each) => each !== role))} />`)}</fieldset>`;
}

function PracticePicker({ chosen, onChosen, all }) {
  if (!all?.length) return null;
  return html`<fieldset class="field"><legend class="label">Practices</legend>
    <${Choice} label="Every practice" checked=${chosen === null} onChecked=${(isOn) => onChosen(isOn ? null : [])} />
    ${chosen !== null && all.map((practice) => html`<${Choice} key=${practice.id} label=${practice.name} checked=${chosen.includes(practice.id)} onChecked=${(isOn) => onChosen(isOn ? [...chosen, practice.id] : chosen.filter((id) => id !== practice.id))} />`)}</fieldset>`;
}

const stateOf = (user) => (user.disabled ? "Disabled" : user.has_password || user.has_second_factor ? "Active" : "Invited");

const HUMAN = ["biller", "poster", "manager", "admin", "integration", "auditor"];

function EditUser({ user, etag, practices, onClose, onDone, onInvited }) {
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [roles, setRoles] = useState(user?.roles ?? []);
  const [chosen, setChosen] = useState(user ? (user.practices?.map((each) => each.id) ?? null) : null);
  const send = async () => {
    if (user) {
      await call("PATCH", `/users/${user.id}`, { body: { name, roles, practices: chosen }, etag });
      toast(`${name.trim()} is changed. What they may do counts from now on.`);
      onClose();
    } else {
      const made = await post("/users", { name, email, roles, practices: chosen });
      onInvited(made);
    }
    onDone();
  };
  return html`<${Dialog} title=${user ? `Change ${user.name}` : "Add a user"} submit=${user ? "Save" : "Add"} canSubmit=${roles.length > 0 && chosen?.length !== 0 && name.trim() && email.trim()} onClose=${onClose} onSubmit=${send}>
    <${Field} label="Name" value=${name} onValue=${setName} autocomplete="off" />
    ${!user && html`<${Field} label="Email" type="email" value=${email} onValue=${setEmail} hint="They sign in with it." autocomplete="off" />`}
    <${RolePicker} roles=${roles} onRoles=${setRoles} of=${HUMAN} /><${PracticePicker} chosen=${chosen} onChosen=${setChosen} all=${practices} /><//>`;
}

function NewKey({ practices, onClose, onMade }) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState(["ehr"]);
  const [chosen, setChosen] = useState(null);
  const send = async () => {
    const made = await post("/api-keys", { name, roles, practices: chosen });
    onMade(made.secret);
  };
  return html`<${Dialog} title="Make an API key" submit="Make it" canSubmit=${name.trim() && roles.length > 0 && chosen?.length !== 0} onClose=${onClose} onSubmit=${send}>
    <${Field} label="For which system" value=${name} onValue=${setName} hint="For example: Lakeside EHR" />
    <${RolePicker} roles=${roles} onRoles=${setRoles} of=${["ehr", "integration", "manager"]} /><${PracticePicker} chosen=${chosen} onChosen=${setChosen} all=${practices} /><//>`;
}

// Of a person: the dialog, its words, and whom it fits. Nobody shuts themselves out.
const ACTIONS = [
  ["user", () => ["Change", ""], () => true],
  ["invite", () => ["New link", "for "], (user) => !user.disabled && user.id !== me.value.id],
  ["disable", (user) => [user.disabled ? "Enable" : "Disable", ""], (user) => user.id !== me.value.id],
];

export default function Users() {
  const users = useResource("/users"), keys = useResource(may("keys.read") ? "/api-keys" : null);
  const [dialog, setDialog] = useState(null);
  const close = () => setDialog(null);
  const practices = users.data?.practices ?? me.value.practices ?? [];
  const canWork = may("users.work"), canKeys = may("keys.work");
  const patch = (user, body, words) => async () => {
    await call("PATCH", `/users/${user.id}`, { body, etag: `"${user.version}"` });
    toast(words);
    users.refresh();
  };
  const show = (told) => setDialog({ kind: "link", value: linkOf(told.ticket), until: moment(told.expires_at) });
  const invite = (user) => async () => {
    const told = await post(`/users/${user.id}/invite`);
    show(told);
    users.refresh();
  };
  const columns = [
    { key: "name", label: "Name", isHead: true, card: "lead", cell: (user) => html`<span class="strong">${user.name}</span><span class="said">${user.email}</span>` },
    { key: "roles", label: "Roles", cell: (user) => html`${roleNames(user.roles)}<span class="said flow">${practiceNames(user.practices)}</span>` },
    { key: "state", label: "State", card: "fold", cell: (user) => html`${stateOf(user)}${user.last_signed_in_at && html`<span class="said">last signed in ${moment(user.last_signed_in_at)}</span>`}` },
    { key: "do", label: "Actions", hidden: true, num: true, card: "end", cell: (user) => canWork && ACTIONS.filter(([, , fits]) => fits(user)).map(([kind, words]) => {
      const [word, whom] = words(user);
      return html`<button class="btn small" key=${kind} onClick=${() => setDialog({ kind, user })}>${word}<span class="visually-hidden"> ${whom}${user.name}</span></button> `;
    }) },
  ];
  const keyColumns = [
    { key: "name", label: "System", isHead: true, card: "lead", cell: (key) => html`<span class="strong">${key.name}</span><span class="said">made ${moment(key.created_at)}</span>` },
    { key: "roles", label: "Roles", cell: (key) => html`${roleNames(key.roles)}<span class="said flow">${practiceNames(key.practices)}</span>` },
    { key: "state", label: "State", card: "fold", cell: (key) => (key.revoked_at ? `Revoked ${moment(key.revoked_at)}` : "Works") },
    { key: "do", label: "Actions", hidden: true, num: true, card: "end", cell: (key) => canKeys && !key.revoked_at && html`<button class="btn small" onClick=${() => setDialog({ kind: "revoke", key })}>Revoke<span class="visually-hidden"> ${key.name}</span></button>` },
  ];
  const of = dialog?.user;
  const isEnded = of?.disabled;
  return html`<${Page} title="Users and keys" sub="Roles give rights; nothing else does." actions=${canWork ? html`<button class="btn primary" onClick=${() => setDialog({ kind: "user" })}><${Icon} name="plus" />Add a user</button>` : html`<${Locked} why="An administrator adds users.">Add a user<//>`}>
    <div class="stack">
      <${Card} title="Users" note=${users.data && plural(users.data.items.length, "person", "people")}><${Failure} problem=${users.problem} retry=${users.refresh} kept=${Boolean(users.data)} />
        <${DataTable} plain caption="Users" columns=${columns} rows=${users.data?.items ?? null} /><//>
      ${may("keys.read") && html`<${Card} title="API keys" note="For EHR systems and scripts" end=${canKeys ? html`<button class="btn small" onClick=${() => setDialog({ kind: "key" })}><${Icon} name="key" small />Make a key</button>` : html`<${Locked} why="An administrator makes keys.">Make a key<//>`}><${Failure} problem=${keys.problem} retry=${keys.refresh} kept=${Boolean(keys.data)} />
        ${keys.data?.items.length === 0 ? html`<${Empty} title="No keys yet">An EHR system needs one to post encounters.<//>` : html`<${DataTable} plain caption="API keys" columns=${keyColumns} rows=${keys.data?.items ?? null} />`}<//>`}
    </div>
    ${dialog?.kind === "user" && html`<${EditUser} user=${of} etag=${of && `"${of.version}"`} practices=${practices} onClose=${close} onDone=${users.refresh} onInvited=${show} />`}
    ${dialog?.kind === "key" && html`<${NewKey} practices=${practices} onClose=${close} onMade=${(secret) => { keys.refresh(); setDialog({ kind: "secret", value: secret }); }} />`}
    ${dialog?.kind === "link" && html`<${Once} title="The invitation" value=${dialog.value} what="Link" onClose=${close}>Send this link to them by a safe way. It works once, until ${dialog.until}: they choose a password and set up their second factor.<//>`}
    ${dialog?.kind === "secret" && html`<${Once} title="The new key" value=${dialog.value} what="Key" onClose=${close}>Give it to the system as <span class="mono">Authorization: Bearer …</span><//>`}
    ${dialog?.kind === "invite" && html`<${Dialog} title=${`A new link for ${of.name}?`} submit="Make it" onClose=${close} onSubmit=${invite(of)}><p>Their password and second factor count no more; they choose new ones.</p><//>`}
    ${dialog?.kind === "disable" && html`<${Dialog} title=${`${isEnded ? "Enable" : "Disable"} ${of.name}?`} submit=${isEnded ? "Enable" : "Disable"} danger=${!isEnded} onClose=${close} onSubmit=${async () => { await patch(of, { disabled: !isEnded }, `${of.name} is ${isEnded ? "enabled" : "disabled"}.`)(); close(); }}><p>${isEnded ? "They can sign in again." : "Their sessions end at once. What they did stays."}</p><//>`}
    ${dialog?.kind === "revoke" && html`<${Dialog} title=${`Revoke the key of ${dialog.key.name}?`} submit="Revoke" danger onClose=${close} onSubmit=${async () => { await call("DELETE", `/api-keys/${dialog.key.id}`); toast("The key is revoked."); keys.refresh(); close(); }}><p>The system is refused from now on. This cannot be undone: make a new key instead.</p><//>`}
  <//>`;
}
