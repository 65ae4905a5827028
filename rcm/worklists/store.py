"""SQL of work items."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Update, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from edi.money import Cents
from rcm.access import Actor
from rcm.bulk import among, arrays, given_rows, table_of
from rcm.clock import today
from rcm.db import ReadSession
from rcm.failpoint import failpoint
from rcm.rows import ClaimRow, EligibilityCheckRow, WorkItemRow
from rcm.tools import Tools
from rcm.worklists.deadlines import due_on
from rcm.worklists.event_store import BY_ANSWER, ItemEvent, append, append_changed
from rcm.worklists.items import ItemKind, NewItem, suspense_key


def add_items(session: Session, tools: Tools, items: Sequence[NewItem], *, now: datetime) -> None:
    """Open items; one that was told before stays as it is, open or done."""
    if not items:
        return
    opened_on = today(now, tools.time_zone)
    visits = _visits(session, items)
    values = [
        {
            "id": tools.randomness.uuid(),
            "key": item.key,
            "kind": item.kind,
            "state": "open",
            "reason": item.reason,
            "message": item.message,
            "action": item.action,
            "pointer": item.pointer,
            "category": item.category,
            "amount_cents": item.amount_cents,
            "claim_id": item.claim_id,
            "file_id": item.file_id,
            "remittance_id": item.remittance_id,
            "eligibility_check_id": item.eligibility_check_id,
            "encounter_id": item.encounter_id,
            "opened_at": now,
            "touched_at": now,
            "due_on": due_on(item.kind, opened_on, visit=visits.get(item.eligibility_check_id)),
        }
        for item in items
    ]
    names = tuple(values[0])
    table = table_of(WorkItemRow)
    added = session.scalars(
        insert(table)
        .from_select(names, given_rows(WorkItemRow, names))
        .on_conflict_do_nothing(index_elements=[table.c.key])
        .returning(table.c.id),
        arrays(WorkItemRow, values),
    )
    opened = added.all()
    failpoint("items.opened")
    append(session, opened, ItemEvent.OPENED, at=now)


def _visits(session: ReadSession, items: Sequence[NewItem]) -> dict[UUID | None, date]:
    """The visit that each check of these items asked about."""
    ids = {item.eligibility_check_id for item in items if item.eligibility_check_id}
    if not ids:
        return {}
    rows = session.execute(
        select(EligibilityCheckRow.id, EligibilityCheckRow.service_date).where(
            EligibilityCheckRow.id.in_(ids)
        )
    )
    return {row.id: row.service_date for row in rows}


def open_again(session: Session, tools: Tools, item: NewItem, *, now: datetime) -> None:
    """Open an item; where it was told before, with what is wrong now.

    One that was done is due anew; one that was still open is due as before.
    """
    add_items(session, tools, [item], now=now)
    told = {"reason": item.reason, "message": item.message, "action": item.action}
    here = update(WorkItemRow).where(WorkItemRow.key == item.key)
    session.execute(here.values(**told))
    again = due_on(item.kind, today(now, tools.time_zone))
    _open(session, here.values(due_on=again), now=now)


def _open(session: Session, which: Update, *, now: datetime) -> None:
    opened = {"state": "open", "closed_at": None, "closed_by": "", "closed_by_id": None}
    statement = which.where(WorkItemRow.state == "done").values(**opened, touched_at=now)
    append_changed(session, statement, ItemEvent.REOPENED, at=now)


def _close(session: Session, which: Update, *, now: datetime, by: Actor | None = None) -> None:
    done = {
        "state": "done",
        "closed_at": now,
        "closed_by": by.name if by else BY_ANSWER,
        "closed_by_id": by.id if by else None,
        "touched_at": now,
    }
    statement = which.where(WorkItemRow.state == "open").values(**done)
    append_changed(session, statement, ItemEvent.CLOSED, at=now, by=by)


def settle_items(
    session: Session, kind: ItemKind, *, now: datetime, by: Actor | None = None, **about: UUID
) -> None:
    """Close what is open of this kind about one file or remittance."""
    _close(session, update(WorkItemRow).filter_by(kind=kind, **about), now=now, by=by)


def close_encounters(session: Session, encounter_ids: Iterable[UUID], *, now: datetime) -> None:
    """Close what is open about encounters of which no claim could be made: there is one now."""
    which = update(WorkItemRow).where(among(WorkItemRow.encounter_id, set(encounter_ids)))
    _close(session, which, now=now)


def charges_of(session: ReadSession, claim_ids: Iterable[UUID]) -> dict[UUID, Cents]:
    """The charge of each of these claims."""
    rows = session.execute(
        select(ClaimRow.id, ClaimRow.charge_cents).where(among(ClaimRow.id, set(claim_ids)))
    )
    return {row.id: Cents(row.charge_cents) for row in rows}


def close_items(
    session: Session,
    claim_ids: Iterable[UUID],
    kinds: Sequence[ItemKind],
    *,
    now: datetime,
    by: Actor | None = None,
) -> None:
    """Close what is open of these kinds for these claims: what happened since has settled it."""
    which = update(WorkItemRow).where(
        among(WorkItemRow.claim_id, set(claim_ids)), WorkItemRow.kind.in_(kinds)
    )
    _close(session, which, now=now, by=by)


def close_keys(session: Session, keys: Sequence[str], *, now: datetime) -> None:
    """Close the open items with these keys: what they were about was taken back."""
    _close(session, update(WorkItemRow).where(among(WorkItemRow.key, keys)), now=now)


def reopen_keys(session: Session, keys: Sequence[str], *, now: datetime) -> None:
    """Open again what an answer closed, and a later one shows to stand; never a person's word.

    It is due as before: the payer's limits have run on.
    """
    which = update(WorkItemRow).where(
        among(WorkItemRow.key, keys),
        WorkItemRow.closed_by == BY_ANSWER,
        WorkItemRow.closed_by_id.is_(None),  # A person may be called so.
    )
    _open(session, which, now=now)


def undo_answer(
    session: Session, claim_id: UUID, keys: Sequence[str], *, at: datetime, mark: str, now: datetime
) -> None:
    """Take back what an answer of the moment `at` did to the work on a claim.

    What it opened, by these keys, is done and makes room for another of its key; what it closed is
    open again.
    """
    opened = update(WorkItemRow).where(among(WorkItemRow.key, keys), WorkItemRow.opened_at == at)
    _close(session, opened, now=now)
    session.execute(opened.values(key=WorkItemRow.key + mark))
    closed = update(WorkItemRow).where(
        WorkItemRow.claim_id == claim_id,
        WorkItemRow.closed_at == at,
        WorkItemRow.closed_by == BY_ANSWER,
        WorkItemRow.closed_by_id.is_(None),
        WorkItemRow.key.not_like(f"%{mark}"),
    )
    _open(session, closed, now=now)


def close_suspense(
    session: Session, remittance_id: UUID, position: int, *, now: datetime, by: Actor
) -> None:
    """Close the item of a payment in suspense: a person has decided about it."""
    which = update(WorkItemRow).where(WorkItemRow.key == suspense_key(remittance_id, position))
    _close(session, which, now=now, by=by)


def open_suspense(session: Session, remittance_id: UUID, position: int, *, now: datetime) -> None:
    """Open the item of a payment in suspense again: the decision about it was undone."""
    which = update(WorkItemRow).where(WorkItemRow.key == suspense_key(remittance_id, position))
    _open(session, which, now=now)


def close_reasons(
    session: Session, claim_ids: Iterable[UUID], reasons: Sequence[str], *, now: datetime
) -> None:
    """Close what is open for these reasons for these claims."""
    which = update(WorkItemRow).where(
        among(WorkItemRow.claim_id, set(claim_ids)), WorkItemRow.reason.in_(reasons)
    )
    _close(session, which, now=now)


def close_checked(session: Session, coverage_ids: Iterable[UUID], *, now: datetime) -> None:
    """Close what is open about the eligibility of these coverages: a newer answer is here."""
    checks = select(EligibilityCheckRow.id).where(
        EligibilityCheckRow.coverage_id.in_(set(coverage_ids))
    )
    which = update(WorkItemRow).where(
        WorkItemRow.eligibility_check_id.in_(checks), WorkItemRow.kind == ItemKind.ELIGIBILITY
    )
    _close(session, which, now=now)
