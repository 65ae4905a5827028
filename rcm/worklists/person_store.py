"""SQL of what people do with work items: give them to somebody, close them, open them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from rcm.access import Actor, Right, Role
from rcm.access.rights import RIGHTS_OF
from rcm.db import ReadSession
from rcm.rows import ActorRow, FileRow, RemittanceRow, WorkItemRow
from rcm.tools import Tools
from rcm.worklists.event_store import ItemEvent, append_changed, append_reasoned
from rcm.worklists.items import ItemKind

_ROLES = sorted(role for role in Role if Right.WORK_DO in RIGHTS_OF[role])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An item, locked, as far as people's decisions about it depend on it."""

    id: UUID
    is_open: bool
    amount_cents: int
    assignee_id: UUID | None
    settles_itself: bool  #: What it is about waits for a decision of its own, which closes it.


def locked_items(session: Session, item_ids: Sequence[UUID]) -> list[Standing]:
    """Lock these items, the most urgent first; those that are not there are left out."""
    rows = session.execute(
        select(WorkItemRow, FileRow.state, RemittanceRow.state)
        .outerjoin(FileRow, FileRow.id == WorkItemRow.file_id)
        .outerjoin(RemittanceRow, RemittanceRow.id == WorkItemRow.remittance_id)
        .where(WorkItemRow.id.in_(item_ids))
        .order_by(WorkItemRow.id)  # One order for all: two calls wait, and never block each other.
        .with_for_update(of=WorkItemRow)
        .execution_options(populate_existing=True)
    )
    found = [
        (item.urgency, _standing(item, file_state, remittance_state))
        for item, file_state, remittance_state in rows
    ]
    return [standing for _, standing in sorted(found, key=lambda each: (each[0], each[1].id))]


def _standing(item: WorkItemRow, file_state: str | None, remittance_state: str | None) -> Standing:
    waits = (item.kind == ItemKind.FILE and file_state == "quarantined") or (
        item.kind == ItemKind.REMITTANCE and remittance_state in ("held", "waiting")
    )
    return Standing(
        id=item.id,
        is_open=item.state == "open",
        amount_cents=item.amount_cents,
        assignee_id=item.assignee_id,
        settles_itself=waits,
    )


def assign_items(
    session: Session,
    item_ids: Sequence[UUID],
    assignee_id: UUID | None,
    *,
    now: datetime,
    by: Actor,
) -> None:
    """Give these items to a person, or to nobody."""
    change = (
        update(WorkItemRow)
        .where(WorkItemRow.id.in_(item_ids))
        .values(assignee_id=assignee_id, touched_at=now)
    )
    append_changed(session, change, ItemEvent.ASSIGNED, at=now, by=by, assignee_id=assignee_id)


def close_by_person(
    session: Session, tools: Tools, item_ids: Sequence[UUID], reason: str, *, by: Actor
) -> None:
    """Close these items for a reason, which is sealed: it may name a patient."""
    now = tools.clock()
    session.execute(
        update(WorkItemRow)
        .where(WorkItemRow.id.in_(item_ids))
        .values(state="done", closed_at=now, closed_by=by.name, closed_by_id=by.id, touched_at=now)
    )
    append_reasoned(session, tools, item_ids, ItemEvent.CLOSED, reason, at=now, by=by)


def open_by_person(session: Session, item_ids: Sequence[UUID], *, now: datetime, by: Actor) -> None:
    """Open these items again: whoever closed them, there is still something to do."""
    change = (
        update(WorkItemRow)
        .where(WorkItemRow.id.in_(item_ids))
        .values(state="open", closed_at=None, closed_by="", closed_by_id=None, touched_at=now)
    )
    append_changed(session, change, ItemEvent.REOPENED, at=now, by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignable:
    """A person who may do work."""

    id: UUID
    name: str


def assignable(session: ReadSession) -> list[Assignable]:
    """The persons who may do work, by name."""
    rows = session.execute(
        select(ActorRow.id, ActorRow.name)
        .where(
            ActorRow.kind == "person",
            ActorRow.ended_at.is_(None),
            ActorRow.roles.bool_op("&&")(_ROLES),
        )
        .order_by(func.lower(ActorRow.name), ActorRow.id)
    )
    return [Assignable(id=row.id, name=row.name) for row in rows]
