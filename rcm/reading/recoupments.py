"""Queries of what payers keep and give beside claims, by their own reference: open or settled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select

from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.rows import ProviderAdjustmentRow, RemittanceRow

#: What is settled some day; interest, penalties and other income are final when they are told.
_SETTLED_LATER = (
    Account.RECOUPMENT_PAYER,
    Account.ADVANCE_PAYER,
    Account.WITHHOLDING,
    Account.SUSPENSE_UNMATCHED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoupment:
    """All PLB pairs of one payer on one account with one reference. Amounts in cents."""

    payer_id: str  #: TRN03.
    payer_name: str
    payee_id: str
    account: str
    reference: str  #: The HMAC of the payer's text, which may name a patient.
    reasons: list[str]
    kept_cents: int  #: What the payer kept.
    given_cents: int  #: What it gave, to be kept later, or in return.
    balance_cents: int  #: Zero: settled.
    first_at: datetime
    last_at: datetime
    remittance_ids: list[UUID]
    claim_id: UUID | None  #: Whose number the reference is, where it is one.


def recoupments(session: ReadSession, *, only_open: bool, limit: int) -> tuple[Recoupment, ...]:
    """Return references with the largest open balance first; at most `limit`.

    `only_open`: those that have a balance, on an account where one is settled later.
    """
    amount = ProviderAdjustmentRow.amount_cents
    balance = func.sum(amount)
    query = (
        select(
            RemittanceRow.payer_id,
            func.max(RemittanceRow.payer_name).label("payer_name"),
            RemittanceRow.payee_id,
            ProviderAdjustmentRow.account,
            ProviderAdjustmentRow.reference,
            func.array_agg(ProviderAdjustmentRow.reason.distinct()).label("reasons"),
            cast(func.coalesce(balance.filter(amount > 0), 0), BigInteger).label("kept_cents"),
            cast(func.coalesce(-balance.filter(amount < 0), 0), BigInteger).label("given_cents"),
            cast(balance, BigInteger).label("balance_cents"),
            func.min(RemittanceRow.received_at).label("first_at"),
            func.max(RemittanceRow.received_at).label("last_at"),
            func.array_agg(RemittanceRow.id.distinct()).label("remittance_ids"),
            func.array_agg(ProviderAdjustmentRow.claim_id).label("claim_ids"),
        )
        .join(RemittanceRow, RemittanceRow.id == ProviderAdjustmentRow.remittance_id)
        .group_by(
            RemittanceRow.payer_id,
            RemittanceRow.payee_id,
            ProviderAdjustmentRow.account,
            ProviderAdjustmentRow.reference,
        )
        .order_by(func.abs(balance).desc(), func.max(RemittanceRow.received_at).desc())
        .limit(limit)
    )
    if only_open:
        query = query.where(ProviderAdjustmentRow.account.in_(_SETTLED_LATER)).having(balance != 0)
    return tuple(_recoupment(row._asdict()) for row in session.execute(query))


def _recoupment(values: dict[str, Any]) -> Recoupment:
    claims = [each for each in values.pop("claim_ids") if each is not None]
    return Recoupment(**values, claim_id=claims[0] if claims else None)
