// The changes feed: asked every 5 s while the page is looked at; what changed is told to the pages.
import { Problem, get } from "./http.js";
import { effect, signal } from "./lib.js";
import { stir } from "./resource.js";
import { me } from "./session.js";

const EVERY_MS = 5_000;
const STALE_MS = 60_000;
export const asOf = signal(null);     // When the server last answered.
export const isStale = signal(false);
let cursor = null;
let timer = null;

async function ask() {
  if (!me.value || document.hidden) return;
  try {
    const told = await get(`/changes${cursor ? `?after=${encodeURIComponent(cursor)}` : ""}`, { background: true });
    const isFirst = cursor === null;
    cursor = told.cursor;
    asOf.value = told.as_of;
    if (told.reset && !isFirst) stir(ALL);
    else if (told.changes.length && !isFirst) stir(told.changes.map((change) => change.kind));
    if (told.has_more) await ask();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

const ALL = ["claim", "work_item", "remittance", "file", "partner", "eligibility_check", "job"];

async function tick() {
  await ask();
  isStale.value = asOf.value !== null && Date.now() - Date.parse(asOf.value) > STALE_MS;
  timer = setTimeout(tick, EVERY_MS);
}

export function followChanges() {
  if (timer === null) tick();
  // Where to begin is asked as soon as somebody is here: what changes from then on is told.
  effect(() => { if (me.value && cursor === null) ask(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
}
export const askNow = ask;
