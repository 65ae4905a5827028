"""SQL of remittances."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from edi.remittance_835.model import Remittance
from rcm.db import ReadSession
from rcm.exchange.store import StoredFile
from rcm.rows import BillingProviderRow, RemittanceClaimRow, RemittanceRow


def same_payment(session: ReadSession, remittance: Remittance, content: bytes) -> tuple[bool, bool]:
    """Tell whether this payment was posted (key 3 of reliability.md 2.3): (the same, another).

    "Another" has the same trace, day, amount and payee, and says other things of claims. One
    that was held posted nothing: it does not stand in the way of its correction.
    """
    payment = remittance.payment
    found = session.scalars(
        select(RemittanceRow.content_sha256).where(
            RemittanceRow.payer_id == remittance.trace.payer_id,
            RemittanceRow.trace == remittance.trace.number,
            RemittanceRow.payment_date.is_not_distinct_from(payment.payment_date),
            RemittanceRow.payment_cents == payment.payment_cents,
            RemittanceRow.payee_id == (remittance.payee.id if remittance.payee else ""),
            RemittanceRow.state == "posted",
        )
    ).all()
    return content in found, any(each != content for each in found)


def is_payee_ours(session: ReadSession, remittance: Remittance) -> bool:
    """Tell whether loop 1000B names one of our practices, by NPI or tax number."""
    payee = remittance.payee
    if payee is None:
        return False
    ours = BillingProviderRow.npi == payee.id
    if payee.tax_id:
        ours |= BillingProviderRow.tax_id == payee.tax_id
    return session.scalar(select(BillingProviderRow.id).where(ours).limit(1)) is not None


def is_known(session: ReadSession, file_id: UUID, set_index: int) -> bool:
    """Tell whether this transaction set of a file was already decided."""
    found = select(RemittanceRow.id).where(
        RemittanceRow.file_id == file_id, RemittanceRow.set_index == set_index
    )
    return session.scalar(found) is not None


def add_remittance(
    session: Session,
    remittance_id: UUID,
    remittance: Remittance,
    content: bytes,
    *,
    file: StoredFile,
    set_index: int,
    state: str,
    findings: Sequence[dict[str, Any]],
    now: datetime,
) -> None:
    """Store what the set says of itself, and what became of it."""
    payer, payee, payment = remittance.payer, remittance.payee, remittance.payment
    session.execute(
        insert(RemittanceRow).values(
            id=remittance_id,
            file_id=file.id,
            set_index=set_index,
            set_number=remittance.set_control_number,
            partner_id=file.partner_id,
            state=state,
            payer_name=payer.name if payer else "",
            payer_id=remittance.trace.payer_id,
            trace=remittance.trace.number,
            payee_id=payee.id if payee else "",
            payment_date=payment.payment_date,
            payment_cents=payment.payment_cents,
            method=payment.method,
            claims=len(remittance.claims),
            claims_paid_cents=sum(claim.paid_cents for claim in remittance.claims),
            provider_adjustments_cents=sum(
                each.amount_cents for each in remittance.provider_adjustments
            ),
            content_sha256=content,
            findings=list(findings),
            received_at=now,
        )
    )


def add_claims(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store the claims of a posted remittance with their match and state."""
    if rows:
        session.execute(insert(RemittanceClaimRow), list(rows))
