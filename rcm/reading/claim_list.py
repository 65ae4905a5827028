"""Claims in a list: a page in any order, with the figures of the whole filtered list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from rcm.access.masking import masked_name
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.reading.claim_filter import OPEN_CENTS, ClaimFilter, conditions, others
from rcm.reading.groups import Counted, count_groups
from rcm.reading.pages import Position, Sort, read_page, sort_of
from rcm.reading.patient_names import PatientName, names_of, page_by_name
from rcm.rows import (
    ActorRow,
    BillingProviderRow,
    ClaimListingRow,
    ClaimRow,
    ClaimSumRow,
    PayerRow,
    WorkItemRow,
)

_DUE = (
    select(WorkItemRow.claim_id, func.min(WorkItemRow.due_on).label("due_on"))
    .where(WorkItemRow.state == "open", WorkItemRow.claim_id.is_not(None))
    .group_by(WorkItemRow.claim_id)
    .subquery("due")
)
BY_PATIENT = "patient"  #: Sealed: such a list is sorted outside the database.
SORTS: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "status_at": ClaimListingRow.status_at,
    "created_at": ClaimListingRow.created_at,
    "service_from": ClaimListingRow.service_from,
    "charge": ClaimListingRow.charge_cents,
    "paid": ClaimListingRow.paid_cents,
    "open": OPEN_CENTS,
    "due": _DUE.c.due_on,
    "payer": PayerRow.name,
}
AMOUNTS = (
    "charge_cents",
    "billed_cents",
    "paid_cents",
    "adjusted_cents",
    "patient_cents",
    "denied_cents",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something by its id and name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A payer as lists show it."""

    identifier: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClaim:
    """A row of the list; the patient's name is masked."""

    id: UUID
    patient_control_number: str
    status: str
    status_by: str
    status_at: datetime
    patient: str
    payer: Payer
    provider: Named
    service_from: date
    service_to: date
    created_at: datetime
    amounts: Mapping[str, int]
    due_on: date | None  #: Of its most urgent open work.
    assignee: Named | None
    next_action: str
    findings_count: int


def sort_by(asked: str) -> Sort:
    """Return the sort of that name; BY_PATIENT has none in the database."""
    return sort_of(asked, SORTS, ClaimListingRow.claim_id, gaps=["due"])


def claim_figures(session: ReadSession, chosen: ClaimFilter) -> Counted:
    """Counts by status, payer and provider, and the sums of the filtered list."""
    identifiers = {
        str(row.id): row.identifier
        for row in session.execute(select(PayerRow.id, PayerRow.identifier))
    }
    ids = {identifier: payer_id for payer_id, identifier in identifiers.items()}
    narrowed = others(chosen)
    # Where nothing but facets is chosen, the database has added up already.
    row = ClaimListingRow if narrowed else ClaimSumRow
    counted = count_groups(
        session,
        select(row).where(*narrowed),
        facets={
            "status": row.status,
            "payer": row.payer_id,
            "provider": row.billing_provider_id,
        },
        chosen={
            "status": chosen.statuses,
            "payer": [ids.get(identifier, "") for identifier in chosen.payers],
            "provider": [str(provider_id) for provider_id in chosen.provider_ids],
        },
        sums={name: getattr(row, name) for name in AMOUNTS},
        count=None if narrowed else ClaimSumRow.claims.expression,
    )
    by_payer = {identifiers[key]: count for key, count in counted.facets["payer"].items()}
    return Counted(
        total=counted.total,
        facets=counted.facets | {"payer": dict(sorted(by_payer.items()))},
        totals=explained(counted.totals),
    )


def explained(sums: Mapping[str, int]) -> dict[str, int]:
    """Return the amounts of one or many claims, with those that follow from the others.

    charge = paid + adjusted + patient + open, whatever was sent of it.

    >>> told = dict(charge_cents=900, billed_cents=700, paid_cents=300, adjusted_cents=100)
    >>> told = explained({**told, "patient_cents": 50, "denied_cents": 20})
    >>> told["open_cents"], told["unbilled_cents"], told["balance_cents"]
    (450, 200, 300)
    """
    settled = sums["paid_cents"] + sums["adjusted_cents"]
    return {
        **sums,
        "open_cents": sums["charge_cents"] - settled - sums["patient_cents"],
        "unbilled_cents": sums["charge_cents"] - sums["billed_cents"],
        "balance_cents": sums["billed_cents"] - settled,
    }


