"""Use case: promise the exchanges that are due. Run by every relay; each tick takes effect once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.exchange.now import UnknownPartnerError, exchange_now
from rcm.schedules import store
from rcm.schedules.ticks import next_ticks, ticks
from rcm.tools import Tools


def follow_schedule(
    session: Session, tools: Tools, partner_id: UUID, *, cron: str, is_paused: bool
) -> tuple[str, tuple[datetime, ...]]:
    """Set when a partner is visited; returns its time zone and the next visits.

    Raises UnknownPartnerError, BadScheduleError.
    """
    time_zone = store.time_zone_of(session, partner_id)
    if time_zone is None:
        raise UnknownPartnerError
    now = tools.clock()
    following = next_ticks(cron, time_zone, after=now, count=0 if is_paused else 3)
    store.set_schedule(session, partner_id, cron=cron, is_paused=is_paused, now=now)
    return time_zone, following


def fire_due(session: Session, tools: Tools) -> int:
    """Promise an exchange for each schedule with a new tick; returns how many."""
    now = tools.clock()
    fired = 0
    for schedule in store.schedules(session):
        if schedule.is_paused:
            continue
        due = ticks(schedule.cron, schedule.time_zone, after=schedule.since, until=now)
        if due and store.add_ticks(session, schedule.name, due, now=now):
            exchange_now(session, schedule.partner_id)
            fired += 1
    return fired
