// Compare two submissions, segment by segment: what was taken out, what was put in. Masked.
import { html } from "../lib.js";
import { plural } from "../format.js";
import { Page } from "../kit/page.js";
import { Card } from "../kit/parts.js";
import { Bones, Empty, Failure } from "../kit/states.js";
import { useResource } from "../resource.js";
import { place, withQuery } from "../router.js";

const MARK = { same: " ", removed: "−", added: "+" };
const TONE = { removed: "el-bad", added: "good" };

export default function Compare() {
  const query = place.value.query;
  const told = useResource(withQuery("/files/diff", { a: query.get("a"), b: query.get("b") }));
  const rows = told.data?.segments ?? [];
  const changed = rows.filter((row) => row.change !== "same").length;
  return html`<${Page} title="Two files, compared" sub=${told.data && `${plural(changed, "segment")} differ${changed === 1 ? "s" : ""}`} crumbs=${[["EDI files", "/files"], ["Compare"]]}>
    <${Failure} problem=${told.problem} retry=${told.refresh} />
    ${!told.data ? !told.problem && html`<${Bones} lines=${10} />` : changed === 0 ? html`<${Empty} title="They say the same" />`
      : html`<${Card} title="Segments" note="Taken out and put in; patients’ data is masked"><ol class="segments" tabindex="0" aria-label="Differences">${rows.map((row, n) => html`<li key=${n}><span class="line">${row.number ?? ""}</span><span class=${TONE[row.change] ?? "muted"}>${MARK[row.change]} ${row.text}</span><span class="gloss">${row.gloss ?? ""}</span></li>`)}</ol><//>`}<//>`;
}
