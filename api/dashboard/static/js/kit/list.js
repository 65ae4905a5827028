// A list of the API by pages: its state is in the address, its rows stay while more are fetched.
import { html, useEffect, useState } from "../lib.js";
import { Problem, get } from "../http.js";
import { count } from "../format.js";
import { useResource } from "../resource.js";
import { place, setQuery, withQuery } from "../router.js";
import { Icon } from "./icons.js";

// `names`: the parameters of the address that are the list's own; `fixed`: what is always asked.
// Gives {rows, total, totals, facets, asOf, sort, setSort, values, problem, refresh, news, more, isStale, path}.
export function useList(path, { names, fixed = {}, sort: usual = "", limit = 50, kinds = [] }) {
  const query = place.value.query;
  const values = Object.fromEntries(names.map((name) => [name, query.getAll(name)]));
  const sort = query.get("sort") ?? usual;
  const asked = withQuery(path, { ...fixed, ...values, sort, limit });
  const first = useResource(asked, { kinds, offer: true });
  const [further, setFurther] = useState({ asked, items: [], cursor: null });
  const [moreProblem, setMoreProblem] = useState(null);
  const mine = further.asked === asked && further.at === first.at ? further : null;
  const items = first.data ? [...first.data.items, ...(mine?.items ?? [])] : null;
  const cursor = mine ? mine.cursor : first.data?.next_cursor;
  useEffect(() => setMoreProblem(null), [asked]);
  const more = async () => {
    try {
      const page = await get(`${asked}&cursor=${encodeURIComponent(cursor)}`);
      setFurther({ asked, at: first.at, items: [...(mine?.items ?? []), ...page.items], cursor: page.next_cursor });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setMoreProblem(problem);
    }
  };
  // All rows that there are, up to `max`: what "select all" means.
  const all = async (max) => {
    let further = mine?.items ?? [], next = cursor;
    while (next && first.data.items.length + further.length < max) {
      const page = await get(`${asked}&cursor=${encodeURIComponent(next)}`);
      further = [...further, ...page.items];
      next = page.next_cursor;
    }
    setFurther({ asked, at: first.at, items: further, cursor: next });
    return [...first.data.items, ...further].slice(0, max);
  };
  return {
    rows: items, total: first.data?.total ?? 0, totals: first.data?.totals, facets: first.data?.facets ?? {}, data: first.data,
    asOf: first.data?.as_of, sort, setSort: (next) => setQuery({ sort: next === usual ? null : next }), values, path: asked,
    problem: first.problem ?? moreProblem, isStale: Boolean(first.problem && first.data) || (first.loading && !first.data),
    refresh: first.refresh, news: first.news, more: cursor ? more : null, all, loading: first.loading,
  };
}

export function More({ list, word }) {
  if (!list.more) return null;
  return html`<div class="more-rows"><button class="btn" onClick=${list.more}>Show more <span class="muted">${count(list.rows.length)} of ${count(list.total)} ${word}</span></button></div>`;
}

// Pills: one group of values of a parameter each, with counts of the facet. [[label, [values]], ...]
export function Pills({ name, groups, facet = {}, all = "All", label = "Filters" }) {
  const chosen = place.value.query.getAll(name);
  const total = Object.values(facet).reduce((sum, n) => sum + n, 0);
  const sumOf = (values) => values.reduce((sum, value) => sum + (facet[value] ?? 0), 0);
  const isOn = (values) => values.length > 0 && values.every((value) => chosen.includes(value));
  const press = (values) => setQuery({ [name]: isOn(values) ? chosen.filter((each) => !values.includes(each)) : [...chosen, ...values] });
  return html`<div class="filters" role="group" aria-label=${label}>
    <button class="pill" aria-pressed=${chosen.length === 0} onClick=${() => setQuery({ [name]: null })}>${all} <span class="count">${count(total)}</span></button>
    ${groups.filter(([, values]) => sumOf(values) > 0 || isOn(values)).map(([word, values]) => html`<button class="pill" key=${word} aria-pressed=${isOn(values)}
      onClick=${() => press(values)}>${word} <span class="count">${count(sumOf(values))}</span></button>`)}
  </div>`;
}

// Filters that are on and have no pill of their own: each can be taken off. {name: (value) => words}
export function ActiveFilters({ words }) {
  const query = place.value.query;
  const on = Object.entries(words).flatMap(([name, say]) => query.getAll(name).map((value) => [name, value, say(value)]));
  if (!on.length) return null;
  return html`${on.map(([name, value, text]) => html`<button class="pill" aria-pressed="true" key=${name + value} aria-label=${`Remove filter: ${text}`}
    onClick=${() => setQuery({ [name]: query.getAll(name).filter((each) => each !== value) })}>${text} <${Icon} name="cross" small /></button>`)}`;
}

// Views of a list as tabs: [{label, query, count}]; the current one is that whose query is the address's.
export function Views({ views, label = "Views", base }) {
  const here = new URLSearchParams(place.value.query);
  here.delete("sort");
  here.sort();
  return html`<nav class="tabs" aria-label=${label}>${views.map((view) => {
    const query = new URLSearchParams(view.query);
    query.sort();
    const url = query.toString() ? `${base}?${new URLSearchParams(view.query)}` : base;
    return html`<a href=${url} key=${view.label} aria-current=${query.toString() === here.toString() ? "page" : undefined}
      onClick=${(event) => { event.preventDefault(); setQuery({ ...Object.fromEntries([...place.value.query.keys()].map((key) => [key, null])), ...group(view.query) }, { replace: false }); }}>
      ${view.label}${view.count !== undefined && html` <span class="count">${count(view.count)}</span>`}</a>`;
  })}</nav>`;
}

function group(text) {
  const query = new URLSearchParams(text);
  return Object.fromEntries([...new Set(query.keys())].map((key) => [key, query.getAll(key)]));
}
