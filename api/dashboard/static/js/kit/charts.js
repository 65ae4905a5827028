// Charts as inline SVG: every bar a link with a name, one tab stop and arrows inside, a table beneath.
import { html, useEffect, useId, useRef, useState } from "../lib.js";
import { amount, count, dollars, named, plural, shortDay } from "../format.js";
import { go } from "../router.js";

// Arrow keys walk the bars that lead somewhere; only the first of them is a tab stop.
function Bars({ bars }) {
  const box = useRef(null);
  const walk = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...box.current.querySelectorAll("a")];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
  };
  const first = bars.findIndex((bar) => bar.href);
  const follow = (href) => (event) => { event.preventDefault(); go(href); };
  return html`<g ref=${box} onKeyDown=${walk}>${bars.map((bar, n) => (bar.href
    ? html`<a key=${n} href=${bar.href} aria-label=${bar.name} tabindex=${n === first ? "0" : "-1"} onClick=${follow(bar.href)}>${bar.shape}</a>`
    : html`<g key=${n}>${bar.shape}</g>`))}</g>`;
}

// One unit of a chart is one pixel, so that its letters are those of the page at every width.
function useWidth(usual) {
  const box = useRef(null);
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.round(entry.contentRect.width))));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

function Frame({ title, describe, height, children, width }) {
  const id = useId();
  return html`<svg class="chart" viewBox=${`0 0 ${width} ${height}`} role="group" aria-labelledby=${`${id}-t ${id}-d`}>
    <title id=${`${id}-t`}>${title}</title><desc id=${`${id}-d`}>${describe}</desc>
    <defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--bg)" /><rect width="2" height="6" fill="var(--age-2)" /></pattern></defs>
    ${children}</svg>`;
}

export function TableView({ caption, head, rows }) {
  return html`<details class="table-view"><summary>View as table</summary><div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table class="ledger"><caption class="visually-hidden">${caption}</caption><thead><tr>${head.map((word, n) => html`<th scope="col" key=${n} class=${n ? "num" : ""}>${word}</th>`)}</tr></thead>
    <tbody>${rows.map((row, n) => html`<tr key=${n}>${row.map((cell, at) => (at ? html`<td class="num" key=${at}>${cell}</td>` : html`<th scope="row" key=${at}>${cell}</th>`))}</tr>`)}</tbody></table></div></details>`;
}

// rows: [{label, buckets: [{cents, href}], total_cents}], buckets: words for each.
export function StackedBars({ title, describe, rows, buckets, since = "service" }) {
  const [box, WIDE] = useWidth(720);
  const LABEL = WIDE < 420 ? 84 : 148, ROW = 29, VALUE = 84;
  const most = Math.max(1, ...rows.map((row) => row.total_cents));
  const scale = (cents) => (cents / most) * (WIDE - LABEL - VALUE);
  const bars = [], texts = [];
  rows.forEach((row, n) => {
    let x = LABEL;
    texts.push(html`<text x="0" y=${n * ROW + 15}>${cut(named(row.label), LABEL)}</text>`);
    row.buckets.forEach((bucket, at) => {
      const width = Math.max(0, scale(bucket.cents));
      if (width > 0) {
        bars.push({ href: bucket.href, name: `${named(row.label)}, ${days(buckets[at])} days: ${dollars(bucket.cents)}`,
          shape: html`<rect class=${`age age-${at}`} x=${x} y=${n * ROW} width=${Math.max(1, width - 1.5)} height="20" />` });
        x += width;
      }
    });
    texts.push(html`<text class="value" x=${x + 6} y=${n * ROW + 15}>${whole(row.total_cents)}</text>`);
  });
  return html`<div ref=${box}><${Frame} title=${title} describe=${describe} height=${rows.length * ROW} width=${WIDE}>${texts}<${Bars} bars=${bars} /><//>
    <p class="legend spaced">${buckets.map((word, n) => html`<span key=${word}><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class=${`age-${n}`} width="10" height="10" /></svg>${days(word)}</span>`)} days since ${since}</p>
    <${TableView} caption=${title} head=${["Payer", ...buckets.map(days), "Total"]} rows=${rows.map((row) => [named(row.label), ...row.buckets.map((each) => amount(each.cents)), amount(row.total_cents)])} /></div>`;
}

