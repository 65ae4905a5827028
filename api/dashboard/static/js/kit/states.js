// What a page shows when it has no data, old data, or none it may show.
import { html, useEffect, useState } from "../lib.js";
import { ago } from "../format.js";
import { Icon } from "./icons.js";

export function Notice({ tone = "", icon = "alert", children, end, role }) {
  return html`<div class=${`notice ${tone}`} role=${role}><${Icon} name=${icon} /><div>${children}</div>
    ${end && html`<div class="end">${end}</div>`}</div>`;
}

export function Empty({ title, children, action }) {
  return html`<div class="empty"><strong>${title}</strong>${children && html`<p>${children}</p>`}${action}</div>`;
}

// What failed, what is still true, one way on. Shown above the data that is still known.
export function Failure({ problem, retry, kept = false }) {
  if (!problem) return null;
  return html`<${Notice} tone="red" role="alert" end=${retry && html`<button class="link" onClick=${retry}>Try again</button>`}>
    <strong>${problem.title}</strong> ${problem.detail}${kept && " What you see is what we last knew."}
    ${problem.findings?.length > 0 && html`<${Findings} findings=${problem.findings} />`}
    ${problem.traceId && problem.status >= 500 && html` <span class="mono">Trace ${problem.traceId}</span>`}
  <//>`;
}

export function Findings({ findings }) {
  return html`<ul class="steps">${findings.map((each) => html`<li>${each.message} ${each.cure}</li>`)}</ul>`;
}

// Rows of their final height while the first data comes; after 10 s it says what is slow.
export function BoneRows({ rows = 8, columns = 5 }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => { const timer = setTimeout(() => setSlow(true), 10_000); return () => clearTimeout(timer); }, []);
  return html`<tbody aria-busy="true">
    ${isSlow && html`<tr><td colspan=${columns}>This takes longer than usual. The server is still working on it.</td></tr>`}
    ${Array.from({ length: rows }, (_, row) => html`<tr key=${row}>${Array.from({ length: columns }, (__, column) =>
      html`<td key=${column}><span class=${`bone ${column % 2 ? "short" : ""}`}></span><span class="said"> </span></td>`)}</tr>`)}
  </tbody>`;
}

export function Bones({ lines = 3 }) {
  return html`<div class="body" aria-busy="true">${Array.from({ length: lines }, (_, n) => html`<p key=${n}><span class="bone"></span></p>`)}</div>`;
}

// "3 new": pulled by the reader, so that no row moves under the pointer.
export function News({ resource, word = "Something changed" }) {
  if (!resource.news) return null;
  return html`<button class="pill" aria-live="polite" onClick=${resource.refresh}><${Icon} name="refresh" small />${word}. Show it</button>`;
}

export function AsOf({ at }) {
  const [, tick] = useState(0);
  useEffect(() => { const timer = setInterval(() => tick((n) => n + 1), 10_000); return () => clearInterval(timer); }, []);
  return at ? html`<span class="muted small">updated ${ago(at)}</span>` : null;
}

// An action that is there and locked: it says why, and whom to ask.
export function Locked({ children, why, icon = "lock" }) {
  return html`<button class="btn" aria-disabled="true" title=${why} onClick=${(event) => event.preventDefault()}>
    <${Icon} name=${icon} />${children}<span class="visually-hidden">. ${why}</span></button>`;
}

export function NoPage({ title = "There is no such page", children }) {
  return html`<div><h1>${title}</h1><p class="spaced">${children ?? "The address may be old."} <a href="/">Go to your first page</a></p></div>`;
}
