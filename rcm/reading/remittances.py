"""Lists of remittances: filters, sorting, facets and sums. A duplicate counts for no money."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from rcm.db import ReadSession
from rcm.reading.groups import Counted, count_groups
from rcm.reading.pages import Position, equal, read_page, sort_of
from rcm.reading.suspense import SUSPENDED
from rcm.rows import RemittanceClaimRow, RemittanceRow, WorkItemRow

#: Of these no money is ours, or not by this row: they add nothing to any sum.
UNCOUNTED = ("duplicate", "recorded", "discarded")
#: What a remittance may be sorted by; the day of payment may be missing.
SORTS = {
    "received": RemittanceRow.received_at,
    "payment_date": RemittanceRow.payment_date,
    "amount": RemittanceRow.payment_cents,
    "payer": RemittanceRow.payer_name,
    "claims": RemittanceRow.claims,
    "trace": RemittanceRow.trace,
}
_AMOUNT = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceFilter:
    """Which remittances; what is empty chooses all."""

    states: Sequence[str] = ()
    payers: Sequence[str] = ()
    has: Sequence[str] = ()  #: Names of HAS: all of them.
    partner_id: UUID | None = None
    text: str = ""  #: The beginning of a trace, or a payment in full.
    paid_from: date | None = None
    paid_to: date | None = None
    amount_min_cents: int | None = None
    amount_max_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What of a remittance needs people, and what else is worth a look on a list."""

    unmatched: int = 0  #: Claim payments in suspense: no claim was found.
    unbalanced: int = 0  #: Claim payments in suspense: they do not add up.
    reversals: int = 0
    suspense_cents: int = 0  #: In suspense, without regard to why.
    open_items: int = 0
    due_on: date | None = None  #: The first of the open items.


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceSummary:
    """One transaction set 835 and what became of it."""

    id: UUID
    file_id: UUID
    partner_id: UUID
    state: str
    why: str  #: Why it was not posted, in words.
    payer_name: str
    payer_id: str
    trace: str
    payment_date: date | None
    payment_cents: int
    method: str
    claims: int  #: How many.
    claims_paid_cents: int
    provider_adjustments_cents: int
    difference_cents: int
    received_at: datetime
    needs: Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceList:
    """A page of the list, and the whole of it in figures."""

    items: tuple[RemittanceSummary, ...]
    following: Position | None
    counted: Counted


