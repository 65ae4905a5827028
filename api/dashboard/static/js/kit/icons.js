// Icons: 16 pixels, one stroke; decoration only, since words always stand beside them.
import { html } from "../lib.js";

const RING = html`<circle cx="8" cy="8" r="5.75" />`;
const p = (d) => html`<path d=${d} />`;
const solid = (d) => html`<path d=${d} fill="currentColor" />`;

const SHAPES = {
  alert: p("M8 2.25 14.25 13.5H1.75zM8 6.5v3M8 11.5h.01"),
  back: p("M13 8H3.5M7 4 3 8l4 4"),
  ban: html`${RING}${p("m4 4 8 8")}`,
  bank: p("M2 6.25 8 2.5l6 3.75zM3.5 8.5v3M6.5 8.5v3M9.5 8.5v3M12.5 8.5v3M2 13.5h12"),
  brand: p("M3 13V6.5L8 3l5 3.5V13M6 13V9.5h4V13M3 13h10"),
  chart: p("M2.5 13.5h11M4.5 11V8M8 11V3.5M11.5 11V6"),
  check: p("m3 8.5 3.25 3.25L13 5"),
  claim: p("M4 1.75h5.5L12.5 5v9.25H4zM6.25 8h4M6.25 11h4"),
  clock: html`${RING}${p("M8 4.75V8l2.25 1.5")}`,
  columns: html`<rect x="2" y="3" width="12" height="10" rx="1.5" />${p("M6 3v10M10 3v10")}`,
  copy: html`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />${p("M10.5 5.5v-3h-8v8h3")}`,
  cross: p("m4.5 4.5 7 7M11.5 4.5l-7 7"),
  dots: html`<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.2" />`,
  down: p("M8 3v10M4 9l4 4 4-4"),
  edi: p("M5 4.5 2 8l3 3.5M11 4.5 14 8l-3 3.5M9 3.5l-2 9"),
  edit: p("m3 13 .6-2.9L10.8 2.9l2.3 2.3-7.2 7.2z"),
  eye: html`${p("M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8z")}<circle cx="8" cy="8" r="1.75" />`,
  file: p("M4 1.75h5.5L12.5 5v9.25H4zM9.5 1.75V5h3"),
  half: html`${RING}${solid("M8 2.25a5.75 5.75 0 0 1 0 11.5z")}`,
  home: p("M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4z"),
  key: html`<circle cx="5.25" cy="10.75" r="3" />${p("m7.5 8.5 5.75-5.75M10.5 5.5l2 2")}`,
  link: p("M6.5 9.5 9.5 6.5M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.25L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.75L4.5 7"),
  lock: html`<rect x="3" y="7" width="10" height="6.5" rx="1.5" />${p("M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2")}`,
  money: html`<rect x="1.75" y="4" width="12.5" height="8" rx="1.5" /><circle cx="8" cy="8" r="1.75" />`,
  note: p("M2.5 3h11v8h-6l-3 2.5V11h-2z"),
  out: p("M6.5 2.5h-4v11h4M10.5 5l3 3-3 3M13.5 8h-7"),
  pause: html`${RING}${p("M6.5 6v4M9.5 6v4")}`,
  people: p("M6 7.75a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.75 13.5c.4-2.6 2-4 4.25-4s3.85 1.4 4.25 4M10.5 3a2.4 2.4 0 0 1 0 4.6M12 9.75c1.3.5 2.1 1.8 2.35 3.75"),
  person: p("M8 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM3 13.75c.4-2.7 2.3-4 5-4s4.6 1.3 5 4"),
  play: html`${RING}${p("M6.75 5.75 10.5 8l-3.75 2.25z")}`,
  plug: p("M5.5 2v3M10.5 2v3M3.5 5h9v2.5a4.5 4.5 0 0 1-9 0zM8 12v2.5"),
  plus: p("M8 3v10M3 8h10"),
  print: p("M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z"),
  ready: html`${RING}<circle cx="8" cy="8" r="2" fill="currentColor" />`,
  refresh: p("M13 8a5 5 0 1 1-1.5-3.5L13 6M13 2.5V6H9.5"),
  right: p("M6 3.5 10.5 8 6 12.5"),
  save: p("M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11"),
  search: html`<circle cx="7" cy="7" r="4.5" />${p("m10.5 10.5 3.5 3.5")}`,
  sent: html`${RING}${p("M8 10.75v-5M5.75 7.5 8 5.25l2.25 2.25")}`,
  shield: p("M8 1.75 13 3.5v4c0 3.2-2.1 5.6-5 6.75C5.1 13.1 3 10.7 3 7.5v-4zM5.75 8l1.6 1.6 3.15-3.2"),
  theme: html`${RING}${solid("M8 2.25v11.5a5.75 5.75 0 0 0 0-11.5z")}`,
  tick: html`${RING}${p("m5.5 8.25 1.75 1.75 3.25-3.75")}`,
  up: p("M8 13V3M4 7l4-4 4 4"),
  work: p("M6 4h7.5M6 8h7.5M6 12h7.5M2.5 4h.01M2.5 8h.01M2.5 12h.01"),
  wrong: html`${RING}${p("m6 6 4 4M10 6l-4 4")}`,
};

export function Icon({ name, small = false, className = "" }) {
  return html`<svg class=${`i ${small ? "i-s" : ""} ${className}`} viewBox="0 0 16 16" aria-hidden="true">${SHAPES[name] ?? SHAPES.dots}</svg>`;
}
