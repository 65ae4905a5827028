"""Queries of what went to and from each partner: last day, what waits, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from rcm.db import ReadSession
from rcm.parties.breaker_store import TRAVEL
from rcm.reading.ack import ACKNOWLEDGED_TYPES, ANSWER_HOURS, Ack, ack_of
from rcm.rows import (
    ControlNumberRow,
    DecisionRow,
    FileRow,
    FileSightingRow,
    JobRow,
)

_WAITING = ("frozen", "uncertain")
_EXPECTED_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Files of the last 24 hours, and what waits now."""

    received: int = 0
    filtered: int = 0  #: Seen again with the same bytes: not read twice.
    sent: int = 0
    queued: int = 0  #: Frozen, and not surely at the partner: now.
    queued_since: datetime | None = None
    last_sent_at: datetime | None = None  #: Of whatever day.
    missing: int = 0  #: Sent, and the answer is late: now.
    missing_since: datetime | None = None
    failed: int = 0  #: Jobs that gave up, until a person tries them again.


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The last journey to a partner that was given up."""

    code: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A file of ours that waits for its answer."""

    file_id: UUID
    number: str  #: ISA13.
    file_type: str
    sent_at: datetime | None
    ack: Ack


def traffic(session: ReadSession, *, now: datetime) -> Mapping[UUID, Traffic]:
    """What went to and from each partner that has a file."""
    since = now - timedelta(hours=24)
    is_in, is_out = FileRow.direction == "inbound", FileRow.direction == "outbound"
    is_late = (
        (FileRow.state == "sent")
        & FileRow.file_type.in_(ACKNOWLEDGED_TYPES)
        & (FileRow.sent_at < now - timedelta(hours=ANSWER_HOURS))
    )
    waits = is_out & FileRow.state.in_(_WAITING)
    rows = session.execute(
        select(
            FileRow.partner_id,
            func.count().filter(is_in, FileRow.created_at >= since).label("received"),
            func.count().filter(is_out, FileRow.sent_at >= since).label("sent"),
            func.max(FileRow.sent_at).filter(is_out).label("last_sent_at"),
            func.count().filter(waits).label("queued"),
            func.min(FileRow.created_at).filter(waits).label("queued_since"),
            func.count().filter(is_late).label("missing"),
            func.min(FileRow.sent_at).filter(is_late).label("missing_since"),
        ).group_by(FileRow.partner_id)
    )
    seen = session.execute(
        select(FileRow.partner_id, func.count())
        .join(FileSightingRow, FileSightingRow.file_id == FileRow.id)
        .where(FileSightingRow.seen_at >= since)
        .group_by(FileRow.partner_id)
    )
    sightings = {partner_id: count for partner_id, count in seen}  # noqa: C416  # dict(rows) is untyped.
    found = {}
    for row in rows:
        values = row._asdict()
        partner_id = values.pop("partner_id")
        filtered = max(sightings.get(partner_id, 0) - row.received, 0)
        found[partner_id] = Traffic(**values, filtered=filtered)
    return found


def last_numbers(session: ReadSession) -> Mapping[UUID, str]:
    """The last interchange control number given to each partner, nine digits."""
    rows = session.execute(
        select(ControlNumberRow.partner_id, ControlNumberRow.last).where(
            ControlNumberRow.kind == "interchange"
        )
    )
    return {partner_id: f"{last:09d}" for partner_id, last in rows}


def stopped(session: ReadSession) -> Mapping[UUID, Stopped]:
    """The partners that we gave up to visit, with the last reason."""
    partner_id = func.coalesce(FileRow.partner_id, JobRow.ref_id).label("partner_id")
    rows = session.execute(
        select(partner_id, JobRow.last_error_code, JobRow.finished_at)
        .outerjoin(FileRow, FileRow.id == JobRow.ref_id)
        .where(JobRow.state.in_(("dead", "quarantined")), JobRow.kind.in_(TRAVEL))
        .order_by(JobRow.finished_at)
    )
    return {
        row.partner_id: Stopped(code=row.last_error_code, at=row.finished_at)
        for row in rows
        if row.partner_id is not None
    }


def paused_by(session: ReadSession) -> Mapping[UUID, tuple[str, datetime]]:
    """Who paused each partner last, and when."""
    rows = session.execute(
        select(DecisionRow.partner_id, DecisionRow.who, DecisionRow.made_at)
        .where(DecisionRow.what == "pause_partner")
        .order_by(DecisionRow.made_at)
    )
    return {row.partner_id: (row.who, row.made_at) for row in rows if row.partner_id is not None}


def expected_answers(session: ReadSession, partner_id: UUID, *, now: datetime) -> list[Expected]:
    """The files of ours that this partner has not answered, the oldest first."""
    rows = session.scalars(
        select(FileRow)
        .where(
            FileRow.partner_id == partner_id,
            FileRow.state == "sent",
            FileRow.file_type.in_(ACKNOWLEDGED_TYPES),
        )
        .order_by(FileRow.sent_at, FileRow.id)
        .limit(_EXPECTED_MAX)
    )
    return [
        Expected(
            file_id=row.id,
            number=f"{row.interchange_number or 0:09d}",
            file_type=row.file_type,
            sent_at=row.sent_at,
            ack=ack_of(file_type=row.file_type, state=row.state, sent_at=row.sent_at, now=now),
        )
        for row in rows
    ]
