"""Coverages in a list: the newest answer of each payer, and what is known while it is down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from rcm.access.masking import masked_name
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.eligibility.answer_store import open_answer
from rcm.eligibility.model import SETTLED
from rcm.reading.check_list import UNANSWERED, CheckSummary, checked, summary_of
from rcm.reading.claims import PayerName
from rcm.reading.groups import Counted, count_groups
from rcm.reading.pages import Position, equal, read_page, sort_of
from rcm.reading.patient_names import open_name
from rcm.rows import ClaimRow, CoverageRow, EligibilityCheckRow, PatientRow, PayerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFilter:
    """Which coverages; what is empty chooses all."""

    outcomes: Sequence[str] = ()
    payers: Sequence[str] = ()  #: Identifiers.
    partner_id: UUID | None = None
    claim_id: UUID | None = None  #: The coverage of this claim.
    service_from: date | None = None  #: With a visit on this day or later.
    service_to: date | None = None  #: With a visit on this day or earlier.


@dataclass(frozen=True, slots=True, kw_only=True)
class LastKnown:
    """The newest answer that told of the coverage itself: it stays true while a payer is down."""

    check_id: UUID
    outcome: str
    service_date: date
    answered_at: datetime
    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSummary:
    """A coverage; its patient is masked."""

    id: UUID
    patient: str
    payer: PayerName
    plan: str  #: As it was last told.
    partner_id: UUID
    responsibility: str
    updated_at: datetime
    service_date: date | None  #: The latest visit that is billed to it.
    outcome: str  #: Of the newest answer; UNANSWERED where there is none.
    message: str  #: Why it is not simply active, in plain words; else empty.
    action: str
    retry_at: datetime | None
    answered_at: datetime | None
    last_known: LastKnown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverages:
    """A page of coverages and the list in figures."""

    items: tuple[CoverageSummary, ...]
    following: Position | None
    counted: Counted


def _newest(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    return (
        select(column)
        .where(
            EligibilityCheckRow.coverage_id == CoverageRow.id,
            EligibilityCheckRow.answered_at.is_not(None),
        )
        .order_by(EligibilityCheckRow.answered_at.desc(), EligibilityCheckRow.id)
        .limit(1)
        .correlate(CoverageRow)
        .scalar_subquery()
    )


_VISIT = (
    select(func.max(ClaimRow.service_from))
    .where(ClaimRow.coverage_id == CoverageRow.id)
    .correlate(CoverageRow)
    .scalar_subquery()
)
_OUTCOME = func.coalesce(_newest(EligibilityCheckRow.outcome), UNANSWERED)
SORTS: dict[str, Any] = {
    "updated": CoverageRow.updated_at,
    "payer": PayerRow.name,
    "service_date": _VISIT,
}
_FACETS: dict[str, Any] = {"outcome": _OUTCOME, "payer": PayerRow.identifier}


def coverages(
    session: ReadSession,
    keys: Keys,
    chosen: CoverageFilter,
    *,
    sort: str,
    after: Position | None,
    limit: int,
) -> Coverages:
    """A page of coverages, with the counts of each facet. Raises SealError."""
    others = _others(chosen)
    wanted = {"outcome": chosen.outcomes, "payer": chosen.payers}
    in_facets = [_FACETS[name].in_(values) for name, values in wanted.items() if values]
    columns: tuple[Any, ...] = (
        CoverageRow.id,
        CoverageRow.responsibility,
        CoverageRow.updated_at,
        PayerRow.partner_id,
        PayerRow.identifier,
        PayerRow.name,
        PatientRow.id.label("patient_id"),
        PatientRow.identity,
        _VISIT.label("service_date"),
        _newest(EligibilityCheckRow.id).label("check_id"),
    )
    query = (
        select(*columns)
        .join(PayerRow, PayerRow.id == CoverageRow.payer_id)
        .join(PatientRow, PatientRow.id == CoverageRow.patient_id)
        .where(*others, *in_facets)
    )
    order = sort_of(sort, SORTS, CoverageRow.id, gaps=("service_date",))
    rows, position = read_page(session, query, order, after=after, limit=limit)
    newest = _checks(session, keys, [row.check_id for row in rows])
    known = last_known_of(session, keys, [row.id for row in rows])
    counted = count_groups(
        session,
        select(CoverageRow.id).join(PayerRow, PayerRow.id == CoverageRow.payer_id).where(*others),
        facets=_FACETS,
        chosen=wanted,
        sums={},
    )
    return Coverages(
        items=tuple(
            _summary(keys, row, newest.get(row.check_id), known.get(row.id)) for row in rows
        ),
        following=position,
        counted=counted,
    )


def _others(chosen: CoverageFilter) -> list[ColumnElement[bool]]:
    """Return what is no facet."""
    conditions = equal((PayerRow.partner_id, chosen.partner_id))
    if chosen.claim_id is not None:
        of_claim = select(ClaimRow.coverage_id).where(ClaimRow.id == chosen.claim_id)
        conditions.append(CoverageRow.id.in_(of_claim))
    if chosen.service_from is not None or chosen.service_to is not None:
        visits = select(ClaimRow.coverage_id)
        if chosen.service_from is not None:
            visits = visits.where(ClaimRow.service_from >= chosen.service_from)
        if chosen.service_to is not None:
            visits = visits.where(ClaimRow.service_from <= chosen.service_to)
        conditions.append(CoverageRow.id.in_(visits))
    return conditions


def _checks(
    session: ReadSession, keys: Keys, check_ids: Sequence[UUID | None]
) -> dict[UUID | None, CheckSummary]:
    wanted = [each for each in check_ids if each is not None]
    rows = session.execute(checked().where(EligibilityCheckRow.id.in_(wanted))).all()
    return {check.id: check for check in summary_of(session, keys, rows)}


def _summary(
    keys: Keys, row: Row[Any], newest: CheckSummary | None, known: LastKnown | None
) -> CoverageSummary:
    name = open_name(keys, row.patient_id, row.identity)
    return CoverageSummary(
        id=row.id,
        patient=masked_name(name.last_name, name.first_name),
        payer=PayerName(identifier=row.identifier, name=row.name),
        plan=known.plan if known else "",
        partner_id=row.partner_id,
        responsibility=row.responsibility,
        updated_at=row.updated_at,
        service_date=row.service_date,
        outcome=newest.outcome if newest else UNANSWERED,
        message=newest.message if newest else "",
        action=newest.action if newest else "",
        retry_at=newest.retry_at if newest else None,
        answered_at=newest.answered_at if newest else None,
        last_known=known,
    )


def last_known_of(
    session: ReadSession, keys: Keys, coverage_ids: Sequence[UUID]
) -> dict[UUID, LastKnown]:
    """The newest answer of each of these coverages that told active or inactive."""
    each = aliased(EligibilityCheckRow)
    newest = (
        select(each.id)
        .where(each.coverage_id == CoverageRow.id, each.outcome.in_(SETTLED))
        .order_by(each.answered_at.desc(), each.id)
        .limit(1)
        .scalar_subquery()
    )
    found = session.scalars(
        select(EligibilityCheckRow)
        .join(CoverageRow, EligibilityCheckRow.id == newest)
        .where(CoverageRow.id.in_(coverage_ids))
    )
    return {
        check.coverage_id: LastKnown(
            check_id=check.id,
            outcome=check.outcome,
            service_date=check.service_date,
            answered_at=check.answered_at,
            plan=open_answer(keys, check.id, check.answer_sealed).plan
            if check.answer_sealed
            else "",
        )
        for check in found
        if check.outcome and check.answered_at
    }
