"""API keys of EHR systems and scripts: shown once, kept as SHA-256, revocable."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from rcm.crypto import sha256
from rcm.db import ReadSession
from rcm.rows import ApiKeyRow
from rcm.tools import Tools

_PREFIX = "rcm_"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
_LENGTH = 44  #: Above 250 bits.


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """Who is calling."""

    id: UUID
    name: str


def create_api_key(session: Session, tools: Tools, name: str) -> str:
    """Return a new secret for `name`. It cannot be shown again: only its SHA-256 is kept."""
    secret = _PREFIX + tools.randomness.text(_ALPHABET, _LENGTH)
    session.execute(
        insert(ApiKeyRow).values(
            id=tools.randomness.uuid(),
            name=name,
            secret_sha256=sha256(secret.encode()),
            created_at=tools.clock(),
        )
    )
    return secret


def find_api_key(session: ReadSession, secret: str) -> ApiClient | None:
    """The client of an API key that was not revoked.

    The look-up is by SHA-256, so its time tells nothing of the secret.
    """
    row = session.execute(
        select(ApiKeyRow.id, ApiKeyRow.name).where(
            ApiKeyRow.secret_sha256 == sha256(secret.encode()), ApiKeyRow.revoked_at.is_(None)
        )
    ).one_or_none()
    return ApiClient(id=row.id, name=row.name) if row else None
