// Dialogs (native, with focus returned), toasts with undo, and menus.
import { html, signal, useEffect, useId, useLayoutEffect, useRef, useState } from "../lib.js";
import { Problem } from "../http.js";
import { Icon } from "./icons.js";
import { Failure } from "./states.js";

// `onSubmit` may return a promise; a Problem it raises is shown inside the dialog, which stays open.
export function Dialog({ title, onClose, onSubmit, submit = "Save", danger = false, wide = false, canSubmit = true, children, footer }) {
  const element = useRef(null);
  const heading = useId();
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  useLayoutEffect(() => {  // At once: the next key is the dialog's.
    const opener = document.activeElement;
    element.current.showModal();
    // What is to be filled in, or else what the keyboard may press at once: never the cross.
    (element.current.querySelector(".body :is(input, select, textarea)") ?? element.current.querySelector(danger ? "footer .cancel" : "footer .btn:last-child"))?.focus();
    return () => opener?.focus?.();
  }, []);
  const send = async (event) => {
    event.preventDefault();
    if (isBusy || !canSubmit || !onSubmit) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit();
    } catch (reason) {
      if (!(reason instanceof Problem)) throw reason;
      setProblem(reason);
    } finally {
      setBusy(false);
    }
  };
  return html`<dialog ref=${element} class=${wide ? "wide" : ""} aria-labelledby=${heading} onCancel=${onClose} onClose=${onClose}>
    <form onSubmit=${send} novalidate>
      <header><h2 id=${heading}>${title}</h2>
        <button type="button" class="btn quiet icon tiny" aria-label="Dismiss" onClick=${onClose}><${Icon} name="cross" /></button></header>
      <div class="body">${children}<${Failure} problem=${problem} /></div>
      <footer>${footer}<button type="button" class="btn cancel" onClick=${onClose}>${onSubmit ? "Cancel" : "Close"}</button>
        ${onSubmit && html`<button class=${`btn ${danger ? "danger" : "primary"}`} aria-disabled=${isBusy || !canSubmit}>${isBusy ? "Working…" : submit}</button>`}
      </footer>
    </form></dialog>`;
}

// A question with a reason, which is kept with who said it.
export function ReasonDialog({ title, submit, danger, optional = false, onClose, act, children }) {
  const [reason, setReason] = useState("");
  const field = useId();
  const isEnough = optional || reason.trim().length > 0;
  return html`<${Dialog} title=${title} submit=${submit} danger=${danger} onClose=${onClose} canSubmit=${isEnough}
      onSubmit=${async () => { await act(reason.trim()); onClose(); }}>
    ${children}
    <div class="field"><label for=${field}>Reason${optional && " (optional)"}</label>
      <textarea id=${field} class="input" maxlength="500" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea>
      <span class="hint">Kept with your name and the time.</span></div>
  <//>`;
}

const toasts = signal([]);
const SHOWN_MS = 8_000;

// Says what was done; `undo` takes it back.
export function toast(words, { undo } = {}) {
  const one = { words, undo, id: crypto.randomUUID() };
  toasts.value = [...toasts.value, one].slice(-3);
  setTimeout(() => drop(one), undo ? SHOWN_MS : SHOWN_MS / 2);
}
const drop = (one) => { toasts.value = toasts.value.filter((each) => each !== one); };

export function Toasts() {
  const undo = async (one) => {
    drop(one);
    try { await one.undo(); toast("Undone."); } catch (reason) {
      if (!(reason instanceof Problem)) throw reason;
      toast(`Not undone. ${reason.title}`);
    }
  };
  return html`<div class="toasts" role="status">${toasts.value.map((one) => html`<div class="toast" key=${one.id}>
    <span>${one.words}</span>${one.undo && html`<button onClick=${() => undo(one)}>Undo</button>`}
    <button aria-label="Dismiss" onClick=${() => drop(one)}>×</button></div>`)}</div>`;
}

// Runs an action of a button: a refusal becomes a toast, so nothing fails in silence.
export async function attempt(act) {
  try { return await act(); } catch (reason) {
    if (!(reason instanceof Problem)) throw reason;
    toast(`${reason.title} ${reason.detail}`.trim());
    return undefined;
  }
}

// A button that opens a short list of actions: [{label, icon, run | href, why}].
export function Menu({ label, icon, items, className = "btn", side = "" }) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const shut = (event) => { if (!box.current?.contains(event.target)) setOpen(false); };
    document.addEventListener("pointerdown", shut);
    box.current.querySelector("div > *")?.focus();
    return () => document.removeEventListener("pointerdown", shut);
  }, [isOpen]);
  const onKey = (event) => {
    if (event.key === "Escape") { setOpen(false); box.current.querySelector("button").focus(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = [...box.current.querySelectorAll("div > *")];
    const at = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    all[(at + all.length) % all.length]?.focus();
  };
  return html`<div class=${`menu ${side}`} ref=${box} onKeyDown=${onKey}>
    <button type="button" class=${className} aria-haspopup="true" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
      ${icon && html`<${Icon} name=${icon} />`}${label}</button>
    ${isOpen && html`<div>${items.map((item) => (item.href
      ? html`<a href=${item.href}>${item.icon && html`<${Icon} name=${item.icon} />`}${item.label}</a>`
      : html`<button type="button" onClick=${() => { setOpen(false); item.run(); }}>${item.icon && html`<${Icon} name=${item.icon} />`}${item.label}</button>`))}</div>`}
  </div>`;
}
