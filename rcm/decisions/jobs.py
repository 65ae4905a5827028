"""Use case: try a job again that was given up, because a person says so."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rcm import jobs
from rcm.access import Actor
from rcm.decisions.model import UnknownSubjectError, What
from rcm.decisions.store import add_decision
from rcm.rows import JobRow
from rcm.tools import Tools

GIVEN_UP = ("dead", "quarantined")


class JobNotFailedError(Exception):
    """The job waits, runs or is done: there is nothing to try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """The job that waits now in the place of one that was given up."""

    id: UUID
    kind: str


def retry_job(session: Session, tools: Tools, job_id: UUID, reason: str, actor: Actor) -> Retried:
    """Promise the work of a failed job anew, with all its attempts; a waiting twin is enough.

    The failed row stays, as SUPERSEDED. Raises UnknownSubjectError, JobNotFailedError.
    """
    row = session.scalars(select(JobRow).where(JobRow.id == job_id).with_for_update()).one_or_none()
    if row is None:
        raise UnknownSubjectError
    if row.state not in GIVEN_UP:
        raise JobNotFailedError
    before = (row.state, row.last_error_code or "")
    add_decision(session, tools, What.RETRY_JOB, actor, reason=reason, before=before, job_id=job_id)
    jobs.add(session, row.kind, ref_id=row.ref_id, ref_part=row.ref_part)
    superseded = {"state": "done", "last_error_code": "SUPERSEDED"}
    session.execute(update(JobRow).where(JobRow.id == job_id).values(**superseded))
    waiting = session.scalars(
        select(JobRow.id).where(
            JobRow.kind == row.kind,
            JobRow.dedupe_key == row.dedupe_key,
            JobRow.state == "ready",
        )
    ).one()
    return Retried(id=waiting, kind=row.kind)
