"""Queries of remittances: lists, and one with its claims and what it put into transit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.reading.pages import Page, Position, equal, following, page_of, total_of
from rcm.rows import (
    PostingRow,
    ProviderAdjustmentRow,
    RemittanceClaimRow,
    RemittanceRow,
    RemittanceServiceRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceFilter:
    """Which remittances; what is empty chooses all."""

    states: Sequence[str] = ()
    partner_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceSummary:
    """One transaction set 835 and what became of it."""

    id: UUID
    file_id: UUID
    partner_id: UUID
    state: str
    payer_name: str
    payer_id: str
    trace: str
    payment_date: date | None
    payment_cents: int
    method: str
    claims: int  #: How many.
    claims_paid_cents: int
    provider_adjustments_cents: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of a posted claim, and which line of ours we believe it to be."""

    service: int
    line: int | None
    match_rule: str
    match_confidence: str
    charge_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A claim of a remittance."""

    remittance_id: UUID
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAdjustment:
    """One pair of a PLB."""

    n: int
    reason: str
    account: str
    amount_cents: int
    claim_id: UUID | None
    segment_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceClaim:
    """What a remittance says of one claim, and which of ours we believe it to be."""

    position: int
    claim_id: UUID | None
    status_code: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    match_rule: str
    match_confidence: str
    state: str
    verdict: str
    reverses: Place | None
    is_expanded: bool
    segment_number: int
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceDetail(RemittanceSummary):
    """One remittance with its claims; `in_transit_cents` is zero when its deposit is found."""

    set_number: str
    findings: Sequence[Mapping[str, Any]]
    claim_payments: tuple[RemittanceClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    in_transit_cents: int


def remittances(
    session: ReadSession, chosen: RemittanceFilter, *, after: Position | None, limit: int
) -> Page[RemittanceSummary]:
    """A page of remittances, newest first; the facets count them by state."""
    rows = session.scalars(
        page_of(
            select(RemittanceRow).where(*_conditions(chosen)),
            at=RemittanceRow.received_at,
            row_id=RemittanceRow.id,
            after=after,
            limit=limit,
        )
    ).all()
    shown, position = following(rows, limit, at="received_at")
    by_state = session.execute(
        select(RemittanceRow.state, func.count())
        .where(*equal((RemittanceRow.partner_id, chosen.partner_id)))
        .group_by(RemittanceRow.state)
        .order_by(RemittanceRow.state)
    )
    facets = {state: count for state, count in by_state}  # noqa: C416  # dict(rows) is untyped.
    return Page(
        items=tuple(_summary(row) for row in shown),
        following=position,
        facets=facets,
        total=total_of(facets, chosen.states),
    )


def payment_total(session: ReadSession, chosen: RemittanceFilter) -> int:
    """The payments of all chosen remittances, in cents."""
    total = cast(func.coalesce(func.sum(RemittanceRow.payment_cents), 0), BigInteger)
    return session.execute(select(total).where(*_conditions(chosen))).scalar_one()


def remittance(session: ReadSession, remittance_id: UUID) -> RemittanceDetail | None:
    """One remittance with its claims in file order."""
    row = session.get(RemittanceRow, remittance_id)
    if row is None:
        return None
    payments = session.scalars(
        select(RemittanceClaimRow)
        .where(RemittanceClaimRow.remittance_id == remittance_id)
        .order_by(RemittanceClaimRow.position)
    )
    services = _services(session, remittance_id)
    in_transit = cast(func.coalesce(func.sum(PostingRow.amount_cents), 0), BigInteger)
    return RemittanceDetail(
        **asdict(_summary(row)),
        set_number=row.set_number,
        findings=row.findings,
        claim_payments=tuple(
            _claim(payment, services.get(payment.position, ())) for payment in payments
        ),
        provider_adjustments=_provider_adjustments(session, remittance_id),
        in_transit_cents=session.execute(
            select(in_transit).where(
                PostingRow.remittance_id == remittance_id,
                PostingRow.account == Account.CASH_IN_TRANSIT,
            )
        ).scalar_one(),
    )


def _conditions(chosen: RemittanceFilter) -> list[ColumnElement[bool]]:
    conditions = equal((RemittanceRow.partner_id, chosen.partner_id))
    if chosen.states:
        conditions.append(RemittanceRow.state.in_(chosen.states))
    return conditions


def _summary(row: RemittanceRow) -> RemittanceSummary:
    return RemittanceSummary(
        id=row.id,
        file_id=row.file_id,
        partner_id=row.partner_id,
        state=row.state,
        payer_name=row.payer_name,
        payer_id=row.payer_id,
        trace=row.trace,
        payment_date=row.payment_date,
        payment_cents=row.payment_cents,
        method=row.method,
        claims=row.claims,
        claims_paid_cents=row.claims_paid_cents,
        provider_adjustments_cents=row.provider_adjustments_cents,
        received_at=row.received_at,
    )


def _services(session: ReadSession, remittance_id: UUID) -> dict[int, tuple[Service, ...]]:
    found: dict[int, tuple[Service, ...]] = {}
    for row in session.scalars(
        select(RemittanceServiceRow)
        .where(RemittanceServiceRow.remittance_id == remittance_id)
        .order_by(RemittanceServiceRow.position, RemittanceServiceRow.service)
    ):
        service = Service(
            service=row.service,
            line=row.line,
            match_rule=row.match_rule,
            match_confidence=row.match_confidence,
            charge_cents=row.charge_cents,
            paid_cents=row.paid_cents,
        )
        found[row.position] = (*found.get(row.position, ()), service)
    return found


def _provider_adjustments(
    session: ReadSession, remittance_id: UUID
) -> tuple[ProviderAdjustment, ...]:
    rows = session.scalars(
        select(ProviderAdjustmentRow)
        .where(ProviderAdjustmentRow.remittance_id == remittance_id)
        .order_by(ProviderAdjustmentRow.n)
    )
    return tuple(
        ProviderAdjustment(
            n=row.n,
            reason=row.reason,
            account=row.account,
            amount_cents=row.amount_cents,
            claim_id=row.claim_id,
            segment_number=row.segment_number,
        )
        for row in rows
    )


def _claim(row: RemittanceClaimRow, services: tuple[Service, ...]) -> RemittanceClaim:
    reverses = (row.reverses_remittance_id, row.reverses_position)
    return RemittanceClaim(
        position=row.position,
        claim_id=row.claim_id,
        status_code=row.status_code,
        charge_cents=row.charge_cents,
        paid_cents=row.paid_cents,
        patient_cents=row.patient_cents,
        match_rule=row.match_rule,
        match_confidence=row.match_confidence,
        state=row.state,
        verdict=row.verdict,
        reverses=Place(remittance_id=reverses[0], position=reverses[1])
        if reverses[0] is not None and reverses[1] is not None
        else None,
        is_expanded=row.is_expanded,
        segment_number=row.segment_number,
        services=services,
    )
