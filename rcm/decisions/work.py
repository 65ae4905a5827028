"""Use cases: people give work to each other, close what is done, and open it again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from rcm.access import Actor, audit
from rcm.decisions.model import Reason, UnknownSubjectError
from rcm.tools import Tools
from rcm.worklists import person_store
from rcm.worklists.person_store import Standing, assignable, locked_items

BULK_MAX = 5_000  #: Items of one call: one transaction of a second or two.


class Skip(StrEnum):
    """Why an item stays as it is."""

    UNKNOWN = "unknown"
    DONE = "done"
    OPEN = "open"
    SAME_PERSON = "same_person"
    SETTLES_ITSELF = "settles_itself"

    @property
    def words(self) -> str:
        """Return the reason in words."""
        return _WORDS[self]


_WORDS = {
    Skip.UNKNOWN: "There is no such item.",
    Skip.DONE: "It is done already.",
    Skip.OPEN: "It is open already.",
    Skip.SAME_PERSON: "It is with that person already.",
    Skip.SETTLES_ITSELF: "Replay or discard what it is about: that closes it.",
}


class ItemDoneError(Exception):
    """The item is done: it is opened again first."""


class ItemOpenError(Exception):
    """The item is open: there is nothing to open again."""


class SettlesItselfError(Exception):
    """The file or remittance waits for a decision of its own, which closes the item."""


class NotAssignableError(Exception):
    """Nobody with this id may do work."""


class TooManyItemsError(Exception):
    """More items than one call may change."""


_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class AssignIn(BaseModel):
    """Who is to do it."""

    model_config = _STRICT

    user_id: UUID | None = Field(description="Of GET users/assignable; null: nobody in particular.")


class CloseIn(BaseModel):
    """Why there is nothing left to do."""

    model_config = _STRICT

    reason: Reason = Field(description="Why; sealed, as it may name a patient.")


class OpenIn(BaseModel):
    """That there is still something to do."""

    model_config = _STRICT


Change = AssignIn | CloseIn | OpenIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An item that a call changes, and who had it until then."""

    id: UUID
    was_assigned_to: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An item that stays as it is, and why."""

    id: UUID
    reason: Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a call changes, or would change."""

    changed: tuple[Changed, ...]
    amount_cents: int  #: Of what is changed.
    skipped: tuple[Skipped, ...] = field(default=())


def assign(session: Session, tools: Tools, item_id: UUID, asked: AssignIn, actor: Actor) -> None:
    """Give an open item to a person, or to nobody. Raises UnknownSubject-, ItemDone-, ..."""
    _one(session, tools, item_id, asked, actor)


def close(session: Session, tools: Tools, item_id: UUID, asked: CloseIn, actor: Actor) -> None:
    """Close an open item: no answer opens it again. Raises UnknownSubject-, ItemDone-, ..."""
    _one(session, tools, item_id, asked, actor)


def open_again(session: Session, tools: Tools, item_id: UUID, actor: Actor) -> None:
    """Open an item that is done, due as before. Raises UnknownSubjectError, ItemOpenError."""
    _one(session, tools, item_id, OpenIn(), actor)


def _one(session: Session, tools: Tools, item_id: UUID, change: Change, actor: Actor) -> None:
    outcome = change_all(session, tools, [item_id], change, actor, is_dry_run=False)
    for each in outcome.skipped:
        match each.reason:
            case Skip.UNKNOWN:
                raise UnknownSubjectError
            case Skip.DONE:
                raise ItemDoneError
            case Skip.OPEN:
                raise ItemOpenError
            case Skip.SETTLES_ITSELF:
                raise SettlesItselfError
            case Skip.SAME_PERSON:
                pass  # As it was asked.


def change_all(
    session: Session,
    tools: Tools,
    item_ids: Sequence[UUID],
    change: Change,
    actor: Actor,
    *,
    is_dry_run: bool,
) -> Outcome:
    """Do the same with many items; what cannot be done is skipped and said.

    Raises NotAssignableError, TooManyItemsError.
    """
    if len(item_ids) > BULK_MAX:
        raise TooManyItemsError
    _refuse_stranger(session, change)
    found = locked_items(session, item_ids)
    skips = {each.id: skip for each in found if (skip := _skip(each, change))}
    absent = set(item_ids) - {each.id for each in found}
    changed = [each for each in found if each.id not in skips]
    if changed and not is_dry_run:
        _apply(session, tools, [each.id for each in changed], change, actor)
    return Outcome(
        changed=tuple(Changed(id=each.id, was_assigned_to=each.assignee_id) for each in changed),
        amount_cents=sum(each.amount_cents for each in changed),
        skipped=(
            *(Skipped(id=item_id, reason=skip) for item_id, skip in skips.items()),
            *(Skipped(id=item_id, reason=Skip.UNKNOWN) for item_id in sorted(absent)),
        ),
    )


def _refuse_stranger(session: Session, change: Change) -> None:
    if not isinstance(change, AssignIn) or change.user_id is None:
        return
    if change.user_id not in {each.id for each in assignable(session)}:
        raise NotAssignableError


def _skip(item: Standing, change: Change) -> Skip | None:
    match change:
        case OpenIn():
            return Skip.OPEN if item.is_open else None
        case _ if not item.is_open:
            return Skip.DONE
        case AssignIn(user_id=user_id):
            return Skip.SAME_PERSON if item.assignee_id == user_id else None
        case CloseIn():
            return Skip.SETTLES_ITSELF if item.settles_itself else None


def _apply(
    session: Session, tools: Tools, item_ids: Sequence[UUID], change: Change, actor: Actor
) -> None:
    now = tools.clock()
    _tell(session, tools, item_ids, change, actor)
    match change:
        case AssignIn(user_id=user_id):
            person_store.assign_items(session, item_ids, user_id, now=now, by=actor)
        case CloseIn(reason=reason):
            person_store.close_by_person(session, tools, item_ids, reason, by=actor)
        case OpenIn():
            person_store.open_by_person(session, item_ids, now=now, by=actor)


def _tell(
    session: Session, tools: Tools, item_ids: Sequence[UUID], change: Change, actor: Actor
) -> None:
    """Append to the audit log; what became of each item is with the item."""
    match change:
        case AssignIn():
            action = "work_item.assign"
        case CloseIn():
            action = "work_item.close"
        case OpenIn():
            action = "work_item.open"
    (sole, *others) = item_ids
    audit.record(
        session,
        tools,
        actor,
        action,
        about="work_item",
        about_id=None if others else sole,
        detail=f"{len(item_ids)} items" if others else "",
    )
