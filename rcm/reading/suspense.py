"""Payments in suspense: a list of them, and the claims that one of them may be for.

What the payer says of them is read from the sealed files; names are masked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from edi.elements import fold_text
from edi.remittance_835.model import ClaimPayment
from rcm.access.masking import masked_name
from rcm.db import ReadSession
from rcm.decisions.model import UnknownSubjectError
from rcm.reading.patient_names import names_of
from rcm.reading.told import claim_days
from rcm.remittance.known import claims_by_id
from rcm.remittance.likeness import Field, likeness_of
from rcm.remittance.match import member_indexes, plain, record_indexes, service_days
from rcm.remittance.recall import read_remittance
from rcm.remittance.said import is_of_same_parties, read_payment
from rcm.rows import (
    ClaimRow,
    CoverageRow,
    PatientRow,
    PayerRow,
    RemittanceClaimRow,
    RemittanceRow,
    SubmissionRow,
)
from rcm.tools import Tools

#: What a payment to a claim is while its money is in suspense.
SUSPENDED = ("unmatched", "unbalanced")
_LOOKED_AT_MAX = 100  #: Claims that are compared with one payment.
_SHOWN_MAX = 10
_BEGINNING = 5  #: Characters of a control number that make a claim worth a look.


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendedPayment:
    """A claim payment that waits in suspense."""

    remittance_id: UUID
    position: int
    file_id: UUID
    state: str
    is_dismissed: bool
    payer_name: str
    trace: str
    received_at: datetime
    payment_date: date | None
    status_code: str
    patient: str  #: Masked.
    payer_control_number: str
    service_from: date | None
    charge_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspenseList:
    """The latest of them, and all of them in figures."""

    items: tuple[SuspendedPayment, ...]
    total: int
    paid_cents: int
    by_state: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A claim that a payment may be for."""

    claim_id: UUID
    patient_control_number: str
    patient: str  #: Masked.
    payer: str
    status: str
    charge_cents: int
    service_from: date
    score: int  #: 0 to 100.
    fields: tuple[Field, ...]
    needs_override: bool  #: It is of another payer or practice.


def suspense(
    session: ReadSession,
    tools: Tools,
    states: Sequence[str],
    *,
    with_dismissed: bool,
    limit: int,
) -> SuspenseList:
    """The payments in suspense that were received last, at most `limit`."""
    every = (
        select(RemittanceClaimRow, RemittanceRow)
        .join(RemittanceRow, RemittanceRow.id == RemittanceClaimRow.remittance_id)
        .where(RemittanceClaimRow.state.in_(SUSPENDED))
    )
    if not with_dismissed:
        every = every.where(~RemittanceClaimRow.is_dismissed)
    counted = session.execute(
        every.with_only_columns(
            RemittanceClaimRow.state,
            func.count().label("count"),
            func.sum(RemittanceClaimRow.paid_cents).label("cents"),
        ).group_by(RemittanceClaimRow.state)
    ).all()
    chosen = [row for row in counted if not states or row.state in states]
    query = every.where(RemittanceClaimRow.state.in_(states)) if states else every
    rows = session.execute(
        query.order_by(
            RemittanceRow.received_at.desc(), RemittanceRow.id, RemittanceClaimRow.position
        ).limit(limit)
    )
    return SuspenseList(
        items=tuple(_suspended(session, tools, [(row[0], row[1]) for row in rows])),
        total=sum(row[1] for row in chosen),
        paid_cents=sum(int(row[2]) for row in chosen),
        by_state={row.state: row[1] for row in counted},
    )


def _suspended(
    session: ReadSession,
    tools: Tools,
    rows: Sequence[tuple[RemittanceClaimRow, RemittanceRow]],
) -> Iterator[SuspendedPayment]:
    ids = dict.fromkeys(remittance.id for _, remittance in rows)
    read = {each: read_remittance(session, tools.keys, each) for each in ids}
    for row, remittance in rows:
        payment = read[remittance.id].claims[row.position - 1]
        yield SuspendedPayment(
            remittance_id=remittance.id,
            position=row.position,
            file_id=remittance.file_id,
            state=row.state,
            is_dismissed=row.is_dismissed,
            payer_name=remittance.payer_name,
            trace=remittance.trace,
            received_at=remittance.received_at,
            payment_date=remittance.payment_date,
            status_code=payment.status_code,
            patient=masked_patient(payment),
            payer_control_number=payment.payer_claim_number,
            service_from=claim_days(payment)[0],
            charge_cents=payment.charge_cents,
            paid_cents=payment.paid_cents,
        )


