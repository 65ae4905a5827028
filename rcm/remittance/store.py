"""SQL of remittances."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from edi.money import Cents
from edi.remittance_835.model import Remittance
from rcm.bulk import among, copy_rows
from rcm.db import ReadSession
from rcm.exchange.store import StoredFile
from rcm.remittance.match_line import LineMatch
from rcm.remittance.settle import Adjudication, Verdict
from rcm.rows import (
    BillingProviderRow,
    ClaimRow,
    ProviderAdjustmentRow,
    RemittanceClaimRow,
    RemittanceRow,
    RemittanceServiceRow,
)


def same_payment(session: Session, remittance: Remittance, content: bytes) -> tuple[bool, bool]:
    """Tell whether this payment was posted (key 3 of reliability.md 2.3): (the same, another).

    "Another" has the same trace, day, amount and payee, and says other things of claims. One
    that was held posted nothing: it does not stand in the way of its correction.

    Until this transaction ends, nobody else can ask it about the same payment: of two that come
    at one moment the second sees what became of the first.
    """
    trace, payment = remittance.trace, remittance.payment
    payee_id = remittance.payee.id if remittance.payee else ""
    told = (trace.payer_id, trace.number, payment.payment_date, payment.payment_cents, payee_id)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(repr(told), 0))))
    found = session.scalars(
        select(RemittanceRow.content_sha256).where(
            RemittanceRow.payer_id == trace.payer_id,
            RemittanceRow.trace == trace.number,
            RemittanceRow.payment_date.is_not_distinct_from(payment.payment_date),
            RemittanceRow.payment_cents == payment.payment_cents,
            RemittanceRow.payee_id == payee_id,
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


def waiting_for(
    session: Session, file_id: UUID, set_index: int
) -> tuple[bool, tuple[UUID, datetime] | None]:
    """Tell whether this transaction set of a file was decided, and which row waits to be again.

    A row that waits was held, and a person wants it judged once more: its id, and when it came.
    """
    row = session.scalars(
        select(RemittanceRow)
        .where(RemittanceRow.file_id == file_id, RemittanceRow.set_index == set_index)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return False, None
    is_waiting = row.state == "waiting"
    return not is_waiting, (row.id, row.received_at) if is_waiting else None


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
    """Store what the set says of itself, and what became of it; anew where that one waits."""
    payer, payee, payment = remittance.payer, remittance.payee, remittance.payment
    session.execute(
        upsert(RemittanceRow)
        .values(
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
            claims_paid_cents=remittance.claims_paid_cents,
            provider_adjustments_cents=sum(
                each.amount_cents for each in remittance.provider_adjustments
            ),
            content_sha256=content,
            findings=list(findings),
            received_at=now,
        )
        .on_conflict_do_update(
            index_elements=[RemittanceRow.id],
            set_={"state": state, "findings": list(findings)},
            where=RemittanceRow.state == "waiting",
        )
    )


def add_details(
    session: Session,
    *,
    claims: Sequence[dict[str, Any]],
    services: Sequence[dict[str, Any]],
    provider_adjustments: Sequence[dict[str, Any]],
) -> None:
    """Store the claims, services and PLB pairs of a posted remittance, each with its decision."""
    for row_type, rows in (
        (RemittanceClaimRow, claims),
        (RemittanceServiceRow, services),
        (ProviderAdjustmentRow, provider_adjustments),
    ):
        copy_rows(session, row_type, rows)


def adjudications(
    session: ReadSession, claim_ids: Iterable[UUID]
) -> dict[UUID, list[Adjudication]]:
    """What posted remittances have said of these claims, in the order in which they came."""
    rows = session.scalars(
        select(RemittanceClaimRow)
        .join(RemittanceRow, RemittanceRow.id == RemittanceClaimRow.remittance_id)
        .where(
            among(RemittanceClaimRow.claim_id, set(claim_ids)), RemittanceClaimRow.state == "posted"
        )
        .order_by(
            RemittanceRow.received_at,
            RemittanceRow.id,
            RemittanceRow.set_index,
            RemittanceClaimRow.position,
        )
    )
    found: dict[UUID, list[Adjudication]] = {}
    for row in rows:
        assert row.claim_id is not None
        found.setdefault(row.claim_id, []).append(
            Adjudication(
                remittance_id=row.remittance_id,
                position=row.position,
                verdict=Verdict(row.verdict),
                payer_claim_number=row.payer_control_number,
                charge_cents=Cents(row.charge_cents),
                paid_cents=Cents(row.paid_cents),
                is_other=row.is_other_payer,
            )
        )
    return found


def lines_of(
    session: ReadSession, adjudications: Iterable[Adjudication]
) -> dict[tuple[UUID, int], list[tuple[Cents, LineMatch]]]:
    """The charge of each service of these, and the line it was found to be.

    By remittance and position.
    """
    found: dict[tuple[UUID, int], list[tuple[Cents, LineMatch]]] = {
        (each.remittance_id, each.position): [] for each in adjudications
    }
    remittances = {remittance_id for remittance_id, _ in found}
    for row in session.scalars(
        select(RemittanceServiceRow)
        .where(RemittanceServiceRow.remittance_id.in_(remittances))
        .order_by(RemittanceServiceRow.service)
    ):
        match = LineMatch(line=row.line, rule=row.match_rule, confidence=row.match_confidence)
        place = (row.remittance_id, row.position)
        if place in found:
            found[place].append((Cents(row.charge_cents), match))
    return found


def place_of(session: ReadSession, remittance_id: UUID) -> tuple[UUID, int]:
    """The file of a remittance, and which 835 of it."""
    row = session.execute(
        select(RemittanceRow.file_id, RemittanceRow.set_index).where(
            RemittanceRow.id == remittance_id
        )
    ).one()
    return row.file_id, row.set_index


def practice_ids(session: ReadSession) -> dict[str, UUID]:
    """Our practices by NPI and by tax number: what PLB01 may name."""
    rows = session.execute(
        select(BillingProviderRow.id, BillingProviderRow.npi, BillingProviderRow.tax_id)
    ).all()
    return {row.tax_id: row.id for row in rows} | {row.npi: row.id for row in rows}


def claims_of_references(session: ReadSession, remittance: Remittance) -> dict[str, UUID]:
    """The claims whose number, ours or this payer's, a PLB names as its reference.

    Payers number claims without asking each other: the number of another payer names no claim.
    """
    references = [each.reference for each in remittance.provider_adjustments if each.reference]
    if not references:
        return {}
    of_payer = session.execute(
        select(RemittanceClaimRow.payer_control_number, RemittanceClaimRow.claim_id)
        .join(RemittanceRow, RemittanceRow.id == RemittanceClaimRow.remittance_id)
        .where(
            RemittanceClaimRow.payer_control_number.in_(references),
            RemittanceRow.payer_id == remittance.trace.payer_id,
        )
    ).all()
    ours = session.execute(
        select(ClaimRow.id, ClaimRow.patient_control_number).where(
            ClaimRow.patient_control_number.in_(references)
        )
    ).all()
    found = {row.payer_control_number: row.claim_id for row in of_payer if row.claim_id}
    return found | {row.patient_control_number: row.id for row in ours}
