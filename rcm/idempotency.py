"""Calls that take effect once: a client's key, what was asked, and the answer it got.

The answer is stored in the transaction of its effect, so a crash keeps both or neither, and a
second call with the key waits for the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from rcm.crypto import Keys
from rcm.failpoint import failpoint

KEPT = timedelta(hours=24)  #: Of an answer (domain/intake.md 6.1); then the key is free again.


class KeyReusedError(Exception):
    """This key came before with another request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call was answered: its status and its exact text."""

    status: int
    text: str


class _Place(TypedDict):
    """What a sealed answer is bound to."""

    table: str
    row: UUID
    column: str


_TAKE = text("""
    INSERT INTO idempotency (actor_id, key, fingerprint, status, answer_sealed, created_at)
    VALUES (:actor_id, :key, :fingerprint, 0, '', :now)
    ON CONFLICT (actor_id, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, status = 0, created_at = excluded.created_at
        WHERE idempotency.created_at < :forgotten
    RETURNING 1
""")
_FIND = text("""
    SELECT fingerprint, status, answer_sealed FROM idempotency
    WHERE actor_id = :actor_id AND key = :key
""")
# Sealed: an answer may show what a person typed, a name, or a secret that is shown once.
_KEEP = text("""
    UPDATE idempotency SET status = :status, answer_sealed = :sealed
    WHERE actor_id = :actor_id AND key = :key
""")


def once(
    session: Session,
    act: Callable[[], Answer],
    keys: Keys,
    *,
    actor_id: UUID,
    key: str,
    fingerprint: bytes,
    now: datetime,
) -> Answer:
    """Return the answer of the first call with this key; only that one acts.

    Where `act` raises, nothing is kept, and the key may be used again. Raises KeyReusedError.
    """
    owner = {"actor_id": actor_id, "key": key}
    values = {**owner, "fingerprint": fingerprint, "now": now, "forgotten": now - KEPT}
    if session.execute(_TAKE, values).scalar() is None:
        known = session.execute(_FIND, owner).one()
        if known.fingerprint != fingerprint:
            raise KeyReusedError
        plain = keys.open(known.answer_sealed, **_place(actor_id, key))
        return Answer(status=known.status, text=plain.decode())
    answer = act()
    failpoint("call.acted")
    sealed = keys.seal(answer.text.encode(), **_place(actor_id, key))
    session.execute(_KEEP, {**owner, "status": answer.status, "sealed": sealed})
    return answer


def _place(actor_id: UUID, key: str) -> _Place:
    return {"table": "idempotency", "row": actor_id, "column": f"answer/{key}"}