// points: [{day, cents, href, isOpen}]; an unfinished period is hatched.
export function Columns({ title, describe, points, word = "Week of" }) {
  const [box, WIDE] = useWidth(480);
  const TALL = 168, LEFT = 46, FOOT = 22;
  const most = Math.max(1000, ...points.map((each) => each.cents));
  const top = niceTop(most);
  const y = (cents) => 6 + (TALL - FOOT - 6) * (1 - Math.max(0, cents) / top);
  const step = (WIDE - LEFT) / Math.max(1, points.length);
  const lines = [0, 0.5, 1].map((part) => part * top);
  const bars = points.map((each, n) => ({
    href: each.href, name: `${word} ${shortDay(each.day)}: ${dollars(each.cents)}${each.isOpen ? ", not finished" : ""}`,
    shape: html`<rect class=${each.isOpen ? "bar-now" : "bar"} x=${LEFT + n * step + step * 0.15} y=${y(each.cents)} width=${step * 0.7} height=${Math.max(0.5, y(0) - y(each.cents))} />`,
  }));
  const every = Math.ceil(points.length / Math.min(4, Math.floor((WIDE - LEFT) / 80)));
  return html`<div ref=${box}><${Frame} title=${title} describe=${describe} height=${TALL} width=${WIDE}>
    ${lines.map((cents) => html`<line key=${cents} class=${cents ? "grid" : "axis"} x1=${LEFT} x2=${WIDE} y1=${y(cents)} y2=${y(cents)} /><text x="0" y=${y(cents) + 4}>${short(cents)}</text>`)}
    <${Bars} bars=${bars} />
    ${points.map((each, n) => (points.length - 1 - n) % every === 0 && html`<text key=${each.day} x=${n === points.length - 1 ? WIDE : LEFT + n * step + step / 2} y=${TALL - 4} text-anchor=${n === points.length - 1 ? "end" : "middle"}>${shortDay(each.day)}</text>`)}<//>
    <${TableView} caption=${title} head=${[word, "Amount"]} rows=${points.map((each) => [shortDay(each.day), amount(each.cents)])} /></div>`;
}

// items: [{label, words, cents, count, share (0..1, cumulative), href}], the largest first; `of` heads their names.
export function Pareto({ title, describe, items, of = "Reason" }) {
  const [box, WIDE] = useWidth(720);
  const LABEL = Math.round(WIDE * 0.4), ROW = 27, VALUE = 104;
  const most = Math.max(1, ...items.map((each) => each.cents));
  const scale = (cents) => (cents / most) * (WIDE - LABEL - VALUE);
  const bars = items.map((each, n) => ({ href: each.href, name: `${nameOf(each)}: ${dollars(each.cents)}, ${plural(each.count, "claim")}`,
    shape: html`<rect class="bar" x=${LABEL} y=${n * ROW} width=${Math.max(1, scale(each.cents))} height="18" />` }));
  return html`<div ref=${box}><${Frame} title=${title} describe=${describe} height=${items.length * ROW} width=${WIDE}>
    ${items.map((each, n) => html`<text key=${`l${n}`} x="0" y=${n * ROW + 14}>${cut(nameOf(each), LABEL)}</text>
      <text key=${`v${n}`} class="value" x=${LABEL + scale(each.cents) + 6} y=${n * ROW + 14}>${whole(each.cents)} · ${Math.round(each.share * 100)} %</text>`)}
    <${Bars} bars=${bars} /><//>
    <${TableView} caption=${title} head=${[of, "Amount", "Claims", "Together"]} rows=${items.map((each) => [nameOf(each), amount(each.cents), count(each.count), `${Math.round(each.share * 100)} %`])} /></div>`;
}

const LETTER = 7;  // Of 12 px, with a little room before the bar.
function cut(text, width) {
  const most = Math.floor((width - 8) / LETTER);
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}
const nameOf = (item) => [item.label, item.words].filter(Boolean).join(" ");
const days = (bucket) => bucket.replace("-", "–").replace(">", "over ");
const whole = (cents) => dollars(Math.round(cents / 100) * 100).slice(0, -3);
function short(cents) {
  const units = cents / 100;
  return units >= 1000 ? `$${count(units / 1000)}k` : `$${count(units)}`;
}
function niceTop(cents) {
  const base = 10 ** Math.floor(Math.log10(cents));
  return [1, 2, 4, 5, 6, 8, 10].map((n) => n * base).find((each) => each >= cents);
}
