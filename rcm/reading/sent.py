"""Queries of what we sent: every claim of a file is accepted, rejected or waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, and_, case, cast, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from rcm.claims.status import ClaimEvent
from rcm.db import ReadSession
from rcm.reading.ack import Ack, Counts, ack_of
from rcm.reading.pages import Position, equal, read_page, sort_of
from rcm.rows import ClaimEventRow, ClaimRow, FileRow, SubmissionRow, TradingPartnerRow

_CLAIM_TYPES = ("837P", "837I", "837D")
_REJECTED = (
    ClaimEvent.REFUSED,
    ClaimEvent.REJECTED_BY_CLEARINGHOUSE,
    ClaimEvent.REJECTED_BY_PAYER,
)
_ACCEPTED = (ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE, ClaimEvent.ACCEPTED_BY_PAYER)
#: A payer that decides has taken the claim, whether or not it said so before.
_DECIDED = (ClaimEvent.PAID, ClaimEvent.DENIED, ClaimEvent.PENDED, ClaimEvent.REVERSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A claim file that we sent, and what was said of its claims."""

    id: UUID
    partner_id: UUID
    partner_name: str
    number: str  #: ISA13, nine digits.
    file_type: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    counts: Counts
    ack: Ack


def sent_files(
    session: ReadSession,
    *,
    partner_id: UUID | None,
    after: Position | None,
    limit: int,
    now: datetime,
) -> tuple[list[SentFile], Position | None, int]:
    """A page of claim files, newest first, where the next begins, and how many there are."""
    conditions = [
        FileRow.direction == "outbound",
        FileRow.file_type.in_(_CLAIM_TYPES),
        *equal((FileRow.partner_id, partner_id)),
    ]
    query = (
        select(FileRow, TradingPartnerRow.name)
        .join(TradingPartnerRow, TradingPartnerRow.id == FileRow.partner_id)
        .where(*conditions)
    )
    sort = sort_of("-created", {"created": FileRow.created_at}, FileRow.id)
    rows, following = read_page(session, query, sort, after=after, limit=limit)
    counts = claim_counts(session, [row.FileRow.id for row in rows])
    total = session.scalar(select(func.count()).select_from(FileRow).where(*conditions)) or 0
    found = [
        _sent(row.FileRow, row.name, counts.get(row.FileRow.id, Counts()), now) for row in rows
    ]
    return found, following, total


def _sent(row: FileRow, partner_name: str, counts: Counts, now: datetime) -> SentFile:
    return SentFile(
        id=row.id,
        partner_id=row.partner_id,
        partner_name=partner_name,
        number=f"{row.interchange_number or 0:09d}",
        file_type=row.file_type,
        state=row.state,
        created_at=row.created_at,
        sent_at=row.sent_at,
        counts=counts,
        ack=ack_of(
            file_type=row.file_type, state=row.state, sent_at=row.sent_at, now=now, counts=counts
        ),
    )


def claim_counts(session: ReadSession, file_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Of each of these files of ours what was said of its claims last, with their charges."""
    later_file, later = aliased(FileRow), aliased(SubmissionRow)
    sent_again = (
        select(later.claim_id)
        .join(later_file, later_file.id == later.file_id)
        .where(
            later.claim_id == SubmissionRow.claim_id,
            tuple_(later_file.created_at, later_file.interchange_number)
            > tuple_(FileRow.created_at, FileRow.interchange_number),
        )
        .correlate(SubmissionRow, FileRow)
        .exists()
    )
    # An 835 names no file of ours: it speaks of the one that was sent last.
    is_of_money = and_(
        ClaimEventRow.event.in_(_DECIDED),
        ClaimEventRow.recorded_at >= FileRow.created_at,
        ~sent_again,
    )
    is_answer = and_(
        ClaimEventRow.event.in_((*_REJECTED, *_ACCEPTED)),
        ClaimEventRow.outbound_id == SubmissionRow.file_id,
    )
    said = (
        select(ClaimEventRow.event)
        .where(ClaimEventRow.claim_id == SubmissionRow.claim_id, or_(is_answer, is_of_money))
        .order_by(ClaimEventRow.id.desc())
        .limit(1)
        .correlate(SubmissionRow, FileRow)
        .lateral("said")
    )
    verdict = case(
        (said.c.event.in_(_REJECTED), "rejected"),
        (said.c.event.is_not(None), "accepted"),
        else_="waiting",
    ).label("verdict")
    rows = session.execute(
        select(
            SubmissionRow.file_id,
            verdict,
            func.count().label("claims"),
            cast(func.sum(ClaimRow.charge_cents), BigInteger).label("cents"),
        )
        .join(FileRow, FileRow.id == SubmissionRow.file_id)
        .join(ClaimRow, ClaimRow.id == SubmissionRow.claim_id)
        .outerjoin(said, true())
        .where(SubmissionRow.file_id.in_(file_ids))
        .group_by(SubmissionRow.file_id, verdict)
    )
    found: dict[UUID, dict[str, int]] = {}
    for row in rows:
        values = found.setdefault(row.file_id, {})
        values[row.verdict] = row.claims
        values[f"{row.verdict}_cents"] = row.cents
    return {file_id: Counts(**values) for file_id, values in found.items()}
