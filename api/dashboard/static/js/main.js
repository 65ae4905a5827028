// The start: who is there, which page, and the frame around it.
import { html, render, useEffect, useState } from "./lib.js";
import { followChanges } from "./changes.js";
import { Problem } from "./http.js";
import { Failure, NoPage } from "./kit/states.js";
import { match, place } from "./router.js";
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
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    document.title = `${route?.title ?? "Not found"} · ${me.value.organization ?? "Revenue cycle"}`;
    if (!route || pages.has(route.path)) return;
    route.load().then(
      (module) => { pages.set(route.path, module.default); loaded((n) => n + 1); },
      () => setProblem({ title: "This page could not be loaded.", detail: "Check the connection, then load it again." }),
    );
  }, [route?.path]);
  // The reader of a screen hears the new page; the focus starts at its top.
  useEffect(() => { document.getElementById("main")?.focus({ preventScroll: true }); }, [path]);
  const main = (content) => html`<main class="page" id="main" tabindex="-1">${content}</main>`;
  if (!route) return main(html`<${NoPage} />`);
  if (!may(route.right)) {
    return main(html`<${NoPage} title="You may not see this page">Your roles do not include it. An administrator can change that under Users and keys.<//>`);
  }
  const Content = pages.get(route.path);
  if (!Content) return main(problem ? html`<${Failure} problem=${problem} retry=${() => location.reload()} />` : html`<p class="muted" aria-busy="true">Loading…</p>`);
  return html`<${Content} key=${path} ...${match(route.path, path)} />`;
}

function App() {
  const [problem, setProblem] = useState(null);
  const start = () => refreshMe().then(followChanges, (reason) => {
    if (!(reason instanceof Problem)) throw reason;
    setProblem(reason);
  });
  useEffect(() => { start(); }, []);
  if (ticketOf(place.value.hash)) return html`<${SignIn} ticket=${ticketOf(place.value.hash)} />`;
  if (me.value === undefined) return problem && html`<main class="page"><${Failure} problem=${problem} retry=${() => { setProblem(null); start(); }} /></main>`;
  if (me.value === null) return html`<${SignIn} />`;
  return html`<${Shell}><${Page} /><//>`;
}

render(html`<${App} />`, document.getElementById("app"));
