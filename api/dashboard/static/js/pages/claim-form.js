// The claim as the sections of the paper form; corrected in place, checked before it is saved.
import { html, useEffect, useState } from "../lib.js";
import { amount, centsOf, plural } from "../format.js";
import { Problem, call } from "../http.js";
import { Dialog, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { Card, Masked } from "../kit/parts.js";
import { Bones, Failure, Findings, Locked, Notice } from "../kit/states.js";
import { useResource } from "../resource.js";
import { place, setQuery } from "../router.js";
import { may } from "../session.js";

const GENDERS = { male: "Male", female: "Female", unknown: "Unknown" };

function shown(field) {
  const value = field.value;
  if (value === null || value === undefined || value === "" || value.length === 0) return "–";
  if (field.kind === "cents") return amount(value);
  if (field.kind === "flag") return value ? "Yes" : "No";
  if (field.kind === "gender") return GENDERS[value] ?? value;
  return Array.isArray(value) ? value.join(", ") : String(value);
}

// Why somebody cannot correct a claim; empty where they can.
export const lockOf = (claim) => (may("claims.work") ? claim.may.correct : "Your role reads claims; a biller corrects them.");

// What stands in the box when editing begins; a masked field begins empty.
const draftOf = (field) => (field.is_masked || shown(field) === "–" ? "" : field.kind === "flag" || field.kind === "gender" ? String(field.value) : shown(field));

const isShown = (field) => shown(field) !== "–" || field.findings.length > 0;

// The value that a box means, or undefined where it means none.
function valueOf(field, text) {
  if (text.trim() === "") return null;
  switch (field.kind) {
    case "cents": return centsOf(text);
    case "flag": return text === "true";
    case "list": return text.split(/[,\s]+/).filter(Boolean).map((each) => (field.pointer.endsWith("/diagnosis_pointers") ? Number(each) : each));
    case "number": return field.pointer.endsWith("/order") ? Number(text) : text.trim();
    default: return text.trim();
  }
}

function Box({ field, text, onText, onEnter, isHere }) {
  const id = `field${field.pointer}`;
  const wrong = valueOf(field, text) === undefined ? ["Write it like 125.00."] : field.findings.map((each) => `${each.message} ${each.cure}`);
  const common = { id, class: "input", "aria-invalid": wrong.length ? "true" : undefined, "aria-describedby": wrong.length ? `${id}-wrong` : undefined };
  useEffect(() => { if (isHere) { const box = document.getElementById(id); box?.scrollIntoView({ block: "center" }); box?.focus(); } }, [isHere]);
  const options = field.kind === "flag" ? [["", "–"], ["true", "Yes"], ["false", "No"]] : field.kind === "gender" ? [["", "–"], ...Object.entries(GENDERS)] : null;
  return html`<div class=${`field ${wrong.length ? "is-wrong" : ""}`}><label for=${id}>${field.label} ${field.box && html`<span class="muted small">box ${field.box}</span>`}</label>
    ${options ? html`<select ...${common} onChange=${(event) => onText(event.target.value)}>${options.map(([value, words]) => html`<option value=${value} selected=${value === text}>${words}</option>`)}</select>`
      : html`<input ...${common} onKeyDown=${(event) => { if (event.key === "Enter") { event.preventDefault(); onEnter(); } }} type=${field.kind === "day" ? "date" : "text"} value=${text} placeholder=${field.is_masked && field.value ? `${field.value} (kept unless you type)` : ""} onInput=${(event) => onText(event.target.value)} />`}
    ${wrong.length > 0 && html`<span class="wrong" id=${`${id}-wrong`}>${wrong.join(" ")}</span>`}</div>`;
}

function Fact({ field, id, isHere }) {
  const wrong = field.findings;
  useEffect(() => { if (isHere) document.getElementById(`field${field.pointer}`)?.scrollIntoView({ block: "center" }); }, [isHere]);
  return html`<div class=${wrong.length ? "is-wrong" : ""} id=${`field${field.pointer}`}><dt>${field.box && html`<span class="box">${field.box}</span>`}${field.label}</dt>
    <dd>${field.is_masked && field.value ? html`<${Masked} label=${field.label} dots=${field.value} path=${`/claims/${id}/reveal`} field=${field.pointer} />` : shown(field)}${wrong.map((each) => html`<span class="said flow bad" key=${each.code}>${each.message} ${each.cure}</span>`)}</dd></div>`;
}

// What a change says stands at a pointer of the encounter, before or after it.
export function textAt(pointer, value) {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (pointer.endsWith("_cents")) return amount(value);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function Preview({ told, isSending, onClose, onSave }) {
  const errors = told.findings.filter((each) => each.severity === "error"), warnings = told.findings.filter((each) => each.severity !== "error");
  return html`<${Dialog} wide title=${told.is_clean ? "It passes every check" : "It would still be held"} submit=${isSending ? (told.is_clean ? "Save and send" : "Save anyway") : "Save"} onClose=${onClose} onSubmit=${onSave}>
    ${told.changes.length === 0 ? html`<p>You changed nothing.</p>` : html`<table class="ledger"><caption class="visually-hidden">What changes</caption><thead><tr><th scope="col">Field</th><th scope="col">Now</th><th scope="col">Then</th></tr></thead>
      <tbody>${told.changes.map((each) => html`<tr key=${each.pointer}><th scope="row">${each.label}</th><td class="muted">${textAt(each.pointer, each.before)}</td><td class="strong">${textAt(each.pointer, each.after)}</td></tr>`)}</tbody></table>`}
    ${warnings.length > 0 && html`<${Notice}><${Findings} findings=${warnings} /><//>`}
    ${told.is_clean ? html`<${Notice} tone="green" icon="tick">Nothing stops the claim. ${isSending ? "It goes with the next file." : ""}<//>`
      : html`<${Notice} icon="alert"><strong>${plural(errors.length, "thing")} still wrong.</strong><${Findings} findings=${errors} /><//>`}<//>`;
}

// Somebody saved first: both versions, field by field, before anything is lost.
function Conflict({ changes, onClose, onTheirs, onMine }) {
  const who = { them: "they", you: "you", both: "both" };
  return html`<${Dialog} wide title="Somebody else saved this claim first" submit="Keep mine, on top of theirs" onClose=${onClose} onSubmit=${onMine} footer=${html`<button type="button" class="btn" onClick=${onTheirs}>Take theirs</button>`}>
    <p>Nothing is lost yet. Choose what should stand.</p>
    <table class="ledger"><caption class="visually-hidden">Both versions</caption><thead><tr><th scope="col">Field</th><th scope="col">As you read it</th><th scope="col">Theirs</th><th scope="col">Yours</th><th scope="col">Changed by</th></tr></thead>
      <tbody>${changes.map((each) => html`<tr key=${each.pointer}><th scope="row">${each.label}</th><td class="muted">${textAt(each.pointer, each.read)}</td><td>${textAt(each.pointer, each.theirs)}</td><td class="strong">${textAt(each.pointer, each.yours)}</td><td>${who[each.changed_by]}</td></tr>`)}</tbody></table><//>`;
}

export function ClaimForm({ claim, onSaved }) {
  const form = useResource(`/claims/${claim.id}/form`, { kinds: ["claim"] });
  const query = place.value.query;
  const lock = lockOf(claim);
  const isEditing = query.get("edit") === "1" && !lock;
  const [drafts, setDrafts] = useState({});
  const [preview, setPreview] = useState(null);
  const [conflict, setConflict] = useState(null);
  const [problem, setProblem] = useState(null);
  const [etag, setEtag] = useState(null);
  useEffect(() => { if (form.etag && !Object.keys(drafts).length) setEtag(form.etag); }, [form.etag]);
  if (!form.data) return html`<${Failure} problem=${form.problem} retry=${form.refresh} />${!form.problem && html`<${Bones} lines=${10} />`}`;
  const fields = form.data.sections.flatMap((section) => section.fields);
  const changes = fields.filter((field) => drafts[field.pointer] !== undefined && drafts[field.pointer] !== draftOf(field)).map((field) => ({ pointer: field.pointer, value: valueOf(field, drafts[field.pointer]) }));
  const isReadable = changes.every((change) => change.value !== undefined);
  const patch = (extra, tag = etag) => call("PATCH", `/claims/${claim.id}`, { body: { changes, ...extra }, etag: tag });
  const stop = () => { setDrafts({}); setQuery({ edit: null, field: null }); };
  const meet = (reason) => {
    if (!(reason instanceof Problem)) throw reason;
    if (reason.status === 412 && reason.rest.changes?.length) { setPreview(null); setConflict(reason.rest.changes); } else throw reason;
  };
  const check = (isSending) => async () => {
    setProblem(null);
    try { setPreview({ isSending, told: (await patch({ resubmit: isSending, dry_run: true })).data }); } catch (reason) {
      if (!(reason instanceof Problem)) throw reason;
      if (reason.status === 412 && reason.rest.changes?.length) setConflict(reason.rest.changes); else setProblem(reason);
    }
  };
  const save = (isSending) => async () => {
    try {
      const { data } = await patch({ resubmit: isSending, dry_run: false });
      setPreview(null);
      toast(data.is_clean ? (isSending ? "Saved. The claim goes with the next file." : "Saved. The claim waits until it is released.") : "Saved. The claim is held: see what is still wrong.");
      stop();
      form.refresh();
      onSaved();
    } catch (reason) { meet(reason); }
  };
  const rebase = async () => {
    const fresh = await call("GET", `/claims/${claim.id}/form`);
    setEtag(fresh.etag);
    setConflict(null);
    form.refresh();
    toast("Now on top of their version. Check it again before you save.");
  };
  const here = query.get("field");
  return html`<${Card} title="The claim as the paper form" note=${isEditing ? "Enter checks it; you see what changes before it is saved." : "Hidden fields are shown one by one, and each showing is audited."} end=${isEditing
      ? html`<button class="btn" onClick=${stop}>Stop</button><button class="btn" aria-disabled=${!changes.length || !isReadable} onClick=${() => changes.length && isReadable && check(false)()}>Check and save</button><button class="btn primary" aria-disabled=${!isReadable} onClick=${() => isReadable && check(true)()}><${Icon} name="sent" />Check and send</button>`
      : lock ? html`<${Locked} why=${lock}>Correct<//>` : html`<button class="btn primary" onClick=${() => setQuery({ edit: "1" })}><${Icon} name="edit" />Correct</button>`}>
    <${Failure} problem=${problem} /><${Failure} problem=${form.problem} retry=${form.refresh} kept />
    ${lock && html`<div class="body"><${Notice} icon="lock">${lock}<//></div>`}
    ${form.data.findings.length > 0 && html`<div class="body"><${Notice}><${Findings} findings=${form.data.findings} /><//></div>`}
    ${form.data.sections.filter((section) => isEditing || section.findings.length || section.fields.some(isShown)).map((section) => html`<section class="form-section" key=${section.id} aria-label=${section.title}><h3>${section.title}</h3>
      ${section.findings.length > 0 && html`<${Notice}><${Findings} findings=${section.findings} /><//>`}
      ${isEditing ? html`<div class="fields spaced">${section.fields.map((field) => html`<${Box} key=${field.pointer} field=${field} text=${drafts[field.pointer] ?? draftOf(field)} isHere=${field.pointer === here} onEnter=${() => isReadable && check(true)()} onText=${(value) => setDrafts({ ...drafts, [field.pointer]: value })} />`)}</div>`
        : html`<dl class="form-grid">${section.fields.filter(isShown).map((field) => html`<${Fact} key=${field.pointer} field=${field} id=${claim.id} isHere=${field.pointer === here} />`)}</dl>`}</section>`)}
    ${preview && html`<${Preview} told=${preview.told} isSending=${preview.isSending} onClose=${() => setPreview(null)} onSave=${save(preview.isSending)} />`}
    ${conflict && html`<${Conflict} changes=${conflict} onClose=${() => setConflict(null)} onMine=${rebase} onTheirs=${() => { setConflict(null); stop(); form.refresh(); onSaved(); }} />`}
  <//>`;
}
