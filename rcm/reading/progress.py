"""Whether work goes on: what a process should have done by now, and has not."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Integer, cast, exists, extract, func, or_, select

from rcm.chains.model import Chain
from rcm.chains.service import KIND as CHAIN_ROWS
from rcm.db import ReadSession
from rcm.eligibility import schedule_store
from rcm.reading.chain_state import unchained_rows
from rcm.reading.work_state import could_run_since
from rcm.rows import JobRow
from rcm.schedules import store as visits
from rcm.schedules.ticks import has_tick


def idle_queues(session: ReadSession, queues: Collection[str], *, seconds: int) -> Iterator[str]:
    """Yield what says that nobody works at a queue though there is work.

    A job could run for more than `seconds`; meanwhile none has ended, and none runs under a lease
    that somebody renews. A long backlog that is being worked off is no such thing.
    """
    is_held = (JobRow.state == "running") & (JobRow.lease_until >= func.now())
    waited = cast(extract("epoch", func.now() - func.min(could_run_since())), Integer)
    rows = session.execute(
        select(
            JobRow.queue,
            waited.label("seconds"),
            func.count().filter(could_run_since() <= func.now()).label("jobs"),
        )
        .where(JobRow.state.in_(("ready", "running")), JobRow.queue.in_(queues))
        .group_by(JobRow.queue)
        .having(waited > seconds, func.count().filter(is_held) == 0)
        .order_by(JobRow.queue)
    ).all()
    since = func.now() - timedelta(seconds=seconds)
    for row in rows:
        ended = exists().where(JobRow.queue == row.queue, JobRow.finished_at > since)
        if not session.scalar(select(ended)):
            yield (
                f"{row.queue}: {row.jobs} could run, the oldest for {row.seconds} s,"
                " and nobody takes any up"
            )


def idle_relay(session: ReadSession, *, now: datetime, seconds: int) -> Iterator[str]:
    """Yield what says that no relay does its work: ringing, schedules, promising to chain.

    Workers ring too, so jobs alone say little; schedules and chains have nobody else.
    """
    until = now - timedelta(seconds=seconds)
    unheard = session.scalar(
        select(func.count()).where(
            JobRow.state.in_(("ready", "running")),
            could_run_since() < func.now() - timedelta(seconds=seconds),
            or_(
                JobRow.nudged_at.is_(None),
                JobRow.nudged_at < func.now() - timedelta(seconds=seconds),
            ),
        )
    )
    if unheard:
        yield f"{unheard} jobs could run for over {seconds} s, and nobody rings for them"
    for each in visits.schedules(session):
        if not each.is_paused and has_tick(
            each.cron, each.time_zone, after=each.since, until=until
        ):
            yield f"a visit of partner {each.partner_id} is due since more than {seconds} s"
    for check in schedule_store.schedules(session):
        if check.is_paused or check.is_partner_paused:
            continue
        if has_tick(check.cron, check.time_zone, after=check.since, until=until):
            yield f"checks of coverages by {check.partner_id} are due since over {seconds} s"
    yield from _unchained(session, until, seconds)


def _unchained(session: ReadSession, until: datetime, seconds: int) -> Iterator[str]:
    """Rows that nobody promised to chain; where the job itself fails, it says so by itself."""
    is_promised = exists().where(JobRow.kind == CHAIN_ROWS, JobRow.state != "done")
    if session.scalar(select(is_promised)):
        return
    for chain in Chain:
        _, first_at = unchained_rows(session, chain)
        if first_at is not None and first_at < until:
            yield f"rows of the {chain.value} wait to be chained for over {seconds} s"
