// The frame around every page: rail, search, who is signed in, how fresh the data is, and the keys.
import { html, signal, useEffect, useState } from "./lib.js";
import { asOf, isStale, askNow } from "./changes.js";
import { clock, initials, plural } from "./format.js";
import { online } from "./http.js";
import { Dialog, Menu, Toasts, attempt } from "./kit/dialog.js";
import { Icon } from "./kit/icons.js";
import { Notice } from "./kit/states.js";
import { shortcuts, useKeys } from "./keys.js";
import { Link, go, place } from "./router.js";
import { ROUTES } from "./routes.js";
import { Search } from "./search.js";
import { may, me, prefer, preferences, refreshMe, signOut, stay } from "./session.js";
import { isDark, toggleTheme } from "./theme.js";

export const badges = signal({});  // Counts beside the rail's words, by route: pages and My day set them.
const showKeys = signal(false);
const WARN_MS = 2 * 60_000;

function Rail() {
  const shown = ROUTES.filter((route) => route.nav && may(route.right));
  const isHere = (route) => route.path === "/" ? place.value.path === "/" : place.value.path.startsWith(route.path);
  const item = (route) => html`<li key=${route.path} class=${route.pocket ? "pocket" : ""}>
    <${Link} href=${route.path} aria-current=${isHere(route) ? "page" : undefined}><${Icon} name=${route.icon} />${route.nav}
      ${badges.value[route.path] > 0 && html`<span class="count"><span aria-hidden="true">${badges.value[route.path]}</span><span class="visually-hidden">, ${badges.value[route.path]} open</span></span>`}<//></li>`;
  const isSandbox = me.value.deployment === "sandbox";
  return html`<nav class="rail" aria-label="Main">
    <p class="brand"><${Icon} name="brand" />Revenue cycle</p>
    <ul>${shown.filter((route) => route.group === "work").map(item)}</ul>
    <ul>${shown.filter((route) => route.group === "system").map(item)}</ul>
    ${isSandbox && html`<footer><strong>Sandbox</strong>Test data only. Nothing here reaches a payer.</footer>`}
  </nav>`;
}

function AsOf() {
  const words = !online.value ? "Offline" : asOf.value ? `As of ${clock(asOf.value)}` : "Connecting…";
  return html`<span class=${`asof ${isStale.value || !online.value ? "stale" : ""}`}>${words}</span>`;
}

function Topbar() {
  return html`<header class="topbar"><${Search} />
    <div class="end"><${AsOf} />
      <button class="btn quiet icon optional" aria-label="Keyboard shortcuts" onClick=${() => { showKeys.value = true; }}><kbd>?</kbd></button>
      <button class="btn quiet icon" aria-label="Dark theme" aria-pressed=${isDark()} onClick=${toggleTheme}><${Icon} name="theme" /></button>
      <${Menu} className="btn quiet icon" label=${html`<span class="avatar"><span aria-hidden="true">${initials(me.value.name)}</span><span class="visually-hidden">${me.value.name}, account</span></span>`}
        items=${[{ label: `${me.value.name}: account`, icon: "person", run: () => go("/account") }, { label: "Sign out", icon: "out", run: signOut }]} />
    </div></header>`;
}

function Keys() {
  const groups = shortcuts.value.filter((each, n, all) => all.findLastIndex((other) => other.keys === each.keys) === n);
  const isOn = preferences.value.shortcuts !== false;
  const close = () => { showKeys.value = false; };
  return html`<${Dialog} title="Keyboard shortcuts" onClose=${close} footer=${html`<button type="button" class="btn quiet" onClick=${() => prefer({ shortcuts: !isOn })}>${isOn ? "Turn shortcuts off" : "Turn shortcuts on"}</button>`}>
    <dl class="facts">${groups.map((each) => html`<dt key=${each.keys}>${each.keys.split(" ").map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${each.does}</dd>`)}</dl><//>`;
}

// Two minutes before the session ends by itself, it says so and offers to stay.
function StillThere() {
  const [now, setNow] = useState(Date.now());
  const [isSeen, setSeen] = useState(false);  // That the day is over cannot be put off, only read.
  useEffect(() => { const timer = setInterval(() => setNow(Date.now()), 5_000); return () => clearInterval(timer); }, []);
  const session = me.value.session ?? {};
  const idle = Date.parse(session.idle_ends_at), absolute = Date.parse(session.absolute_ends_at);
  const ends = Math.min(idle || Infinity, absolute || Infinity);
  const isNear = ends - now <= WARN_MS, isOver = ends <= now;
  // Another window may have stayed: the server knows; asking it does not count as being there.
  useEffect(() => { if (isNear) refreshMe({ background: true }); }, [isNear, isOver]);
  if (!isNear || isOver) return null;
  const left = plural(Math.max(1, Math.ceil((ends - now) / 60_000)), "minute");
  if (ends === absolute) {
    return !isSeen && html`<${Dialog} title="Your session ends soon" submit="Sign in again" onSubmit=${signOut} onClose=${() => setSeen(true)}>
      <p>After 12 hours everybody signs in again. Save what you are working on: you will be signed out in ${left}.</p><//>`;
  }
  return html`<${Dialog} title="Are you still there?" submit="Stay signed in" onSubmit=${stay} onClose=${() => attempt(stay)}>
    <p>You will be signed out in ${left}, to keep patients’ data safe. What you have saved stays.</p><//>`;
}

// Being there: keys and pointer; told to the server at most once a minute.
function useActivity() {
  useEffect(() => {
    let told = Date.now();
    const note = () => { if (Date.now() - told > 60_000) { told = Date.now(); refreshMe(); } };
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, note);
    return () => { for (const kind of ["keydown", "pointerdown"]) removeEventListener(kind, note); };
  }, []);
}

function Rooms() {
  useKeys([
    ["?", "Show the keys", () => { showKeys.value = true; }],
    ...ROUTES.filter((route) => route.go && may(route.right)).map((route) => [`g ${route.go}`, `Go to ${route.nav}`, () => go(route.path)]),
  ], [me.value]);
  return null;
}

export function Shell({ children }) {
  useActivity();
  return html`<a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>Skip to content</a>
    <div class="shell"><${Rail} /><div><${Topbar} />
      ${!online.value && html`<${Notice} tone="orange" role="status" end=${html`<button class="link" onClick=${askNow}>Ask now</button>`}><strong>The server does not answer.</strong> You see what we last knew; we ask again every 5 seconds.<//>`}
      ${children}</div></div>
    <${Rooms} />${showKeys.value && html`<${Keys} />`}<${StillThere} /><${Toasts} />`;
}
