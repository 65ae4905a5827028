"""SQL of schedules. A tick is inserted once, whichever relay comes first: no scheduler leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from rcm.db import ReadSession
from rcm.rows import (
    ChangeRow,
    CronTickRow,
    EligibilityScheduleRow,
    ScheduleRow,
    TradingPartnerRow,
)

EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a partner is visited."""

    partner_id: UUID
    cron: str
    time_zone: str  #: The partner's.
    is_paused: bool  #: The schedule, or the partner itself.
    since: datetime  #: The last tick, or when the schedule was set.

    @property
    def name(self) -> str:
        """The name its ticks are counted by."""
        return f"{EXCHANGE}/{self.partner_id}"


def schedules(session: ReadSession) -> list[Schedule]:
    """Every schedule with its last tick."""
    last = (
        select(func.max(CronTickRow.scheduled_for))
        .where(CronTickRow.name == func.concat(f"{EXCHANGE}/", ScheduleRow.partner_id))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ScheduleRow.partner_id,
            ScheduleRow.cron,
            (ScheduleRow.is_paused | TradingPartnerRow.is_paused).label("is_paused"),
            TradingPartnerRow.time_zone,
            func.greatest(last, ScheduleRow.set_at).label("since"),
        ).join(TradingPartnerRow, TradingPartnerRow.id == ScheduleRow.partner_id)
    )
    return [
        Schedule(
            partner_id=row.partner_id,
            cron=row.cron,
            time_zone=row.time_zone,
            is_paused=row.is_paused,
            since=row.since,
        )
        for row in rows
    ]


def time_zone_of(session: ReadSession, partner_id: UUID) -> str | None:
    """The time zone of a partner; None where there is no such partner."""
    return session.scalar(
        select(TradingPartnerRow.time_zone).where(TradingPartnerRow.id == partner_id)
    )


def set_schedule(
    session: Session, partner_id: UUID, *, cron: str, is_paused: bool, now: datetime
) -> None:
    """Set when a partner is visited; ticks before `now` are not made up for."""
    values = {"cron": cron, "is_paused": is_paused, "set_at": now}
    statement = insert(ScheduleRow).values(partner_id=partner_id, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=[ScheduleRow.partner_id], set_=values)
    )


def begin_anew(session: Session, partner_id: UUID, *, now: datetime) -> None:
    """Let the schedules of a partner, visits and checks, look forward from `now`."""
    for row in (ScheduleRow, EligibilityScheduleRow):
        session.execute(update(row).where(row.partner_id == partner_id).values(set_at=now))


def add_ticks(session: Session, name: str, due: Sequence[datetime], *, now: datetime) -> bool:
    """Record ticks; tell whether the latest is ours to act on.

    Earlier ones were missed while nothing ran: they are kept as such, and not made up for.
    """
    *missed, latest = due
    for tick in missed:
        session.execute(_tick(name, tick, "missed", now))
    fired = session.scalar(_tick(name, latest, "fired", now).returning(CronTickRow.name))
    return fired is not None


def _tick(name: str, tick: datetime, outcome: str, now: datetime) -> Insert:
    return (
        insert(CronTickRow)
        .values(name=name, scheduled_for=tick, outcome=outcome, seen_at=now)
        .on_conflict_do_nothing()
    )


_PRUNED_FROM = timedelta(hours=26)
_PRUNED_TO = timedelta(hours=25)  #: An hour more than KEPT of rcm.reading.changes.


def prune_changes(session: Session, *, now: datetime) -> None:
    """Delete what nobody may ask for any more, about once an hour: an hour's worth at a time."""
    oldest = session.scalar(select(ChangeRow.at).order_by(ChangeRow.id).limit(1))
    if oldest is not None and oldest < now - _PRUNED_FROM:
        session.execute(delete(ChangeRow).where(ChangeRow.at < now - _PRUNED_TO))
