"""Queries of what was posted of a claim, entry by entry, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from rcm.claims.timeline_words import dollars
from rcm.db import ReadSession
from rcm.reading.amounts import amount_columns
from rcm.rows import FileRow, LedgerEntryRow, PostingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One ledger entry, as far as it is of one claim."""

    at: datetime
    amounts: tuple[str, ...]
    file_id: UUID
    file_name: str
    file_type: str
    segment_number: int


def postings_of(session: ReadSession, claim_id: UUID) -> Sequence[Posted]:
    """The ledger entries of a claim, oldest first; each cites its first segment."""
    rows = session.execute(
        select(
            LedgerEntryRow.kind,
            LedgerEntryRow.posted_at,
            LedgerEntryRow.file_id,
            FileRow.name,
            FileRow.file_type,
            func.min(PostingRow.segment_number).label("segment_number"),
            *amount_columns(),
        )
        .join(PostingRow, PostingRow.entry_id == LedgerEntryRow.id)
        .join(FileRow, FileRow.id == LedgerEntryRow.file_id)
        .where(PostingRow.claim_id == claim_id)
        .group_by(LedgerEntryRow.id, FileRow.id)
        .order_by(LedgerEntryRow.posted_at, LedgerEntryRow.id)
    )
    return [
        Posted(
            at=row.posted_at,
            amounts=_amounts(row.kind, row._asdict()),
            file_id=row.file_id,
            file_name=row.name,
            file_type=row.file_type,
            segment_number=row.segment_number,
        )
        for row in rows
    ]


def _amounts(kind: str, cents: dict[str, int]) -> tuple[str, ...]:
    """Return what an entry moved, in words."""
    if kind == "charge":
        return (f"{dollars(cents['balance_cents'])} charged",)
    told = (
        ("paid_cents", "paid"),
        ("adjusted_cents", "adjusted"),
        ("patient_cents", "to the patient"),
        ("denied_cents", "denied"),
    )
    moved = tuple(f"{dollars(cents[name])} {words}" for name, words in told if cents[name])
    return moved or ("nothing moved",)
