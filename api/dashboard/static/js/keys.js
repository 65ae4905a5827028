// Keyboard shortcuts: one table of what is on this page, shown by `?`; they can be turned off (WCAG 2.1.4).
import { signal, useLayoutEffect } from "./lib.js";
import { preferences } from "./session.js";

export const shortcuts = signal([]);  // {keys: "g c", does: "Go to claims", run}
const SEQUENCE_MS = 1200;
let pending = "";
let pendingAt = 0;

const isTyping = (target) =>
  target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button)$/.test(target.type));

addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || preferences.value.shortcuts === false) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  if (event.key === " " && event.target.closest("a, button, summary, input")) return;
  const now = Date.now();
  const key = event.key === " " ? "space" : event.key.length === 1 ? event.key : event.key.toLowerCase();
  const typed = pending && now - pendingAt < SEQUENCE_MS ? `${pending} ${key}` : key;
  const all = shortcuts.value;
  const hit = all.findLast((each) => each.keys === typed) ?? all.findLast((each) => each.keys === key);
  const starts = all.some((each) => each.keys.startsWith(`${key} `));
  if (hit) {
    pending = "";
    event.preventDefault();
    hit.run(event);
  } else if (starts) {
    pending = key;
    pendingAt = now;
  } else {
    pending = "";
  }
});

// Adds shortcuts while a component is shown: [["j", "Next row", run], ...]. As soon as it is drawn, not
// when the screen shows it: the next key may come before that, and acts on what the last one did.
export function useKeys(table, dependencies = []) {
  useLayoutEffect(() => {
    const mine = table.map(([keys, does, run]) => ({ keys, does, run }));
    shortcuts.value = [...shortcuts.peek(), ...mine];
    return () => { shortcuts.value = shortcuts.peek().filter((each) => !mine.includes(each)); };
  }, dependencies);
}
