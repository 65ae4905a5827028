"""What is wrong with the machinery: what it is, what is still safe, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select

from rcm.access import Actor, Right
from rcm.db import ReadSession
from rcm.parties.connection_tests import last_test
from rcm.reading.links import PageLink
from rcm.reading.partners import PartnerSummary, partners
from rcm.reading.work_state import could_run_since
from rcm.rows import FileRow, JobRow, ScheduleRow, TradingPartnerRow, UnfetchedRow
from rcm.schedules.ticks import has_tick

#: A relay rings every two seconds, and again after 30: what waits longer is heard by nobody.
WAITS_MAX = timedelta(minutes=2)
#: A visit takes a minute; one that is this late was not made.
VISIT_LATE = timedelta(minutes=15)
#: A partner who does not let us read a file, or put it away, has had its night to mend that.
STUCK_AFTER = timedelta(hours=24)
_MINUTE = timedelta(minutes=1)
_STUCK = {
    "ARCHIVE": (
        "files_not_put_away",
        "cannot be put away since yesterday: the partner refuses it.",
        "What they hold is ours, and counts once however often it is seen.",
        "Ask the partner for the right to move files into the archive folder.",
    ),
    "READ": (
        "files_not_read",
        "could not be read since yesterday.",
        "The others are fetched; what was not read stays where it is.",
        "Ask the partner to let us read it, or to offer it anew.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a person should look after, though no claim waits for it by name."""

    severity: Literal["error", "warning"]
    code: str
    message: str  #: What is wrong.
    safe: str  #: What is still true.
    action: str
    link: PageLink


def alerts(session: ReadSession, actor: Actor, *, now: datetime) -> tuple[Alert, ...]:
    """What is wrong, errors first, of what `actor` may look at."""
    found: list[Alert] = []
    if actor.may(Right.JOBS_READ):
        found += _of_jobs(session, now)
    if actor.may(Right.FILES_READ):
        found += _of_files(session, now)
    if actor.may(Right.PARTNERS_READ):
        for each in partners(session, now=now):
            found += _of_partner(session, each, now)
    return tuple(sorted(found, key=lambda alert: alert.severity))


def _of_jobs(session: ReadSession, now: datetime) -> Iterator[Alert]:
    since = func.min(could_run_since())
    rows = session.execute(
        select(JobRow.queue, since.label("since"))
        .where(JobRow.state.in_(("ready", "running")))
        .group_by(JobRow.queue)
        .having(since < now - WAITS_MAX)
        .order_by(JobRow.queue)
    ).all()
    if rows:
        waited = (now - min(row.since for row in rows)) // _MINUTE
        queues = " and ".join(f"“{row.queue}”" for row in rows)
        yield Alert(
            severity="error",
            code="work_waits",
            message=f"Nothing has taken up work of the queue {queues} for {waited} minutes.",
            safe="Nothing is lost: work waits in the database and goes on by itself.",
            action="Ask the operator to look at the workers, the relay and the broker.",
            link=PageLink(page="jobs"),
        )
    dead = session.scalar(select(func.count()).where(JobRow.state.in_(("dead", "quarantined"))))
    if dead:
        yield Alert(
            severity="error",
            code="jobs_failed",
            message=f"{_counted(dead, 'job')} gave up.",
            safe="Nothing is lost: each can be tried again, and counts once.",
            action="Look why, and try again once the cause is mended.",
            link=PageLink(page="jobs"),
        )


def _of_files(session: ReadSession, now: datetime) -> Iterator[Alert]:
    yield from _of_stuck(session, now)
    kept = session.scalar(select(func.count()).where(FileRow.state == "quarantined"))
    if kept:
        yield Alert(
            severity="error",
            code="files_in_quarantine",
            message=f"{_counted(kept, 'file')} kept aside: we could not use what came.",
            safe="The bytes are kept as they came, and nothing of them is posted.",
            action="Read the reason, then replay or discard.",
            link=PageLink(page="files", filter={"state": "quarantined"}),
        )


