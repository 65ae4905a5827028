"""SQL of the claims that a remittance may speak of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from edi.money import Cents, Thousandths
from rcm.bulk import among, update_rows
from rcm.db import ReadSession
from rcm.remittance.match import PREFIX_LENGTH_MIN, Journey, KnownClaim, KnownLine
from rcm.rows import (
    ClaimLineRow,
    ClaimRow,
    CoverageRow,
    PatientRow,
    PayerRow,
    RemittanceClaimRow,
    SubmissionRow,
)


def lock_claims(session: Session, claim_ids: Iterable[UUID]) -> None:
    """Lock claims in the order of their ids, before anything that refers to them is inserted.

    Two files that speak of the same claims then wait for each other and never block each other.
    """
    session.execute(
        select(ClaimRow.id)
        .where(among(ClaimRow.id, set(claim_ids)))
        .order_by(ClaimRow.id)
        .with_for_update(key_share=True)
    ).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a claim is looked for by, where no number tells: who, when, and for how much."""

    indexes: Collection[bytes]  #: Of member ids and of record numbers.
    days: Collection[date]
    charges_cents: Collection[int]


_NOBODY = Person(indexes=(), days=(), charges_cents=())


def known_claims(
    session: ReadSession,
    *,
    control_numbers: Sequence[str],
    payer_numbers: Sequence[str] = (),
    prefixes: Sequence[str] = (),
    person: Person = _NOBODY,
) -> list[KnownClaim]:
    """The claims we sent with these numbers, ours or the payer's, or for this person."""
    sent_as = SubmissionRow.patient_control_number
    of_number: list[ColumnElement[bool]] = [among(sent_as, control_numbers)]
    if prefixes:
        cut = [prefix[:PREFIX_LENGTH_MIN] for prefix in prefixes]
        of_number.append(func.left(sent_as, PREFIX_LENGTH_MIN).in_(cut))
    found: list[ColumnElement[bool]] = [
        ClaimRow.id.in_(select(SubmissionRow.claim_id).where(or_(*of_number)))
    ]
    if numbers := [number for number in payer_numbers if number]:
        found.append(among(ClaimRow.payer_control_number, numbers))
    if person.indexes:
        found.append(_of_person(person))
    return _read(session, select(*_COLUMNS).where(_WAS_SENT, or_(*found)))


def claims_by_id(session: ReadSession, claim_ids: Collection[UUID]) -> dict[UUID, KnownClaim]:
    """These claims, by their ids."""
    found = _read(session, select(*_COLUMNS).where(among(ClaimRow.id, claim_ids)))
    return {claim.id: claim for claim in found}


_WAS_SENT = exists().where(SubmissionRow.claim_id == ClaimRow.id)
_COLUMNS = (
    ClaimRow.id,
    ClaimRow.patient_control_number,
    ClaimRow.payer_control_number,
    ClaimRow.billing_provider_id,
    ClaimRow.payer_id,
    ClaimRow.partner_id,
    ClaimRow.charge_cents,
    ClaimRow.service_from,
    PayerRow.contractual_codes,
    CoverageRow.member_id_index,
    PatientRow.record_number_index,
    exists()
    .where(RemittanceClaimRow.claim_id == ClaimRow.id, RemittanceClaimRow.state == "posted")
    .label("is_adjudicated"),
)


def _of_person(person: Person) -> ColumnElement[bool]:
    indexes = list(person.indexes)
    return and_(
        CoverageRow.member_id_index.in_(indexes) | PatientRow.record_number_index.in_(indexes),
        ClaimRow.service_from.in_(list(person.days)),
        ClaimRow.charge_cents.in_(list(person.charges_cents)),
    )


def _read(session: ReadSession, query: Select[*tuple[object, ...]]) -> list[KnownClaim]:
    rows = session.execute(
        query.join(PayerRow, PayerRow.id == ClaimRow.payer_id)
        .join(CoverageRow, CoverageRow.id == ClaimRow.coverage_id)
        .join(PatientRow, PatientRow.id == ClaimRow.patient_id)
    ).all()
    ids = [row.id for row in rows]
    lines, journeys = _lines(session, ids), _journeys(session, ids)
    return [_claim(row, journeys.get(row.id, {}), lines.get(row.id, ())) for row in rows]


def _lines(session: ReadSession, claim_ids: Sequence[UUID]) -> dict[UUID, list[KnownLine]]:
    lines: dict[UUID, list[KnownLine]] = {}
    for line in session.scalars(
        select(ClaimLineRow)
        .where(among(ClaimLineRow.claim_id, claim_ids))
        .order_by(ClaimLineRow.claim_id, ClaimLineRow.line)
    ):
        lines.setdefault(line.claim_id, []).append(
            KnownLine(
                line=line.line,
                procedure=line.procedure,
                modifiers=tuple(line.modifiers),
                charge_cents=Cents(line.charge_cents),
                quantity=Thousandths(line.quantity),
                service_from=line.service_from,
            )
        )
    return lines


def _journeys(session: ReadSession, claim_ids: Sequence[UUID]) -> dict[UUID, dict[str, Journey]]:
    journeys: dict[UUID, dict[str, Journey]] = {}
    for row in session.execute(
        select(
            SubmissionRow.claim_id,
            SubmissionRow.patient_control_number,
            SubmissionRow.billing_provider_id,
            SubmissionRow.payer_id,
            PayerRow.contractual_codes,
        )
        .join(PayerRow, PayerRow.id == SubmissionRow.payer_id)
        .where(among(SubmissionRow.claim_id, claim_ids))
    ):
        journeys.setdefault(row.claim_id, {})[row.patient_control_number] = Journey(
            billing_provider_id=row.billing_provider_id,
            payer_id=row.payer_id,
            contractual_codes=frozenset(row.contractual_codes),
        )
    return journeys


def _claim(
    row: Row[*tuple[object, ...]],
    journeys: Mapping[str, Journey],
    lines: Collection[KnownLine],
) -> KnownClaim:
    return KnownClaim(
        id=row.id,
        patient_control_number=row.patient_control_number,
        journeys=journeys,
        payer_control_number=row.payer_control_number,
        billing_provider_id=row.billing_provider_id,
        payer_id=row.payer_id,
        partner_id=row.partner_id,
        charge_cents=Cents(row.charge_cents),
        service_from=row.service_from,
        contractual_codes=frozenset(row.contractual_codes),
        member_index=row.member_id_index,
        record_index=row.record_number_index,
        is_adjudicated=row.is_adjudicated,
        lines=tuple(lines),
    )


def set_payer_numbers(session: Session, numbers: Mapping[UUID, str]) -> None:
    """Remember the payer's own claim numbers."""
    update_rows(
        session,
        ClaimRow,
        [{"id": key, "payer_control_number": number} for key, number in numbers.items()],
    )
