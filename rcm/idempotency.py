"""Calls that take effect once: a client's key, what was asked, and the answer it got.

The answer is stored in the transaction of its effect, so a crash keeps both or neither, and a
second call with the key waits for the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

KEPT = timedelta(hours=24)  #: Of an answer (domain/intake.md 6.1); then the key is free again.


class KeyReusedError(Exception):
    """This key came before with another request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call was answered: its status and its exact text."""

    status: int
    text: str


_TAKE = text("""
    INSERT INTO idempotency (actor_id, key, fingerprint, status, response, created_at)
    VALUES (:actor_id, :key, :fingerprint, 0, '""', :now)
    ON CONFLICT (actor_id, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, status = 0, created_at = excluded.created_at
        WHERE idempotency.created_at < :forgotten
    RETURNING 1
""")
_FIND = text("""
    SELECT fingerprint, status, response FROM idempotency
    WHERE actor_id = :actor_id AND key = :key
""")
# A JSON string, not an object: jsonb would reorder its members, and the text must stay as it is.
_KEEP = text("""
    UPDATE idempotency SET status = :status, response = to_jsonb(CAST(:text AS text))
    WHERE actor_id = :actor_id AND key = :key
""")


def once(
    session: Session,
    act: Callable[[], Answer],
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
        return Answer(status=known.status, text=known.response)
    answer = act()
    session.execute(_KEEP, {**owner, "status": answer.status, "text": answer.text})
    return answer