def claim_page(
    session: ReadSession,
    keys: Keys,
    chosen: ClaimFilter,
    *,
    sort: str,
    after: Position | None,
    limit: int,
) -> tuple[tuple[ListedClaim, ...], Position | None]:
    """One page of the filtered list. Raises CursorMisfitError, TooManyToSortError."""
    position: Position | None
    if sort.removeprefix("-") == BY_PATIENT:
        query = select(ClaimListingRow.claim_id).where(*conditions(chosen))
        ids, position = page_by_name(session, keys, query, sort=sort, after=after, limit=limit)
    else:
        rows, position = read_page(
            session, sorted_ids(chosen, sort), sort_by(sort), after=after, limit=limit
        )
        ids = [row.claim_id for row in rows]
    return listed_claims(session, keys, ids), position


def sorted_ids(chosen: ClaimFilter, sort: str) -> Select[UUID]:
    """Return the query of the ids of the filtered list, joined to what it is sorted by."""
    query = select(ClaimListingRow.claim_id).where(*conditions(chosen))
    match sort.removeprefix("-"):
        case "due":
            return query.outerjoin(_DUE, _DUE.c.claim_id == ClaimListingRow.claim_id)
        case "payer":
            return query.join(PayerRow, PayerRow.id == ClaimListingRow.payer_id)
        case _:
            return query


def listed_claims(session: ReadSession, keys: Keys, ids: Sequence[UUID]) -> tuple[ListedClaim, ...]:
    """These claims as lists show them, in this order."""
    rows = session.execute(
        select(
            ClaimRow.id,
            ClaimRow.patient_id,
            ClaimRow.patient_control_number,
            ClaimRow.status,
            ClaimRow.status_by,
            ClaimRow.status_at,
            ClaimRow.service_from,
            ClaimRow.service_to,
            ClaimRow.created_at,
            func.jsonb_array_length(ClaimRow.findings).label("findings_count"),
            PayerRow.identifier,
            PayerRow.name.label("payer_name"),
            BillingProviderRow.id.label("provider_id"),
            BillingProviderRow.name.label("provider_name"),
            *(getattr(ClaimListingRow, name) for name in AMOUNTS),
        )
        .join(ClaimListingRow, ClaimListingRow.claim_id == ClaimRow.id)
        .join(PayerRow, PayerRow.id == ClaimRow.payer_id)
        .join(BillingProviderRow, BillingProviderRow.id == ClaimRow.billing_provider_id)
        .where(ClaimRow.id.in_(ids))
    )
    found = {row.id: row for row in rows}
    names = names_of(session, keys, {row.patient_id for row in found.values()})
    work = _next_work(session, ids)
    return tuple(
        _listed(found[claim_id], names[found[claim_id].patient_id], work.get(claim_id))
        for claim_id in ids
    )


def _next_work(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The most urgent open work of each of these claims."""
    rows: Iterable[Row[Any]] = session.execute(
        select(
            WorkItemRow.claim_id,
            WorkItemRow.due_on,
            WorkItemRow.action,
            WorkItemRow.assignee_id,
            ActorRow.name.label("assignee_name"),
        )
        .ext(distinct_on(WorkItemRow.claim_id))
        .outerjoin(ActorRow, ActorRow.id == WorkItemRow.assignee_id)
        .where(WorkItemRow.claim_id.in_(ids), WorkItemRow.state == "open")
        .order_by(WorkItemRow.claim_id, WorkItemRow.due_on, WorkItemRow.id)
    )
    return {row.claim_id: row for row in rows}


def _listed(row: Row[Any], name: PatientName, work: Row[Any] | None) -> ListedClaim:
    assignee = (
        Named(id=work.assignee_id, name=work.assignee_name) if work and work.assignee_id else None
    )
    return ListedClaim(
        id=row.id,
        patient_control_number=row.patient_control_number,
        status=row.status,
        status_by=row.status_by,
        status_at=row.status_at,
        patient=masked_name(name.last_name, name.first_name),
        payer=Payer(identifier=row.identifier, name=row.payer_name),
        provider=Named(id=row.provider_id, name=row.provider_name),
        service_from=row.service_from,
        service_to=row.service_to,
        created_at=row.created_at,
        amounts=explained({each: getattr(row, each) for each in AMOUNTS}),
        due_on=work.due_on if work else None,
        assignee=assignee,
        next_action=work.action if work else "",
        findings_count=row.findings_count,
    )
