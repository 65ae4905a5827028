// Segments of a file, one a line: elements that can be chosen, glosses, and errors pinned to their place.
import { html } from "../lib.js";
import { shortDay } from "../format.js";
import { Link } from "../router.js";

// The pieces of a segment between its separators, in order: [{separator, element}].
function pieces(segment, delimiters) {
  const found = [];
  let before = null;
  for (const element of segment.elements) {
    const separator = !before || element.element !== before.element ? delimiters.element : element.repetition !== before.repetition ? delimiters.repetition : delimiters.component;
    found.push({ separator, element });
    before = element;
  }
  return found;
}

const USUAL = { element: "*", component: ":", repetition: "^", terminator: "~" };
// Names an element of a segment, each of its repetitions apart.
export const placeOf = (element) => `${element.position}/${element.repetition}`;
const hits = (pin, element) => pin.element === element.element && (!pin.component || !element.component || pin.component === element.component);

function Pins({ pins }) {
  return html`${pins.map((pin, n) => html`<div key=${n} class=${`pin ${pin.severity === "warning" ? "warn" : ""}`}><span class="callout"><strong>${pin.message}</strong> ${pin.code}${pin.said && `, ${pin.said}`}${pin.at && ` of ${shortDay(pin.at)}`}${pin.file_id && html`, <${Link} href=${`/files/${pin.file_id}${pin.segment_number ? `?segment=${pin.segment_number}` : ""}`}>see the answer<//>`}. ${pin.cure}</span></div>`)}`;
}

const tipOf = (element) => [element.position, element.name, element.meaning !== element.shown && element.meaning].filter(Boolean).join(", ");
const focused = (node) => node?.focus({ preventScroll: true });

// `chosen`: {segment, position}; `onChoose(segment, element)` where an element is pressed.
export function SegmentList({ segments, delimiters = USUAL, chosen, onChoose, label = "Segments" }) {
  return html`<ol class="segments" tabindex="0" aria-label=${label}>${segments.map((segment) => {
    const pins = segment.pins ?? [];
    const isHere = chosen?.segment === segment.number;
    return html`<li key=${segment.number} id=${`segment-${segment.number}`} class=${isHere ? "is-here" : ""} aria-current=${isHere ? "true" : undefined} onClick=${() => onChoose?.(segment, null)}>
      <span class="line">${segment.number}</span><span><span class="id">${segment.id}</span>${pieces(segment, segment.delimiters ?? delimiters).map(({ separator, element }, n) => {
        const isBad = pins.some((pin) => hits(pin, element));
        const isChosen = isHere && chosen.position === placeOf(element);
        const classes = `el ${isBad ? "el-bad" : ""} ${element.is_private ? "masked" : ""} ${isChosen ? "is-chosen" : ""}`;
        return html`<span class="sep" key=${`s${n}`}>${separator}</span>${element.shown !== "" && html`<span key=${n} class=${classes} data-tip=${tipOf(element)} role="button" tabindex=${isChosen ? 0 : -1} ref=${isChosen && chosen.isByKey ? focused : undefined} aria-label=${`${element.shown}, ${tipOf(element)}${element.is_private && element.shown.includes("•") ? ", hidden" : ""}`} onFocus=${() => { if (!isChosen) onChoose?.(segment, element); }} onClick=${(event) => { event.stopPropagation(); onChoose?.(segment, element); }}>${element.shown}</span>`}`;
      })}<span class="sep">${(segment.delimiters ?? delimiters).terminator}</span></span>
      <span class="gloss">${segment.claim_id ? html`<${Link} href=${`/claims/${segment.claim_id}`}>${segment.gloss}<//>` : segment.gloss}</span>
      ${pins.length > 0 && html`<${Pins} pins=${pins} />`}</li>`;
  })}</ol>`;
}

// What the chosen segment says, element by element.
export function Meaning({ segment, position }) {
  if (!segment) return html`<div class="meaning"><h2>Choose a segment</h2><p class="muted">Its elements are explained here.</p></div>`;
  return html`<div class="meaning" aria-live="polite"><h2>Line ${segment.number}, ${segment.gloss ? `${segment.gloss.charAt(0).toLowerCase()}${segment.gloss.slice(1)}` : segment.id}</h2>
    ${segment.name && html`<p class="muted small">${segment.id}: ${segment.name}</p>`}
    <dl class="facts spaced">${segment.elements.filter((element) => element.shown !== "").map((element, n) => html`<dt key=${`t${n}`} class="mono">${element.position}</dt>
      <dd key=${n} class=${placeOf(element) === position ? "strong" : ""}>${element.meaning && element.meaning !== element.shown ? html`${element.meaning} <span class="mono muted">${element.shown}</span>` : element.shown}<span class="said">${element.name}</span></dd>`)}</dl></div>`;
}
