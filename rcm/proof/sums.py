"""What must hold of the ledger alone, without any file: asked of the rows, not of their indexes."""

from collections.abc import Iterator

from sqlalchemy import func, select

from rcm.db import ReadSession
from rcm.rows import LedgerEntryRow, PostingRow


def sum_differences(session: ReadSession) -> Iterator[str]:
    """Yield each entry that does not sum to zero, and each key that is there twice.

    The database refuses both while its triggers and its constraints stand.
    """
    unbalanced = (
        select(LedgerEntryRow.key)
        .outerjoin(PostingRow, PostingRow.entry_id == LedgerEntryRow.id)
        .group_by(LedgerEntryRow.id, LedgerEntryRow.key)
        .having(func.coalesce(func.sum(PostingRow.amount_cents), 1) != 0)
        .order_by(LedgerEntryRow.key)
    )
    for key in session.scalars(unbalanced):
        yield f"does not sum to zero, or has no posting: {key}"
    again = (
        select(LedgerEntryRow.key)
        .group_by(LedgerEntryRow.key)
        .having(func.count() > 1)
        .order_by(LedgerEntryRow.key)
    )
    for key in session.scalars(again):
        yield f"in the ledger more than once: {key}"
    lost = (
        select(PostingRow.entry_id)
        .outerjoin(LedgerEntryRow, LedgerEntryRow.id == PostingRow.entry_id)
        .where(LedgerEntryRow.id.is_(None))
        .distinct()
        .order_by(PostingRow.entry_id)
    )
    for entry_id in session.scalars(lost):
        yield f"postings of an entry that is not there: {entry_id}"
