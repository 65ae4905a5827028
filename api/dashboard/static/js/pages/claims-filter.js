// Filters of the claims list beyond the pills, and how each reads when it is on.
import { html, useState } from "../lib.js";
import { centsOf, dollars, named, shortDay } from "../format.js";
import { Dialog } from "../kit/dialog.js";
import { Field } from "../kit/fields.js";
import { WORK } from "../kit/status.js";
import { useResource } from "../resource.js";
import { place, setQuery } from "../router.js";
import { may } from "../session.js";

// Names of what the API counts by id: learned of the rows that were seen.
const names = new Map();
export function meet(claims) {
  for (const claim of claims) {
    names.set(claim.payer.identifier, named(claim.payer.name));
    names.set(claim.provider.id, named(claim.provider.name));
  }
}
const who = { me: "Mine", nobody: "Nobody’s" };
export const FILTER_WORDS = {
  q: (value) => `Number begins with ${value}`,
  payer: (value) => `Payer ${names.get(value) ?? value}`,
  provider: (value) => names.get(value) ?? "One practice",
  partner: () => "One trading partner",
  patient: () => "One patient",
  file: () => "In one file",
  assignee: (value) => who[value] ?? "One person’s",
  work: (value) => (value === "any" ? "Needs a person" : (WORK[value]?.[0] ?? value)),
  reason: (value) => `Reason ${value}`,
  has_open: (value) => (value === "patient" ? "The patient owes" : "The payer owes"),
  sent_from: (value) => `First sent since ${shortDay(value)}`,
  sent_to: (value) => `First sent until ${shortDay(value)}`,
  service_from: (value) => `Served since ${shortDay(value)}`,
  service_to: (value) => `Served until ${shortDay(value)}`,
  received_from: (value) => `Received since ${shortDay(value)}`,
  received_to: (value) => `Received until ${shortDay(value)}`,
  charge_min: (value) => `Billed from ${dollars(Number(value))}`,
  charge_max: (value) => `Billed to ${dollars(Number(value))}`,
  open_min: (value) => `Open from ${dollars(Number(value))}`,
  open_max: (value) => `Open to ${dollars(Number(value))}`,
  due_before: (value) => `Due before ${shortDay(value)}`,
};

const textOf = (cents) => (cents ? (Number(cents) / 100).toFixed(2) : "");

export function FilterDialog({ facets, onClose }) {
  const query = place.value.query;
  const [values, setValues] = useState(Object.fromEntries(Object.keys(FILTER_WORDS).map((name) => [name, query.get(name) ?? ""])));
  const [money, setMoney] = useState(Object.fromEntries(["charge_min", "charge_max", "open_min", "open_max"].map((name) => [name, textOf(query.get(name))])));
  const partners = useResource(may("partners.read") ? "/partners" : null);
  const set = (name) => (value) => setValues({ ...values, [name]: value });
  const setAmount = (name) => (text) => setMoney({ ...money, [name]: text });
  const wrong = Object.keys(money).filter((name) => money[name] && centsOf(money[name]) === undefined);
  const isReason = values.reason === "" || /^[A-Za-z]{2}-[A-Za-z0-9]{1,5}$/.test(values.reason);
  const isNumber = /^[A-Za-z0-9 ._/:-]{0,50}$/.test(values.q);
  const send = () => {
    setQuery({ ...values, ...Object.fromEntries(Object.entries(money).map(([name, text]) => [name, centsOf(text)])) }, { replace: false });
    onClose();
  };
  // Where a filter is on, its facet counts what it would give without it: all values stand there.
  const choices = (facet) => [["", "Any"], ...Object.entries(facets[facet] ?? {}).map(([value, n]) => [value, `${names.get(value) ?? value} (${n})`])];
  const amountField = (name, label) => html`<${Field} label=${label} inputmode="decimal" value=${money[name]} onValue=${setAmount(name)} wrong=${wrong.includes(name) && "Write it like 125.00."} />`;
  return html`<${Dialog} wide title="Filter the claims" submit="Show them" canSubmit=${!wrong.length && isReason && isNumber} onClose=${onClose} onSubmit=${send}>
    <div class="fields">
      <${Field} label="Number begins with" hint="Ours, or the payer’s" value=${values.q} onValue=${set("q")} wrong=${!isNumber && "Letters, digits and . _ / : - only."} />
      <${Field} label="Payer" options=${choices("payer")} value=${values.payer} onValue=${set("payer")} />
      <${Field} label="Practice" options=${choices("provider")} value=${values.provider} onValue=${set("provider")} />
      <${Field} label="Work" options=${[["", "Any"], ["any", "Needs a person"], ...Object.entries(WORK).map(([kind, [word]]) => [kind, word])]} value=${values.work} onValue=${set("work")} />
      <${Field} label="Whose" options=${[["", "Anybody’s"], ["me", "Mine"], ["nobody", "Nobody’s"]]} value=${values.assignee} onValue=${set("assignee")} />
      ${partners.data && html`<${Field} label="Trading partner" options=${[["", "Any"], ...partners.data.items.map((each) => [each.id, each.name])]} value=${values.partner} onValue=${set("partner")} />`}
      <${Field} label="Served since" type="date" value=${values.service_from} onValue=${set("service_from")} />
      <${Field} label="Served until" type="date" value=${values.service_to} onValue=${set("service_to")} />
      ${amountField("charge_min", "Billed from, $")}${amountField("charge_max", "Billed to, $")}
      ${amountField("open_min", "Open from, $")}${amountField("open_max", "Open to, $")}
      <${Field} label="Payer’s reason" hint="A code, for example CO-16" value=${values.reason} onValue=${set("reason")} wrong=${!isReason && "Write it like CO-16."} />
      <${Field} label="Due before" type="date" value=${values.due_before} onValue=${set("due_before")} />
    </div><//>`;
}
