// Addresses: the path says the page, the query says its state. Both hold opaque ids and codes only.
import { html, signal } from "./lib.js";

export const place = signal(read());

function read() {
  return { path: location.pathname, query: new URLSearchParams(location.search), hash: location.hash };
}

export function go(url, { replace = false } = {}) {
  if (url === location.pathname + location.search + location.hash) return;
  history[replace ? "replaceState" : "pushState"](null, "", url);
  const before = place.value.path;
  place.value = read();
  if (place.value.path !== before) scrollTo(0, 0);
}

addEventListener("popstate", () => { place.value = read(); });

// Changes some of the query; null or "" or [] removes a parameter.
export function setQuery(changes, { replace = true } = {}) {
  const query = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && each !== undefined && each !== "") query.append(name, each);
    }
  }
  const text = query.toString();
  go(place.value.path + (text ? `?${text}` : ""), { replace });
}

// A path of the API or of a page with its parameters; what is empty is left out.
export function withQuery(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && each !== undefined && each !== "") query.append(name, each);
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

// A link that stays in this page; a click with a modifier is the browser's own.
export function Link({ href, children, ...rest }) {
  const follow = (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return html`<a href=${href} onClick=${follow} ...${rest}>${children}</a>`;
}

// {id: "..."} where `pattern` ("/claims/:id") fits `path`, else null.
export function match(pattern, path) {
  const wanted = pattern.split("/"), given = path.replace(/\/$/, "").split("/");
  if (wanted.length !== given.length && !(pattern === "/" && path === "/")) return null;
  const found = {};
  for (const [n, part] of wanted.entries()) {
    if (part.startsWith(":")) found[part.slice(1)] = given[n];
    else if (part !== (given[n] ?? "")) return null;
  }
  return found;
}
