"""How a job ended, as a line of the log: its kind and id, how long it took, and no value."""

import logging
from collections.abc import Mapping
from typing import Literal, Protocol
from uuid import UUID

Outcome = Literal["done", "retry", "postponed", "lost", "dead", "quarantined"]

_LEVELS: Mapping[Outcome, int] = {
    "done": logging.INFO,
    "postponed": logging.INFO,
    "retry": logging.WARNING,
    "lost": logging.WARNING,
    "dead": logging.ERROR,
    "quarantined": logging.ERROR,
}

log = logging.getLogger(__name__)


class Job(Protocol):
    """What is told of a job."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def ref_id(self) -> UUID | None: ...
    @property
    def attempts(self) -> int: ...


def tell_end(job: Job, outcome: Outcome, code: str | None, *, ns: int) -> None:
    """Log how a job ended. What runs every few seconds and does well is not worth a line."""
    told = {
        "job_id": str(job.id),
        "job_kind": job.kind,
        "ref_id": str(job.ref_id) if job.ref_id else None,
        "attempt": job.attempts,
        "outcome": outcome,
        "error": code,
        "duration_ms": ns // 1_000_000,
    }
    extra = {name: value for name, value in told.items() if value is not None}
    level = logging.DEBUG if (job.kind, outcome) == ("chain_rows", "done") else _LEVELS[outcome]
    log.log(level, "job %s", outcome, extra=extra)
