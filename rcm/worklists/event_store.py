"""SQL of the events of work items: appended in the transaction of what they tell."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, DateTime, Update, Uuid, func, insert, literal, select
from sqlalchemy.orm import Session

from rcm.access import Actor
from rcm.rows import WorkItemEventRow, WorkItemRow

BY_ANSWER = "answer"  #: Done by what a payer or clearinghouse said, not by a person.


class ItemEvent(StrEnum):
    """What happened to an item."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    REOPENED = "reopened"


def append(
    session: Session,
    item_ids: Sequence[UUID],
    what: ItemEvent,
    *,
    at: datetime,
    by: Actor | None = None,
    assignee_id: UUID | None = None,
) -> None:
    """Append the same event to each of these items."""
    if item_ids:
        each = func.unnest(literal(list(item_ids), ARRAY(Uuid)))
        _append(session, each, what, at, by, assignee_id)


def append_changed(
    session: Session,
    change: Update,
    what: ItemEvent,
    *,
    at: datetime,
    by: Actor | None = None,
    assignee_id: UUID | None = None,
) -> None:
    """Change items, and append the event to each that was changed: one statement for both."""
    changed = change.returning(WorkItemRow.id).cte("changed")
    _append(session, changed.c.id, what, at, by, assignee_id)


def _append(
    session: Session,
    item_id: ColumnElement[Any],
    what: ItemEvent,
    at: datetime,
    by: Actor | None,
    assignee_id: UUID | None,
) -> None:
    told = select(
        func.gen_random_uuid(),
        item_id,
        literal(what.value),
        literal(by.name if by else BY_ANSWER),
        literal(by.id if by else None, Uuid),
        literal(assignee_id, Uuid),
        literal(at, DateTime(timezone=True)),
    )
    columns = ["id", "work_item_id", "what", "who", "actor_id", "assignee_id", "at"]
    session.execute(insert(WorkItemEventRow).from_select(columns, told))
