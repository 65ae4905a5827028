// Fields of forms: label, hint, and what is wrong with it, tied together for every reader.
import { html, useId } from "../lib.js";

export function Field({ label, hint, wrong, value, onValue, type = "text", multiline = false, options, className = "", ...rest }) {
  const id = useId();
  const told = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  const common = {
    id, class: `input ${className}`, "aria-invalid": wrong ? "true" : undefined, "aria-describedby": told, ...rest,
  };
  const change = (event) => onValue(event.target.value);
  return html`<div class="field"><label for=${id}>${label}</label>
    ${options
      ? html`<select ...${common} value=${value} onChange=${change}>${options.map(([key, words]) => html`<option value=${key} selected=${key === value}>${words}</option>`)}</select>`
      : multiline
        ? html`<textarea ...${common} value=${value} onInput=${change}></textarea>`
        : html`<input ...${common} type=${type} value=${value} onInput=${change} />`}
    ${hint && html`<span class="hint" id=${`${id}-hint`}>${hint}</span>`}
    ${wrong && html`<span class="wrong" id=${`${id}-wrong`}>${wrong}</span>`}</div>`;
}

export function Choice({ label, hint, checked, onChecked, type = "checkbox", name }) {
  return html`<label class="choice"><input type=${type} name=${name} checked=${checked} onChange=${(event) => onChecked(event.target.checked)} />
    <span>${label}${hint && html`<span class="said">${hint}</span>`}</span></label>`;
}
