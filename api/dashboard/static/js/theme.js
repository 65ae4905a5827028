// Light or dark: the reader's choice, kept with their account and on this machine; else the system's.
import { effect } from "./lib.js";
import { me, prefer, preferences } from "./session.js";

const root = document.documentElement;
const KEPT = "theme";

const system = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
export const isDark = () => (root.dataset.theme ?? system()) === "dark";

function wear(theme) {
  if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
}

export function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  wear(theme);
  localStorage.setItem(KEPT, theme);
  if (me.value) prefer({ theme });
}

wear(localStorage.getItem(KEPT));
effect(() => { if (preferences.value.theme) wear(preferences.value.theme); });