def _of_stuck(session: ReadSession, now: datetime) -> Iterator[Alert]:
    """Files in partners' folders that should have gone long ago: it does not pass by itself."""
    rows = session.execute(
        select(TradingPartnerRow.id, TradingPartnerRow.name, UnfetchedRow.reason, func.count())
        .join(UnfetchedRow, UnfetchedRow.partner_id == TradingPartnerRow.id)
        .where(UnfetchedRow.reason.in_(_STUCK), UnfetchedRow.first_seen_at < now - STUCK_AFTER)
        .group_by(TradingPartnerRow.id, TradingPartnerRow.name, UnfetchedRow.reason)
        .order_by(TradingPartnerRow.name, UnfetchedRow.reason)
    )
    for partner_id, name, reason, count in rows:
        code, words, safe, action = _STUCK[reason]
        yield Alert(
            severity="warning",
            code=code,
            message=f"{name}: {_counted(count, 'file')} {words}",
            safe=safe,
            action=action,
            link=PageLink(page="partners", filter={"open": str(partner_id)}),
        )


def _of_partner(session: ReadSession, partner: PartnerSummary, now: datetime) -> Iterator[Alert]:
    link = PageLink(page="partners", filter={"open": str(partner.id)})
    waits = "Nothing is lost: claims wait here, and answers wait there."
    if partner.is_paused:
        yield Alert(
            severity="warning",
            code="partner_paused",
            message=f"{partner.name} is paused: nothing is exchanged.",
            safe=waits,
            action="Resume it when it may go on.",
            link=link,
        )
        return
    if partner.breaker.state != "closed":
        yield _of_breaker(partner, link)
        return  # That it was not visited, and is silent, follows from it.
    if partner.silence is not None:
        yield Alert(
            severity="warning",
            code="partner_silent",
            message=f"{partner.name}: {partner.silence}.",
            safe="What was sent stays sent; missing answers come with the next visit.",
            action="Exchange now; if nothing comes, call them.",
            link=link,
        )
    if _is_overdue(session, partner, now):
        yield Alert(
            severity="error",
            code="exchange_overdue",
            message=f"{partner.name} was not visited when its schedule said so.",
            safe=waits,
            action="Exchange now, and have the workers looked at if that does not help.",
            link=link,
        )
    test = last_test(session, partner.id)
    if test is not None and test.state == "failed":
        wrong = next(step for step in test.steps if step.outcome == "failed")
        yield Alert(
            severity="error",
            code="connection_fails",
            message=f"{partner.name}: the last connection test failed. {wrong.message}".rstrip(),
            safe=waits,
            action=wrong.cure or "Correct the settings, and test the connection again.",
            link=link,
        )


def _of_breaker(partner: PartnerSummary, link: PageLink) -> Alert:
    breaker = partner.breaker
    files = partner.last_24h.queued
    what = f"{_counted(files, 'file')} to send" if files else "claims"
    waits = f"{what} {'waits' if files == 1 else 'wait'} here"
    is_held = breaker.waits_for_person
    stands = "is not met any more" if is_held else "cannot be reached"
    return Alert(
        severity="error" if is_held else "warning",
        code="breaker_open",
        message=f"{partner.name} {stands}. {breaker.why}",
        safe=f"Nothing is lost: {waits}, and answers wait there.",
        action=breaker.cure,
        link=link,
    )


def _is_overdue(session: ReadSession, partner: PartnerSummary, now: datetime) -> bool:
    """Tell whether a tick of the schedule passed, and no visit followed in time."""
    if partner.cron is None or partner.is_schedule_paused:
        return False
    since = session.scalars(
        select(ScheduleRow.set_at).where(ScheduleRow.partner_id == partner.id)
    ).one()
    if partner.last_exchange_at is not None:
        since = max(since, partner.last_exchange_at)
    until = now - VISIT_LATE
    return since < until and has_tick(partner.cron, partner.time_zone, after=since, until=until)


def _counted(count: int, word: str) -> str:
    """Return a number with its word.

    >>> _counted(1, "job"), _counted(2, "job")
    ('1 job', '2 jobs')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
