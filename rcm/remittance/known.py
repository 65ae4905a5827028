"""SQL of the claims that a remittance may speak of."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from edi.money import Cents
from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.remittance.match import KnownClaim, KnownLine
from rcm.rows import ClaimLineRow, ClaimRow, PayerRow, PostingRow, SubmissionRow


def lock_claims(session: Session, claim_ids: Iterable[UUID]) -> None:
    """Lock claims in the order of their ids, before anything that refers to them is inserted.

    Two files that speak of the same claims then wait for each other and never block each other.
    """
    session.execute(
        select(ClaimRow.id)
        .where(ClaimRow.id.in_(sorted(set(claim_ids))))
        .order_by(ClaimRow.id)
        .with_for_update(key_share=True)
    ).all()


def settled_claims(session: ReadSession, claim_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these claims that leave nothing open with the payer: they were adjudicated."""
    rows = session.execute(
        select(PostingRow.claim_id)
        .where(
            PostingRow.claim_id.in_(set(claim_ids)),
            PostingRow.account == Account.RECEIVABLE_PAYER,
        )
        .group_by(PostingRow.claim_id)
        .having(func.sum(PostingRow.amount_cents) == 0)
    )
    return frozenset(row.claim_id for row in rows)


def known_claims(
    session: ReadSession, *, control_numbers: Sequence[str], payer_numbers: Sequence[str]
) -> list[KnownClaim]:
    """The claims we sent with these control numbers, ours or the payer's, and their lines."""
    rows = session.execute(
        select(
            ClaimRow.id,
            ClaimRow.patient_control_number,
            ClaimRow.payer_control_number,
            ClaimRow.billing_provider_id,
            ClaimRow.payer_id,
            ClaimRow.partner_id,
            ClaimRow.charge_cents,
            PayerRow.contractual_codes,
        )
        .join(PayerRow, PayerRow.id == ClaimRow.payer_id)
        .where(
            exists().where(SubmissionRow.claim_id == ClaimRow.id),
            ClaimRow.patient_control_number.in_(control_numbers)
            | ClaimRow.payer_control_number.in_([n for n in payer_numbers if n]),
        )
    ).all()
    lines: dict[UUID, list[KnownLine]] = {row.id: [] for row in rows}
    for line in session.scalars(
        select(ClaimLineRow)
        .where(ClaimLineRow.claim_id.in_(lines))
        .order_by(ClaimLineRow.claim_id, ClaimLineRow.line)
    ):
        lines[line.claim_id].append(
            KnownLine(
                line=line.line,
                control_number=line.control_number,
                procedure=line.procedure,
                modifiers=tuple(line.modifiers),
                charge_cents=Cents(line.charge_cents),
                service_from=line.service_from,
            )
        )
    return [
        KnownClaim(
            id=row.id,
            patient_control_number=row.patient_control_number,
            payer_control_number=row.payer_control_number,
            billing_provider_id=row.billing_provider_id,
            payer_id=row.payer_id,
            partner_id=row.partner_id,
            charge_cents=Cents(row.charge_cents),
            contractual_codes=frozenset(row.contractual_codes),
            lines=tuple(lines[row.id]),
        )
        for row in rows
    ]


def set_payer_numbers(session: Session, numbers: Mapping[UUID, str]) -> None:
    """Remember the payer's own claim numbers."""
    if numbers:
        session.execute(
            update(ClaimRow),
            [{"id": key, "payer_control_number": number} for key, number in numbers.items()],
        )
