// Trading partners: who we exchange files with, whether it works, when next, and what to do if not.
import { html, useEffect, useState } from "../lib.js";
import { ago, moment, plural } from "../format.js";
import { onceKey, post } from "../http.js";
import { ReasonDialog, attempt, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { Page, PeekHead } from "../kit/page.js";
import { Facts, NextAction } from "../kit/parts.js";
import { Bones, Empty, Failure, Locked, News } from "../kit/states.js";
import { Chip } from "../kit/status.js";
import { DataTable, KeyHints, useRows } from "../kit/table.js";
import { useKeys } from "../keys.js";
import { useResource } from "../resource.js";
import { Link, place, setQuery } from "../router.js";
import { may } from "../session.js";
import { Decided } from "./decided.js";
import { EditPartner, EditSchedule } from "./partners-edit.js";
import { DayTotals, Stopped, isStopped, startWords, workFacts } from "./partners-breaker.js";
import { SentAndAnswered } from "./partners-sent.js";

const STATE = {
  running: ["Running", "tick", "green"],
  paused: ["Paused", "pause", "grey"],
  waiting: ["Not reached", "clock", "amber"],
  look: ["Needs a look", "alert", "amber"],
  stopped: ["Stopped", "wrong", "red"],
};

const saidOf = (partner) => [partner.state_said, partner.state_at && moment(partner.state_at)].filter(Boolean).join(" ");
const dash = (n) => (n ? n : "–");

function columns() {
  return [
    { key: "state", label: "State", card: "lead", cell: (partner) => html`<${Chip} of=${STATE} value=${partner.state} /><span class="said">${saidOf(partner)}</span>` },
    { key: "name", label: "Partner", isHead: true, cell: (partner) => html`<span class="strong">${partner.name}</span><span class="said">SFTP · ${partner.their_id} · ${partner.usage === "T" ? "test" : "production"}</span>` },
    { key: "next", label: "Next", card: "end", cell: (partner) => (partner.breaker.waits_for_person ? "Waits for you" : partner.next_visit_at ? html`<time datetime=${partner.next_visit_at}>${moment(partner.next_visit_at)}</time>` : html`<span class="muted">On “Exchange now”</span>`) },
    { key: "received", label: "Received", num: true, card: "fold", wide: true, cell: (partner) => dash(partner.last_24h.received) },
    { key: "filtered", label: "Filtered", num: true, card: "fold", wide: true, cell: (partner) => dash(partner.last_24h.filtered) },
    { key: "queued", label: "Queued", num: true, card: "fold", cell: (partner) => (partner.last_24h.queued ? html`${partner.last_24h.queued}<span class="said">since ${moment(partner.last_24h.queued_since)}</span>` : "–") },
    { key: "sent", label: "Sent", num: true, card: "fold", wide: true, cell: (partner) => dash(partner.last_24h.sent) },
    { key: "failed", label: "Failed", num: true, card: "fold", cell: (partner) => (partner.failed_jobs ? html`<${Link} class="bad strong" href="/jobs">${partner.failed_jobs}<//>` : "–") },
    { key: "missing", label: "Answer missing", num: true, card: "fold", cell: (partner) => (partner.last_24h.missing ? html`<${Link} class="bad strong" href=${`/files?missing_ack=true&partner_id=${partner.id}`}>${plural(partner.last_24h.missing, "file")}<//><span class="said">since ${moment(partner.last_24h.missing_since)}</span>` : "–") },
    { key: "kept", label: "Kept aside", num: true, card: "fold", cell: (partner) => (partner.quarantined ? html`<${Link} class="warn strong" href=${`/files?state=quarantined&partner_id=${partner.id}`}>${partner.quarantined}<//>` : "–") },
  ];
}

function nextAction(partner) {
  if (partner.is_paused) return ["Let it go on when the cause is settled", "Nothing is exchanged until then. What is frozen waits, and is not lost."];
  if (partner.failed_jobs) return ["Look at the failed job, mend the cause, try again", `${plural(partner.failed_jobs, "job")} gave up. Nothing is lost: what was not sent waits.`];
  if (partner.quarantined) return ["Decide on what was kept aside", `${plural(partner.quarantined, "file")} could not be used: read it again when the cause is mended, or set it aside.`];
  if (partner.unfetched) return ["See which files we could not fetch", `${plural(partner.unfetched, "file")} in their folder is not ours yet; the reasons stand below.`];
  if (partner.last_24h.missing) return ["Ask them whether the file arrived", `${plural(partner.last_24h.missing, "file")} without an answer since ${moment(partner.last_24h.missing_since)}. It is not sent twice by itself.`];
  if (partner.silence) return ["Test the connection, then ask them", `${partner.silent_since ? `Nothing was received since ${moment(partner.silent_since)}` : "Nothing was ever received"}. Their answers may be late, or the connection may be wrong.`];
  return null;
}

const REASONS = { NAME: "Not a name that we fetch", READ: "Could not be read", SIZE: "Too large", INCOMPLETE: "Not complete yet", ARCHIVE: "Ours already, and cannot be put away" };

function Steps({ test }) {
  const icons = { ok: ["check", "good"], failed: ["wrong", "bad"], not_reached: ["dots", "muted"] };
  if (test.state === "waiting") return html`<p class="small muted" aria-busy="true">Being tested…</p>`;
  return html`<ul>${test.steps.map((step) => html`<li key=${step.step} class="choice"><span class=${icons[step.outcome][1]}><${Icon} name=${icons[step.outcome][0]} /></span>
    <span>${step.step}${step.message && html`<span class="said flow">${step.message} ${step.cure}</span>`}</span></li>`)}</ul>`;
}

function Peek({ partner, move, close, act }) {
  const told = useResource(`/partners/${partner.id}`, { kinds: ["partner", "file"] });
  const detail = told.data;
  const next = nextAction(partner);
  const isTested = detail?.last_connection_test?.state === "waiting";
  useEffect(() => {
    if (!isTested) return undefined;
    const timer = setInterval(told.refresh, 1000);
    return () => clearInterval(timer);
  }, [isTested]);
  const canWork = may("partners.work");
  const test = detail?.last_connection_test;
  return html`<${PeekHead} chip=${html`<${Chip} of=${STATE} value=${partner.state} />`} onPrevious=${() => move(-1)} onNext=${() => move(1)} onClose=${close} />
    <div><h2>${partner.name}</h2><p class="small muted">SFTP · ${detail?.settings?.host ?? "…"}</p></div>
    ${isStopped(partner) && !partner.is_paused ? html`<${Stopped} partner=${partner} act=${act} />` : next && html`<${NextAction} title=${next[0]}><p>${next[1]}</p><//>`}
    <div class="actions">
      ${may("exchange") && !partner.is_paused && !isStopped(partner) && html`<button class="btn primary" onClick=${act.exchange}><${Icon} name="refresh" />Exchange now</button>`}
      ${canWork ? html`${(partner.is_paused || !isStopped(partner)) && html`<button class="btn" onClick=${act.test}>Test the connection</button>`}<button class="btn" onClick=${act.pause}>${partner.is_paused ? "Resume" : "Pause"}</button>
        <button class="btn" onClick=${act.edit}><${Icon} name="edit" />Settings</button><button class="btn" onClick=${act.schedule}><${Icon} name="clock" />Schedule</button>`
        : html`<${Locked} why="An administrator or integration engineer changes connections.">Settings<//>`}
    </div>
    <${Failure} problem=${told.problem} retry=${told.refresh} kept=${Boolean(detail)} />
    ${!detail ? html`<${Bones} />` : html`
    ${test && html`<section><h3>Last connection test, ${ago(test.asked_at)}, by ${test.asked_by}</h3><${Steps} test=${test} /></section>`}
    ${detail.expected.length > 0 && html`<section><h3>Expected answers</h3><ul class="list">${detail.expected.map((file) => html`<li key=${file.file_id}><${Icon} name=${file.ack.is_missing ? "alert" : "clock"} /><div class="grow"><${Link} href=${`/files/${file.file_id}`}>${file.file_type} <span class="mono">${file.number}</span><//>, ${file.ack.words}<span class="said">Sent ${moment(file.sent_at)}. ${file.ack.said}</span></div></li>`)}</ul></section>`}
    ${detail.lying.length > 0 && html`<section><h3>In their folder, not fetched</h3><ul>${detail.lying.map((file, n) => html`<li key=${n} class="small">${REASONS[file.reason]}<span class="said">${file.size} bytes, since ${moment(file.first_seen_at)}</span></li>`)}</ul></section>`}
    <section><h3>Connection</h3><${Facts} facts=${[["We are", html`<span class="mono">${detail.settings.our_qualifier} ${detail.settings.our_id}</span>`], ["They are", html`<span class="mono">${detail.settings.their_qualifier} ${detail.settings.their_id}</span>`],
      ["Mode", detail.usage === "T" ? "Test, ISA15 = T" : "Production, ISA15 = P"], ["Schedule", detail.cron ? `${detail.cron}${detail.is_schedule_paused ? " (paused)" : ""}` : "Only on “Exchange now”", detail.time_zone], ["Last number", detail.last_control_number && html`<span class="mono">${detail.last_control_number}</span>`],
      ["Host key", detail.host_key_fingerprints[0] && html`<span class="mono">${detail.host_key_fingerprints[0]}</span>`], ["Last look", detail.last_exchange_at && moment(detail.last_exchange_at)], ["Last file in", detail.last_received_at && moment(detail.last_received_at)], ["Last file out", detail.last_sent_at && moment(detail.last_sent_at)], ...workFacts(detail)]} />
      <p class="spaced small"><${Link} href=${`/files?partner_id=${detail.id}`}>All files of this partner<//></p></section>
    ${detail.decisions.length > 0 && html`<section><h3>Decisions</h3><${Decided} decisions=${detail.decisions.slice(-5)} /></section>`}`}`;
}

export default function Partners() {
  const list = useResource("/partners", { kinds: ["partner", "file", "job"] });
  const [dialog, setDialog] = useState(null);
  const rows = list.data?.items ?? null;
  const open = place.value.query.get("open");
  const [isShut, shut] = useState(false);
  const [done, setDone] = useState(0);  // Decisions of ours: the preview is read again after each.
  const [current, choose] = useRows({ rows, onPeek: () => (shown ? close() : pick(current ?? rows?.[0]?.id)) });
  // The only partner there is shows itself, until somebody closes it.
  const shown = isShut ? null : rows?.find((partner) => partner.id === (current ?? open)) ?? (rows?.length === 1 ? rows[0] : null);
  const pick = (id) => { shut(false); choose(id); setQuery({ open: id }); };
  const close = () => { shut(true); choose(null); setQuery({ open: null }); };
  const refresh = () => { setDone(done + 1); list.refresh(); };
  const move = (step) => { const next = rows[rows.findIndex((partner) => partner.id === shown.id) + step]; if (next) pick(next.id); };
  const exchange = (partner) => attempt(async () => {
    await post(`/partners/${partner.id}/exchange`, undefined, { key: onceKey() });
    toast(`${partner.name}: sending what is ready and fetching what waits. Files appear as they come.`);
  });
  const all = () => rows?.filter((partner) => !partner.is_paused && !isStopped(partner)).forEach(exchange);
  const act = shown && {
    exchange: () => exchange(shown), edit: () => setDialog("edit"), schedule: () => setDialog("schedule"), pause: () => setDialog("pause"), start: () => setDialog("start"),
    test: () => attempt(async () => { await post(`/partners/${shown.id}/connection-test`, undefined, { key: onceKey() }); toast("The connection is being tested, step by step."); refresh(); }),
  };
  useKeys([["e", "Exchange now", () => shown && may("exchange") && !isStopped(shown) && exchange(shown)]], [shown]);
  const looks = rows?.filter((partner) => ["waiting", "look", "stopped"].includes(partner.state)).length ?? 0;
  const paused = rows?.filter((partner) => partner.is_paused).length ?? 0;
  const verb = shown?.is_paused ? "resume" : "pause";
  return html`<${Page} title="Trading partners" sub=${rows && `${plural(rows.length, "connection")}; ${looks ? `${looks} ${looks === 1 ? "needs" : "need"} a look` : paused ? `${paused} paused` : "all run"}`} peek=${shown && html`<${Peek} key=${`${shown.id} ${done}`} partner=${shown} move=${move} close=${close} act=${act} />`}
      actions=${html`<${News} resource=${list} />${may("exchange") && html`<button class="btn" onClick=${all}><${Icon} name="refresh" />Exchange now</button>`}
        ${may("partners.work") ? html`<button class="btn primary" onClick=${() => setDialog("new")}><${Icon} name="plus" />Add a partner</button>` : html`<${Locked} why="An administrator adds connections.">Add a partner<//>`}`}>
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(rows)} />
    ${rows?.length === 0 ? html`<${Empty} title="No trading partner yet">Add the clearinghouse that takes your claims.<//>`
      : html`<${DataTable} caption="Trading partners; counts of the last 24 hours" columns=${columns()} rows=${rows} nameOf=${(partner) => partner.name} current=${shown?.id ?? current} onCurrent=${pick} totals=${rows?.length > 1 && html`<${DayTotals} totals=${list.data.totals} />`} isStale=${Boolean(list.problem)} />`}
    ${rows?.length > 0 && html`<div class="below"><${SentAndAnswered} /></div>`}
    <${KeyHints} keys=${[["j k", "move"], ["space", "preview"], ["e", "exchange now"]]} />
    ${dialog === "edit" && html`<${EditPartner} id=${shown.id} onClose=${() => setDialog(null)} onDone=${refresh} />`}
    ${dialog === "new" && html`<${EditPartner} onClose=${() => setDialog(null)} onDone=${refresh} />`}
    ${dialog === "schedule" && html`<${EditSchedule} partner=${shown} onClose=${() => setDialog(null)} onDone=${refresh} />`}
    ${dialog === "start" && html`<${ReasonDialog} title=${`${startWords(shown)[0]}: ${shown.name}`} submit=${startWords(shown)[0]} danger=${shown.breaker.waits_for_person} optional=${!shown.breaker.waits_for_person} onClose=${() => setDialog(null)}
      act=${async (reason) => { await post(`/partners/${shown.id}/close-breaker`, { reason }, { key: onceKey() }); toast(`${shown.name}: what waited is tried now.`); refresh(); }}><p>${startWords(shown)[1]}</p><//>`}
    ${dialog === "pause" && html`<${ReasonDialog} title=${`${verb === "pause" ? "Pause" : "Resume"} ${shown.name}`} submit=${verb === "pause" ? "Pause" : "Resume"} optional onClose=${() => setDialog(null)}
      act=${async (reason) => { await post(`/partners/${shown.id}/${verb}`, { reason }, { key: onceKey() }); toast(`${shown.name} ${verb === "pause" ? "is paused" : "goes on"}.`); refresh(); }}>
      <p>${verb === "pause" ? "Nothing is sent or fetched until somebody resumes it. What is ready waits." : "What was frozen is delivered with the next exchange. Visits that were missed are not made up."}</p><//>`}
  <//>`;
}
