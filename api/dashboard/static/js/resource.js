// What was read of the API, kept while newer data is fetched, so that no page ever goes blank.
import { Problem, call, online } from "./http.js";
import { signal, useEffect, useState } from "./lib.js";

const known = new Map();  // Path: {data, etag, at}. Newest last; the oldest is forgotten.
const KNOWN_MAX = 60;
export const stirred = signal({ n: 0, kinds: new Set() });  // What the changes feed told last.

export function clear() { known.clear(); }

function keep(path, entry) {
  known.delete(path);
  known.set(path, entry);
  if (known.size > KNOWN_MAX) known.delete(known.keys().next().value);
}

export function stir(kinds) {
  stirred.value = { n: stirred.value.n + 1, kinds: new Set(kinds) };
}

// Reads `path` (null: nothing yet). Gives {data, etag, at, problem, loading, news, refresh}.
// `kinds`: what the data is made of; where one of them changes it is read again, or, with
// `offer`, `news` says so and the reader decides.
export function useResource(path, { kinds = [], offer = false } = {}) {
  const [state, setState] = useState({ path, ...(known.get(path) ?? {}), loading: Boolean(path) });
  const [asked, ask] = useState({ n: 0, quiet: false });
  const [news, setNews] = useState(0);
  const told = stirred.value;

  useEffect(() => {
    if (!told.n || !kinds.some((kind) => told.kinds.has(kind))) return;
    if (offer) setNews((count) => count + 1);
    else ask((was) => ({ n: was.n + 1, quiet: true }));
  }, [told.n]);

  // What could not be read while the server was away is read again when it is back.
  const isOnline = online.value;
  useEffect(() => {
    if (isOnline && state.problem?.code === "OFFLINE") ask((was) => ({ n: was.n + 1, quiet: true }));
  }, [isOnline, state.problem]);

  useEffect(() => {
    if (!path) return undefined;
    const abort = new AbortController();
    const before = known.get(path);
    setState((was) => ({ ...(was.path === path ? was : { path, ...(before ?? {}) }), loading: true }));
    setNews(0);
    call("GET", path, { signal: abort.signal, background: asked.quiet }).then(
      ({ data, etag }) => {
        const entry = { data, etag, at: Date.now() };
        keep(path, entry);
        setState({ path, ...entry, loading: false });
      },
      (problem) => {
        if (problem.name === "AbortError") return;
        if (!(problem instanceof Problem)) throw problem;
        setState((was) => ({ ...was, loading: false, problem }));
      },
    );
    return () => abort.abort();
  }, [path, asked.n]);

  // While the path has just changed, what belongs to the old one is not shown as the new.
  const shown = state.path === path ? state : { path, ...(known.get(path) ?? {}), loading: Boolean(path) };
  return { ...shown, news, refresh: () => ask((was) => ({ n: was.n + 1, quiet: false })) };
}
