"""The rows that lists read, compared with the claims and the ledger that they are made of."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select

from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.reading.amounts import NOTHING, amount_columns
from rcm.rows import ClaimListingRow, ClaimRow, PostingRow

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
    """Yield what lists say of a claim and the ledger does not, claim by claim."""
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
    amounts = ("paid_cents", "adjusted_cents", "patient_cents", "denied_cents", "billed_cents")
    assert set(amounts) - {"billed_cents"} | {"balance_cents"} == set(NOTHING)
    explained = listed.paid_cents + listed.adjusted_cents + listed.patient_cents + listed.open_cents
    rows = session.execute(
        select(ClaimRow.id, (listed.billed_cents != explained).label("is_unexplained"))
        .outerjoin(listed, listed.claim_id == ClaimRow.id)
        .outerjoin(told, told.c.claim_id == ClaimRow.id)
        .where(
            or_(
                listed.claim_id.is_(None),
                listed.billed_cents != explained,
                listed.open_cents + listed.patient_cents != ledger("balance_cents"),
                *(getattr(listed, name) != ledger(name) for name in amounts),
                *(getattr(listed, name) != getattr(ClaimRow, name) for name in _COPIED),
            )
        )
        .order_by(ClaimRow.id)
    )
    for claim_id, is_unexplained in rows:
        if is_unexplained:
            yield f"billed is not paid + adjusted + patient + open: claim {claim_id}"
        else:
            yield f"lists differ from the ledger: claim {claim_id}"
