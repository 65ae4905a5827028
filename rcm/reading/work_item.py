"""One work item with all that happened to it."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.reading.suspense_told import suspended_payments
from rcm.reading.work_items import SHOWN, Person, WorkItem, item_of, joined
from rcm.rows import ActorRow, WorkItemEventRow, WorkItemRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent:
    """What happened to an item."""

    what: str
    who: str
    at: datetime
    assignee: Person | None
    reason: str = field(repr=False)  #: Typed by a person: it may name a patient.


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItemDetail(WorkItem):
    """One item with all that happened to it."""

    events: tuple[ItemEvent, ...]


def work_item(session: ReadSession, keys: Keys, item_id: UUID) -> WorkItemDetail | None:
    """One item with what happened to it, reasons opened: they may name a patient."""
    row = session.execute(joined(select(*SHOWN)).where(WorkItemRow.id == item_id)).one_or_none()
    if row is None:
        return None
    payment = suspended_payments(session, keys, [row[0]]).get(item_id)
    item = item_of(keys, row, payment)
    shown = {each.name: getattr(item, each.name) for each in fields(item)}
    return WorkItemDetail(**shown, events=_events(session, keys, item_id))


def _events(session: ReadSession, keys: Keys, item_id: UUID) -> tuple[ItemEvent, ...]:
    given = aliased(ActorRow)
    rows = session.execute(
        select(WorkItemEventRow, given.name)
        .outerjoin(given, given.id == WorkItemEventRow.assignee_id)
        .where(WorkItemEventRow.work_item_id == item_id)
        .order_by(WorkItemEventRow.n)
    )
    return tuple(
        ItemEvent(
            what=event.what,
            who=event.who,
            at=event.at,
            assignee=Person(id=event.assignee_id, name=name) if event.assignee_id else None,
            reason=keys.open(
                event.reason_sealed, table="work_item_event", row=event.id, column="reason"
            ).decode()
            if event.reason_sealed
            else "",
        )
        for event, name in rows
    )
