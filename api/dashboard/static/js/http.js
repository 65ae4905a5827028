// Calls of /api/v1: the only way this dashboard learns or changes anything.
import { signal } from "./lib.js";

export const API = "/api/v1";
export const csrf = signal("");        // Of this session; from `GET me` and from signing in.
export const signedOut = signal(0);    // Counts answers 401: the session has ended.
export const online = signal(true);    // Whether the last call reached the server.

// What the API refused, as RFC 9457 says it; or that nothing answered.
export class Problem extends Error {
  constructor({ status = 0, code = "OFFLINE", title, detail = "", findings = [], ...rest }) {
    super(title);
    Object.assign(this, { status, code, title, detail, findings, rest, traceId: rest.trace_id ?? "" });
  }
}

const OFFLINE = {
  title: "The server does not answer.",
  detail: "Nothing you see is lost. Check the connection; we try again by ourselves.",
};

// When to come back, in words: the header says seconds.
function waitOf(response) {
  const seconds = response.status === 429 ? Number(response.headers.get("Retry-After")) : 0;
  if (!seconds) return "";
  const [n, unit] = seconds > 90 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"];
  return `Try again in ${n} ${unit}${n === 1 ? "" : "s"}.`;
}

async function problemOf(response) {
  let told = {};
  try { told = await response.json(); } catch { /* An answer of something between us and the server. */ }
  return new Problem({
    title: "The server could not do this.", ...told, status: response.status,
    code: told.code ?? `HTTP-${response.status}`, detail: `${told.detail ?? ""} ${waitOf(response)}`.trim(),
  });
}

async function answerOf(path, asked) {
  let response;
  try {
    response = await fetch(API + path, { credentials: "same-origin", ...asked });
  } catch (reason) {
    if (reason.name === "AbortError") throw reason;
    online.value = false;
    throw new Problem(OFFLINE);
  }
  online.value = true;
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !path.startsWith("/auth/")) signedOut.value += 1;
  throw problem;
}

// Returns {data, etag, response}. Raises Problem. `background` calls do not count as being there.
export async function call(method, path, { body, etag, key, background = false, signal: abort } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag) headers["If-Match"] = etag;
  if (key) headers["Idempotency-Key"] = key;
  if (background) headers["X-Background"] = "1";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf.value;
  const response = await answerOf(path, { method, headers, signal: abort, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = response.status === 204 ? "" : await response.text();
  return { data: text ? JSON.parse(text) : null, etag: response.headers.get("ETag"), response };
}

export const get = async (path, options) => (await call("GET", path, options)).data;
export const post = async (path, body, options) => (await call("POST", path, { body, ...options })).data;

// A key that makes a repeated click take effect once.
export const onceKey = () => crypto.randomUUID();

// Saves the body of an export under the name that the server gives it.
export async function download(path) {
  const response = await answerOf(path, {});
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = named ? named[1] : "download";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
