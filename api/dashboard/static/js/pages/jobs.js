// Failed jobs: work of the machinery that gave up; nothing of it is lost, and each can be tried again.
import { html, useState } from "../lib.js";
import { lasted, moment, plural } from "../format.js";
import { post } from "../http.js";
import { ReasonDialog, toast } from "../kit/dialog.js";
import { Icon } from "../kit/icons.js";
import { More, Pills, useList } from "../kit/list.js";
import { Page } from "../kit/page.js";
import { Code } from "../kit/parts.js";
import { Empty, Failure, Locked, News } from "../kit/states.js";
import { DataTable, KeyHints, useRows } from "../kit/table.js";
import { useResource } from "../resource.js";
import { Link } from "../router.js";
import { may } from "../session.js";
import { Queues } from "./jobs-queues.js";

export default function Jobs() {
  const list = useList("/jobs/failed", { names: ["kind"], kinds: ["job"] });
  const summary = useResource("/jobs/summary", { kinds: ["job"] });
  const [retried, setRetried] = useState(null);
  const [current, choose] = useRows({ rows: list.rows });
  const again = (job) => async (reason) => {
    await post(`/jobs/${job.id}/retry`, { reason });
    toast(`${job.words}: it is being tried again. Where it fails once more, it comes back here.`);
    list.refresh();
    summary.refresh();
  };
  const columns = [
    { key: "what", label: "What", isHead: true, card: "lead", cell: (job) => html`<span class="strong">${job.words}</span><span class="said">${plural(job.attempts, "attempt")}</span>` },
    { key: "why", label: "What is wrong, and what to do", cell: (job) => html`${job.message}<span class="said flow">${job.cure}</span>` },
    { key: "code", label: "Code", card: "fold", cell: (job) => (job.error_code ? html`<${Code} value=${job.error_code} />` : "–") },
    { key: "about", label: "About", card: "fold", cell: (job) => (job.file_id ? html`<${Link} href=${`/files/${job.file_id}`}>File<//>` : job.partner_id ? html`<${Link} href=${`/partners?open=${job.partner_id}`}>Partner<//>` : "–") },
    { key: "at", label: "Gave up", num: true, card: "fold", cell: (job) => html`<time datetime=${job.failed_at}>${moment(job.failed_at)}</time>` },
    { key: "do", label: "Action", hidden: true, num: true, card: "end", cell: (job) => (may("jobs.work")
      ? html`<button class="btn small" onClick=${() => setRetried(job)}><${Icon} name="refresh" small />Try again</button>`
      : html`<${Locked} why="An integration engineer or a manager can try it again.">Try again<//>`) },
  ];
  const kinds = new Map((summary.data?.failures ?? []).map((each) => [each.kind, each.words]));
  const waits = summary.data?.oldest_ready_seconds;
  return html`<${Page} title="Failed jobs" sub=${!summary.data ? null : waits === null ? "No job is ready: all that can run has run." : `The oldest job that is ready has waited ${lasted(waits)}.`} actions=${html`<${News} resource=${list} />`}>
    <${Pills} name="kind" groups=${Object.keys(list.facets.kind ?? {}).map((kind) => [kinds.get(kind) ?? kind.replaceAll("_", " "), [kind]])} facet=${list.facets.kind} label="Kind of job" />
    <${Failure} problem=${list.problem} retry=${list.refresh} kept=${Boolean(list.rows)} />
    ${list.rows?.length === 0 ? html`<${Empty} title="No job has failed">What fails for good stands here with its cause. What fails once is tried again by itself.<//>`
      : html`<${DataTable} caption="Jobs that gave up, newest first" columns=${columns} rows=${list.rows} current=${current} onCurrent=${choose} />`}
    <${More} list=${list} word="jobs" />
    ${summary.data && html`<div class="below"><${Queues} queues=${summary.data.queues} /></div>`}<${KeyHints} keys=${[["j k", "move"]]} />
    ${retried && html`<${ReasonDialog} title=${`Try again: ${retried.words}`} submit=${retried.is_retry_safe ? "Try again" : "It is mended, try again"} danger=${!retried.is_retry_safe} optional=${retried.is_retry_safe} onClose=${() => setRetried(null)} act=${again(retried)}>
      <p>${retried.message} ${retried.cure}</p><p class="muted">${retried.is_retry_safe ? "Trying twice does nothing twice." : "Do this first: trying before may do harm. Say what was done."}</p><//>`}
  <//>`;
}
