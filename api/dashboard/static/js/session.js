// Who is signed in, until when, and what they may do.
import { Problem, call, csrf, get, post, signedOut } from "./http.js";
import { computed, effect, signal } from "./lib.js";
import { clear } from "./resource.js";

export const me = signal(undefined);  // undefined: not asked yet; null: nobody; "half": second factor due.
export const lastSeen = signal(Date.now());

export const may = (right) => Boolean(me.value && me.value !== "half" && me.value.rights?.includes(right));
export const preferences = computed(() => (me.value && me.value !== "half" && me.value.preferences) || {});

export async function refreshMe() {
  try {
    const found = await get("/me");
    csrf.value = found.csrf_token ?? csrf.value;
    me.value = found;
    lastSeen.value = Date.now();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401 || problem.status === 403) me.value = null;
    else if (me.value === undefined) throw problem;
  }
}

export async function signOut() {
  try { await post("/auth/logout"); } finally { clear(); me.value = null; }
}

export async function stay() {
  await post("/auth/extend");
  await refreshMe();
}

// A choice that follows the person: theme, density, columns, shortcuts.
export async function prefer(changes) {
  const next = { ...preferences.value, ...changes };
  me.value = { ...me.value, preferences: next };
  await call("PUT", "/me/preferences", { body: next });
}

// An answer 401 anywhere means the session has ended: ask again, in place, and keep the address.
effect(() => {
  if (signedOut.value && me.peek()) { clear(); me.value = null; }
});
