"""One-time links: kept as SHA-256, used once, for a while."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.access import session_store
from rcm.access.sessions import new_secret
from rcm.crypto import sha256
from rcm.settings import Deployment
from rcm.tools import Tools


class Purpose(StrEnum):
    """What a link is for."""

    INVITE = "invite"  #: To choose a password, and then to set up a second factor.
    ENTER = "enter"  #: To come in without either: in a sandbox only.


LIVES = {Purpose.INVITE: timedelta(days=3), Purpose.ENTER: timedelta(hours=12)}


class UnknownTicketError(Exception):
    """No link is like this, or it was used, or is too old. Which of them is not told."""


class NotASandboxError(Exception):
    """A link that signs in without a password is for trying the service out only."""


def make_ticket(
    session: Session, tools: Tools, user_id: UUID, purpose: Purpose
) -> tuple[str, datetime]:
    """Return a new link's secret, and until when it counts. Raises NotASandboxError."""
    if purpose is Purpose.ENTER and tools.deployment is not Deployment.SANDBOX:
        raise NotASandboxError
    secret = new_secret(tools)
    expires_at = tools.clock() + LIVES[purpose]
    session_store.add_ticket(
        session, sha256(secret.encode()), user_id, purpose=purpose, expires_at=expires_at
    )
    return secret, expires_at


def take_ticket(session: Session, tools: Tools, secret: str) -> tuple[UUID, Purpose]:
    """Use a link up: whose it was and what for. Raises UnknownTicketError."""
    purposes = set(Purpose)
    if tools.deployment is not Deployment.SANDBOX:
        purposes.discard(Purpose.ENTER)
    taken = session_store.take_ticket(session, sha256(secret.encode()), purposes, now=tools.clock())
    if taken is None:
        raise UnknownTicketError
    user_id, purpose = taken
    return user_id, Purpose(purpose)
