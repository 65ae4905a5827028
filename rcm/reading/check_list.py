"""Eligibility checks in a list: what came of each, why in plain words, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select

from rcm.access.masking import masked_name
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.eligibility.answer_store import open_answer
from rcm.reading.claims import PayerName
from rcm.reading.groups import Counted, count_groups
from rcm.reading.pages import Position, between, equal, read_page, sort_of
from rcm.reading.patient_names import open_name
from rcm.rows import CoverageRow, EligibilityCheckRow, PatientRow, PayerRow, WorkItemRow
from rcm.worklists.eligibility import item_of

UNANSWERED = "unanswered"  #: Instead of an outcome, where there is none yet.
_REFUSED_FILE = (
    "The clearinghouse refused the file that this question was in.",
    "Have what its acknowledgment names corrected, then ask again.",
)
_OUTCOME = func.coalesce(EligibilityCheckRow.outcome, UNANSWERED)
SORTS: dict[str, Any] = {
    "created": EligibilityCheckRow.created_at,
    "answered": EligibilityCheckRow.answered_at,
    "service_date": EligibilityCheckRow.service_date,
    "payer": PayerRow.name,
    "outcome": _OUTCOME,
}
_GAPS = ("answered",)
_FACETS: dict[str, Any] = {
    "outcome": _OUTCOME,
    "state": EligibilityCheckRow.state,
    "payer": PayerRow.identifier,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFilter:
    """Which checks; what is empty chooses all. Ends of ranges belong to them."""

    outcomes: Sequence[str] = ()
    states: Sequence[str] = ()
    payers: Sequence[str] = ()  #: Identifiers.
    coverage_id: UUID | None = None
    partner_id: UUID | None = None
    service_from: date | None = None
    service_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """A row of the list; its patient is masked."""

    id: UUID
    coverage_id: UUID
    partner_id: UUID
    patient_id: UUID
    patient: str
    payer: PayerName
    plan: str  #: As the payer names it.
    service_date: date
    service_types: Sequence[str]
    cause: str
    state: str
    outcome: str  #: UNANSWERED until there is one.
    reason: str
    message: str  #: Why it is not simply active, in plain words; else empty.
    action: str
    tries: int
    retry_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """A page of checks and the list in figures."""

    items: tuple[CheckSummary, ...]
    following: Position | None
    counted: Counted


def checks(
    session: ReadSession,
    keys: Keys,
    chosen: CheckFilter,
    *,
    sort: str,
    after: Position | None,
    limit: int,
) -> Checks:
    """A page of checks, with the counts of each facet. Raises SealError."""
    others = _others(chosen)
    wanted = {"outcome": chosen.outcomes, "state": chosen.states, "payer": chosen.payers}
    in_facets = [_FACETS[name].in_(values) for name, values in wanted.items() if values]
    order = sort_of(sort, SORTS, EligibilityCheckRow.id, gaps=_GAPS)
    query = checked().where(*others, *in_facets)
    rows, position = read_page(session, query, order, after=after, limit=limit)
    counted = count_groups(
        session,
        select(EligibilityCheckRow.id)
        .join(PayerRow, PayerRow.id == EligibilityCheckRow.payer_id)
        .where(*others),
        facets=_FACETS,
        chosen=wanted,
        sums={},
    )
    return Checks(items=tuple(summary_of(session, keys, rows)), following=position, counted=counted)


def _others(chosen: CheckFilter) -> list[ColumnElement[bool]]:
    """Return what is no facet."""
    return [
        *equal(
            (EligibilityCheckRow.coverage_id, chosen.coverage_id),
            (EligibilityCheckRow.partner_id, chosen.partner_id),
        ),
        *between(EligibilityCheckRow.service_date, chosen.service_from, chosen.service_to),
    ]


def checked() -> Any:  # noqa: ANN401  # A Select of five columns.
    """Return the query of checks with their payers and patients, for `summary_of`."""
    return (
        select(
            EligibilityCheckRow,
            PayerRow.identifier,
            PayerRow.name,
            PatientRow.id.label("patient_id"),
            PatientRow.identity,
        )
        .join(PayerRow, PayerRow.id == EligibilityCheckRow.payer_id)
        .join(CoverageRow, CoverageRow.id == EligibilityCheckRow.coverage_id)
        .join(PatientRow, PatientRow.id == CoverageRow.patient_id)
    )


def summary_of(session: ReadSession, keys: Keys, rows: Sequence[Row[Any]]) -> list[CheckSummary]:
    """The rows of `checked` as they are shown. Raises SealError."""
    failed = [row[0].id for row in rows if row[0].state == "failed"]
    told = session.execute(
        select(WorkItemRow.eligibility_check_id, WorkItemRow.message, WorkItemRow.action).where(
            WorkItemRow.eligibility_check_id.in_(failed)
        )
    )
    words = {check_id: (message, action) for check_id, message, action in told}
    return [_summary(keys, row, words) for row in rows]


def _summary(keys: Keys, row: Row[Any], words: dict[UUID | None, tuple[str, str]]) -> CheckSummary:
    check: EligibilityCheckRow = row[0]
    plan = message = action = ""
    if check.answer_sealed is not None:
        answer = open_answer(keys, check.id, check.answer_sealed)
        plan = answer.plan
        # Without a retry: it is told here even where nobody has to do anything.
        item = item_of(check.id, answer, retry_at=None)
        if item is not None:
            message, action = item.message, item.action
    elif check.state == "failed":
        message, action = words.get(check.id, _REFUSED_FILE)
    name = open_name(keys, row.patient_id, row.identity)
    return CheckSummary(
        id=check.id,
        coverage_id=check.coverage_id,
        partner_id=check.partner_id,
        patient_id=row.patient_id,
        patient=masked_name(name.last_name, name.first_name),
        payer=PayerName(identifier=row.identifier, name=row.name),
        plan=plan,
        service_date=check.service_date,
        service_types=check.service_types,
        cause=check.cause,
        state=check.state,
        outcome=check.outcome or UNANSWERED,
        reason=check.reason,
        message=message,
        action=action,
        tries=check.tries,
        retry_at=check.retry_at,
        created_at=check.created_at,
        sent_at=check.sent_at,
        answered_at=check.answered_at,
    )
