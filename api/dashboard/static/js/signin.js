// Signing in: password, then the second factor; one-time links; the first password and authenticator.
import { html, useEffect, useRef, useState } from "./lib.js";
import { Problem, csrf, post } from "./http.js";
import { Field } from "./kit/fields.js";
import { Icon } from "./kit/icons.js";
import { Failure } from "./kit/states.js";
import { clear } from "./resource.js";
import { go, place } from "./router.js";
import { me, refreshMe, step } from "./session.js";

// The ticket in an address `/#/enter/...`: a fragment never leaves the browser by itself.
export const ticketOf = (hash) => /^#\/(?:enter|invite)\/([\w-]+)$/.exec(hash)?.[1] ?? null;

// The form of one step; a refusal stays on the page with what to do.
const EMPTY = { title: "Something is missing.", detail: "Fill in every field, then continue." };

function Step({ title, sub, submit, act, children, aside, isFilled = true }) {
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef(null);
  useEffect(() => { document.title = `${title} · Revenue cycle`; form.current.querySelector("input, button").focus(); }, []);
  const send = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    if (!isFilled) { setProblem(EMPTY); return; }  // It would count as an attempt.
    setBusy(true);
    setProblem(null);
    try { await act(); } catch (reason) {
      if (!(reason instanceof Problem)) throw reason;
      // Waited too long between two steps: from the beginning, and it says so.
      if (reason.status === 401) step.value = "sign_in";
      setProblem(reason);
    } finally { setBusy(false); }
  };
  return html`<main class="sign-in" id="main"><p class="brand"><${Icon} name="brand" />Revenue cycle</p>
    <div class="card"><form ref=${form} onSubmit=${send} novalidate><div><h1>${title}</h1>${sub && html`<p class="muted spaced">${sub}</p>`}</div>
      ${children}<${Failure} problem=${problem} />
      <button class="btn primary wide" aria-disabled=${isBusy}>${isBusy ? "Working…" : submit}</button></form></div>
    ${aside && html`<p class="help">${aside}</p>`}</main>`;
}

function Password({ onState }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const act = async () => onState(await post("/auth/login", { email, password }));
  return html`<${Step} title="Sign in" submit="Continue" act=${act} isFilled=${email && password} aside="No account, or no way in? An administrator can send you a new one-time link.">
    <${Field} label="Email" type="email" name="email" autocomplete="username" required value=${email} onValue=${setEmail} />
    <${Field} label="Password" type="password" name="password" autocomplete="current-password" required value=${password} onValue=${setPassword} /><//>`;
}

function Code({ onState, onRecovery }) {
  const [code, setCode] = useState("");
  const act = async () => onState(await post("/auth/totp", { code: code.replace(/\s/g, "") }));
  return html`<${Step} title="Enter the code" sub="Six digits, from your authenticator app." submit="Sign in" act=${act} isFilled=${code}
      aside=${html`No phone at hand? <button class="link" onClick=${onRecovery}>Use a recovery code</button>`}>
    <${Field} label="Code" className="code-entry" inputmode="numeric" autocomplete="one-time-code" maxlength="7" value=${code} onValue=${setCode} /><//>`;
}

function Recovery({ onState, onCode }) {
  const [code, setCode] = useState("");
  const act = async () => onState(await post("/auth/recovery", { code: code.trim() }));
  return html`<${Step} title="Use a recovery code" sub="Each works once. You got them when you set up your authenticator." submit="Sign in" act=${act} isFilled=${code}
      aside=${html`<button class="link" onClick=${onCode}>Use the authenticator app</button>`}>
    <${Field} label="Recovery code" autocomplete="off" value=${code} onValue=${setCode} /><//>`;
}

function NewPassword({ onState }) {
  const [password, setPassword] = useState("");
  const act = async () => onState(await post("/auth/password", { password }));
  return html`<${Step} title="Choose a password" sub="At least 12 characters. A few words that only you would put together are best." submit="Continue" act=${act} isFilled=${password}>
    <${Field} label="New password" type="password" autocomplete="new-password" value=${password} onValue=${setPassword} /><//>`;
}

function Enrol({ onCodes }) {
  const [secret, setSecret] = useState(null);
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState(null);
  useEffect(() => { post("/auth/totp/enrol").then(setSecret, setProblem); }, []);
  const act = async () => onCodes((await post("/auth/totp/confirm", { code: code.replace(/\s/g, "") })).recovery_codes);
  return html`<${Step} title="Set up your second factor" sub="Scan this with an authenticator app, then enter the six digits that it shows." submit="Confirm" act=${act} isFilled=${code}>
    <${Failure} problem=${problem} />
    ${secret && html`<div><img src=${`data:image/svg+xml;utf8,${encodeURIComponent(secret.svg)}`} alt="QR code of the secret below" width="176" height="176" />
      <p class="small muted">Or type it: <span class="mono">${secret.secret}</span></p></div>`}
    <${Field} label="Code" className="code-entry" inputmode="numeric" autocomplete="one-time-code" maxlength="7" value=${code} onValue=${setCode} /><//>`;
}

function RecoveryCodes({ codes, onDone }) {
  return html`<${Step} title="Keep these recovery codes" sub="Each signs you in once, without your phone. They are not shown again." submit="I have kept them" act=${onDone}>
    <ul class="mono">${codes.map((code) => html`<li key=${code}>${code}</li>`)}</ul><//>`;
}

export function SignIn({ ticket }) {
  const [codes, setCodes] = useState(null);
  const [problem, setProblem] = useState(null);
  // What the server says comes next: totp, enrol, set_password, or done.
  const onState = async (told) => {
    csrf.value = told.csrf_token ?? csrf.value;
    if (told.next === "done") await refreshMe();
    else step.value = told.next;
  };
  const open = async () => {
    const told = await post("/auth/ticket", { ticket });
    clear();
    await onState(told);
    if (told.next !== "done") me.value = null;
    go(place.value.path + location.search, { replace: true });  // It is used up: it need not stay in the address.
  };
  useEffect(() => { if (ticket) open().catch(setProblem); }, []);
  if (ticket) {
    return html`<main class="sign-in" id="main"><h1>${problem ? "This link does not work" : "Opening your link…"}</h1><${Failure} problem=${problem} />
      ${problem && html`<p><a href="/">Sign in with your password</a></p>`}</main>`;
  }
  const due = step.value;
  if (codes) return html`<${RecoveryCodes} codes=${codes} onDone=${refreshMe} />`;
  if (due === "totp") return html`<${Code} onState=${onState} onRecovery=${() => { step.value = "recovery"; }} />`;
  if (due === "recovery") return html`<${Recovery} onState=${onState} onCode=${() => { step.value = "totp"; }} />`;
  if (due === "set_password") return html`<${NewPassword} onState=${onState} />`;
  if (due === "enrol") return html`<${Enrol} onCodes=${setCodes} />`;
  return html`<${Password} onState=${onState} />`;
}
