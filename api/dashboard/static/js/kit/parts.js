// Parts of detail pages: card, facts, next action, timeline, codes, copy, tabs, masked fields.
import { html, useState } from "../lib.js";
import { post } from "../http.js";
import { due, moment, shortDay } from "../format.js";
import { may } from "../session.js";
import { Link } from "../router.js";
import { attempt, toast } from "./dialog.js";
import { Icon } from "./icons.js";

export function Card({ title, note, end, children, footer, level = 2, id }) {
  return html`<section class="card" id=${id} aria-label=${title}>
    <header>${level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}${note && html`<p>${note}</p>`}${end && html`<div class="end">${end}</div>`}</header>
    ${children}${footer && html`<footer>${footer}</footer>`}</section>`;
}

// [[label, value, said], ...]; what has no value is left out.
export function Facts({ facts }) {
  return html`<dl class="facts">${facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([label, value, said]) =>
    html`<dt key=${label}>${label}</dt><dd>${value}${said && html`<span class="said">${said}</span>`}</dd>`)}</dl>`;
}

export function Due({ day, words }) {
  if (!day) return null;
  const told = due(day);
  return html`<span class=${`due ${told.isLate ? "late" : ""}`}><${Icon} name="clock" small />${words ? `${words} ` : "Due "}<time datetime=${day}>${told.text}</time></span>`;
}

// The one thing to do, in plain words; codes follow as evidence.
export function NextAction({ title, children, day, dueWords, actions, why, eyebrow = "Next action" }) {
  return html`<section class="next" aria-label=${eyebrow}><p class="eyebrow">${eyebrow} <${Due} day=${day} words=${dueWords} /></p>
    <h2>${title}</h2>${children}${actions && html`<div class="actions">${actions}</div>`}${why && html`<p class="why">${why}</p>`}</section>`;
}

const KINDS = { person: "person", payer: "bank", clearinghouse: "plug", us: "check" };

// entries: {at, words, source, tone, icon, href, hrefWords, branch}
export function Timeline({ entries, brief = false }) {
  return html`<ol class=${`timeline ${brief ? "brief" : ""}`}>${entries.map((entry, n) => (entry.branch
    ? html`<li class="branch" key=${n}><span>${entry.branch}</span></li>`
    : html`<li key=${n}><time datetime=${entry.at}>${brief ? shortDay(entry.at) : moment(entry.at)}</time>
      <span class=${`dot ${entry.tone ?? ""}`}><${Icon} name=${entry.icon ?? KINDS[entry.kind] ?? "dots"} /></span>
      <div>${entry.words}<span class="said">${entry.source}</span></div>
      ${!brief && entry.href && html`<${Link} class="raw" href=${entry.href}>${entry.hrefWords}<//>`}</li>`))}</ol>`;
}

export function Code({ value, title }) {
  return html`<span class="code" title=${title}>${value}</span>`;
}

export function Copy({ value, what }) {
  const copy = async () => { await navigator.clipboard.writeText(value); toast(`${what} copied.`); };
  return html`<button class="btn quiet icon tiny" aria-label=${`Copy ${what}`} onClick=${copy}><${Icon} name="copy" small /></button>`;
}

export function Tabs({ tabs, label = "Sections" }) {
  return html`<nav class="tabs" aria-label=${label}>${tabs.map((tab) => html`<${Link} key=${tab.href} href=${tab.href} aria-current=${tab.isCurrent ? "page" : undefined}>
    ${tab.label}${tab.count !== undefined && html` <span class="count">${tab.count}</span>`}<//>`)}</nav>`;
}

// Dots until somebody with the right asks; the asking is written to the audit log.
export function Masked({ label, dots = "••••••", path, field }) {
  const [value, setValue] = useState(null);
  const show = async () => {
    const found = await attempt(() => post(path, { fields: [field] }));
    if (found) setValue(found.values?.[field] ?? found[field] ?? "–");
  };
  if (value !== null) return html`<span>${value}</span>`;
  return html`<span class="mono" aria-label=${`${label} is hidden`}>${dots}</span> ${may("phi.reveal")
    && html`<button class="btn quiet small" onClick=${show}><${Icon} name="eye" small />Show<span class="visually-hidden"> ${label}</span></button>`}`;
}
