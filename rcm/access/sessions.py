"""Sessions of people: a secret that the browser holds, of which we keep the SHA-256.

Ended by signing out, by 15 minutes without a call, after 12 hours, and at once when the person is
disabled or gets other roles, practices, a new password or a new invitation.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.access import session_store
from rcm.access.actor import Actor
from rcm.access.api_keys import actor_of
from rcm.crypto import sha256
from rcm.db import ReadSession
from rcm.tools import Tools

IDLE = timedelta(minutes=15)  #: 164.312(a)(2)(iii), reliability.md 4.
ABSOLUTE = timedelta(hours=12)
#: A call within this time after the last one is not written down: reading stays reading.
_TOUCH_AFTER = timedelta(seconds=15)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SECRET_LENGTH = 43  #: 258 bits.


class Stage(StrEnum):
    """How far somebody has come in."""

    INVITED = "invited"  #: By an invitation: may choose a password, and nothing else.
    HALF = "half"  #: The password was right: may give or set up the second factor.
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that counts."""

    actor: Actor
    stage: Stage
    secret: str = field(repr=False)
    csrf_token: str = field(repr=False)  #: Made of the secret: another session has another.
    idle_ends_at: datetime
    absolute_ends_at: datetime


def new_secret(tools: Tools) -> str:
    """Return a new secret of a session or of a one-time link."""
    return tools.randomness.text(_ALPHABET, SECRET_LENGTH)


def begin_session(session: Session, tools: Tools, user_id: UUID, stage: Stage) -> str:
    """Begin a session and return its secret. Those that have ended by themselves are forgotten."""
    now = tools.clock()
    session_store.delete_sessions_before(
        session, created_before=now - ABSOLUTE, seen_before=now - IDLE
    )
    secret = new_secret(tools)
    session_store.add_session(session, sha256(secret.encode()), user_id, stage=stage, now=now)
    return secret


def find_signed_in(session: ReadSession, tools: Tools, secret: str) -> SignedIn | None:
    """The session of this secret, where it has not ended."""
    found = session_store.find_session(session, sha256(secret.encode()))
    if found is None:
        return None
    row, actor_row = found
    now = tools.clock()
    idle_ends_at, absolute_ends_at = row.seen_at + IDLE, row.created_at + ABSOLUTE
    if now >= min(idle_ends_at, absolute_ends_at):
        return None
    return SignedIn(
        actor=actor_of(actor_row),
        stage=Stage(row.stage),
        secret=secret,
        csrf_token=csrf_token(tools, secret),
        idle_ends_at=idle_ends_at,
        absolute_ends_at=absolute_ends_at,
    )


def csrf_token(tools: Tools, secret: str) -> str:
    """Return what every call that changes something says besides the cookie."""
    return tools.keys.index("csrf", secret).hex()


def is_due(signed_in: SignedIn, now: datetime) -> bool:
    """Tell whether it is time to write down that somebody is there."""
    return now - (signed_in.idle_ends_at - IDLE) >= _TOUCH_AFTER


def touch(session: Session, tools: Tools, signed_in: SignedIn) -> SignedIn:
    """Let the idle time begin anew."""
    now = tools.clock()
    session_store.touch_session(session, sha256(signed_in.secret.encode()), now=now)
    return replace(signed_in, idle_ends_at=now + IDLE)


def end_session(session: Session, secret: str) -> None:
    """End one session."""
    session_store.delete_session(session, sha256(secret.encode()))
