"""SQL of payments in suspense, and of what people decided about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from rcm.clock import today
from rcm.db import ReadSession
from rcm.remittance.known import claims_by_id
from rcm.remittance.match import BY_HAND
from rcm.remittance.post import HandMatch
from rcm.rows import (
    BillingProviderRow,
    HandMatchRow,
    PayerRow,
    RemittanceClaimRow,
    RemittanceRow,
    RemittanceServiceRow,
)

MATCH, UNMATCH = "match", "unmatch"  #: What a person does with a payment.


def locked_payment(
    session: Session, remittance_id: UUID, position: int
) -> tuple[RemittanceRow, RemittanceClaimRow] | None:
    """A claim payment and its remittance, locked until the transaction ends."""
    remittance = session.scalars(
        select(RemittanceRow).where(RemittanceRow.id == remittance_id).with_for_update()
    ).one_or_none()
    payment = session.scalars(
        select(RemittanceClaimRow)
        .where(
            RemittanceClaimRow.remittance_id == remittance_id,
            RemittanceClaimRow.position == position,
        )
        .with_for_update()
    ).one_or_none()
    return (remittance, payment) if remittance and payment else None


def hand_rows(
    session: ReadSession, remittance_id: UUID, position: int | None = None
) -> Sequence[HandMatchRow]:
    """What people decided about the payments of a remittance, or about one of them, in order."""
    query = select(HandMatchRow).where(HandMatchRow.remittance_id == remittance_id)
    if position is not None:
        query = query.where(HandMatchRow.position == position)
    return session.scalars(query.order_by(HandMatchRow.position, HandMatchRow.n)).all()


def add_hand_row(session: Session, values: Mapping[str, Any]) -> HandMatchRow:
    """Append a decision; it is never changed."""
    session.execute(insert(HandMatchRow), [dict(values)])
    (*_, row) = hand_rows(session, values["remittance_id"], values["position"])
    return row


def hand_matches(
    session: ReadSession, rows: Sequence[HandMatchRow], time_zone: str
) -> list[HandMatch]:
    """The decisions of these rows, as their entries are built of them."""
    known = claims_by_id(session, {row.claim_id for row in rows})
    return [
        HandMatch(
            position=row.position,
            n=row.n,
            is_undone=row.what == UNMATCH,
            claim=replace(
                known[row.claim_id],
                billing_provider_id=row.billing_provider_id,
                payer_id=row.payer_id,
                contractual_codes=frozenset(row.contractual_codes),
            ),
            lines=tuple(row.lines),
            is_other=row.is_other_payer,
            on=today(row.made_at, time_zone),
        )
        for row in rows
    ]


def claims_told(session: ReadSession, indexes: Collection[bytes]) -> dict[bytes, UUID]:
    """The claims that people gave payments with these numbers, where that stands."""
    rows = session.execute(
        select(HandMatchRow.told_index, RemittanceClaimRow.claim_id)
        .join(
            RemittanceClaimRow,
            (RemittanceClaimRow.remittance_id == HandMatchRow.remittance_id)
            & (RemittanceClaimRow.position == HandMatchRow.position),
        )
        .where(HandMatchRow.told_index.in_(indexes), RemittanceClaimRow.match_rule == BY_HAND)
        .order_by(HandMatchRow.made_at)
    )
    return {row.told_index: row.claim_id for row in rows if row.claim_id}


def set_payment(
    session: Session, remittance_id: UUID, position: int, values: Mapping[str, Any]
) -> None:
    """Set what a claim payment is now; who decided so, and what it was, is in `hand_match`."""
    session.execute(
        update(RemittanceClaimRow)
        .where(
            RemittanceClaimRow.remittance_id == remittance_id,
            RemittanceClaimRow.position == position,
        )
        .values(**values)
    )


def drop_services(session: Session, remittance_id: UUID, position: int) -> None:
    """Remove the lines of a match that is undone."""
    session.execute(
        delete(RemittanceServiceRow).where(
            RemittanceServiceRow.remittance_id == remittance_id,
            RemittanceServiceRow.position == position,
        )
    )


def practice_of(session: ReadSession, payee_id: str) -> UUID | None:
    """The practice that a remittance pays, by NPI or tax number."""
    return session.scalar(
        select(BillingProviderRow.id)
        .where((BillingProviderRow.npi == payee_id) | (BillingProviderRow.tax_id == payee_id))
        .limit(1)
    )


def payers_of(session: ReadSession, payer_id: str, payer_name: str) -> set[UUID]:
    """Our payers that speak under this TRN03: by name, and by what was matched for certain."""
    named = session.scalars(
        select(PayerRow.id).where(func.lower(PayerRow.name) == payer_name.strip().lower())
    )
    matched = session.scalars(
        select(RemittanceClaimRow.payer_id)
        .join(RemittanceRow, RemittanceRow.id == RemittanceClaimRow.remittance_id)
        .where(
            RemittanceRow.payer_id == payer_id,
            RemittanceClaimRow.match_confidence == "certain",
            RemittanceClaimRow.match_rule != BY_HAND,
            RemittanceClaimRow.payer_id.is_not(None),
        )
        .distinct()
    )
    return {*named, *(each for each in matched if each)}
