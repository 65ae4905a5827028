"""Promise jobs, run them with any handler, and look at what became of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from rcm import jobs
from rcm.clock import SystemRandomness
from rcm.db import PROMISED, UnitOfWork
from rcm.jobs import KINDS, Handler, Runner, Work


class Longest(SystemRandomness):
    """Chance that always waits as long as it may."""

    def below(self, limit: int) -> int:
        return limit - 1


class KilledError(BaseException):
    """The process died: nothing after this line runs, and no row is told."""


def promise(unit_of_work: UnitOfWork, kind: str = "sweep_encounters") -> UUID:
    """Add a job that has no waiting twin; returns its id."""
    with unit_of_work() as session:
        jobs.add(session, kind)
        ((job_id, _),) = session.info[PROMISED]
    return UUID(str(job_id))


def runner(unit_of_work: UnitOfWork, handler: Handler, *, lease_seconds: int = 60) -> Runner:
    """A worker process that runs every kind of job by `handler`."""
    return Runner(
        unit_of_work=unit_of_work,
        handlers=dict.fromkeys(KINDS, handler),
        randomness=Longest(),
        owner="test",
        lease_seconds=lease_seconds,
    )


def leave(session: Session, work: Work, word: str = "") -> None:
    """Leave an effect of this job."""
    session.execute(
        text("INSERT INTO scratch (job_id, word) VALUES (:id, :word)"),
        {"id": work.job.id, "word": word},
    )


def effects(unit_of_work: UnitOfWork) -> list[str]:
    """The words that were left, in their order."""
    with unit_of_work() as session:
        return list(session.scalars(text("SELECT word FROM scratch ORDER BY word")))


def row(unit_of_work: UnitOfWork, job_id: UUID) -> Any:  # noqa: ANN401 - a row of any columns
    """The job, and how many seconds it still waits."""
    with unit_of_work() as session:
        return session.execute(
            text(
                "SELECT *, extract(epoch FROM next_run_at - now())::float8 AS wait"
                " FROM job WHERE id = :id"
            ),
            {"id": job_id},
        ).one()


def expire(unit_of_work: UnitOfWork, job_id: UUID) -> None:
    """Let the lease run out, as when a worker was silent for too long."""
    _set(unit_of_work, job_id, "lease_until = now() - interval '1 second'")


def make_due(unit_of_work: UnitOfWork, job_id: UUID) -> None:
    """Let the wait before a retry pass."""
    _set(unit_of_work, job_id, "next_run_at = now()")


def _set(unit_of_work: UnitOfWork, job_id: UUID, change: str) -> None:
    with unit_of_work() as session:
        session.execute(text(f"UPDATE job SET {change} WHERE id = :id"), {"id": job_id})