def masked_patient(payment: ClaimPayment) -> str:
    """Return the patient of a payment as the payer names him, masked."""
    person = payment.patient or payment.insured
    return masked_name(person.last_name, person.first_name) if person else ""


def candidates(
    session: ReadSession, tools: Tools, remittance_id: UUID, position: int
) -> tuple[Candidate, ...]:
    """The claims that a payment may be for, the likeliest first. Raises UnknownSubjectError."""
    row = session.scalars(
        select(RemittanceRow).where(RemittanceRow.id == remittance_id)
    ).one_or_none()
    is_known = session.scalar(
        select(RemittanceClaimRow.state).where(
            RemittanceClaimRow.remittance_id == remittance_id,
            RemittanceClaimRow.position == position,
        )
    )
    if row is None or is_known is None:
        raise UnknownSubjectError
    payment = read_payment(session, tools, row, position).payment
    known = claims_by_id(session, _worth_a_look(session, tools, payment))
    facts = {
        each.id: each
        for each in session.execute(
            select(ClaimRow.id, ClaimRow.patient_id, ClaimRow.status, PayerRow.name.label("payer"))
            .join(PayerRow, PayerRow.id == ClaimRow.payer_id)
            .where(ClaimRow.id.in_(list(known)))
        )
    }
    names = names_of(session, tools.keys, {each.patient_id for each in facts.values()})
    found: list[Candidate] = []
    for claim in known.values():
        fact = facts[claim.id]
        name = names[fact.patient_id]
        likeness = likeness_of(payment, claim, (name.last_name, name.first_name), tools.keys.index)
        found.append(
            Candidate(
                claim_id=claim.id,
                patient_control_number=claim.patient_control_number,
                patient=masked_name(name.last_name, name.first_name),
                payer=fact.payer,
                status=fact.status,
                charge_cents=claim.charge_cents,
                service_from=claim.service_from,
                score=likeness.score,
                fields=likeness.fields,
                needs_override=not is_of_same_parties(session, row, claim),
            )
        )
    found.sort(key=lambda each: (-each.score, each.patient_control_number))
    return tuple(found[:_SHOWN_MAX])


def _worth_a_look(session: ReadSession, tools: Tools, payment: ClaimPayment) -> Collection[UUID]:
    """The claims, sent, that share a number, a person, or day and charge with a payment."""
    index = tools.keys.index
    people = {*record_indexes(payment, index), *member_indexes(payment, index)}
    names = {
        index("last_name", fold_text(each.last_name))
        for each in (payment.patient, payment.insured, payment.corrected)
        if each and each.last_name
    }
    days, charge = list(service_days(payment)), abs(payment.charge_cents)
    number = plain(payment.patient_control_number)[:_BEGINNING]
    sent_as = SubmissionRow.patient_control_number
    shared: list[ColumnElement[bool]] = [
        CoverageRow.member_id_index.in_(people) | PatientRow.record_number_index.in_(people),
        ClaimRow.service_from.in_(days) & (ClaimRow.charge_cents == charge),
        PatientRow.last_name_index.in_(names)
        & (ClaimRow.service_from.in_(days) | (ClaimRow.charge_cents == charge)),
    ]
    if payment.payer_claim_number:
        shared.append(ClaimRow.payer_control_number == payment.payer_claim_number)
    if len(number) == _BEGINNING:
        alike = select(SubmissionRow.claim_id).where(sent_as.startswith(number, autoescape=True))
        shared.append(ClaimRow.id.in_(alike))
    was_sent = select(SubmissionRow.claim_id).where(SubmissionRow.claim_id == ClaimRow.id).exists()
    return session.scalars(
        select(ClaimRow.id)
        .join(CoverageRow, CoverageRow.id == ClaimRow.coverage_id)
        .join(PatientRow, PatientRow.id == ClaimRow.patient_id)
        .where(was_sent, or_(*shared))
        .order_by((ClaimRow.charge_cents == charge).desc(), ClaimRow.created_at.desc())
        .limit(_LOOKED_AT_MAX)
    ).all()
