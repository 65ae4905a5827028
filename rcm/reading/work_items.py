"""Queries of work items: what people have to do, until when, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Row, Select, Text, and_, cast, func, select

from edi.remittance_835.model import ClaimPayment
from rcm.access.masking import masked_name, masked_number
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.reading.claims import PayerName
from rcm.reading.groups import Counted, count_groups
from rcm.reading.pages import Position, Sort, equal, read_page, sort_of
from rcm.reading.patient_names import open_name
from rcm.reading.suspense import masked_patient
from rcm.reading.suspense_told import position_of, suspended_payments
from rcm.rows import (
    ActorRow,
    ClaimRow,
    CoverageRow,
    EligibilityCheckRow,
    PatientRow,
    PayerRow,
    RemittanceClaimRow,
    RemittanceRow,
    WorkItemRow,
)

NOBODY: Literal["nobody"] = "nobody"  #: Instead of an assignee, in filters and facets.


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItemFilter:
    """Which items; what is empty chooses all."""

    kinds: Sequence[str] = ()
    state: str | None = None
    reasons: Sequence[str] = ()
    categories: Sequence[str] = ()  #: Of denials.
    assignees: Sequence[str] = ()  #: Ids of actors, or NOBODY.
    due_before: date | None = None  #: Not on this day any more.
    payers: Sequence[str] = ()  #: Identifiers.
    claim_id: UUID | None = None
    ids: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who does the work, as lists show them."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemClaim:
    """The claim that an item is about, or that a payment in suspense is for."""

    id: UUID
    patient_control_number: str
    patient: str  #: Masked.
    payer: PayerName
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """Something a person has to do. Its patient is masked."""

    id: UUID
    kind: str
    state: str
    reason: str
    category: str  #: Of a denial.
    message: str
    action: str
    pointer: str
    amount_cents: int
    due_on: date
    assignee: Person | None
    claim: ItemClaim | None
    patient: str  #: Masked; of claim, eligibility check, or as the payer names him.
    payer: PayerName | None  #: Of the claim, of the eligibility check, or of the remittance.
    payer_control_number: str  #: CLP07 of a payment in suspense, masked.
    file_id: UUID | None
    remittance_id: UUID | None
    remittance_position: int | None  #: Of a payment in suspense: which claim of it, from 1.
    eligibility_check_id: UUID | None
    encounter_id: UUID | None
    opened_at: datetime
    touched_at: datetime
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItems:
    """A page of items and the list in figures."""

    items: tuple[WorkItem, ...]
    following: Position | None
    counted: Counted


_ASSIGNEE = func.coalesce(cast(WorkItemRow.assignee_id, Text), NOBODY)
PAYER = func.coalesce(PayerRow.identifier, "")
SORTS: dict[str, Any] = {
    "due": WorkItemRow.urgency,
    "amount": WorkItemRow.amount_cents,
    "opened": WorkItemRow.opened_at,
    "kind": WorkItemRow.kind,
}


def work_items(
    session: ReadSession,
    keys: Keys,
    chosen: WorkItemFilter,
    *,
    sort: str,
    after: Position | None,
    limit: int,
) -> WorkItems:
    """A page of items, the counts of each facet, and the money of all of them."""
    query = chosen_items(select(*SHOWN), chosen)
    order: Sort = sort_of(sort, SORTS, WorkItemRow.id)
    rows, position = read_page(session, query, order, after=after, limit=limit)
    told = suspended_payments(session, keys, [row[0] for row in rows])
    return WorkItems(
        items=tuple(item_of(keys, row, told.get(row[0].id)) for row in rows),
        following=position,
        counted=count_items(session, chosen),
    )


def count_items(session: ReadSession, chosen: WorkItemFilter) -> Counted:
    """The list of these items in figures."""
    return count_groups(
        session,
        joined(select(WorkItemRow.id)).where(*_conditions(chosen)),
        facets=dict(_FACETS),
        chosen=_facets_chosen(chosen),
        sums={"amount_cents": WorkItemRow.amount_cents},
    )


def item_ids(session: ReadSession, chosen: WorkItemFilter, *, limit: int) -> Sequence[UUID]:
    """The ids of these items, the most urgent first."""
    query = chosen_items(select(WorkItemRow.id), chosen)
    return session.scalars(query.order_by(WorkItemRow.urgency, WorkItemRow.id).limit(limit)).all()


def chosen_items(query: Select[Any], chosen: WorkItemFilter) -> Select[Any]:
    """Return `query` of work items with all that the filter asks for."""
    facets = _facets_chosen(chosen)
    in_facets = [_FACETS[name].in_(values) for name, values in facets.items() if values]
    return joined(query).where(*_conditions(chosen), *in_facets)


_FACETS: dict[str, Any] = {
    "kind": WorkItemRow.kind,
    "assignee": _ASSIGNEE,
    "payer": PAYER,
    "reason": WorkItemRow.reason,
    "category": WorkItemRow.category,
}


def _facets_chosen(chosen: WorkItemFilter) -> dict[str, Sequence[str]]:
    return {
        "kind": chosen.kinds,
        "assignee": chosen.assignees,
        "payer": chosen.payers,
        "reason": chosen.reasons,
        "category": chosen.categories,
    }


def _conditions(chosen: WorkItemFilter) -> list[ColumnElement[bool]]:
    """Return what is no facet."""
    conditions = equal((WorkItemRow.state, chosen.state), (WorkItemRow.claim_id, chosen.claim_id))
    if chosen.due_before is not None:
        conditions.append(WorkItemRow.due_on < chosen.due_before)
    if chosen.ids is not None:
        conditions.append(WorkItemRow.id.in_(chosen.ids))
    return conditions


SHOWN: tuple[Any, ...] = (
    WorkItemRow,
    ActorRow.name.label("assignee_name"),
    ClaimRow.id.label("claim_id"),
    ClaimRow.patient_control_number,
    ClaimRow.status,
    PatientRow.id.label("patient_id"),
    PatientRow.identity,
    PayerRow.identifier.label("payer_identifier"),
    PayerRow.name.label("payer_name"),
    RemittanceRow.payer_name.label("remitting_name"),
)
#: Which payment of its remittance an item of suspense is about: its key ends so.
_POSITION = cast(func.substring(WorkItemRow.key, r"^suspense/[^/]+/(\d{1,6})$"), Integer)


def joined(query: Select[Any]) -> Select[Any]:
    """Return `query` with the claim, check or payment that each item is about."""
    in_suspense = and_(
        RemittanceClaimRow.remittance_id == WorkItemRow.remittance_id,
        RemittanceClaimRow.position == _POSITION,
    )
    claim_id = func.coalesce(WorkItemRow.claim_id, RemittanceClaimRow.claim_id)
    return (
        query.select_from(WorkItemRow)
        .outerjoin(ActorRow, ActorRow.id == WorkItemRow.assignee_id)
        .outerjoin(RemittanceRow, RemittanceRow.id == WorkItemRow.remittance_id)
        .outerjoin(RemittanceClaimRow, in_suspense)
        .outerjoin(ClaimRow, ClaimRow.id == claim_id)
        .outerjoin(EligibilityCheckRow, EligibilityCheckRow.id == WorkItemRow.eligibility_check_id)
        .outerjoin(CoverageRow, CoverageRow.id == EligibilityCheckRow.coverage_id)
        .outerjoin(
            PatientRow, PatientRow.id == func.coalesce(ClaimRow.patient_id, CoverageRow.patient_id)
        )
        .outerjoin(
            PayerRow, PayerRow.id == func.coalesce(ClaimRow.payer_id, EligibilityCheckRow.payer_id)
        )
    )


def item_of(keys: Keys, row: Row[Any], payment: ClaimPayment | None = None) -> WorkItem:
    """Return what is shown of an item; `payment` is what its payer says, where it was read."""
    item: WorkItemRow = row[0]
    patient = masked_patient(payment) if payment else ""
    if row.patient_id is not None:
        name = open_name(keys, row.patient_id, row.identity)
        patient = masked_name(name.last_name, name.first_name)
    payer = None
    if row.payer_identifier is not None:
        payer = PayerName(identifier=row.payer_identifier, name=row.payer_name)
    claim = None
    if row.claim_id is not None and payer is not None:
        claim = ItemClaim(
            id=row.claim_id,
            patient_control_number=row.patient_control_number,
            patient=patient,
            payer=payer,
            status=row.status,
        )
    if payer is None and row.remitting_name:
        payer = PayerName(identifier="", name=row.remitting_name)
    assignee = None
    if item.assignee_id is not None:
        assignee = Person(id=item.assignee_id, name=row.assignee_name)
    return WorkItem(
        id=item.id,
        kind=item.kind,
        state=item.state,
        reason=item.reason,
        category=item.category,
        message=item.message,
        action=item.action,
        pointer=item.pointer,
        amount_cents=item.amount_cents,
        due_on=item.due_on,
        assignee=assignee,
        claim=claim,
        patient=patient,
        payer=payer,
        payer_control_number=masked_number(payment.payer_claim_number) if payment else "",
        file_id=item.file_id,
        remittance_id=item.remittance_id,
        remittance_position=position_of(item),
        eligibility_check_id=item.eligibility_check_id,
        encounter_id=item.encounter_id,
        opened_at=item.opened_at,
        touched_at=item.touched_at,
        closed_at=item.closed_at,
        closed_by=item.closed_by,
    )
