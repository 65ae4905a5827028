"""Promises: a job is in the transaction that needs it, waits once, and is rung for after it."""

import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from rcm import jobs
from rcm.db import UnitOfWork, make_unit_of_work
from rcm.doorbell import Doorbell, make_celery
from rcm.jobs import KINDS, PermanentJobError, Work
from rcm.waiting import poll
from tests.rcm.job_probes import effects, leave, promise, row, runner


def count(unit_of_work: UnitOfWork) -> int:
    with unit_of_work() as session:
        return int(session.execute(text("SELECT count(*) FROM job")).scalar_one())


def leave_one(work: Work) -> None:
    with work.finish() as session:
        leave(session, work)


def promise_and_fail(session: Session) -> None:
    jobs.add(session, "sweep_encounters")
    raise ZeroDivisionError


def test_a_job_is_promised_in_the_callers_transaction(unit_of_work: UnitOfWork) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        promise_and_fail(session)
    assert count(unit_of_work) == 0
    promise(unit_of_work)
    assert count(unit_of_work) == 1


def test_a_twin_waits_once_but_other_work_waits_too(unit_of_work: UnitOfWork) -> None:
    partner, other = uuid4(), uuid4()
    for _ in range(2):
        with unit_of_work() as session:
            for ref_id, ref_part in [(partner, 0), (partner, 1), (other, 0), (partner, 0)]:
                jobs.add(session, "post_remittance", ref_id=ref_id, ref_part=ref_part)
            jobs.add(session, "read_file", ref_id=partner)
    assert count(unit_of_work) == 4


def test_a_new_twin_waits_while_the_first_runs(scratch: UnitOfWork) -> None:
    first = promise(scratch)
    second: list[UUID] = []

    def handler(work: Work) -> None:
        second.append(promise(scratch))
        leave_one(work)

    runner(scratch, handler).run(first)
    assert row(scratch, first).state == "done"
    assert row(scratch, second[0]).state == "ready"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_job_is_promised_to_its_queue(unit_of_work: UnitOfWork, kind: str) -> None:
    job = row(unit_of_work, promise(unit_of_work, kind))
    assert (job.queue, job.attempts_max) == (KINDS[kind].queue, KINDS[kind].attempts_max)
    assert job.queue in jobs.QUEUES


def test_a_message_of_no_job_does_nothing(scratch: UnitOfWork) -> None:
    runner(scratch, leave_one).run(uuid4())
    assert effects(scratch) == []


def test_a_finished_job_does_nothing_again(scratch: UnitOfWork) -> None:
    job_id = promise(scratch)
    for _ in range(3):
        runner(scratch, leave_one).run(job_id)
    assert effects(scratch) == [""]
    assert (row(scratch, job_id).state, row(scratch, job_id).attempts) == ("done", 1)


def test_a_handler_that_finishes_nothing_is_finished_for(scratch: UnitOfWork) -> None:
    job_id = promise(scratch)
    runner(scratch, lambda _: None).run(job_id)
    assert row(scratch, job_id).state == "done"


def test_what_runs_every_few_seconds_leaves_no_row_but_what_gave_up_stays(
    scratch: UnitOfWork,
) -> None:
    for handler, left in ((leave_one, []), (_refuse, [("dead", "NO")])):
        runner(scratch, handler).run(promise(scratch, "chain_rows"))
        with scratch() as session:
            rows = session.execute(text("SELECT state, last_error_code FROM job")).all()
        assert [tuple(each) for each in rows] == left
    assert effects(scratch) == [""]


def _refuse(_: Work) -> None:
    raise PermanentJobError("NO")


def test_a_job_is_rung_for_once_in_a_while(unit_of_work: UnitOfWork) -> None:
    job_id = promise(unit_of_work)

    def found(again_seconds: int) -> list[UUID]:
        with unit_of_work() as session:
            return [each for each, _ in poll(session, "intake", again_seconds=again_seconds)]

    assert found(30) == []  # Its own transaction has rung for it.
    assert found(0) == [job_id]
    with unit_of_work() as session:
        session.execute(text("UPDATE job SET nudged_at = now() - interval '31 seconds'"))
    assert found(30) == [job_id]
    assert found(30) == []
    with unit_of_work() as session:
        assert poll(session, "post", again_seconds=0) == []


def test_a_poll_waits_for_nobody(unit_of_work: UnitOfWork) -> None:
    job_id = promise(unit_of_work)
    with unit_of_work() as holder, unit_of_work() as session:
        holder.execute(text("SELECT 1 FROM job WHERE id = :id FOR UPDATE"), {"id": job_id})
        session.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert poll(session, "intake", again_seconds=0) == []


def test_the_bell_rings_only_after_the_commit(unit_of_work: UnitOfWork, engine: Engine) -> None:
    seen: list[tuple[str, str]] = []

    def ring(promised: object) -> None:
        assert isinstance(promised, list)
        seen.extend((row(unit_of_work, job_id).state, kind) for job_id, kind in promised)

    ringing = make_unit_of_work(engine, ring)
    with pytest.raises(ZeroDivisionError), ringing() as session:
        promise_and_fail(session)
    assert seen == []
    for _ in range(2):  # The second finds its twin waiting, and rung for.
        with ringing() as session:
            jobs.add(session, "sweep_encounters")
            assert seen in ([], [("ready", "sweep_encounters")])
    assert seen == [("ready", "sweep_encounters")]


def test_a_broker_that_is_away_breaks_no_promise(
    unit_of_work: UnitOfWork, engine: Engine, tmp_path: Path
) -> None:
    app = make_celery(f"unix://{tmp_path}/away.sock")
    bell = Doorbell(app)
    start = time.monotonic()
    with make_unit_of_work(engine, bell)() as session:
        jobs.add(session, "sweep_encounters")
        jobs.add(session, "read_file")
    assert (count(unit_of_work), bell.failures) == (2, 1)
    assert time.monotonic() - start < 3  # No caller waits for a broker.
    with make_unit_of_work(engine, bell)() as session:
        jobs.add(session, "batch_claims")
    assert (count(unit_of_work), bell.failures) == (3, 1)  # Not asked again for some seconds.
    app.close()
