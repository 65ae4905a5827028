"""Any order of promises, claims, deaths and late workers: a model and the database agree."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from rcm import jobs
from rcm.db import PROMISED, UnitOfWork
from rcm.jobs import DEATHS_MAX, KINDS, ClaimedJob, LeaseLostError, Runner, Work
from tests.rcm.job_probes import expire, leave, make_due, runner

KIND = "read_file"


@dataclass
class Model:
    """A job as it should be."""

    part: int
    state: str = "ready"
    token: UUID | None = None
    is_expired: bool = False
    attempts: int = 0
    deaths: int = 0
    effects: int = 0


class Jobs(RuleBasedStateMachine):
    """Workers are claims that were made and not yet ended; killed ones are just forgotten."""

    promised: Bundle[UUID] = Bundle("promised")
    workers: Bundle[ClaimedJob] = Bundle("workers")

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        super().__init__()
        self.unit_of_work = unit_of_work
        self.model: dict[UUID, Model] = {}
        with unit_of_work() as session:
            session.execute(text("DELETE FROM job"))
            session.execute(text("DELETE FROM scratch"))

    def runner(self) -> Runner:
        return runner(self.unit_of_work, self.act)

    def act(self, work: Work) -> None:
        with work.finish() as session:
            leave(session, work)

    def waiting(self, part: int) -> list[UUID]:
        return [i for i, job in self.model.items() if (job.part, job.state) == (part, "ready")]

    @rule(target=promised, part=st.integers(0, 2))
    def promise(self, part: int) -> MultipleResults[UUID]:
        with self.unit_of_work() as session:
            jobs.add(session, KIND, ref_part=part)
            added = [job_id for job_id, _ in session.info.get(PROMISED, [])]
        assert len(added) == (0 if self.waiting(part) else 1)
        self.model |= {job_id: Model(part=part) for job_id in added}
        return multiple(*added)

    def will_start(self, job_id: UUID) -> bool:
        """Say what a claim should find, and advance the model by it."""
        job = self.model[job_id]
        if job.state not in ("ready", "running") or (job.state == "running" and not job.is_expired):
            return False
        job.deaths += job.state == "running"
        job.attempts += 1
        job.state, job.is_expired = "running", False
        if job.deaths >= DEATHS_MAX:
            job.state = "quarantined"
            return False
        return True

    @rule(target=workers, job_id=promised)
    def claim(self, job_id: UUID) -> MultipleResults[ClaimedJob]:
        should = self.will_start(job_id)
        claimed = self.runner()._claim(job_id)
        assert (claimed is not None) == should
        if claimed is None:
            return multiple()
        self.model[job_id].token = claimed.token
        return multiple(claimed)

    @rule(job_id=promised, times=st.integers(1, 3))
    def deliver_messages(self, job_id: UUID, times: int) -> None:
        """Messages may come more than once, and at any moment: a whole run, or nothing."""
        for _ in range(times):
            if self.will_start(job_id):
                self.model[job_id].state = "done"
                self.model[job_id].effects += 1
            self.runner().run(job_id)

    @rule(job_id=promised)
    def expire(self, job_id: UUID) -> None:
        expire(self.unit_of_work, job_id)
        self.model[job_id].is_expired = self.model[job_id].state == "running"

    def holds(self, worker: ClaimedJob) -> bool:
        job = self.model[worker.id]
        return job.state == "running" and job.token == worker.token

    @rule(worker=consumes(workers))
    def finish(self, worker: ClaimedJob) -> None:
        if self.holds(worker):
            self.act(Work(worker, self.unit_of_work))
            self.model[worker.id].state = "done"
            self.model[worker.id].effects += 1
        else:
            with pytest.raises(LeaseLostError):
                self.act(Work(worker, self.unit_of_work))

    @rule(worker=consumes(workers))
    def fail(self, worker: ClaimedJob) -> None:
        job, held = self.model[worker.id], self.holds(worker)
        self.runner()._fail(worker, "TEST")
        if not held:
            return
        if job.attempts >= KINDS[KIND].attempts_max:
            job.state = "dead"
        elif self.waiting(job.part):
            job.state = "done"  # Superseded: its twin will do the work.
        else:
            job.state, job.token = "ready", None
            make_due(self.unit_of_work, worker.id)

    @rule(worker=consumes(workers))
    def kill(self, worker: ClaimedJob) -> None:
        """Nobody is told; only time will tell."""

    @invariant()
    def agrees(self) -> None:
        with self.unit_of_work() as session:
            rows = session.execute(
                text(
                    "SELECT id, ref_part, state, attempts, deaths, lease_token, (SELECT count(*)"
                    " FROM scratch WHERE job_id = job.id) AS effects FROM job"
                )
            ).all()
        assert {row.id for row in rows} == set(self.model)
        for row in rows:
            job = self.model[row.id]
            assert (row.ref_part, row.state, row.attempts, row.deaths, row.effects) == (
                job.part, job.state, job.attempts, job.deaths, job.effects,
            )  # fmt: skip
            assert row.effects <= 1
            assert row.state != "running" or row.lease_token is not None
        for part in range(3):
            assert len(self.waiting(part)) <= 1

    def teardown(self) -> None:
        """Every process died: whoever starts next brings every job to an end."""
        for _ in range(DEATHS_MAX + 1):
            for job_id, job in self.model.items():
                if job.state in ("ready", "running"):
                    self.expire(job_id)
                    self.deliver_messages(job_id, 1)
        assert {job.state for job in self.model.values()} <= {"done", "dead", "quarantined"}
        self.agrees()


def test_jobs_are_run_once_in_any_order_of_events(scratch: UnitOfWork) -> None:
    class Machine(Jobs):
        def __init__(self) -> None:
            super().__init__(scratch)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
