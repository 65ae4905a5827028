// Account: who I am here, what I may, how I sign in, and how the dashboard behaves for me.
import { html, useState } from "../lib.js";
import { post } from "../http.js";
import { moment } from "../format.js";
import { Dialog, toast } from "../kit/dialog.js";
import { Choice, Field } from "../kit/fields.js";
import { Page } from "../kit/page.js";
import { Card, Facts } from "../kit/parts.js";
import { me, prefer, preferences, refreshMe, signOut } from "../session.js";
import { roleNames } from "./users.js";

function NewPassword({ onClose }) {
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const send = async () => {
    await post("/auth/password", { old_password: old, password });
    toast("Your password is changed. Your other sessions have ended.");
    await refreshMe();
    onClose();
  };
  return html`<${Dialog} title="Change your password" submit="Change it" canSubmit=${old && password} onClose=${onClose} onSubmit=${send}>
    <${Field} label="Password now" type="password" autocomplete="current-password" value=${old} onValue=${setOld} />
    <${Field} label="New password" type="password" autocomplete="new-password" hint="At least 12 characters. A few words that only you would put together are best." value=${password} onValue=${setPassword} /><//>`;
}

export default function Account() {
  const [isChanging, setChanging] = useState(false);
  const who = me.value;
  const practices = who.practices === null ? "Every practice" : who.practices.map((practice) => practice.name).join(", ");
  return html`<${Page} title="Account" actions=${html`<button class="btn" onClick=${signOut}>Sign out</button>`}>
    <div class="halves"><div class="stack">
      <${Card} title="You"><div class="body"><${Facts} facts=${[["Name", who.name], ["Email", who.email], ["Roles", roleNames(who.roles)], ["Practices", practices]]} /></div><//>
      <${Card} title="Signing in"><div class="body stack"><${Facts} facts=${[["Session until", moment(who.session?.absolute_ends_at)], ["Second factor", "Authenticator app"]]} />
        <button class="btn" onClick=${() => setChanging(true)}>Change your password</button></div><//></div>
    <${Card} title="How it behaves"><div class="body stack">
      <${Choice} label="Keyboard shortcuts" hint="Single keys such as j, k and / act on the page." checked=${preferences.value.shortcuts !== false} onChecked=${(isOn) => prefer({ shortcuts: isOn })} />
      <${Choice} label="Compact tables" hint="One line a row." checked=${preferences.value.compact === true} onChecked=${(isOn) => prefer({ compact: isOn })} />
      <${Field} label="Theme" options=${[["", "As the system"], ["light", "Light"], ["dark", "Dark"]]} value=${preferences.value.theme ?? ""} onValue=${(theme) => prefer({ theme: theme || null })} /></div><//></div>
    ${isChanging && html`<${NewPassword} onClose=${() => setChanging(false)} />`}<//>`;
}
