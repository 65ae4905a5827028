"""Queries of trading partners: who they are and when we last met, never how we log in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from rcm.db import ReadSession
from rcm.rows import ScheduleRow, TradingPartnerRow, UnfetchedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSummary:
    """A clearinghouse or payer that we exchange files with."""

    id: UUID
    name: str
    usage: str
    their_id: str
    time_zone: str
    last_exchange_at: datetime | None
    last_received_at: datetime | None
    cron: str | None  #: Five fields in the partner's time zone; None: only "exchange now".
    is_paused: bool
    unfetched: int  #: Files in the partner's folder that could not be fetched, or not put away.


def partners(session: ReadSession) -> tuple[PartnerSummary, ...]:
    """Every trading partner, by name: there are few."""
    waiting = (
        select(func.count())
        .where(UnfetchedRow.partner_id == TradingPartnerRow.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(TradingPartnerRow, ScheduleRow.cron, ScheduleRow.is_paused, waiting)
        .outerjoin(ScheduleRow, ScheduleRow.partner_id == TradingPartnerRow.id)
        .order_by(TradingPartnerRow.name)
    )
    return tuple(
        PartnerSummary(
            id=row.id,
            name=row.name,
            usage=row.usage,
            their_id=row.their_id,
            time_zone=row.time_zone,
            last_exchange_at=row.last_exchange_at,
            last_received_at=row.last_received_at,
            cron=cron,
            is_paused=bool(is_paused),
            unfetched=unfetched,
        )
        for row, cron, is_paused, unfetched in rows
    )