def _has_claim(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    of_this = RemittanceClaimRow.remittance_id == RemittanceRow.id
    return exists().where(of_this, *conditions)


_DIFFERENCE = (
    RemittanceRow.claims_paid_cents
    - RemittanceRow.provider_adjustments_cents
    - RemittanceRow.payment_cents
)
_OPEN_ITEM = exists().where(
    WorkItemRow.remittance_id == RemittanceRow.id,
    WorkItemRow.state == "open",
    WorkItemRow.kind.in_(("suspense", "remittance")),
)
#: Of a payment in suspense: nobody said that it is not ours.
_IS_OURS = ~RemittanceClaimRow.is_dismissed
#: What a remittance may have: the tabs of the page that are no state.
HAS: Mapping[str, ColumnElement[bool]] = {
    "needs_review": RemittanceRow.state.in_(("held", "waiting")) | _OPEN_ITEM,
    "unmatched": _has_claim(RemittanceClaimRow.state == "unmatched", _IS_OURS),
    "unbalanced": _has_claim(RemittanceClaimRow.state == "unbalanced", _IS_OURS)
    | (_DIFFERENCE != 0),
    "reversals": _has_claim(RemittanceClaimRow.status_code == "22"),
    "zero_pay": RemittanceRow.payment_cents == 0,
}


def remittances(
    session: ReadSession,
    chosen: RemittanceFilter,
    *,
    sort: str,
    after: Position | None,
    limit: int,
) -> RemittanceList:
    """A page of remittances, with facets by state, payer and what they have, and sums of all."""
    every = select(RemittanceRow).where(*_conditions(chosen))
    query = every.where(*(HAS[name] for name in chosen.has))
    paged = query.where(*_one_of(chosen))
    order = sort_of(sort, SORTS, RemittanceRow.id, gaps=("payment_date",))
    rows, following = read_page(session, paged, order, after=after, limit=limit)
    shown = [row.RemittanceRow for row in rows]
    needs = needs_of(session, [row.id for row in shown])
    counted = count_groups(
        session,
        query,
        facets={"state": RemittanceRow.state, "payer": RemittanceRow.payer_name},
        chosen={"state": chosen.states, "payer": chosen.payers},
        sums={
            "claims_paid_cents": _money(RemittanceRow.claims_paid_cents),
            "provider_adjustments_cents": _money(RemittanceRow.provider_adjustments_cents),
            "payment_cents": _money(RemittanceRow.payment_cents),
            "difference_cents": _money(_DIFFERENCE),
            "claims": _money(RemittanceRow.claims),
        },
    )
    has = session.execute(
        every.where(*_one_of(chosen)).with_only_columns(
            *(func.count().filter(condition).label(name) for name, condition in HAS.items())
        )
    ).one()
    counted.facets["has"] = {name: count for name, count in has._asdict().items() if count}
    return RemittanceList(
        items=tuple(RemittanceSummary(**summary_of(row, needs)) for row in shown),
        following=following,
        counted=counted,
    )


def _money(column: Any) -> ColumnElement[int]:  # noqa: ANN401  # A column or an expression.
    return case((RemittanceRow.state.in_(UNCOUNTED), 0), else_=column)


def _conditions(chosen: RemittanceFilter) -> list[ColumnElement[bool]]:
    conditions = equal((RemittanceRow.partner_id, chosen.partner_id))
    if chosen.paid_from is not None:
        conditions.append(RemittanceRow.payment_date >= chosen.paid_from)
    if chosen.paid_to is not None:
        conditions.append(RemittanceRow.payment_date <= chosen.paid_to)
    if chosen.amount_min_cents is not None:
        conditions.append(RemittanceRow.payment_cents >= chosen.amount_min_cents)
    if chosen.amount_max_cents is not None:
        conditions.append(RemittanceRow.payment_cents <= chosen.amount_max_cents)
    if chosen.text:
        found = func.lower(RemittanceRow.trace).startswith(chosen.text.lower(), autoescape=True)
        cents = cents_of(chosen.text)
        is_amount = [] if cents is None else [RemittanceRow.payment_cents == cents]
        conditions.append(or_(found, *is_amount))
    return conditions


def _one_of(chosen: RemittanceFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.states:
        conditions.append(RemittanceRow.state.in_(chosen.states))
    if chosen.payers:
        conditions.append(RemittanceRow.payer_name.in_(chosen.payers))
    return conditions


def cents_of(text: str) -> int | None:
    """Return the cents of an amount as people write it, or None.

    >>> cents_of("$1,159.52"), cents_of("84"), cents_of("0098213374"), cents_of("84.5")
    (115952, 8400, None, None)
    """
    if text.startswith("00") or not (found := _AMOUNT.fullmatch(text.strip())):
        return None
    dollars, cents = found.groups()
    return int(dollars.replace(",", "")) * 100 + int(cents or 0)


def needs_of(session: ReadSession, remittance_ids: Sequence[UUID]) -> dict[UUID, Needs]:
    """What each of these remittances needs; only of those that have claims or items."""
    state, cents = RemittanceClaimRow.state, RemittanceClaimRow.paid_cents
    in_suspense = state.in_(SUSPENDED)
    values: dict[UUID, dict[str, Any]] = {}
    for row in session.execute(
        select(
            RemittanceClaimRow.remittance_id,
            func.count().filter(state == "unmatched", _IS_OURS).label("unmatched"),
            func.count().filter(state == "unbalanced", _IS_OURS).label("unbalanced"),
            func.count().filter(RemittanceClaimRow.status_code == "22").label("reversals"),
            func.coalesce(func.sum(cents).filter(in_suspense), 0).label("suspense_cents"),
        )
        .where(RemittanceClaimRow.remittance_id.in_(remittance_ids))
        .group_by(RemittanceClaimRow.remittance_id)
    ):
        counts = row._asdict()
        remittance_id = counts.pop("remittance_id")
        values[remittance_id] = {name: int(number) for name, number in counts.items()}
    for item in session.execute(
        select(
            WorkItemRow.remittance_id,
            func.count().label("open_items"),
            func.min(WorkItemRow.due_on).label("due_on"),
        )
        .where(WorkItemRow.remittance_id.in_(remittance_ids), WorkItemRow.state == "open")
        .group_by(WorkItemRow.remittance_id)
    ):
        values.setdefault(item.remittance_id, {}).update(
            open_items=item.open_items, due_on=item.due_on
        )
    return {remittance_id: Needs(**each) for remittance_id, each in values.items()}


def summary_of(row: RemittanceRow, needs: Mapping[UUID, Needs]) -> dict[str, Any]:
    """Return the members of a RemittanceSummary."""
    difference = row.claims_paid_cents - row.provider_adjustments_cents - row.payment_cents
    return {
        "id": row.id,
        "file_id": row.file_id,
        "partner_id": row.partner_id,
        "state": row.state,
        "why": "" if row.state == "posted" else _why(row.findings),
        "payer_name": row.payer_name,
        "payer_id": row.payer_id,
        "trace": row.trace,
        "payment_date": row.payment_date,
        "payment_cents": row.payment_cents,
        "method": row.method,
        "claims": row.claims,
        "claims_paid_cents": row.claims_paid_cents,
        "provider_adjustments_cents": row.provider_adjustments_cents,
        "difference_cents": difference,
        "received_at": row.received_at,
        "needs": needs.get(row.id, Needs()),
    }


def _why(findings: Sequence[Mapping[str, Any]]) -> str:
    """Return what was found of the set as a whole, which is told last; "" where it was nothing."""
    whole = [each["message"] for each in findings if each["place"].get("segment") == "BPR"]
    return str(whole[-1]) if whole else ""
