"""API keys of EHR systems and scripts: shown once, kept as SHA-256, revocable."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rcm.access.actor import Actor
from rcm.access.rights import Role
from rcm.crypto import sha256
from rcm.db import ReadSession
from rcm.rows import ActorRow, ApiKeyRow
from rcm.tools import Tools

_PREFIX = "rcm_"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
_LENGTH = 44  #: Above 250 bits.


class KeyNameTakenError(Exception):
    """There is or was a key of this name."""


def create_api_key(
    session: Session,
    tools: Tools,
    name: str,
    *,
    roles: Collection[Role] = (Role.EHR,),
    practices: Collection[UUID] | None = None,
) -> str:
    """Return a new secret for `name`. It cannot be shown again: only its SHA-256 is kept.

    Raises KeyNameTakenError.
    """
    secret = _PREFIX + tools.randomness.text(_ALPHABET, _LENGTH)
    key_id = tools.randomness.uuid()
    actor = insert(ActorRow).values(
        id=key_id,
        kind="program",
        name=name,
        roles=sorted(roles),
        practices=None if practices is None else sorted(practices),
        created_at=tools.clock(),
    )
    try:
        with session.begin_nested():
            session.execute(actor)
    except IntegrityError:  # The only other key of a program is its name.
        raise KeyNameTakenError from None
    session.execute(insert(ApiKeyRow).values(id=key_id, secret_sha256=sha256(secret.encode())))
    return secret


def find_api_key(session: ReadSession, secret: str) -> Actor | None:
    """The actor of an API key that was not revoked.

    The look-up is by SHA-256, so its time tells nothing of the secret.
    """
    row = session.execute(
        select(ActorRow)
        .join(ApiKeyRow, ApiKeyRow.id == ActorRow.id)
        .where(ApiKeyRow.secret_sha256 == sha256(secret.encode()), ActorRow.ended_at.is_(None))
    ).scalar_one_or_none()
    return actor_of(row) if row else None


def list_api_keys(session: ReadSession) -> Sequence[ActorRow]:
    """Every key that there is and was, the newest first; never what it says."""
    return session.scalars(
        select(ActorRow)
        .join(ApiKeyRow, ApiKeyRow.id == ActorRow.id)
        .order_by(ActorRow.created_at.desc(), ActorRow.id)
    ).all()


def revoke_api_key(session: Session, tools: Tools, key_id: UUID) -> bool:
    """Let a key count no more, from the next call on; False where there is none to revoke."""
    revoked = session.scalar(
        update(ActorRow)
        .where(
            ActorRow.id == key_id,
            ActorRow.id.in_(select(ApiKeyRow.id)),
            ActorRow.ended_at.is_(None),
        )
        .values(ended_at=tools.clock())
        .returning(ActorRow.id)
    )
    return revoked is not None


def actor_of(row: ActorRow) -> Actor:
    """Return the actor of its row."""
    return Actor(
        id=row.id,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        is_person=row.kind == "person",
        practices=None if row.practices is None else frozenset(row.practices),
    )
