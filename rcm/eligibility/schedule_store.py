"""SQL of what is asked by itself: by schedule, and again where a payer lets us."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rcm.db import ReadSession
from rcm.eligibility.model import Cause
from rcm.rows import CronTickRow, EligibilityCheckRow, EligibilityScheduleRow, TradingPartnerRow

_NAME = "eligibility"


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilitySchedule:
    """When coverages are checked by themselves, and for how long an answer is good."""

    partner_id: UUID
    cron: str
    days: int  #: A coverage checked within so many days is not checked again.
    time_zone: str  #: The partner's.
    is_paused: bool
    is_partner_paused: bool
    since: datetime  #: The last tick, or when the schedule was set.

    @property
    def name(self) -> str:
        """The name its ticks are counted by."""
        return f"{_NAME}/{self.partner_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRetry:
    """A check that its payer lets us ask again now."""

    id: UUID
    coverage_id: UUID
    service_date: date
    service_types: tuple[str, ...]
    cause: Cause
    tries: int


def schedules(session: ReadSession, partner_id: UUID | None = None) -> list[EligibilitySchedule]:
    """Every schedule with its last tick, or that of one partner."""
    last = (
        select(func.max(CronTickRow.scheduled_for))
        .where(CronTickRow.name == func.concat(f"{_NAME}/", EligibilityScheduleRow.partner_id))
        .scalar_subquery()
    )
    query = select(
        EligibilityScheduleRow,
        TradingPartnerRow.time_zone,
        TradingPartnerRow.is_paused,
        func.greatest(last, EligibilityScheduleRow.set_at),
    ).join(TradingPartnerRow, TradingPartnerRow.id == EligibilityScheduleRow.partner_id)
    if partner_id is not None:
        query = query.where(EligibilityScheduleRow.partner_id == partner_id)
    return [
        EligibilitySchedule(
            partner_id=row.partner_id,
            cron=row.cron,
            days=row.days,
            time_zone=time_zone,
            is_paused=row.is_paused,
            is_partner_paused=is_partner_paused,
            since=since,
        )
        for row, time_zone, is_partner_paused, since in session.execute(query)
    ]


def set_schedule(
    session: Session, partner_id: UUID, *, cron: str, days: int, is_paused: bool, now: datetime
) -> None:
    """Set when a partner's coverages are checked; ticks before `now` are not made up for."""
    values = {"cron": cron, "days": days, "is_paused": is_paused, "set_at": now}
    statement = insert(EligibilityScheduleRow).values(partner_id=partner_id, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[EligibilityScheduleRow.partner_id], set_=values
        )
    )


def take_due_retries(
    session: Session, partner_id: UUID, *, now: datetime, limit: int
) -> list[DueRetry]:
    """Lock the checks of a partner whose time has come, and strike their time."""
    due = (
        select(EligibilityCheckRow)
        .where(EligibilityCheckRow.partner_id == partner_id, EligibilityCheckRow.retry_at <= now)
        .order_by(EligibilityCheckRow.retry_at, EligibilityCheckRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [
        DueRetry(
            id=row.id,
            coverage_id=row.coverage_id,
            service_date=row.service_date,
            service_types=tuple(row.service_types),
            cause=Cause(row.cause),
            tries=row.tries,
        )
        for row in session.scalars(due)
    ]
    session.execute(
        update(EligibilityCheckRow)
        .where(EligibilityCheckRow.id.in_([each.id for each in found]))
        .values(retry_at=None)
    )
    return found


def partners_with_due_retries(session: ReadSession, *, now: datetime) -> list[UUID]:
    """Partners of whom something may be asked again now, but for those that are paused."""
    paused = (
        select(EligibilityScheduleRow.partner_id)
        .where(EligibilityScheduleRow.is_paused)
        .union(select(TradingPartnerRow.id).where(TradingPartnerRow.is_paused))
    )
    query = select(EligibilityCheckRow.partner_id).where(
        EligibilityCheckRow.retry_at <= now, EligibilityCheckRow.partner_id.not_in(paused)
    )
    return list(session.scalars(query.distinct().order_by(EligibilityCheckRow.partner_id)))
