"""Queries of jobs: how much waits, for how long, and what has given up."""

from dataclasses import dataclass

from sqlalchemy import func, select

from rcm.db import ReadSession
from rcm.reading.job_words import kind_words
from rcm.reading.work_state import QueueState, work_by_queue
from rcm.rows import JobRow


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCount:
    """How many jobs of a queue are in a state."""

    queue: str
    state: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailure:
    """Jobs that nobody will try again, until a person does something."""

    kind: str
    words: str  #: What it does.
    state: str
    error_code: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSummary:
    """All jobs at a glance."""

    counts: tuple[JobCount, ...]
    queues: tuple[QueueState, ...]
    oldest_ready_seconds: int | None  #: Since it could run; None: no job is ready.
    failures: tuple[JobFailure, ...]


def job_summary(session: ReadSession) -> JobSummary:
    """Jobs by queue and state, the age of the oldest that waits, and the failed by error code."""
    counts = session.execute(
        select(JobRow.queue, JobRow.state, func.count())
        .group_by(JobRow.queue, JobRow.state)
        .order_by(JobRow.queue, JobRow.state)
    )
    queues = work_by_queue(session)
    ages = [each.oldest_ready_seconds for each in queues if each.oldest_ready_seconds is not None]
    failures = session.execute(
        select(JobRow.kind, JobRow.state, JobRow.last_error_code, func.count())
        .where(JobRow.state.in_(("dead", "quarantined")))
        .group_by(JobRow.kind, JobRow.state, JobRow.last_error_code)
        .order_by(JobRow.kind, JobRow.state, JobRow.last_error_code)
    )
    return JobSummary(
        counts=tuple(
            JobCount(queue=queue, state=state, count=count) for queue, state, count in counts
        ),
        queues=queues,
        oldest_ready_seconds=max(ages, default=None),
        failures=tuple(
            JobFailure(kind=kind, words=kind_words(kind), state=state, error_code=code, count=count)
            for kind, state, code, count in failures
        ),
    )
