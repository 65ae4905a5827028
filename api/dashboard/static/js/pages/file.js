// One EDI file: what came back for it, its loops and segments, errors pinned where they are, what to do.
import { html, useEffect, useMemo, useRef, useState } from "../lib.js";
import { bytes, count, dollars, moment, plural } from "../format.js";
import { download, onceKey, post } from "../http.js";
import { ReasonDialog, attempt, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { Page } from "../kit/page.js";
import { Card, Code, NextAction } from "../kit/parts.js";
import { Bones, Failure, Findings, Locked, Notice } from "../kit/states.js";
import { Chip, FILE } from "../kit/status.js";
import { Decided } from "./decided.js";
import { useKeys } from "../keys.js";
import { useResource } from "../resource.js";
import { Link, place, setQuery } from "../router.js";
import { may } from "../session.js";
import { Meaning, SegmentList, placeOf } from "./file-segments.js";

const WINDOW = 400;  // Segments in one reading; the rest comes as one pages on.

function Chain({ chain }) {
  if (!chain?.length) return null;
  const icon = { done: "check", some: "alert", wait: "clock" };
  return html`<ol class="chain below" aria-label="What was sent and what was answered">${chain.map((link, n) => html`<li key=${n} class=${link.state}><strong><${Icon} name=${icon[link.state] ?? "dots"} small />${link.file_id ? html`<${Link} href=${`/files/${link.file_id}`}>${link.words}<//>` : link.words}</strong>${[link.at && moment(link.at), link.said].filter(Boolean).join(", ")}</li>`)}</ol>`;
}

function Loops({ loops, current, onGo }) {
  return html`<nav class="loops" aria-label="Loops"><h2>Loops</h2><ul>${loops.map((loop) => html`<li key=${loop.number}><a href=${`?segment=${loop.first}`} class=${`depth-${Math.min(4, loop.depth)}`} aria-current=${current === loop.number ? "true" : undefined}
    onClick=${(event) => { event.preventDefault(); onGo(loop.first); }}><span class="code">${loop.id}</span>${loop.words}${loop.errors > 0 && html`<${Icon} name="wrong" /><span class="visually-hidden">has errors</span>`}</a></li>`)}</ul></nav>`;
}

function Viewer({ id, file }) {
  const wanted = Number(place.value.query.get("segment")) || 1;
  const [isRevealed, setRevealed] = useState(false);
  const from = Math.floor((wanted - 1) / WINDOW) * WINDOW;
  const told = useResource(`/files/${id}/annotated?offset=${from}&limit=${WINDOW}${isRevealed ? "&reveal=true" : ""}`);
  const [chosen, show] = useState({ segment: wanted, position: null });
  const now = useRef(chosen);  // Keys come faster than the page is drawn.
  const setChosen = (next) => { now.current = next; show(next); };
  const [text, setText] = useState("");
  const data = told.data, segments = data?.segments ?? [];
  const total = useRef(1);  // While the next window is fetched, the end is where it was.
  if (data) total.current = data.total;
  const here = segments.find((segment) => segment.number === chosen.segment);
  const shown = useMemo(() => (text ? segments.filter((segment) => `${segment.id} ${segment.gloss} ${segment.elements.map((each) => `${each.shown} ${each.name} ${each.position}`).join(" ")}`.toLowerCase().includes(text.toLowerCase())) : segments), [segments, text]);
  useEffect(() => { if (wanted !== now.current.segment) setChosen({ segment: wanted, position: null }); }, [wanted]);
  useEffect(() => { if (data) document.getElementById(`segment-${chosen.segment}`)?.scrollIntoView({ block: "nearest" }); }, [data, chosen.segment]);
  const goTo = (number) => {
    const segment = Math.min(Math.max(1, number), total.current);
    setChosen({ segment, position: null });
    setQuery({ segment });
  };
  const element = (step) => {
    const line = segments.find((segment) => segment.number === now.current.segment);
    const all = line?.elements.filter((each) => each.shown !== "") ?? [];
    const at = all.findIndex((each) => placeOf(each) === now.current.position);
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    if (next) setChosen({ segment: line.number, position: placeOf(next), isByKey: true });
  };
  const errors = data?.errors ?? [];
  const nextError = () => { const next = errors.find((number) => number > chosen.segment) ?? errors[0]; if (next) goTo(next); };
  useKeys([["j", "Next segment", () => goTo(now.current.segment + 1)], ["k", "Previous segment", () => goTo(now.current.segment - 1)], ["arrowright", "Next element", () => element(1)], ["arrowleft", "Previous element", () => element(-1)], ["e", "Next error", nextError], ["]", "Later lines", () => goTo(from + WINDOW + 1)], ["[", "Earlier lines", () => goTo(from - WINDOW + 1)]], [chosen, data]);
  return html`<section class="below" aria-label="Viewer">
    <div class="filters"><label class="search"><${Icon} name="search" /><span class="visually-hidden">Find in these segments</span><input type="search" placeholder="Segment, element or value" value=${text} onInput=${(event) => setText(event.target.value)} /></label>
      ${errors.length > 0 && html`<button class="pill" onClick=${nextError}><${Icon} name="wrong" small />Errors <span class="count">${errors.length}</span></button>`}
      ${may("phi.reveal") && html`<button class="pill" aria-pressed=${!isRevealed} onClick=${() => setRevealed(!isRevealed)}><${Icon} name="eye" small />${isRevealed ? "Shown in full" : "Masked"}</button>`}
      <span class="end keys"><span><kbd>j</kbd><kbd>k</kbd> segment</span><span><kbd>←</kbd><kbd>→</kbd> element</span><span><kbd>e</kbd> next error</span>${total.current > WINDOW && html`<span><kbd>[</kbd><kbd>]</kbd> lines</span>`}</span></div>
    ${isRevealed && html`<${Notice} tone="blue" icon="eye">Patients’ data is shown. This was written to the audit log.<//>`}
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(data)} />
    ${!data ? !told.problem && html`<${Card} title="Segments"><${Bones} lines=${12} /><//>` : html`
      ${data.findings?.length > 0 && file.state !== "quarantined" && html`<${Notice}><${Findings} findings=${data.findings} /><//>`}
      <div class="edi spaced"><${Loops} loops=${data.loops} current=${here?.loop} onGo=${goTo} />
        <div><h2>${data.total > WINDOW ? `Lines ${count(from + 1)} to ${count(Math.min(data.total, from + WINDOW))} of ${count(data.total)}` : plural(data.total, "line")}</h2>
          <${SegmentList} segments=${shown} delimiters=${data.delimiters} chosen=${chosen} onChoose=${(segment, each) => setChosen({ segment: segment.number, position: each && placeOf(each) })} />
          ${data.total > WINDOW && html`<div class="more-rows actions"><button class="btn" aria-disabled=${from === 0} onClick=${() => goTo(from - WINDOW + 1)}>Earlier lines</button><button class="btn" aria-disabled=${from + WINDOW >= data.total} onClick=${() => goTo(from + WINDOW + 1)}>Later lines</button></div>`}</div>
        <${Meaning} segment=${here} position=${chosen.position} /></div>`}</section>`;
}

function Decide({ file, act }) {
  const first = file.findings[0];
  const can = (name) => file.actions.includes(name);
  return html`<${NextAction} title=${first?.cure ?? "Decide what becomes of it"} why=${html`Kept aside: <${Code} value=${first?.code ?? "FILE"} />. Nothing of it was used; the file is safe here.`}
      actions=${may("files.work") ? html`${can("replay") && html`<button class="btn primary" onClick=${act("replay")}><${Icon} name="refresh" />Read again</button>`}${can("allow_number_again") && html`<button class="btn" onClick=${act("allow")}>Allow its number again</button>`}${can("discard") && html`<button class="btn" onClick=${act("discard")}>Set aside</button>`}`
        : html`<${Locked} why="A payment poster or a manager decides on files.">Read again<//>`}><p>${first?.message}</p>${file.findings.length > 1 && html`<${Findings} findings=${file.findings.slice(1, 6)} />`}<//>`;
}

export default function File({ id }) {
  const told = useResource(`/files/${id}`, { kinds: ["file", "claim", "remittance"] });
  const [dialog, setDialog] = useState(null);
  const file = told.data;
  if (!file) return html`<${Page} title="EDI file" crumbs=${[["EDI files", "/files"], ["…"]]}><${Failure} problem=${told.problem} retry=${told.refresh} />${!told.problem && html`<${Bones} lines=${8} />`}<//>`;
  const act = (name) => () => setDialog(name);
  const decide = async (path, body, words) => { await post(`/files/${id}/${path}`, body, { key: onceKey() }); toast(words); told.refresh(); };
  const number = file.interchange_number === null ? "No number" : String(file.interchange_number).padStart(9, "0");
  const isOut = file.direction === "outbound";
  const close = () => setDialog(null);
  const previous = file.previous_id;
  return html`<${Page} title=${`${file.file_type === "unknown" ? "Unknown file" : file.file_type} ${isOut ? "to" : "from"} ${file.partner_name ?? "partner"}${file.claims ? `, ${plural(file.claims, "claim")}` : ""}`} crumbs=${[["EDI files", "/files"], [number]]}
      sub=${`${isOut ? (file.sent_at ? `Sent ${moment(file.sent_at)}` : "Not sent yet") : `Received ${moment(file.created_at)}`} · ${bytes(file.size_bytes)} · ISA13 ${number}${file.usage ? ` · ${file.usage === "T" ? "test" : "production"}` : ""}`}
      status=${html`<${Chip} of=${FILE} value=${file.state} /><span class="said">${file.ack?.words === FILE[file.state]?.[0] ? "" : (file.ack?.words ?? "")}</span>`}
      actions=${html`${previous && may("files.content") && html`<${Link} class="btn" href=${`/compare?a=${previous}&b=${id}`}><${Icon} name="copy" />Compare<//>`}${may("files.content") ? html`<button class="btn" onClick=${() => attempt(() => download(`/files/${id}/raw`))}><${Icon} name="save" />Download</button>` : html`<${Locked} why="Your role does not include patients’ data.">Download<//>`}
        ${isOut && file.state === "rejected" && may("claims.work") && html`<button class="btn primary" onClick=${act("resubmit")}><${Icon} name="sent" />Send its claims again</button>`}`}>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept />
    ${(file.state === "quarantined" || file.state === "discarded") && html`<${Decide} file=${file} act=${act} />`}
    <${Chain} chain=${file.chain} />
    ${file.remittances.length > 0 && html`<p class="spaced small">${file.remittances.map((each) => html`<${Link} href=${`/payments/${each.id}`}>Payment ${each.trace}, ${dollars(each.payment_cents)}<//> `)}</p>`}
    ${may("files.content") ? html`<${Viewer} id=${id} file=${file} />` : html`<${Card} title="Contents"><div class="body"><p>Your role shows what became of a file, not what stands in it. Billers, posters, managers and auditors may open it.</p></div><//>`}
    ${file.decisions.length > 0 && html`<div class="below"><${Card} title="Decisions"><${Decided} decisions=${file.decisions} /><//></div>`}
    ${dialog === "replay" && html`<${ReasonDialog} title="Read this file again?" submit="Read again" optional onClose=${close} act=${(reason) => decide("replay", reason ? { reason } : {}, "It is being read again.")}><p>Do it when the cause is mended. What was taken of it before is not taken twice.</p><//>`}
    ${dialog === "allow" && html`<${ReasonDialog} title="Allow its control number again?" submit="Allow and read" onClose=${close} act=${(reason) => decide("replay", { reason, allow_number_again: true }, "Allowed. It is being read.")}><p>Its number came before with other content. Ask the sender first: it may be sent twice by mistake.</p><//>`}
    ${dialog === "discard" && html`<${ReasonDialog} title="Set this file aside?" submit="Set aside" danger onClose=${close} act=${(reason) => decide("discard", { reason }, "Set aside. Nothing of it is used.")}><p>It stays here, and can be read again later.</p><//>`}
    ${dialog === "resubmit" && html`<${ReasonDialog} title="Send its claims again?" submit="Send again" optional onClose=${close} act=${() => decide("resubmit", undefined, "Checked. Clean claims go with the next file.")}><p>Every claim of this file is built again from its encounter.</p><//>`}
  <//>`;
}
