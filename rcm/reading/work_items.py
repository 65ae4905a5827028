"""Queries of work items: what people have to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from rcm.db import ReadSession
from rcm.reading.pages import Page, Position, equal, following, page_of, total_of
from rcm.rows import WorkItemRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItemFilter:
    """Which items; what is empty chooses all."""

    kinds: Sequence[str] = ()
    state: str | None = None
    claim_id: UUID | None = None


def work_items(
    session: ReadSession, chosen: WorkItemFilter, *, after: Position | None, limit: int
) -> tuple[Page[WorkItemRow], int]:
    """A page of items, newest first, with the facets by kind, and the money of all of them."""
    others = equal((WorkItemRow.state, chosen.state), (WorkItemRow.claim_id, chosen.claim_id))
    query = select(WorkItemRow).where(*others)
    if chosen.kinds:
        query = query.where(WorkItemRow.kind.in_(chosen.kinds))
    rows = session.scalars(
        page_of(query, at=WorkItemRow.opened_at, row_id=WorkItemRow.id, after=after, limit=limit)
    ).all()
    shown, position = following(rows, limit, at="opened_at")
    by_kind = session.execute(
        select(WorkItemRow.kind, func.count(), func.sum(WorkItemRow.amount_cents))
        .where(*others)
        .group_by(WorkItemRow.kind)
        .order_by(WorkItemRow.kind)
    ).all()
    facets = {kind: count for kind, count, _ in by_kind}
    amount = sum(
        int(cents) for kind, _, cents in by_kind if not chosen.kinds or kind in chosen.kinds
    )
    page = Page(
        items=tuple(shown),
        following=position,
        facets=facets,
        total=total_of(facets, chosen.kinds),
    )
    return page, amount
