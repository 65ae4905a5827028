"""Use cases of administration: invite people, change what they may, end them; and their keys."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rcm.access import audit, session_store, user_store
from rcm.access.actor import Actor
from rcm.access.rights import Role
from rcm.access.tickets import Purpose, make_ticket
from rcm.db import ReadSession
from rcm.rows import ActorRow
from rcm.tools import Tools

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class EmailTakenError(Exception):
    """Somebody has this address already."""


class UnknownUserError(Exception):
    """Nobody has this id."""


class UnknownPracticeError(Exception):
    """None of our practices has one of these ids."""


class LastAdministratorError(Exception):
    """Without this administrator nobody could let anybody in."""


class UserChangedMeanwhileError(Exception):
    """Somebody has changed this person since that version was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A new one-time link, shown once."""

    user_id: UUID
    ticket: str = field(repr=False)
    expires_at: datetime


def invite_user(
    session: Session,
    tools: Tools,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    practices: Collection[UUID] | None,
    by: Actor | None,
) -> Invitation:
    """Add a person, who comes in by the link. `by` is None for the operator's own command.

    Raises EmailTakenError, UnknownPracticeError.
    """
    refuse_unknown_practices(session, practices)
    user_id = tools.randomness.uuid()
    folded = email.strip().lower()
    try:
        with session.begin_nested():
            user_store.add_user(
                session,
                user_id,
                email=folded,
                name=name.strip(),
                roles=roles,
                practices=practices,
                now=tools.clock(),
            )
    except IntegrityError:
        raise EmailTakenError from None
    _record(session, tools, by, "user.invite", user_id, detail=" ".join(sorted(roles)))
    ticket, expires_at = make_ticket(session, tools, user_id, Purpose.INVITE)
    return Invitation(user_id=user_id, ticket=ticket, expires_at=expires_at)


def invite_again(session: Session, tools: Tools, user_id: UUID, *, by: Actor | None) -> Invitation:
    """Give a new link; the password and the second factor of before count no more.

    Raises UnknownUserError: also for somebody who is disabled.
    """
    found = user_store.lock_user(session, user_id)
    if found is None or found[1].ended_at is not None:
        raise UnknownUserError
    user_store.set_user(
        session,
        user_id,
        password_hash=None,
        totp_sealed=None,
        totp_last_step=None,
        recovery_sha256=[],
    )
    _end_ways_in(session, tools, user_id)
    user_store.count_version(session, user_id)
    _record(session, tools, by, "user.invite_again", user_id)
    ticket, expires_at = make_ticket(session, tools, user_id, Purpose.INVITE)
    return Invitation(user_id=user_id, ticket=ticket, expires_at=expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What an administrator says of a person; what is not said stays."""

    name: str | None = None
    roles: frozenset[Role] | None = None
    practices: frozenset[UUID] | None = None
    has_practices: bool = False  #: `practices` is said: None then means every practice.
    is_disabled: bool | None = None


def change_user(
    session: Session, tools: Tools, user_id: UUID, change: UserChange, version: int, *, by: Actor
) -> None:
    """Change what a person may do. Other roles or practices, and an end, end the sessions at once.

    Raises UnknownUserError, UserChangedMeanwhileError, LastAdministratorError,
    UnknownPracticeError.
    """
    refuse_unknown_practices(session, change.practices)
    user_store.lock_administrators(session)
    found = user_store.lock_user(session, user_id)
    if found is None:
        raise UnknownUserError
    user, actor = found
    if user.version != version:
        raise UserChangedMeanwhileError
    before, was_administrator = _standing(actor), _is_administrator(actor)
    values = _values(change, tools.clock(), actor)
    user_store.set_actor(session, user_id, **values)
    session.refresh(actor)
    is_demoted = was_administrator and not _is_administrator(actor)
    if is_demoted and not user_store.has_other_administrator(session, user_id):
        raise LastAdministratorError
    if _standing(actor) != before:
        _end_ways_in(session, tools, user_id)
    user_store.count_version(session, user_id)
    detail = " ".join(sorted(set(values)))
    _record(session, tools, by, "user.change", user_id, detail=detail)


def refuse_unknown_practices(session: ReadSession, practices: Collection[UUID] | None) -> None:
    """Raise UnknownPracticeError where one of `practices` is none of ours."""
    if practices is not None:
        known = {row.id for row in user_store.practice_names(session, practices)}
        if known != set(practices):
            raise UnknownPracticeError


def _values(change: UserChange, now: datetime, actor: ActorRow) -> dict[str, object]:
    values: dict[str, object] = {}
    if change.name is not None:
        values["name"] = change.name.strip()
    if change.roles is not None:
        values["roles"] = sorted(change.roles)
    if change.has_practices:
        values["practices"] = None if change.practices is None else sorted(change.practices)
    if change.is_disabled is not None:
        values["ended_at"] = (actor.ended_at or now) if change.is_disabled else None
    return values


def _standing(actor: ActorRow) -> tuple[object, ...]:
    practices = None if actor.practices is None else sorted(actor.practices)
    return (sorted(actor.roles), practices, actor.ended_at)


def _is_administrator(actor: ActorRow) -> bool:
    return Role.ADMIN in actor.roles and actor.ended_at is None and actor.practices is None


def _end_ways_in(session: Session, tools: Tools, user_id: UUID) -> None:
    session_store.delete_sessions_of(session, user_id)
    session_store.end_tickets_of(session, user_id, now=tools.clock())


def _record(
    session: Session, tools: Tools, by: Actor | None, action: str, user_id: UUID, detail: str = ""
) -> None:
    if by is None:
        audit.record_operator(session, tools, action, about="user", about_id=user_id, detail=detail)
    else:
        audit.record(session, tools, by, action, about="user", about_id=user_id, detail=detail)
