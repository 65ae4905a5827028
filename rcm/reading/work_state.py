"""Queries of jobs that are not done: how many, in what state, how long the oldest has waited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, case, cast, extract, func, select

from rcm.db import ReadSession
from rcm.jobs import QUEUES
from rcm.rows import ConnectionTestRow, FileRow, JobRow, TradingPartnerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkState:
    """Jobs of a queue, or about a partner and its files, by what holds them."""

    ready: int = 0  #: They could run now.
    waiting: int = 0  #: For a moment: after a failure, or for an open breaker.
    running: int = 0
    dead: int = 0
    quarantined: int = 0
    oldest_ready_seconds: int | None = None  #: Since it could run; None: none could.


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState(WorkState):
    """The same of one queue."""

    queue: str


_IS_DUE = JobRow.next_run_at <= func.now()


def could_run_since() -> ColumnElement[datetime]:
    """From when anybody may take a job; of one that runs, from the end of its lease.

    A lease that has ended says that the worker is gone. NULL for what nobody is to run.
    """
    return case(
        (JobRow.state == "ready", JobRow.next_run_at),
        (JobRow.state == "running", JobRow.lease_until),
    )


def work_by_queue(session: ReadSession) -> tuple[QueueState, ...]:
    """Every queue, also where nothing waits in it."""
    rows = session.execute(
        select(JobRow.queue.label("queue"), *_figures())
        .where(JobRow.state != "done")
        .group_by(JobRow.queue)
    )
    found = {row.queue: QueueState(**row._asdict()) for row in rows}
    return tuple(found.get(queue, QueueState(queue=queue)) for queue in QUEUES)


def work_by_partner(session: ReadSession) -> Mapping[UUID, WorkState]:
    """The work about each partner, its files and its connection tests."""
    partner_id = func.coalesce(
        TradingPartnerRow.id, FileRow.partner_id, ConnectionTestRow.partner_id
    )
    rows = session.execute(
        select(partner_id.label("partner_id"), *_figures())
        .select_from(JobRow)
        .outerjoin(TradingPartnerRow, TradingPartnerRow.id == JobRow.ref_id)
        .outerjoin(FileRow, FileRow.id == JobRow.ref_id)
        .outerjoin(ConnectionTestRow, ConnectionTestRow.id == JobRow.ref_id)
        .where(JobRow.state != "done", partner_id.is_not(None))
        .group_by(partner_id)
    )
    found = {}
    for row in rows:
        values = row._asdict()
        partner = values.pop("partner_id")
        found[partner] = WorkState(**values)
    return found


def _figures() -> tuple[ColumnElement[int], ...]:
    is_ready = JobRow.state == "ready"
    since = func.min(could_run_since()).filter(could_run_since() <= func.now())
    return (
        func.count().filter(is_ready, _IS_DUE).label("ready"),
        func.count().filter(is_ready, ~_IS_DUE).label("waiting"),
        func.count().filter(JobRow.state == "running").label("running"),
        func.count().filter(JobRow.state == "dead").label("dead"),
        func.count().filter(JobRow.state == "quarantined").label("quarantined"),
        cast(extract("epoch", func.now() - since), Integer).label("oldest_ready_seconds"),
    )
