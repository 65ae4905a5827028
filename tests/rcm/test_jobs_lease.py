"""Leases: one worker at a time, and a worker that lost its lease changes nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from sqlalchemy import text

from rcm import jobs
from rcm.db import UnitOfWork
from rcm.jobs import Work
from tests.rcm.job_probes import effects, expire, leave, promise, row, runner


def test_runners_that_meet_at_a_job_run_it_once(scratch: UnitOfWork) -> None:
    with scratch() as session:
        for n in range(15):
            jobs.add(session, "read_file", ref_id=uuid4(), ref_part=n)
        ids = list(session.scalars(text("SELECT id FROM job")))
    together = threading.Barrier(4)

    def handler(work: Work) -> None:
        with work.finish() as session:
            leave(session, work, str(work.job.ref_part))

    def work_all() -> None:
        for job_id in ids:
            together.wait()
            runner(scratch, handler).run(job_id)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work_all) for _ in range(4)]:
            done.result()
    assert sorted(effects(scratch), key=int) == [str(n) for n in range(15)]
    with scratch() as session:
        assert session.execute(text("SELECT DISTINCT state, attempts FROM job")).all() == [
            ("done", 1)
        ]


def test_a_lease_that_holds_is_respected(scratch: UnitOfWork) -> None:
    job_id = promise(scratch)

    def handler(work: Work) -> None:
        runner(scratch, handler).run(job_id)  # Without the lease this would never end.
        with work.finish() as session:
            leave(session, work)

    runner(scratch, handler).run(job_id)
    assert effects(scratch) == [""]
    assert row(scratch, job_id).attempts == 1


def test_a_late_worker_cannot_finish(scratch: UnitOfWork) -> None:
    """Its lease ran out, another did the work: the effect of the first is rolled back."""
    job_id = promise(scratch)

    def second(work: Work) -> None:
        with work.finish() as session:
            leave(session, work, "second")

    works: list[Work] = []

    def first(work: Work) -> None:
        works.append(work)
        with work.finish() as session:
            leave(session, work, "first")
            expire(scratch, job_id)
            runner(scratch, second).run(job_id)

    runner(scratch, first).run(job_id)  # Quietly: the job is well, in other hands.
    assert [work.is_finished for work in works] == [False]
    assert effects(scratch) == ["second"]
    job = row(scratch, job_id)
    assert (job.state, job.attempts, job.deaths, job.last_error_code) == ("done", 2, 1, None)


def test_a_late_worker_cannot_take_a_step(scratch: UnitOfWork) -> None:
    job_id = promise(scratch)

    def second(work: Work) -> None:
        with work.finish() as session:
            leave(session, work, "second")

    def first(work: Work) -> None:
        with work.transaction() as session:
            leave(session, work, "first, in time")
        expire(scratch, job_id)
        runner(scratch, second).run(job_id)
        with work.transaction() as session:
            leave(session, work, "first, too late")

    runner(scratch, first).run(job_id)
    assert effects(scratch) == ["first, in time", "second"]
    assert row(scratch, job_id).state == "done"


def test_the_failure_of_a_late_worker_is_not_told(scratch: UnitOfWork) -> None:
    job_id = promise(scratch)

    def first(_: Work) -> None:
        expire(scratch, job_id)
        runner(scratch, lambda _: None).run(job_id)
        raise ZeroDivisionError

    runner(scratch, first).run(job_id)
    assert (row(scratch, job_id).state, row(scratch, job_id).last_error_code) == ("done", None)


def test_a_slow_worker_keeps_its_lease(scratch: UnitOfWork) -> None:
    job_id = promise(scratch)

    def slow(work: Work) -> None:
        time.sleep(3)
        with work.finish() as session:
            leave(session, work, "slow")

    def thief(work: Work) -> None:
        with work.finish() as session:
            leave(session, work, "stolen")

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(runner(scratch, slow, lease_seconds=1).run, job_id)
        while row(scratch, job_id).state == "ready":
            time.sleep(0.01)
        while not done.done():
            runner(scratch, thief).run(job_id)
            time.sleep(0.1)
        done.result()
    assert effects(scratch) == ["slow"]
    assert (row(scratch, job_id).deaths, row(scratch, job_id).attempts) == (0, 1)
