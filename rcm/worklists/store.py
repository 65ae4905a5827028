"""SQL of work items."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from edi.money import Cents
from rcm.clock import Randomness
from rcm.db import ReadSession
from rcm.rows import ClaimRow, EligibilityCheckRow, WorkItemRow
from rcm.worklists.items import ItemKind, NewItem

_BY_ANSWER = "answer"  #: Closed by what a payer or clearinghouse said, not by a person.


def add_items(
    session: Session, randomness: Randomness, items: Sequence[NewItem], *, now: datetime
) -> None:
    """Open items; one that was told before stays as it is, open or done."""
    if not items:
        return
    values = [
        {
            "id": randomness.uuid(),
            "key": item.key,
            "kind": item.kind,
            "state": "open",
            "reason": item.reason,
            "message": item.message,
            "action": item.action,
            "pointer": item.pointer,
            "amount_cents": item.amount_cents,
            "claim_id": item.claim_id,
            "file_id": item.file_id,
            "remittance_id": item.remittance_id,
            "eligibility_check_id": item.eligibility_check_id,
            "encounter_id": item.encounter_id,
            "opened_at": now,
        }
        for item in items
    ]
    statement = insert(WorkItemRow).on_conflict_do_nothing(index_elements=[WorkItemRow.key])
    session.execute(statement, values)


def open_again(session: Session, randomness: Randomness, item: NewItem, *, now: datetime) -> None:
    """Open an item; where it was told before, with what is wrong now."""
    add_items(session, randomness, [item], now=now)
    told = {"reason": item.reason, "message": item.message, "action": item.action}
    session.execute(
        update(WorkItemRow)
        .where(WorkItemRow.key == item.key)
        .values(**told, state="open", closed_at=None, closed_by="")
    )


def settle_items(
    session: Session, kind: ItemKind, *, now: datetime, by: str = _BY_ANSWER, **about: UUID
) -> None:
    """Close what is open of this kind about one file or remittance."""
    session.execute(
        update(WorkItemRow)
        .filter_by(kind=kind, state="open", **about)
        .values(state="done", closed_at=now, closed_by=by)
    )


def close_encounters(session: Session, encounter_ids: Iterable[UUID], *, now: datetime) -> None:
    """Close what is open about encounters of which no claim could be made: there is one now."""
    session.execute(
        update(WorkItemRow)
        .where(WorkItemRow.encounter_id.in_(set(encounter_ids)), WorkItemRow.state == "open")
        .values(state="done", closed_at=now, closed_by=_BY_ANSWER)
    )


def charges_of(session: ReadSession, claim_ids: Iterable[UUID]) -> dict[UUID, Cents]:
    """The charge of each of these claims."""
    rows = session.execute(
        select(ClaimRow.id, ClaimRow.charge_cents).where(ClaimRow.id.in_(set(claim_ids)))
    )
    return {row.id: Cents(row.charge_cents) for row in rows}


def close_items(
    session: Session,
    claim_ids: Iterable[UUID],
    kinds: Sequence[ItemKind],
    *,
    now: datetime,
    by: str = _BY_ANSWER,
) -> None:
    """Close what is open of these kinds for these claims: what happened since has settled it."""
    session.execute(
        update(WorkItemRow)
        .where(
            WorkItemRow.claim_id.in_(set(claim_ids)),
            WorkItemRow.kind.in_(kinds),
            WorkItemRow.state == "open",
        )
        .values(state="done", closed_at=now, closed_by=by)
    )


def close_keys(session: Session, keys: Sequence[str], *, now: datetime) -> None:
    """Close the open items with these keys: what they were about was taken back."""
    session.execute(
        update(WorkItemRow)
        .where(WorkItemRow.key.in_(keys), WorkItemRow.state == "open")
        .values(state="done", closed_at=now, closed_by=_BY_ANSWER)
    )


def reopen_keys(session: Session, keys: Sequence[str]) -> None:
    """Open again what an answer closed, and a later one shows to stand; never a person's word."""
    session.execute(
        update(WorkItemRow)
        .where(WorkItemRow.key.in_(keys), WorkItemRow.closed_by == _BY_ANSWER)
        .values(state="open", closed_at=None, closed_by="")
    )


def close_reasons(
    session: Session, claim_ids: Iterable[UUID], reasons: Sequence[str], *, now: datetime
) -> None:
    """Close what is open for these reasons for these claims."""
    session.execute(
        update(WorkItemRow)
        .where(
            WorkItemRow.claim_id.in_(set(claim_ids)),
            WorkItemRow.reason.in_(reasons),
            WorkItemRow.state == "open",
        )
        .values(state="done", closed_at=now, closed_by=_BY_ANSWER)
    )


def close_checked(session: Session, coverage_ids: Iterable[UUID], *, now: datetime) -> None:
    """Close what is open about the eligibility of these coverages: a newer answer is here."""
    checks = select(EligibilityCheckRow.id).where(
        EligibilityCheckRow.coverage_id.in_(set(coverage_ids))
    )
    session.execute(
        update(WorkItemRow)
        .where(
            WorkItemRow.eligibility_check_id.in_(checks),
            WorkItemRow.kind == ItemKind.ELIGIBILITY,
            WorkItemRow.state == "open",
        )
        .values(state="done", closed_at=now, closed_by=_BY_ANSWER)
    )
