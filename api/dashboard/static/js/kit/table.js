// The list kit: a native table with sorting, selection, a current row and keys; cards on a phone.
import { html, useEffect, useRef, useState } from "../lib.js";
import { useKeys } from "../keys.js";
import { Link, go } from "../router.js";
import { preferences } from "../session.js";
import { Icon } from "./icons.js";
import { BoneRows } from "./states.js";

function Head({ column, sort, onSort }) {
  const sorted = sort && column.sort && sort.replace("-", "") === column.sort;
  const isDown = sorted && sort.startsWith("-");
  const next = sorted ? (isDown ? column.sort : `-${column.sort}`) : (column.downFirst ? `-${column.sort}` : column.sort);
  const icon = sorted && html`<${Icon} name=${isDown ? "down" : "up"} small />`;
  return html`<th scope="col" class=${`${column.num ? "num" : ""} ${column.wide ? "if-wide" : ""} ${column.className ?? ""}`}
    aria-sort=${sorted ? (isDown ? "descending" : "ascending") : undefined}>
    ${column.sort ? html`<button onClick=${() => onSort(next)}>${icon}${column.label}</button>`
      : column.hidden ? html`<span class="visually-hidden">${column.label}</span>` : column.label}</th>`;
}

// columns: {key, label, cell(row), sort, num, wide, card: "lead" | "end" | "fold", cardLabel, isHead, hidden, total}
function Cell({ column, row }) {
  const value = column.cell(row);
  const isZero = value === "–";
  const place = { lead: "lead", end: "end-of-card", fold: "fold-away" }[column.card] ?? "";
  const classes = `${column.num ? "num" : ""} ${column.wide ? "if-wide" : ""} ${place} ${column.className ?? ""} ${isZero ? "zero" : ""}`;
  return column.isHead
    ? html`<th scope="row" class=${classes}>${value}</th>`
    : html`<td class=${classes} data-label=${column.cardLabel}>${value}</td>`;
}

// `rows` null: loading. `hrefOf(row)` opens; `nameOf(row)` names the row's box. `selection` is a Set of ids.
export function DataTable({
  caption, columns, rows, idOf = (row) => row.id, hrefOf, nameOf, sort, onSort, selection, onSelection,
  current, onCurrent, totals, isStale = false, plain = false, after,
}) {
  const body = useRef(null);
  const canSelect = Boolean(onSelection);
  const width = columns.length + (canSelect ? 1 : 0);
  const all = rows ?? [];
  const chosen = all.filter((row) => selection?.has(idOf(row))).length;
  const pick = (row, isOn) => {
    const next = new Set(selection);
    if (isOn) next.add(idOf(row)); else next.delete(idOf(row));
    onSelection(next);
  };
  const pickAll = (isOn) => onSelection(isOn ? new Set([...selection, ...all.map(idOf)]) : new Set());
  useEffect(() => {
    if (current) body.current?.querySelector("tr.is-current")?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return html`<table class=${`table cards ${plain ? "plain" : ""} ${preferences.value.compact ? "compact" : ""} ${isStale ? "is-stale" : ""}`}>
    <caption class="visually-hidden">${caption}</caption>
    <thead><tr>
      ${canSelect && html`<td class="check"><input type="checkbox" aria-label="Select all on this page" checked=${all.length > 0 && chosen === all.length}
        indeterminate=${chosen > 0 && chosen < all.length} onChange=${(event) => pickAll(event.target.checked)} /></td>`}
      ${columns.map((column) => html`<${Head} key=${column.key} column=${column} sort=${sort} onSort=${onSort} />`)}
    </tr></thead>
    ${rows === null ? !isStale && html`<${BoneRows} columns=${width} />` : html`<tbody ref=${body}>
      ${all.map((row) => {
        const id = idOf(row);
        const isSelected = selection?.has(id);
        return html`<tr key=${id} class=${`${isSelected ? "is-selected" : ""} ${id === current ? "is-current" : ""}`}
            onClick=${(event) => { if (onCurrent && !event.target.closest("a, button, input")) onCurrent(id); }}
            onDblClick=${(event) => { if (hrefOf && !event.target.closest("a, button, input")) go(hrefOf(row)); }}>
          ${canSelect && html`<td class="check"><input type="checkbox" aria-label=${`Select ${nameOf(row)}`} checked=${isSelected}
            onChange=${(event) => pick(row, event.target.checked)} /></td>`}
          ${columns.map((column) => html`<${Cell} key=${column.key} column=${column} row=${row} />`)}
        </tr>${after?.(row)}`;
      })}</tbody>`}
    ${totals && html`<tfoot>${totals}</tfoot>`}
  </table>`;
}

// j/k, x, space, enter for a list. Returns [current id, set it]. Keys come faster than pages are
// drawn: each acts on what the key before it did, not on what is drawn.
export function useRows({ rows, idOf = (row) => row.id, hrefOf, selection, onSelection, onPeek, keep }) {
  const [current, setCurrent] = useState(keep?.value ?? null);
  const now = useRef({});
  now.current = { all: rows ?? [], current, selection, onSelection, onPeek };
  const choose = (id) => { now.current.current = id; setCurrent(id); if (keep) keep.value = id; };
  const find = () => now.current.all.findIndex((row) => idOf(row) === now.current.current);
  const move = (step) => {
    const { all } = now.current;
    const row = all[Math.min(all.length - 1, Math.max(0, find() + step))];
    if (row) choose(idOf(row));
  };
  const select = (next) => { now.current.selection = next; now.current.onSelection(next); };
  const here = () => { if (find() < 0) move(1); return now.current.all[find()]; };  // None yet: the first.
  const table = [
    ["j", "Next row", () => move(1)],
    ["k", "Previous row", () => move(find() < 0 ? 1 : -1)],
  ];
  if (hrefOf) table.push(["enter", "Open the row", () => { const row = here(); if (row) go(hrefOf(row)); }]);
  if (onPeek) table.push(["space", "Preview the row", () => { here(); now.current.onPeek(); }]);
  if (onSelection) {
    table.push(["x", "Select the row", () => {
      const row = here();
      if (!row) return;
      const next = new Set(now.current.selection), id = idOf(row);
      if (next.has(id)) next.delete(id); else next.add(id);
      select(next);
    }]);
    table.push(["escape", "Select nothing", () => select(new Set())]);
  }
  useKeys(table, [Boolean(hrefOf), Boolean(onPeek), Boolean(onSelection)]);
  return [current, choose];
}

export function KeyHints({ keys }) {
  return html`<p class="keys below">${keys.map(([names, does]) => html`<span>${names.split(" ").map((name) => html`<kbd>${name}</kbd>`)} ${does}</span>`)}</p>`;
}

export function NumberLink({ value, href }) {
  return html`<${Link} class="mono" href=${href} title=${value}>${value}<//>`;
}
