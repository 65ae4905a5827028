"""Work that must happen: rows promised in the transaction that needs them, run under a lease.

The database's clock alone decides leases. A worker that lost its lease cannot commit: every
transaction of a job proves its token (the fencing token) before it ends.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from rcm import job_store
from rcm.clock import Randomness
from rcm.db import PROMISED, UnitOfWork
from rcm.failpoint import failpoint
from rcm.job_log import Outcome, tell_end
from rcm.lease import renewed
from rcm.logs import about
from rcm.schema_fence import SchemaFence

DEATHS_MAX = 3  #: A job whose process died this often is quarantined.
TRANSIENT_ATTEMPTS_MAX = 12  #: With the waits between them about 1.5 hours (reliability.md 2.7).
_BACKOFF_SECONDS_MAX = 900
_JITTER_MS_MAX = 5_000
_ADD_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Where a kind of job runs, how often, and how long."""

    queue: str
    attempts_max: int  #: Of errors that are not TRANSIENT: a bug does not get better by waiting.
    seconds_max: int
    is_kept: bool = True  #: False: it runs every few seconds, and done its row says nothing.


KINDS: Mapping[str, Kind] = {
    "sweep_encounters": Kind(queue="intake", attempts_max=12, seconds_max=600),
    "batch_claims": Kind(queue="post", attempts_max=12, seconds_max=600),
    "check_coverages": Kind(queue="post", attempts_max=12, seconds_max=600),
    "ask_eligibility": Kind(queue="post", attempts_max=12, seconds_max=600),
    "deliver_file": Kind(queue="send", attempts_max=12, seconds_max=840),
    "collect_files": Kind(queue="send", attempts_max=12, seconds_max=840),
    "fetch_archived": Kind(queue="send", attempts_max=12, seconds_max=840),
    "read_file": Kind(queue="intake", attempts_max=3, seconds_max=600),
    "post_remittance": Kind(queue="post", attempts_max=3, seconds_max=600),
    "check_conformance": Kind(queue="slow", attempts_max=3, seconds_max=840),
    "check_connection": Kind(queue="send", attempts_max=3, seconds_max=120),
    "chain_rows": Kind(queue="post", attempts_max=12, seconds_max=600, is_kept=False),
}
QUEUES = ("realtime", "intake", "post", "send", "webhook", "slow")


class LeaseLostError(Exception):
    """Another worker has this job now: nothing of this transaction is kept."""


class _CodedError(Exception):
    """Carries a code of docs/findings.md."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PermanentJobError(_CodedError):
    """Trying again cannot help: the job goes to the dead at once."""


class TransientJobError(_CodedError):
    """What a job needs is away for now, such as a partner's server: worth many tries."""


class PostponedError(_CodedError):
    """What a job needs is known to be away: it waits for that, and this was no attempt."""

    def __init__(self, code: str, *, seconds: int) -> None:
        super().__init__(code)
        self.seconds = seconds


