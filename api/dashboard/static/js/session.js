// Who is signed in, until when, and what they may do.
import { Problem, call, csrf, get, post, signedOut } from "./http.js";
import { computed, effect, signal } from "./lib.js";
import { attempt, toast } from "./kit/dialog.js";
import { clear } from "./resource.js";

export const me = signal(undefined);  // undefined: not asked yet; null: nobody, and `step` says what is due.
export const step = signal("sign_in");

export const may = (right) => Boolean(me.value?.rights?.includes(right));
export const preferences = computed(() => me.value?.preferences || {});

// Nobody is here any more: nothing that was read stays.
function forget() {
  clear();
  step.value = "sign_in";
  me.value = null;
}

// Asks who is here. Raises Problem only where nothing is known yet: else what was known stays.
// `background`: asked by the page itself, so the idle time goes on.
export async function refreshMe({ background = false } = {}) {
  try {
    const begun = await get("/auth/session", { background });
    step.value = begun.next;
    csrf.value = begun.csrf_token ?? "";
    me.value = begun.next === "done" ? await get("/me", { background }) : null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401 || problem.status === 403) me.value = null;
    else if (me.value === undefined) throw problem;
  }
}

export async function signOut() {
  try { await post("/auth/logout"); } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status !== 401) {
      toast(`You are still signed in. ${problem.title}`);
      return;
    }
  }
  forget();
}

export async function stay() {
  const session = await post("/auth/extend");
  me.value = { ...me.value, session };
}

// A choice that follows the person: theme, density, columns, shortcuts.
export async function prefer(changes) {
  const next = { ...preferences.value, ...changes };
  me.value = { ...me.value, preferences: next };
  await attempt(() => call("PUT", "/me/preferences", { body: next }));
}

// An answer 401 anywhere means the session has ended: ask again, in place, and keep the address.
effect(() => {
  if (signedOut.value && me.peek()) forget();
});
