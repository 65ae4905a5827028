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
from rcm.tools import Tools

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


def append_reasoned(
    session: Session,
    tools: Tools,
    item_ids: Sequence[UUID],
    what: ItemEvent,
    reason: str,
    *,
    at: datetime,
    by: Actor,
) -> None:
    """Append the same event to each of these items, with why: sealed for each on its own."""
    values = []
    for item_id in item_ids:
        event_id = tools.randomness.uuid()
        sealed = tools.keys.seal(
            reason.encode(), table="work_item_event", row=event_id, column="reason"
        )
        values.append(
            {
                "id": event_id,
                "work_item_id": item_id,
                "what": what,
                "who": by.name,
                "actor_id": by.id,
                "reason_sealed": sealed,
                "at": at,
            }
        )
    session.execute(insert(WorkItemEventRow), values)
