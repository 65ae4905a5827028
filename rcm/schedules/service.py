"""Use case: promise what is due by schedule. Run by every relay; each tick takes effect once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from rcm import jobs
from rcm.eligibility import schedule_store
from rcm.exchange.now import (
    BY_SCHEDULE,
    PartnerPausedError,
    UnknownPartnerError,
    exchange_now,
)
from rcm.failpoint import failpoint
from rcm.schedules import store
from rcm.schedules.ticks import next_ticks, ticks
from rcm.tools import Tools

_SHOWN = 3  #: Of the next times.


def follow_schedule(
    session: Session, tools: Tools, partner_id: UUID, *, cron: str, is_paused: bool
) -> tuple[str, tuple[datetime, ...]]:
    """Set when a partner is visited; returns its time zone and the next visits.

    Raises UnknownPartnerError, BadScheduleError.
    """
    now = tools.clock()
    told = _following(session, partner_id, cron, now, is_paused=is_paused)
    store.set_schedule(session, partner_id, cron=cron, is_paused=is_paused, now=now)
    return told


def follow_eligibility_schedule(
    session: Session, tools: Tools, partner_id: UUID, *, cron: str, days: int, is_paused: bool
) -> tuple[str, tuple[datetime, ...]]:
    """Set when coverages that were not checked in `days` days are checked by themselves.

    Returns the partner's time zone and the next times. Paused, nothing is asked by itself: neither
    by schedule nor again. Raises UnknownPartnerError, BadScheduleError.
    """
    now = tools.clock()
    told = _following(session, partner_id, cron, now, is_paused=is_paused)
    schedule_store.set_schedule(
        session, partner_id, cron=cron, days=days, is_paused=is_paused, now=now
    )
    return told


def _following(
    session: Session, partner_id: UUID, cron: str, now: datetime, *, is_paused: bool
) -> tuple[str, tuple[datetime, ...]]:
    time_zone = store.time_zone_of(session, partner_id)
    if time_zone is None:
        raise UnknownPartnerError
    return time_zone, next_ticks(cron, time_zone, after=now, count=0 if is_paused else _SHOWN)


def eligibility_schedule(
    session: Session, tools: Tools, partner_id: UUID
) -> tuple[schedule_store.EligibilitySchedule, tuple[datetime, ...]] | None:
    """Return when a partner's coverages are checked, and the next times; None: never set."""
    schedule = next(iter(schedule_store.schedules(session, partner_id)), None)
    if schedule is None:
        return None
    count = 0 if schedule.is_paused else _SHOWN
    now = tools.clock()
    return schedule, next_ticks(schedule.cron, schedule.time_zone, after=now, count=count)


def fire_due(session: Session, tools: Tools) -> int:
    """Promise what each schedule with a new tick says, and questions that may be asked again.

    Forgets changes that nobody may ask for any more. Returns how many schedules had a tick. A
    paused partner has none, and what it misses is not made up for.
    """
    now = tools.clock()
    store.prune_changes(session, now=now)
    fired = 0
    for schedule in store.schedules(session):
        if _is_due(session, schedule, now):
            try:
                exchange_now(session, schedule.partner_id, by=BY_SCHEDULE)
            except PartnerPausedError:
                continue  # A moment ago it was not.
            fired += 1
    for checking in schedule_store.schedules(session):
        if not checking.is_partner_paused and _is_due(session, checking, now):
            jobs.add(session, "check_coverages", ref_id=checking.partner_id)
            fired += 1
    for partner_id in schedule_store.partners_with_due_retries(session, now=now):
        jobs.add(session, "ask_eligibility", ref_id=partner_id)
    if fired:
        failpoint("schedule.promised")
    return fired


def _is_due(
    session: Session, schedule: store.Schedule | schedule_store.EligibilitySchedule, now: datetime
) -> bool:
    if schedule.is_paused:
        return False
    due = ticks(schedule.cron, schedule.time_zone, after=schedule.since, until=now)
    is_ours = bool(due) and store.add_ticks(session, schedule.name, due, now=now)
    if is_ours:
        failpoint("schedule.ticked")
    return is_ours
