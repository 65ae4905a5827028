// The start: who is there, which page, and the frame around it.
import { html, render, useEffect, useRef, useState } from "./lib.js";
import { followChanges } from "./changes.js";
import { Problem, online } from "./http.js";
import { Failure, NoPage } from "./kit/states.js";
import { go, match, place } from "./router.js";
import { ROUTES } from "./routes.js";
import { may, me, refreshMe } from "./session.js";
import { Shell } from "./shell.js";
import { SignIn, ticketOf } from "./signin.js";
import "./theme.js";

const pages = new Map();  // Route path: its component, once loaded.

function Page() {
  const path = place.value.path;
  const route = ROUTES.find((each) => match(each.path, path));
  const [, loaded] = useState(0);
  // The start of whoever does not work claims is the first page that they may see.
  const away = path === "/" && !may(route.right) && (ROUTES.find((each) => each.nav && may(each.right))?.path ?? "/account");
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    document.title = `${route?.title ?? "Not found"} · Revenue cycle`;
    setProblem(null);
    if (!route || away || pages.has(route.path)) return;
    route.load().then(
      (module) => { pages.set(route.path, module.default); loaded((n) => n + 1); },
      () => setProblem({ title: "This page could not be loaded.", detail: "Check the connection, then load it again: there may be a newer version." }),
    );
  }, [route?.path, online.value]);
  useEffect(() => { if (away) go(away, { replace: true }); }, [away]);
  // The reader of a screen hears the new page; the focus starts at its top. The first page begins
  // where every document does: at the link that skips to the content.
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) document.getElementById("main")?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  const main = (content) => html`<main class="page" id="main" tabindex="-1">${content}</main>`;
  if (!route) return main(html`<${NoPage} />`);
  if (away) return main(null);
  if (!may(route.right)) {
    return main(html`<${NoPage} title="You may not see this page">Your roles do not include it. An administrator can change your roles under Users and keys.<//>`);
  }
  const Content = pages.get(route.path);
  if (!Content) return main(problem ? html`<${Failure} problem=${problem} retry=${() => location.reload()} />` : html`<p class="muted" aria-busy="true">Loading…</p>`);
  return html`<${Content} key=${path} ...${match(route.path, path)} />`;
}

function App() {
  const [problem, setProblem] = useState(null);
  const ticket = ticketOf(place.value.hash);
  const start = () => refreshMe().catch((reason) => {
    if (!(reason instanceof Problem)) throw reason;
    setProblem(reason);
  });
  useEffect(() => {
    followChanges();
    if (!ticket) start();  // A link begins another session, whoever was here.
  }, []);
  if (ticket) return html`<${SignIn} ticket=${ticket} />`;
  if (me.value === undefined) return problem && html`<main class="page"><${Failure} problem=${problem} retry=${() => { setProblem(null); start(); }} /></main>`;
  if (me.value === null) return html`<${SignIn} />`;
  return html`<${Shell}><${Page} /><//>`;
}

render(html`<${App} />`, document.getElementById("app"));
