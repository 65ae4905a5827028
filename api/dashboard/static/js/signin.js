// Signing in: password, then the second factor; one-time links; the first password and authenticator.
import { html, useEffect, useState } from "./lib.js";
import { Problem, csrf, get, post } from "./http.js";
import { Field } from "./kit/fields.js";
import { Icon } from "./kit/icons.js";
import { Failure, Notice } from "./kit/states.js";
import { go, place } from "./router.js";
import { refreshMe, step as begun } from "./session.js";

// The ticket in an address `/#/enter/...`: a fragment never leaves the browser by itself.
export const ticketOf = (hash) => /^#\/(?:enter|invite)\/([\w-]+)$/.exec(hash)?.[1] ?? null;

// The form of one step; a refusal stays on the page with what to do.
function Step({ title, sub, submit, act, children, aside }) {
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try { await act(); } catch (reason) {
      if (!(reason instanceof Problem)) throw reason;
      setProblem(reason);
    } finally { setBusy(false); }
  };
  return html`<main class="sign-in" id="main"><p class="brand"><${Icon} name="brand" />Revenue cycle</p>
    <div class="card"><form onSubmit=${send} novalidate><div><h1>${title}</h1>${sub && html`<p class="muted spaced">${sub}</p>`}</div>
      ${children}<${Failure} problem=${problem} />
      <button class="btn primary wide" aria-disabled=${isBusy}>${isBusy ? "Working…" : submit}</button></form></div>
    ${aside && html`<p class="help">${aside}</p>`}</main>`;
}

function Password({ onState }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const act = async () => onState(await post("/auth/login", { email, password }));
  return html`<${Step} title="Sign in" submit="Continue" act=${act} aside="No account, or no way in? An administrator can send you a new one-time link.">
    <${Field} label="Email" type="email" name="email" autocomplete="username" required value=${email} onValue=${setEmail} autofocus />
    <${Field} label="Password" type="password" name="password" autocomplete="current-password" required value=${password} onValue=${setPassword} /><//>`;
}

function Code({ onState, onRecovery }) {
  const [code, setCode] = useState("");
  const act = async () => onState(await post("/auth/totp", { code: code.replace(/\s/g, "") }));
  return html`<${Step} title="Enter the code" sub="Six digits, from your authenticator app." submit="Sign in" act=${act}
      aside=${html`No phone at hand? <button class="link" onClick=${onRecovery}>Use a recovery code</button>`}>
    <${Field} label="Code" className="code-entry" inputmode="numeric" autocomplete="one-time-code" maxlength="7" value=${code} onValue=${setCode} autofocus /><//>`;
}

function Recovery({ onState }) {
  const [code, setCode] = useState("");
  const act = async () => onState(await post("/auth/recovery", { code: code.trim() }));
  return html`<${Step} title="Use a recovery code" sub="Each works once. You got them when you set up your authenticator." submit="Sign in" act=${act}>
    <${Field} label="Recovery code" autocomplete="off" value=${code} onValue=${setCode} autofocus /><//>`;
}

function NewPassword({ onState }) {
  const [password, setPassword] = useState("");
  const act = async () => onState(await post("/auth/password", { password }));
  return html`<${Step} title="Choose a password" sub="At least 12 characters. A few words that only you would put together are best." submit="Continue" act=${act}>
    <${Field} label="New password" type="password" autocomplete="new-password" value=${password} onValue=${setPassword} autofocus /><//>`;
}

function Enrol({ onCodes }) {
  const [secret, setSecret] = useState(null);
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState(null);
  useEffect(() => { post("/auth/totp/enrol").then(setSecret, setProblem); }, []);
  const act = async () => onCodes((await post("/auth/totp/confirm", { code: code.replace(/\s/g, "") })).recovery_codes);
  return html`<${Step} title="Set up your second factor" sub="Scan this with an authenticator app, then enter the six digits that it shows." submit="Confirm" act=${act}>
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
  const [step, setStep] = useState(ticket ? "ticket" : begun.value);
  const [codes, setCodes] = useState([]);
  const [problem, setProblem] = useState(null);
  const enter = async () => {
    await refreshMe();
    if (place.value.hash) go(place.value.path + location.search, { replace: true });
  };
  // What the server says comes next: totp, enrol, password, or done.
  const onState = async (told) => {
    csrf.value = told.csrf_token ?? csrf.value;
    if (told.next === "done") await enter();
    else setStep(told.next);
  };
  useEffect(() => {
    document.title = "Sign in · Revenue cycle";
    if (ticket) post("/auth/ticket", { ticket }).then(onState, setProblem);
  }, []);
  if (step === "ticket") {
    return html`<main class="sign-in" id="main"><h1>${problem ? "This link does not work" : "Opening your link…"}</h1><${Failure} problem=${problem} />
      ${problem && html`<p><a href="/">Sign in with your password</a></p>`}</main>`;
  }
  if (step === "totp") return html`<${Code} onState=${onState} onRecovery=${() => setStep("recovery")} />`;
  if (step === "recovery") return html`<${Recovery} onState=${onState} />`;
  if (step === "set_password") return html`<${NewPassword} onState=${onState} />`;
  if (step === "enrol") return html`<${Enrol} onCodes=${(found) => { setCodes(found); setStep("codes"); }} />`;
  if (step === "codes") return html`<${RecoveryCodes} codes=${codes} onDone=${enter} />`;
  return html`<${Password} onState=${onState} />`;
}
