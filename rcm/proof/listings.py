"""The rows that lists read, compared with the claims and the ledger that they are made of."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.reading.amounts import NOTHING, amount_columns
from rcm.rows import ClaimListingRow, ClaimRow, ClaimSumRow, PostingRow

_COPIED = (
    "billing_provider_id",
    "payer_id",
    "partner_id",
    "status_at",
    "created_at",
    "charge_cents",
    "service_from",
    "service_to",
    "status",
)


def listing_differences(session: ReadSession) -> Iterator[str]:
    """Yield each claim of which lists say something else than claim and ledger.

    So is one whose postings do not add up: billed = paid + adjusted + balance.
    """
    billed = func.sum(-PostingRow.amount_cents).filter(
        PostingRow.account == Account.REVENUE_CHARGES
    )
    told = (
        select(PostingRow.claim_id, billed.label("billed_cents"), *amount_columns())
        .where(PostingRow.claim_id.is_not(None))
        .group_by(PostingRow.claim_id)
        .subquery()
    )

    def ledger(name: str) -> ColumnElement[int]:
        return func.coalesce(told.c[name], 0)

    listed = ClaimListingRow
    amounts = ("paid_cents", "adjusted_cents", "patient_cents", "denied_cents")
    assert {*amounts, "balance_cents"} == set(NOTHING)
    balance = listed.billed_cents - listed.paid_cents - listed.adjusted_cents
    rows = session.scalars(
        select(ClaimRow.id)
        .outerjoin(listed, listed.claim_id == ClaimRow.id)
        .outerjoin(told, told.c.claim_id == ClaimRow.id)
        .where(
            or_(
                listed.claim_id.is_(None),
                listed.billed_cents != ledger("billed_cents"),
                balance != ledger("balance_cents"),
                *(getattr(listed, name) != ledger(name) for name in amounts),
                *(getattr(listed, name) != getattr(ClaimRow, name) for name in _COPIED),
            )
        )
        .order_by(ClaimRow.id)
    )
    for claim_id in rows:
        yield f"lists differ from the ledger: claim {claim_id}"
    yield from _sum_differences(session)


def _sum_differences(session: ReadSession) -> Iterator[str]:
    """Yield each status whose counts and sums are not those of its claims."""
    names = ("charge_cents", "billed_cents", *(name for name in NOTHING if name != "balance_cents"))

    def added_up(row: type[ClaimListingRow | ClaimSumRow], count: ColumnElement[Any]) -> set[Any]:
        group = (row.status, row.payer_id, row.billing_provider_id)
        sums = [func.sum(getattr(row, name)) for name in names]
        rows = session.execute(select(*group, count, *sums).group_by(*group).having(count != 0))
        return {tuple(each) for each in rows}

    listed = added_up(ClaimListingRow, func.count())
    summed = added_up(ClaimSumRow, func.sum(ClaimSumRow.claims))
    for status in sorted({each[0] for each in listed ^ summed}):
        yield f"totals of lists differ from their claims: {status}"
