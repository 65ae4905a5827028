"""Failures: tried again later, given up in the end, and poison kept away from the others."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text

from rcm import jobs
from rcm.db import UnitOfWork
from rcm.jobs import DEATHS_MAX, KINDS, Handler, PermanentJobError, Work
from rcm.waiting import poll
from tests.rcm.job_probes import (
    KilledError,
    effects,
    expire,
    leave,
    make_due,
    promise,
    row,
    runner,
)


class CodedError(Exception):
    code = "DISK-FULL"


def fail(_: Work) -> None:
    raise ZeroDivisionError("Ada Canary")


def test_a_failure_is_tried_again_later(scratch: UnitOfWork) -> None:
    job_id = promise(scratch)

    def half(work: Work) -> None:
        with work.finish() as session:
            leave(session, work)
            fail(work)

    runner(scratch, half).run(job_id)
    job = row(scratch, job_id)
    assert (job.state, job.attempts, job.last_error_code) == ("ready", 1, "ZeroDivisionError")
    assert (job.lease_token, job.nudged_at, job.finished_at) == (None, None, None)
    assert 2 < job.wait <= 4
    assert effects(scratch) == []
    with scratch() as session:
        assert poll(session, "intake", again_seconds=0) == []
    runner(scratch, half).run(job_id)  # A message that comes too early.
    assert row(scratch, job_id).attempts == 1
    make_due(scratch, job_id)
    with scratch() as session:
        assert [each for each, _ in poll(session, "intake")] == [job_id]


def test_the_wait_grows_up_to_fifteen_minutes(unit_of_work: UnitOfWork) -> None:
    job_id = promise(unit_of_work)
    waits = []
    for _ in range(KINDS["sweep_encounters"].attempts_max - 1):
        runner(unit_of_work, fail).run(job_id)
        waits.append(round(row(unit_of_work, job_id).wait))
        make_due(unit_of_work, job_id)
    assert waits == [4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def full(_: Work) -> None:
    raise CodedError


def divide(work: Work) -> None:
    with work.transaction() as session:
        session.execute(text("SELECT 1 / 0"))


@pytest.mark.parametrize(("handler", "code"), [(full, "DISK-FULL"), (divide, "DataError")])
def test_an_error_may_say_its_own_code(
    unit_of_work: UnitOfWork, handler: Handler, code: str
) -> None:
    job_id = promise(unit_of_work)
    runner(unit_of_work, handler).run(job_id)
    assert row(unit_of_work, job_id).last_error_code == code


def test_a_job_that_keeps_failing_is_given_up(unit_of_work: UnitOfWork) -> None:
    job_id = promise(unit_of_work, "read_file")
    states = []
    for _ in range(KINDS["read_file"].attempts_max + 1):
        make_due(unit_of_work, job_id)
        runner(unit_of_work, fail).run(job_id)
        states.append((row(unit_of_work, job_id).state, row(unit_of_work, job_id).attempts))
    assert states == [("ready", 1), ("ready", 2), ("dead", 3), ("dead", 3)]
    job = row(unit_of_work, job_id)
    assert (job.last_error_code, job.finished_at is None) == ("ZeroDivisionError", False)


def test_what_cannot_get_better_is_given_up_at_once(unit_of_work: UnitOfWork) -> None:
    job_id = promise(unit_of_work)

    def refuse(_: Work) -> None:
        raise PermanentJobError("SFTP-LOGIN")

    runner(unit_of_work, refuse).run(job_id)
    job = row(unit_of_work, job_id)
    assert (job.state, job.attempts, job.last_error_code) == ("dead", 1, "SFTP-LOGIN")


def test_a_job_that_kills_its_process_is_put_aside(scratch: UnitOfWork) -> None:
    job_id, starts = promise(scratch), []

    def poison(work: Work) -> None:
        starts.append(work.job.attempts)
        raise KilledError

    for death in range(DEATHS_MAX):
        assert row(scratch, job_id).deaths == max(death - 1, 0)
        with pytest.raises(KilledError):
            runner(scratch, poison).run(job_id)
        assert row(scratch, job_id).state == "running"
        expire(scratch, job_id)
    for _ in range(2):
        runner(scratch, poison).run(job_id)
    job = row(scratch, job_id)
    assert (job.state, job.last_error_code) == ("quarantined", "PROCESS-DIED")
    assert starts == [1, 2, 3]


def test_a_retry_that_meets_its_waiting_twin_is_superseded(unit_of_work: UnitOfWork) -> None:
    job_id = promise(unit_of_work)
    twins: list[UUID] = []

    def handler(work: Work) -> None:
        twins.append(promise(unit_of_work))
        fail(work)

    runner(unit_of_work, handler).run(job_id)
    job = row(unit_of_work, job_id)
    assert (job.state, job.last_error_code) == ("done", "SUPERSEDED")
    assert row(unit_of_work, twins[0]).state == "ready"


@pytest.mark.parametrize("twin", ["kept", "dropped"])
def test_a_retry_that_meets_a_twin_about_to_wait(unit_of_work: UnitOfWork, twin: str) -> None:
    """The twin is promised in a transaction that is still open when the failure is written."""
    job_id = promise(unit_of_work)
    is_promised = threading.Event()

    def handler(work: Work) -> None:
        is_promised.wait(10)
        fail(work)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(runner(unit_of_work, handler).run, job_id)
        while row(unit_of_work, job_id).state == "ready":
            time.sleep(0.01)
        with unit_of_work() as session:
            jobs.add(session, "sweep_encounters")
            is_promised.set()
            _until_somebody_waits(unit_of_work)
            if twin == "dropped":
                session.rollback()
        done.result()
    with unit_of_work() as session:
        states = session.execute(text("SELECT state, last_error_code FROM job ORDER BY state"))
        assert (
            states.all()
            == {
                "kept": [("done", "SUPERSEDED"), ("ready", None)],
                "dropped": [("ready", "ZeroDivisionError")],
            }[twin]
        )


def _until_somebody_waits(unit_of_work: UnitOfWork) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with unit_of_work() as session:
            if session.execute(waiting).scalar_one():
                return
        time.sleep(0.02)
    raise AssertionError("the retry did not meet the twin")
