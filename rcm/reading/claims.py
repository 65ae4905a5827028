"""One claim with its lines, amounts and timeline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from rcm.db import ReadSession
from rcm.ledger.store import balances
from rcm.reading.amounts import NOTHING, amount_columns
from rcm.rows import ClaimEventRow, ClaimLineRow, ClaimRow, FileRow, PayerRow, PostingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerName:
    """The payer of a claim."""

    identifier: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSummary:
    """What is shown of every claim: no patient is named."""

    id: UUID
    patient_control_number: str
    status: str
    status_by: str
    status_at: datetime
    payer: PayerName
    charge_cents: int
    paid_cents: int
    adjusted_cents: int
    patient_cents: int
    denied_cents: int
    balance_cents: int
    service_from: date
    service_to: date
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A service line and what became of its charge."""

    line: int
    control_number: str
    procedure: str
    modifiers: Sequence[str]
    charge_cents: int
    paid_cents: int
    adjusted_cents: int
    patient_cents: int
    denied_cents: int
    balance_cents: int
    service_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFile:
    """The file that an event comes from."""

    id: UUID
    name: str
    file_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a claim."""

    event: str
    status_after: str
    reporter: str
    recorded_at: datetime
    detail: Mapping[str, Any]
    file: EventFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDetail(ClaimSummary):
    """One claim; its sealed snapshot stays sealed."""

    encounter_id: UUID
    partner_id: UUID
    payer_control_number: str
    findings: Sequence[Mapping[str, Any]]
    lines: tuple[Line, ...]
    timeline: tuple[Event, ...]
    balances: Mapping[str, int]


_SUMMARY = (
    ClaimRow.id,
    ClaimRow.patient_control_number,
    ClaimRow.status,
    ClaimRow.status_by,
    ClaimRow.status_at,
    ClaimRow.charge_cents,
    ClaimRow.service_from,
    ClaimRow.service_to,
    ClaimRow.created_at,
    PayerRow.identifier,
    PayerRow.name,
)


def claim(session: ReadSession, claim_id: UUID) -> ClaimDetail | None:
    """One claim with its lines, findings, timeline and balances."""
    row = session.execute(
        select(
            *_SUMMARY,
            ClaimRow.encounter_id,
            ClaimRow.partner_id,
            ClaimRow.payer_control_number,
            ClaimRow.findings,
        )
        .join(PayerRow, PayerRow.id == ClaimRow.payer_id)
        .where(ClaimRow.id == claim_id)
    ).one_or_none()
    if row is None:
        return None
    amounts = _amounts(session, [claim_id]).get(claim_id, NOTHING)
    return ClaimDetail(
        **_summary(row._asdict(), amounts),
        lines=_lines(session, claim_id),
        timeline=_timeline(session, claim_id),
        balances=balances(session, claim_id=claim_id),
    )


def _summary(values: dict[str, Any], amounts: Mapping[str, int]) -> dict[str, Any]:
    payer = PayerName(identifier=values.pop("identifier"), name=values.pop("name"))
    return {**values, "payer": payer, **amounts}


def _amounts(session: ReadSession, claim_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    rows = session.execute(
        select(PostingRow.claim_id, *amount_columns())
        .where(PostingRow.claim_id.in_(list(claim_ids)))
        .group_by(PostingRow.claim_id)
    )
    found = [row._asdict() for row in rows]
    return {amounts.pop("claim_id"): amounts for amounts in found}


def _lines(session: ReadSession, claim_id: UUID) -> tuple[Line, ...]:
    found = session.execute(
        select(PostingRow.line, *amount_columns())
        .where(PostingRow.claim_id == claim_id, PostingRow.line.is_not(None))
        .group_by(PostingRow.line)
    )
    by_line = {row.line: row._asdict() for row in found}
    rows = session.execute(
        select(
            ClaimLineRow.line,
            ClaimLineRow.control_number,
            ClaimLineRow.procedure,
            ClaimLineRow.modifiers,
            ClaimLineRow.charge_cents,
            ClaimLineRow.service_from,
        )
        .where(ClaimLineRow.claim_id == claim_id)
        .order_by(ClaimLineRow.line)
    )
    return tuple(Line(**{**NOTHING, **by_line.get(row.line, {}), **row._asdict()}) for row in rows)


def _timeline(session: ReadSession, claim_id: UUID) -> tuple[Event, ...]:
    rows = session.execute(
        select(ClaimEventRow, FileRow.name, FileRow.file_type)
        .outerjoin(FileRow, FileRow.id == ClaimEventRow.file_id)
        .where(ClaimEventRow.claim_id == claim_id)
        .order_by(ClaimEventRow.id)
    )
    return tuple(
        Event(
            event=event.event,
            status_after=event.status_after,
            reporter=event.reporter,
            recorded_at=event.recorded_at,
            detail=event.detail,
            file=EventFile(id=event.file_id, name=name, file_type=file_type)
            if event.file_id
            else None,
        )
        for event, name, file_type in rows
    )
