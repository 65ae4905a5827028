// Where a charge went: a bar and its sums. billed = paid + adjusted + patient + open, to the cent.
import { html, useId } from "../lib.js";
import { amount, amountOrDash, dollars } from "../format.js";

const PARTS = [["paid", "Paid"], ["adjusted", "Adjusted"], ["patient", "Patient"], ["open", "Open"]];

export function MoneyBar({ money }) {
  const id = useId();
  const widths = PARTS.map(([name]) => Math.max(0, money[`${name}_cents`] ?? 0));
  const whole = widths.reduce((sum, width) => sum + width, 0) || 1;
  let at = 0;
  const words = PARTS.map(([name, word]) => `${word} ${dollars(money[`${name}_cents`] ?? 0)}`).join(", ");
  return html`<svg class="moneybar" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-labelledby=${id}>
    <title id=${id}>${words}</title>
    ${PARTS.map(([name], n) => {
      const width = (widths[n] / whole) * 1000;
      const x = at;
      at += width;
      return width > 0 && html`<rect class=${`fill-${name}`} x=${x} y="0" width=${Math.max(0, width - 2)} height="12" />`;
    })}</svg>`;
}

export function MoneyParts({ money, notes = {} }) {
  return html`<dl class="parts">${PARTS.map(([name, word]) => html`<div key=${name}>
    <dt><span class=${`key fill-${name}`}></span>${word}</dt><dd>${amount(money[`${name}_cents`] ?? 0)}${notes[name] && html`<small>${notes[name]}</small>`}</dd></div>`)}</dl>`;
}

export function MoneySum({ money }) {
  return html`<table class="sum"><caption class="visually-hidden">Billed less paid, adjusted and patient is open</caption><tbody>
    <tr><th scope="row">Billed</th><td>${amount(money.charge_cents)}</td></tr>
    ${PARTS.slice(0, 3).map(([name, word]) => html`<tr key=${name}><th scope="row"><span class=${`key fill-${name}`}></span>${word}</th>
      <td>${money[`${name}_cents`] ? amount(-money[`${name}_cents`]) : "–"}</td></tr>`)}
    <tr class="total"><th scope="row"><span class="key fill-open"></span>Open</th><td>${amount(money.open_cents)}</td></tr></tbody></table>`;
}

// The equation that a totals row states.
export const equation = (money) =>
  `${amount(money.charge_cents)} billed − ${amount(money.paid_cents)} paid − ${amount(money.adjusted_cents)} adjusted − ${amount(money.patient_cents)} patient = ${amount(money.open_cents)} open`;

export const cents = (value) => amountOrDash(value ?? 0);
