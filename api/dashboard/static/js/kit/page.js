// The page itself: heading, one line of what it is, its actions, its content, and a preview beside it.
import { html } from "../lib.js";
import { Link } from "../router.js";
import { Icon } from "./icons.js";

// crumbs: [[words, href], ...], the last without href. `status`: a chip with who said so.
export function Page({ title, sub, crumbs, status, actions, peek, children }) {
  const main = html`<main class="page" id="main" tabindex="-1">
    <div class="page-head">
      ${crumbs && html`<nav class="crumbs" aria-label="Breadcrumb">${crumbs.map(([words, href], n) => html`${n > 0 && html`<${Icon} name="right" small />`}
        ${href ? html`<${Link} href=${href}>${words}<//>` : html`<span class="mono">${words}</span>`}`)}</nav>`}
      <div><h1>${title}</h1>${sub && html`<p>${sub}</p>`}</div>
      ${status && html`<div>${status}</div>`}
      ${actions && html`<div class="actions">${actions}</div>`}
    </div>
    ${children}</main>`;
  return peek ? html`<div class="with-peek">${main}<aside class="peek" aria-label="Preview">${peek}</aside></div>` : main;
}

// The head of a preview: chip, then previous, next, close.
export function PeekHead({ chip, onPrevious, onNext, onClose }) {
  return html`<header>${chip}<span class="end">
    ${onPrevious && html`<button class="btn quiet icon" aria-label="Previous" onClick=${onPrevious}><${Icon} name="up" /></button>`}
    ${onNext && html`<button class="btn quiet icon" aria-label="Next" onClick=${onNext}><${Icon} name="down" /></button>`}
    <button class="btn quiet icon" aria-label="Close the preview" onClick=${onClose}><${Icon} name="cross" /></button></span></header>`;
}
