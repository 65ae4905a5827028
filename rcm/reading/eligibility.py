"""Queries of eligibility: checks, one with its answer, and coverages with what is known of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.eligibility.answer_store import open_answer
from rcm.eligibility.model import SETTLED, Answer
from rcm.reading.claims import PayerName
from rcm.reading.pages import Page, Position, equal, following, page_of, total_of
from rcm.rows import ClaimRow, CoverageRow, EligibilityCheckRow, PayerRow

UNANSWERED = "unanswered"  #: Instead of an outcome, where there is none yet.


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFilter:
    """Which checks; what is empty chooses all."""

    outcomes: Sequence[str] = ()
    state: str | None = None
    coverage_id: UUID | None = None
    partner_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFilter:
    """Which coverages; what is empty chooses all."""

    outcomes: Sequence[str] = ()
    partner_id: UUID | None = None
    payer: str | None = None  #: The payer's identifier.
    claim_id: UUID | None = None  #: The coverage of this claim.


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """A row of the list: no patient is named."""

    id: UUID
    coverage_id: UUID
    partner_id: UUID
    payer: PayerName
    service_date: date
    service_types: Sequence[str]
    cause: str
    state: str
    outcome: str  #: UNANSWERED until there is one.
    reason: str
    tries: int
    retry_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastKnown:
    """The newest answer that told of the coverage itself: it stays true while a payer is down."""

    check_id: UUID
    outcome: str
    service_date: date
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDetail(CheckSummary):
    """One check with its answer."""

    retries_id: UUID | None
    outbound_file_id: UUID | None
    inbound_file_id: UUID | None
    answer: Answer | None
    last_known: LastKnown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSummary:
    """A coverage, without whose it is."""

    id: UUID
    payer: PayerName
    partner_id: UUID
    responsibility: str
    updated_at: datetime
    outcome: str  #: Of the newest answer; UNANSWERED where there is none.
    answered_at: datetime | None
    last_known: LastKnown | None


def checks(
    session: ReadSession, chosen: CheckFilter, *, after: Position | None, limit: int
) -> Page[CheckSummary]:
    """A page of checks, newest first; the facets count them by outcome."""
    outcome = func.coalesce(EligibilityCheckRow.outcome, UNANSWERED)
    others = equal(
        (EligibilityCheckRow.state, chosen.state),
        (EligibilityCheckRow.coverage_id, chosen.coverage_id),
        (EligibilityCheckRow.partner_id, chosen.partner_id),
    )
    query = _checks().where(*others)
    if chosen.outcomes:
        query = query.where(outcome.in_(chosen.outcomes))
    rows = session.execute(
        page_of(
            query,
            at=EligibilityCheckRow.created_at,
            row_id=EligibilityCheckRow.id,
            after=after,
            limit=limit,
        )
    ).all()
    found = [_summary(*row) for row in rows]
    shown, position = following(found, limit)
    by_outcome = session.execute(
        select(outcome, func.count()).where(*others).group_by(outcome).order_by(outcome)
    )
    facets = {name: count for name, count in by_outcome}  # noqa: C416  # dict(rows) is untyped.
    return Page(
        items=tuple(shown),
        following=position,
        facets=facets,
        total=total_of(facets, chosen.outcomes),
    )


def check(session: ReadSession, keys: Keys, check_id: UUID) -> CheckDetail | None:
    """The check with this id, its answer opened. Raises SealError."""
    row = session.execute(_checks().where(EligibilityCheckRow.id == check_id)).one_or_none()
    if row is None:
        return None
    stored = row[0]
    sealed = stored.answer_sealed
    summary = _summary(*row)
    return CheckDetail(
        **asdict(summary) | {"payer": summary.payer},
        retries_id=stored.retries_id,
        outbound_file_id=stored.outbound_file_id,
        inbound_file_id=stored.inbound_file_id,
        answer=open_answer(keys, check_id, sealed) if sealed else None,
        last_known=_last_known(session, [stored.coverage_id]).get(stored.coverage_id),
    )


def _checks() -> Any:  # noqa: ANN401  # A Select of three columns.
    return select(EligibilityCheckRow, PayerRow.identifier, PayerRow.name).join(
        PayerRow, PayerRow.id == EligibilityCheckRow.payer_id
    )


def _summary(row: EligibilityCheckRow, identifier: str, name: str) -> CheckSummary:
    return CheckSummary(
        id=row.id,
        coverage_id=row.coverage_id,
        partner_id=row.partner_id,
        payer=PayerName(identifier=identifier, name=name),
        service_date=row.service_date,
        service_types=row.service_types,
        cause=row.cause,
        state=row.state,
        outcome=row.outcome or UNANSWERED,
        reason=row.reason,
        tries=row.tries,
        retry_at=row.retry_at,
        created_at=row.created_at,
        sent_at=row.sent_at,
        answered_at=row.answered_at,
    )


def coverages(
    session: ReadSession, chosen: CoverageFilter, *, after: Position | None, limit: int
) -> Page[CoverageSummary]:
    """A page of coverages, those changed last first; the facets count them by newest outcome."""
    outcome = func.coalesce(_newest(EligibilityCheckRow.outcome), UNANSWERED)
    others = _conditions(chosen)
    query = select(
        CoverageRow.id,
        CoverageRow.responsibility,
        CoverageRow.updated_at,
        PayerRow.partner_id,
        PayerRow.identifier,
        PayerRow.name,
        outcome.label("outcome"),
        _newest(EligibilityCheckRow.answered_at).label("answered_at"),
    ).join(PayerRow, PayerRow.id == CoverageRow.payer_id)
    query = query.where(*others)
    if chosen.outcomes:
        query = query.where(outcome.in_(chosen.outcomes))
    rows = session.execute(
        page_of(query, at=CoverageRow.updated_at, row_id=CoverageRow.id, after=after, limit=limit)
    ).all()
    shown, position = following(rows, limit, at="updated_at")
    known = _last_known(session, [row.id for row in shown])
    counted = (
        select(outcome.label("outcome"))
        .select_from(CoverageRow)
        .join(PayerRow, PayerRow.id == CoverageRow.payer_id)
        .where(*others)
        .subquery()
    )
    by_outcome = session.execute(
        select(counted.c.outcome, func.count())
        .group_by(counted.c.outcome)
        .order_by(counted.c.outcome)
    )
    facets = {name: count for name, count in by_outcome}  # noqa: C416  # dict(rows) is untyped.
    return Page(
        items=tuple(
            CoverageSummary(
                id=row.id,
                payer=PayerName(identifier=row.identifier, name=row.name),
                partner_id=row.partner_id,
                responsibility=row.responsibility,
                updated_at=row.updated_at,
                outcome=row.outcome,
                answered_at=row.answered_at,
                last_known=known.get(row.id),
            )
            for row in shown
        ),
        following=position,
        facets=facets,
        total=total_of(facets, chosen.outcomes),
    )


def _conditions(chosen: CoverageFilter) -> list[ColumnElement[bool]]:
    conditions = equal(
        (PayerRow.partner_id, chosen.partner_id), (PayerRow.identifier, chosen.payer)
    )
    if chosen.claim_id is not None:
        of_claim = select(ClaimRow.coverage_id).where(ClaimRow.id == chosen.claim_id)
        conditions.append(CoverageRow.id.in_(of_claim))
    return conditions


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


def _last_known(session: ReadSession, coverage_ids: Sequence[UUID]) -> dict[UUID, LastKnown]:
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
        )
        for check in found
        if check.outcome and check.answered_at
    }
