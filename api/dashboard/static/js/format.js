// How amounts, days and instants read. Amounts arrive as whole cents and never become fractions.

const grouped = new Intl.NumberFormat("en-US");

function digits(cents) {
  const text = String(Math.abs(cents)).padStart(3, "0");
  return `${grouped.format(Number(text.slice(0, -2)))}.${text.slice(-2)}`;
}

// "1,234.50" in columns; with a true minus.
export const amount = (cents) => (cents < 0 ? `−${digits(cents)}` : digits(cents));
// "− 1.50", or "+ 1.50" of a negative one: as a part of a sum, with one sign.
export const less = (cents) => `${cents < 0 ? "+" : "−"} ${digits(cents)}`;
// Whole cents of an amount as people type it; undefined where it is none: "12,5" is a slip, not 125.
export function centsOf(text) {
  const found = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{2}))?$/.exec(text.trim());
  return found ? Number(found[1].replaceAll(",", "")) * 100 + Number(found[2] ?? 0) : undefined;
}
// An en dash for nothing.
export const amountOrDash = (cents) => (cents ? amount(cents) : "–");
// "$1,234.50" in sentences and counters.
export const dollars = (cents) => (cents < 0 ? `−$${digits(cents)}` : `$${digits(cents)}`);
export const count = (n) => grouped.format(n ?? 0);
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const two = (n) => String(n).padStart(2, "0");

// The calendar day of an instant here, or the day itself: "2026-11-17".
export function dayOf(when) {
  if (typeof when === "string" && when.length === 10) return when;
  const at = new Date(when);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
export const today = () => dayOf(Date.now());

// "17 Nov", with the year where it is another one.
export function shortDay(when) {
  if (!when) return "–";
  const [year, month, day] = dayOf(when).split("-").map(Number);
  const text = `${day} ${MONTHS[month - 1]}`;
  return year === new Date().getFullYear() ? text : `${text} ${year}`;
}
export const clock = (when) => { const at = new Date(when); return `${two(at.getHours())}:${two(at.getMinutes())}`; };
export const moment = (when) => (when ? `${shortDay(when)} ${clock(when)}` : "–");
export function longDay(when) {
  const [year, month, day] = dayOf(when).split("-").map(Number);
  return `${WEEKDAYS[new Date(year, month - 1, day).getDay()]} ${dayOf(when)}`;
}

const serial = (day) => Math.round(Date.parse(`${dayOf(day)}T00:00:00Z`) / 86_400_000);
export const daysBetween = (from, to) => serial(to) - serial(from);

// "today", "1 day", "8 days": how long ago.
export function age(when) {
  const days = daysBetween(when, today());
  return days <= 0 ? "today" : plural(days, "day");
}

// How long something lasted: 40 s, 12 min, 5 h, 3 days.
export function lasted(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : plural(Math.floor(seconds / 86_400), "day");
}

// A deadline: {text, isLate}.
export function due(day) {
  if (!day) return { text: "–", isLate: false };
  const left = daysBetween(today(), day);
  if (left < 0) return { text: `${plural(-left, "day")} late`, isLate: true };
  return left === 0 ? { text: "Today", isLate: true } : { text: shortDay(day), isLate: false };
}

export function ago(when) {
  const seconds = Math.max(0, Math.round((Date.now() - new Date(when).getTime()) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${plural(Math.floor(seconds / 86_400), "day")} ago`;
}

export function bytes(n) {
  if (n < 1000) return `${count(n)} bytes`;
  return n < 1_000_000 ? `${(n / 1000).toFixed(1)} kB` : `${(n / 1_000_000).toFixed(1)} MB`;
}

// Names as X12 keeps them are capitals; people read them better as names.
const KEEP = /^(HMO|PPO|EPO|LLC|LLP|PC|PA|MD|DO|USA|US|EDI|II|III|IV)$/;
export function named(text) {
  if (!text || text !== text.toUpperCase()) return text ?? "";
  return text.split(" ").map((word) => (KEEP.test(word) ? word : word.charAt(0) + word.slice(1).toLowerCase())).join(" ");
}

// Who says something, and in what: "Sandbox Commercial, 277CA" of "SANDBOX COMMERCIAL, 277CA".
export const source = (text) => { const [who, ...rest] = text.split(", "); return [named(who), ...rest].join(", "); };
// A label inside a sentence: "member ID"; but "NPI" stays.
export const inside = (label) => (/^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label);

export const initials = (name) => (name ?? "?").split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
