"""An open breaker: nobody knocks, nothing is lost or given up, and one is let through to see."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest

from rcm.access import Actor
from rcm.parties.service import ask_connection_test, close_breaker
from rcm.parties.store import partner as find_partner
from rcm.parties.store import save_partner
from tests.harness import Practice
from tests.rcm.job_probes import KilledError
from tests.workers.doors import (
    BROKEN,
    FULL,
    LOST,
    NO_FOLDER,
    REFUSED,
    SLOW,
    STRANGER,
    WEAK,
    Door,
)
from workers.mailbox import MailboxError


@pytest.fixture
def door(practice: Practice) -> Door:
    return Door(practice=practice)


def actor(door: Door) -> Actor:
    return Actor(id=door.practice.actor_id, name="test", roles=frozenset())


def opened_by(door: Door, failure: MailboxError, times: int = 5) -> list[UUID]:
    """Let visits fail until the breaker is open; returns their jobs."""
    door.failure = failure
    jobs = [door.visit(n) for n in range(times)]
    for job_id in jobs:
        door.run(job_id)
    assert door.breaker().standing == "open"
    return jobs


@pytest.mark.parametrize("failure", [BROKEN, LOST, SLOW])
def test_after_five_failures_in_a_row_nobody_knocks(door: Door, failure: MailboxError) -> None:
    opened_by(door, failure)
    file_id, delivery = door.freeze(1)
    for job_id in (door.visit(9), delivery):
        row = door.run(job_id)
        assert (row.state, row.code, row.attempts) == ("ready", "BREAKER-OPEN", 0)
        assert 30 <= row.wait <= 66  # As long as the breaker is open, and up to 5 s.
    assert door.opened == 5
    # Not a byte was sent: nobody says that it may be there.
    assert door.practice.rows("SELECT state FROM file WHERE id = :id", id=file_id) == [("frozen",)]


def test_four_failures_or_a_success_between_open_nothing(door: Door) -> None:
    for n in range(12):
        door.failure = None if n % 5 == 4 else BROKEN
        door.run(door.visit(n))
    assert (door.opened, door.breaker().standing) == (12, "closed")


@pytest.mark.parametrize("failure", [NO_FOLDER, FULL])
def test_a_server_that_answers_is_not_away(door: Door, failure: MailboxError) -> None:
    door.failure = failure
    for n in range(8):
        door.run(door.visit(n))
    assert (door.opened, door.breaker().standing) == (8, "closed")


def test_however_long_it_lasts_nothing_is_given_up_and_all_goes_when_they_are_back(
    door: Door,
) -> None:
    visits = opened_by(door, BROKEN)
    deliveries = [door.freeze(n)[1] for n in range(1, 6)]
    knocks = door.opened
    for round_ in range(14):  # Of 15 minutes: more tries than a job has.
        door.let_pass()
        for job_id in (*visits, *deliveries):
            door.run(job_id)
        assert door.opened == knocks + round_ + 1  # One each time, whoever it is.
    assert door.breaker().wait > 800
    states = door.practice.rows("SELECT DISTINCT state FROM job WHERE queue = 'send'")
    assert states == [("ready",)]
    door.failure = None
    door.let_pass()
    door.run(deliveries[3])
    assert door.breaker().standing == "closed"
    woken = door.practice.rows(
        "SELECT id FROM job WHERE queue = 'send' AND state = 'ready' AND next_run_at <= now()"
    )
    assert {job_id for (job_id,) in woken} == {*visits, *deliveries} - {deliveries[3]}
    replace(door.practice, runner=door.runner).drain()
    assert door.practice.rows("SELECT state, count(*)::int FROM file GROUP BY 1") == [("sent", 5)]
    assert len(list((door.practice.account / "to_payer").iterdir())) == 5


@pytest.mark.parametrize("failure", [None, BROKEN])
def test_half_open_lets_exactly_one_through_however_many_come(
    door: Door, failure: MailboxError | None
) -> None:
    opened_by(door, BROKEN)
    jobs = [door.visit(n) for n in range(10, 18)]
    door.let_pass()
    door.failure, door.opened = failure, 0
    others_are_done = threading.Event()
    door.meanwhile = lambda: others_are_done.wait(20)
    left = [len(jobs)]

    def run(job_id: UUID) -> None:
        door.runner.run(job_id)
        with door.lock:
            left[0] -= 1
            if left[0] == 1:
                others_are_done.set()

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(run, jobs))
    assert door.opened == 1
    codes = sorted(str(door.row(job_id).code) for job_id in jobs)
    assert codes.count("BREAKER-OPEN") == 7
    assert door.breaker().standing == ("closed" if failure is None else "open")


def test_another_is_let_through_where_the_process_of_the_first_has_died(door: Door) -> None:
    (first, second, *_) = opened_by(door, BROKEN)
    door.let_pass()

    def die() -> None:
        raise KilledError

    door.meanwhile = die
    with pytest.raises(KilledError):
        door.run(first)
    door.meanwhile = None
    assert door.run(second).code == "BREAKER-OPEN"
    assert 10 <= door.row(second).wait <= 36  # It is asked again soon.
    door.practice.rows(
        "UPDATE job SET lease_until = now() - interval '1 s' WHERE state = 'running' RETURNING 1"
    )
    door.failure = None
    assert door.run(second).state == "done"
    assert door.breaker().standing == "closed"


@pytest.mark.parametrize("failure", [STRANGER, WEAK])
def test_a_stranger_stops_everything_at_once_and_for_as_long_as_nobody_speaks(
    door: Door, failure: MailboxError
) -> None:
    (job_id,) = opened_by(door, failure, times=1)
    row = door.row(job_id)
    code = f"SFTP-{failure.step.upper().replace(' ', '-')}"
    assert (row.state, row.code, row.attempts) == ("ready", code, 0)
    assert (door.breaker().code, door.breaker().wait) == (code, None)
    for _ in range(3):
        assert door.run(job_id).code == "BREAKER-OPEN"
        assert 800 <= door.row(job_id).wait <= 906
    assert door.opened == 1


def test_a_refused_login_is_tried_twice_by_all_jobs_together(door: Door) -> None:
    door.failure = REFUSED
    jobs = [door.freeze(n)[1] for n in range(1, 9)]
    for _ in range(4):
        for job_id in jobs:
            assert door.run(job_id).state == "ready"
        door.let_pass() if door.breaker().wait is not None else None
    assert door.opened == 2
    assert (door.breaker().code, door.breaker().wait) == ("SFTP-LOGIN", None)


def test_a_person_closes_it_and_what_waited_goes_at_once(door: Door) -> None:
    (job_id,) = opened_by(door, STRANGER, times=1)
    door.failure = None
    with door.practice.unit_of_work() as session:
        close_breaker(
            session, door.practice.tools, door.practice.partner_id, "By telephone.", actor(door)
        )
    assert door.breaker().standing == "closed"
    assert door.row(job_id).wait <= 0
    replace(door.practice, runner=door.runner).drain()
    assert door.row(job_id).state == "done"
    decisions = door.practice.rows("SELECT what, who, before FROM decision")
    assert decisions == [("close_breaker", "test", ["open", "SFTP-HOST-KEY"])]
    with door.practice.unit_of_work() as session:  # Again: there is nothing to decide.
        close_breaker(session, door.practice.tools, door.practice.partner_id, "", actor(door))
    assert door.practice.rows("SELECT count(*) FROM decision") == [(1,)]


def run_test(door: Door) -> None:
    with door.practice.unit_of_work() as session:
        ask_connection_test(session, door.practice.tools, door.practice.partner_id, actor(door))
    ((job_id,),) = door.practice.rows(
        "SELECT id FROM job WHERE kind = 'check_connection' AND state = 'ready'"
    )
    assert door.run(job_id).state == "done"


def test_a_connection_test_goes_through_and_closes_it_where_all_is_well(door: Door) -> None:
    (job_id,) = opened_by(door, REFUSED, times=1)
    run_test(door)
    assert (door.breaker().standing, door.breaker().wait) == ("open", None)  # Refused twice now.
    door.failure = None
    run_test(door)
    assert door.breaker().standing == "closed"
    assert door.row(job_id).wait <= 0


def test_a_connection_test_opens_it_where_a_stranger_answers(door: Door) -> None:
    door.failure = STRANGER
    run_test(door)
    assert (door.breaker().standing, door.breaker().code) == ("open", "SFTP-HOST-KEY")
    assert door.run(door.visit()).code == "BREAKER-OPEN"


def test_a_connection_test_that_finds_no_folder_says_nothing_of_the_line(door: Door) -> None:
    opened_by(door, BROKEN)
    door.failure = None
    (door.practice.account / "archive").rmdir()
    run_test(door)
    assert door.breaker().standing == "open"


@pytest.mark.parametrize("pause", [False, True])
def test_a_paused_partner_is_paused_first(door: Door, *, pause: bool) -> None:
    (job_id,) = opened_by(door, STRANGER, times=1)
    with door.practice.unit_of_work() as session:
        partner = find_partner(session, door.practice.tools.keys, door.practice.partner_id)
        save_partner(session, door.practice.tools.keys, replace(partner, is_paused=pause))
    assert door.run(job_id).state == ("done" if pause else "ready")
    assert door.opened == 1


def test_a_partner_is_met_by_one_at_a_time_and_the_next_goes_when_that_is_over(door: Door) -> None:
    first, second, third = (door.freeze(n)[1] for n in (1, 2, 3))

    def others() -> None:
        door.meanwhile = None
        for job_id in (second, third):
            row = door.run(job_id)
            assert (row.state, row.code, row.attempts) == ("ready", "BREAKER-BUSY", 0)

    door.meanwhile = others
    assert door.run(first).state == "done"
    assert door.opened == 1
    woken = [job_id for job_id in (second, third) if door.row(job_id).wait <= 0]
    assert len(woken) == 1
    assert door.run(woken[0]).state == "done"
