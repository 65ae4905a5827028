// EDI files: everything sent and received, what it was, whether it was taken, and what was kept aside.
import { html } from "../lib.js";
import { bytes, moment, plural, shortDay } from "../format.js";
import { ActiveFilters, More, Pills, Views, useList } from "../kit/list.js";
import { Icon } from "../kit/icons.js";
import { Page } from "../kit/page.js";
import { Empty, Failure, News } from "../kit/states.js";
import { Chip, FILE } from "../kit/status.js";
import { DataTable, KeyHints, useRows } from "../kit/table.js";
import { Link, go, place } from "../router.js";
import { may } from "../session.js";

const hrefOf = (file) => `/files/${file.id}`;

// What the chip does not say yet.
const saidOf = (file) => (file.ack?.words === FILE[file.state]?.[0] ? "" : (file.ack?.words ?? ""));

const COLUMNS = [
  { key: "state", label: "Status", card: "lead", cell: (file) => html`<${Chip} of=${FILE} value=${file.state} /><span class="said flow">${saidOf(file)}</span>` },
  { key: "file", label: "File", isHead: true, cell: (file) => html`<${Link} href=${hrefOf(file)}>${file.file_type === "unknown" ? "Unknown file" : file.file_type} ${file.direction === "outbound" ? "to" : "from"} ${file.partner_name ?? "partner"}<//><span class="said mono">${file.name ?? ""}</span>` },
  { key: "number", label: "Control number", sort: "number", num: true, card: "fold", cell: (file) => html`<span class="mono">${file.interchange_number === null ? "–" : String(file.interchange_number).padStart(9, "0")}</span>` },
  { key: "claims", label: "Claims", num: true, card: "fold", wide: true, cell: (file) => file.claims || "–" },
  { key: "size", label: "Size", sort: "size", num: true, downFirst: true, card: "fold", wide: true, cell: (file) => bytes(file.size_bytes) },
  { key: "at", label: "When", sort: "created", num: true, downFirst: true, card: "end", cell: (file) => html`<time datetime=${file.created_at}>${moment(file.created_at)}</time><span class="said">${file.direction === "outbound" ? (file.sent_at ? `sent ${moment(file.sent_at)}` : "not sent yet") : "received"}</span>` },
];

export default function Files() {
  const list = useList("/files", { names: ["type", "direction", "state", "partner_id", "received_from", "received_to", "q", "has_findings", "missing_ack"], sort: "-created", kinds: ["file"] });
  const rows = list.rows, states = list.facets.state ?? {};
  const [current, choose] = useRows({ rows, hrefOf });
  const query = place.value.query;
  const words = { partner_id: () => "One trading partner", received_from: (day) => `Since ${shortDay(day)}`, received_to: (day) => `Until ${shortDay(day)}`, q: (text) => `Number or name: ${text}`, has_findings: (is) => (is === "true" ? "With findings" : "Without findings"), missing_ack: (is) => (is === "true" ? "Answer missing" : "No answer missing") };
  return html`<${Page} title="EDI files" sub="Kept as they were, sealed; each opening of their contents is audited." actions=${html`<${News} resource=${list} />${may("files.content") && html`<${Link} class="btn" href="/inspect"><${Icon} name="search" />Inspect a text<//>`}`}>
    <${Views} base="/files" label="Files" views=${[{ label: "All", query: "" }, { label: "Kept aside", query: "state=quarantined", count: states.quarantined ?? 0 }, { label: "Sent", query: "direction=outbound" }, { label: "Received", query: "direction=inbound" }, { label: "Answer missing", query: "missing_ack=true" }]} />
    <div class="filters-row"><${Pills} name="type" groups=${Object.keys(list.facets.type ?? {}).map((type) => [type, [type]])} facet=${list.facets.type} label="Type" /><div class="filters"><${ActiveFilters} words=${words} /></div></div>
    <p class="visually-hidden" role="status">${rows ? plural(list.total, "file") : "Loading"}</p>
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(rows)} />
    ${rows?.length === 0 ? html`<${Empty} title="No file fits" action=${query.toString() && html`<button class="btn" onClick=${() => go("/files")}>Show all files</button>`}>Files appear as they are sent and fetched.<//>`
      : html`<${DataTable} caption="EDI files, newest first" columns=${COLUMNS} rows=${rows} hrefOf=${hrefOf} sort=${list.sort} onSort=${list.setSort} current=${current} onCurrent=${choose} isStale=${Boolean(list.problem)} />`}
    <${More} list=${list} word="files" /><${KeyHints} keys=${[["j k", "move"], ["enter", "open"]]} />
  <//>`;
}