#: What passes by itself. OperationalError: deadlock, lock timeout, connection lost.
TRANSIENT = (TransientJobError, OperationalError, InterfaceError, PoolTimeoutError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedJob:
    """A job that this process holds under `token`."""

    id: UUID
    kind: str
    ref_id: UUID | None
    ref_part: int
    attempts: int
    token: UUID


def add(session: Session, kind: str, *, ref_id: UUID | None = None, ref_part: int = 0) -> None:
    """Promise a job in this transaction. A twin that already waits is enough.

    The waiting twin is share-locked, so that it cannot start before this transaction ends and
    miss what it promised.
    """
    values = _values(kind, ref_id, ref_part)
    for _ in range(_ADD_TRIES):
        added: UUID | None = session.execute(job_store.ADD, values).scalar()
        if added is not None:
            session.info.setdefault(PROMISED, []).append((added, kind))
            return
        if session.execute(job_store.SHARE_TWIN, values).scalar() is not None:
            return
    raise RuntimeError("a waiting twin keeps appearing and vanishing")


def add_again(session: Session, kind: str, *, ref_id: UUID | None, ref_part: int = 0) -> None:
    """Promise work once more that may have been given up; not while it is running.

    Only for work that a running twin does whole: what a later promise adds to it would be missed.
    """
    values = _values(kind, ref_id, ref_part)
    if session.execute(job_store.FIND_RUNNING, values).scalar() is None:
        add_anew(session, kind, ref_id=ref_id, ref_part=ref_part)


def add_anew(session: Session, kind: str, *, ref_id: UUID | None, ref_part: int = 0) -> None:
    """Promise work as `add` does; it does whole what twins left that were given up."""
    # These first, as where a person tries one again: so the two never block each other.
    session.execute(job_store.SUPERSEDE, _values(kind, ref_id, ref_part))
    add(session, kind, ref_id=ref_id, ref_part=ref_part)


def _values(kind: str, ref_id: UUID | None, ref_part: int) -> dict[str, object]:
    rule = KINDS[kind]
    return {
        "kind": kind,
        "ref_id": ref_id,
        "ref_part": ref_part,
        "dedupe_key": f"{ref_id or ''}/{ref_part}",
        "queue": rule.queue,
        "attempts_max": rule.attempts_max,
    }


class Work:
    """A claimed job's hands: the transactions it may make."""

    def __init__(self, job: ClaimedJob, unit_of_work: UnitOfWork) -> None:
        self.job = job
        self.is_finished = False
        self._unit_of_work = unit_of_work

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose transaction counts only while the lease holds."""
        with self._unit_of_work() as session:
            yield session
            self._prove(session)
            failpoint("job.step")

    @contextmanager
    def finish(self) -> Iterator[Session]:
        """Give the last session: its effect and the end of the job are one transaction."""
        with self._unit_of_work() as session:
            yield session
            values = {"id": self.job.id, "token": self.job.token, "state": "done", "code": None}
            ended = session.execute(
                job_store.END if KINDS[self.job.kind].is_kept else job_store.FORGET, values
            )
            if ended.rowcount != 1:  # type: ignore[attr-defined]  # A cursor result.
                raise LeaseLostError
            failpoint("job.ended")
        failpoint("job.done")
        self.is_finished = True

    def _prove(self, session: Session) -> None:
        values = {"id": self.job.id, "token": self.job.token}
        if session.execute(job_store.PROVE, values).scalar() is None:
            raise LeaseLostError


Handler = Callable[[Work], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """What is needed to run jobs: given once to each worker process."""

    unit_of_work: UnitOfWork
    handlers: Mapping[str, Handler]
    randomness: Randomness
    owner: str
    lease_seconds: int = 60
    fence: SchemaFence = field(default_factory=SchemaFence)

    def run(self, job_id: UUID) -> None:
        """Run one job, if nobody else has it. May be called any number of times."""
        job = self._claim(job_id)
        if job is None:
            return
        failpoint("job.claimed")
        with about(job_id=job.id, job_kind=job.kind):
            began_ns = time.monotonic_ns()
            outcome, code = self._hold(job)
            tell_end(job, outcome, code, ns=time.monotonic_ns() - began_ns)

    def _hold(self, job: ClaimedJob) -> tuple[Outcome, str | None]:
        """Do the work of a job that is ours; return how it ended, and why where it did not."""
        work = Work(job, self.unit_of_work)
        try:
            with renewed(self.unit_of_work, job.id, job.token, seconds=self.lease_seconds):
                self.handlers[job.kind](work)
                if not work.is_finished:
                    with work.finish():
                        pass
        except LeaseLostError:
            return "lost", None
        except PermanentJobError as reason:
            self._end(job, "dead", reason.code)
            return "dead", reason.code
        except PostponedError as reason:
            # Not all at the same moment: of those that wait for a partner one goes first.
            wait_ms = reason.seconds * 1000 + self.randomness.below(_JITTER_MS_MAX)
            self._put_off(job, reason.code, wait_ms=wait_ms, no_attempt=1)
            return "postponed", reason.code
        except Exception as reason:  # noqa: BLE001  # The one door: whatever it was, the row says so.
            code = _code(reason)
            return self._fail(job, code, is_transient=isinstance(reason, TRANSIENT)), code
        return "done", None

    def _claim(self, job_id: UUID) -> ClaimedJob | None:
        values = {"id": job_id, "seconds": self.lease_seconds, "owner": self.owner}
        with self.unit_of_work() as session:
            if not self.fence.is_open(session):
                return None
            row = session.execute(job_store.CLAIM, values).one_or_none()
            if row is None:
                return None
            job = ClaimedJob(
                id=row.id, kind=row.kind, ref_id=row.ref_id, ref_part=row.ref_part,
                attempts=row.attempts, token=row.token,
            )  # fmt: skip
        if row.deaths >= DEATHS_MAX:
            self._end(job, "quarantined", "PROCESS-DIED")
            tell_end(job, "quarantined", "PROCESS-DIED", ns=0)
            return None
        return job

    def _end(self, job: ClaimedJob, state: str, code: str) -> None:
        with self.unit_of_work() as session:
            session.execute(
                job_store.END, {"id": job.id, "token": job.token, "state": state, "code": code}
            )

    def _fail(self, job: ClaimedJob, code: str, *, is_transient: bool = False) -> Outcome:
        failpoint("job.failed")
        least = TRANSIENT_ATTEMPTS_MAX if is_transient else 0
        if job.attempts >= max(least, KINDS[job.kind].attempts_max):
            self._end(job, "dead", code)
            return "dead"
        ceiling = min(_BACKOFF_SECONDS_MAX, 2 * 2**job.attempts)
        self._put_off(job, code, wait_ms=self.randomness.below(ceiling * 1000))  # Full jitter.
        return "retry"

    def _put_off(self, job: ClaimedJob, code: str, *, wait_ms: int, no_attempt: int = 0) -> None:
        values = {"id": job.id, "token": job.token, "code": code}
        values |= {"wait_ms": wait_ms, "no_attempt": no_attempt}
        try:
            with self.unit_of_work() as session:
                retried = session.execute(job_store.RETRY, values)
                has_twin = retried.rowcount == 0  # type: ignore[attr-defined]  # A cursor result.
        except IntegrityError:
            has_twin = True  # It was promised in a transaction that ended at this moment.
        if has_twin:
            self._end(job, "done", "SUPERSEDED")


def _code(reason: Exception) -> str:
    """Return an error's own code, or its name; SQLAlchemy's codes are pages of its manual."""
    own = None if isinstance(reason, SQLAlchemyError) else getattr(reason, "code", None)
    return own or type(reason).__name__
