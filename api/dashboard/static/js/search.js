// Global search: claims, numbers, payments, people, files. What was typed stays out of addresses.
import { html, useEffect, useId, useRef, useState } from "./lib.js";
import { Problem, post } from "./http.js";
import { Icon } from "./kit/icons.js";
import { useKeys } from "./keys.js";
import { go } from "./router.js";
import { may } from "./session.js";

const WAIT_MS = 180;

export function Search() {
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  const [at, setAt] = useState(-1);
  const input = useRef(null);
  const list = useId();
  useKeys(may("search") ? [["/", "Search", () => input.current?.focus()]] : []);
  useEffect(() => {
    if (text.trim().length < 2) { setFound(null); return undefined; }
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setFound({ ...await post("/search", { q: text.trim() }, { signal: abort.signal }), of: text });
        setAt(-1);
      } catch (problem) {
        if (problem.name !== "AbortError" && !(problem instanceof Problem)) throw problem;
        if (problem instanceof Problem) setFound({ groups: [], problem, of: text });
      }
    }, WAIT_MS);
    return () => { clearTimeout(timer); abort.abort(); };
  }, [text]);
  if (!may("search")) return html`<span></span>`;
  // What was found of an earlier text is still shown, but no key opens it.
  const hits = (found?.groups ?? []).flatMap((group) => group.items);
  const close = () => { setText(""); setFound(null); };
  const open = (hit) => { close(); input.current?.blur(); go(hit.href); };
  const onKey = (event) => {
    if (event.key === "Escape") { close(); input.current.blur(); }
    if (event.key === "Enter" && hits.length && found.of === text) { event.preventDefault(); open(hits[Math.max(0, at)]); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) { event.preventDefault(); setAt((at + step + hits.length) % hits.length); }
  };
  let n = -1;
  return html`<div class="search" role="search"><${Icon} name="search" />
    <input ref=${input} type="search" autocomplete="off" placeholder="Claim, check number, patient, file…" value=${text} role="combobox"
      aria-label="Search" aria-expanded=${Boolean(found)} aria-controls=${list} aria-activedescendant=${at >= 0 ? `${list}-${at}` : undefined}
      onInput=${(event) => setText(event.target.value)} onKeyDown=${onKey} onBlur=${() => setTimeout(() => setFound(null), 200)} /><kbd>/</kbd>
    ${found && html`<div class="found" id=${list} role="listbox" aria-label="Found">
      ${hits.length === 0 && html`<p class="empty" role="option" aria-selected="false">${found.problem?.title ?? "Nothing found. Try a whole number, a family name, or a birth date."}</p>`}
      ${found.groups.filter((group) => group.items.length).map((group) => html`<div role="group" aria-label=${group.label} key=${group.label}><h3 aria-hidden="true">${group.label}</h3>
        ${group.items.map((hit) => { n += 1; const mine = n; return html`<a href=${hit.href} role="option" id=${`${list}-${mine}`} aria-selected=${mine === at} tabindex="-1"
          onMouseDown=${(event) => event.preventDefault()} onClick=${(event) => { event.preventDefault(); open(hit); }}>${hit.label}<span class="said">${hit.said}</span></a>`; })}</div>`)}
    </div>`}</div>`;
}
