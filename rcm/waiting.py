"""Jobs that wait: which of them to ring for, and letting some run at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from rcm.db import PROMISED

_POLL = text("""
    UPDATE job SET nudged_at = now() WHERE id IN (
        SELECT id FROM job WHERE queue = :queue
            AND (state = 'ready' AND next_run_at <= now()
                OR state = 'running' AND lease_until < now())
            AND (nudged_at IS NULL OR nudged_at < now() - make_interval(secs => :again))
        ORDER BY next_run_at LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING id, kind
""")
_WAKE = text("""
    UPDATE job SET next_run_at = now(), nudged_at = now() WHERE id IN (
        SELECT id FROM job WHERE state = 'ready' AND next_run_at > now() AND kind = ANY(:kinds)
            AND (ref_id = :partner_id OR EXISTS (SELECT FROM file
                WHERE file.id = job.ref_id AND file.partner_id = :partner_id))
            AND (CAST(:code AS text) IS NULL OR last_error_code = :code)
        ORDER BY next_run_at LIMIT :count FOR UPDATE SKIP LOCKED)
    RETURNING id, kind
""")


def poll(session: Session, queue: str, *, again_seconds: int = 30) -> list[tuple[UUID, str]]:
    """Return (id, kind) of the jobs of `queue` that should run and were not rung for lately."""
    values = {"queue": queue, "again": again_seconds}
    return [(row.id, row.kind) for row in session.execute(_POLL, values)]


def wake(
    session: Session,
    kinds: Sequence[str],
    partner_id: UUID,
    *,
    waits_for: str | None = None,
    count: int | None = None,
) -> None:
    """Let the jobs of these kinds that wait for a partner, or with a file of it, run now.

    Only those whose error code is `waits_for`, and `count` of them, the first to come; or all.
    """
    values = {"kinds": list(kinds), "partner_id": partner_id, "code": waits_for, "count": count}
    woken = session.execute(_WAKE, values)
    session.info.setdefault(PROMISED, []).extend((row.id, row.kind) for row in woken)
