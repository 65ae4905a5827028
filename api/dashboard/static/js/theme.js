// Light or dark: the reader's choice, kept with their account and on this machine; else the system's.
import { effect } from "./lib.js";
import { me, prefer } from "./session.js";

const root = document.documentElement;
const KEPT = "theme";

const system = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
export const isDark = () => (root.dataset.theme ?? system()) === "dark";

function wear(theme) {
  if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
}

export const toggleTheme = () => prefer({ theme: isDark() ? "light" : "dark" });

// Before anybody is known: as the last reader of this machine left it.
wear(localStorage.getItem(KEPT));
effect(() => {
  if (!me.value) return;
  const { theme } = me.value.preferences ?? {};
  wear(theme);
  if (theme) localStorage.setItem(KEPT, theme); else localStorage.removeItem(KEPT);
});
