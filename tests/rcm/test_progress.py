"""What tells a process that does nothing from one that is busy, slow, or has nothing to do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from rcm.clock import system_clock
from rcm.db import UnitOfWork
from rcm.jobs import QUEUES
from rcm.reading.progress import idle_queues, idle_relay
from tests.harness import Practice
from tests.rcm.job_probes import promise, runner

_OLD, _LONG_AGO = "now() - interval '3 minutes'", "now() - interval '1 hour'"


def change(unit_of_work: UnitOfWork, values: str) -> None:
    with unit_of_work() as session:
        session.execute(text(f"UPDATE job SET {values}"))


def queues(unit_of_work: UnitOfWork) -> list[str]:
    with unit_of_work() as session:
        return list(idle_queues(session, QUEUES, seconds=120))


def relay(unit_of_work: UnitOfWork) -> list[str]:
    with unit_of_work() as session:
        return list(idle_relay(session, now=system_clock(), seconds=120))


@pytest.mark.parametrize(
    ("values", "is_idle"),
    [
        ("next_run_at = now()", False),
        (f"next_run_at = {_OLD}", True),
        (f"next_run_at = {_OLD}, state = 'dead', finished_at = {_OLD}", False),
        (f"state = 'running', lease_until = {_OLD}", True),
        ("state = 'running', lease_until = now() + interval '1 minute'", False),
        ("next_run_at = now() + interval '1 hour'", False),
    ],
)
def test_a_queue_is_idle_where_a_job_could_run_for_long(
    unit_of_work: UnitOfWork, values: str, *, is_idle: bool
) -> None:
    promise(unit_of_work)
    change(unit_of_work, values)
    found = queues(unit_of_work)
    assert bool(found) is is_idle
    assert not found or found[0].startswith("intake: 1 could run, the oldest for 18")
    with unit_of_work() as session:
        assert not list(idle_queues(session, ["send"], seconds=120))


def test_a_backlog_that_is_worked_off_is_not_idle(unit_of_work: UnitOfWork) -> None:
    promise(unit_of_work)
    done = promise(unit_of_work, "read_file")
    change(unit_of_work, f"next_run_at = {_OLD}")
    assert queues(unit_of_work)
    runner(unit_of_work, lambda _: None).run(done)
    assert queues(unit_of_work) == [], "one has ended a moment ago"
    change(unit_of_work, "finished_at = now() - interval '2 hours'")
    assert queues(unit_of_work)
    held = promise(unit_of_work, "read_file")
    with unit_of_work() as session:
        session.execute(
            text(
                "UPDATE job SET state = 'running', lease_until = now() + interval '1 minute'"
                " WHERE id = :id"
            ),
            {"id": held},
        )
    assert queues(unit_of_work) == [], "one is held under a lease that lasts"


def unheard(session: Session) -> None:
    session.execute(text(f"UPDATE job SET next_run_at = {_OLD}, nudged_at = {_OLD}"))


def heard(session: Session) -> None:
    session.execute(text(f"UPDATE job SET next_run_at = {_OLD}, nudged_at = now()"))


def visit_due(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO schedule (partner_id, cron, is_paused, set_at)"
            f" SELECT id, '* * * * *', false, {_LONG_AGO} FROM trading_partner"
        )
    )


def visit_due_of_a_paused_partner(session: Session) -> None:
    visit_due(session)
    session.execute(text("UPDATE trading_partner SET is_paused = true"))


def checks_due(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO eligibility_schedule (partner_id, cron, days, is_paused, set_at)"
            f" SELECT id, '* * * * *', 30, false, {_LONG_AGO} FROM trading_partner"
        )
    )


def unchained(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO audit_event (at, action, actor_name, about, detail, roles, outcome)"
            f" VALUES ({_OLD}, 'test', 'x', '', '', '{{}}', 'done')"
        )
    )


def unchained_and_promised(session: Session) -> None:
    unchained(session)
    session.execute(
        text(
            "INSERT INTO job (id, kind, dedupe_key, queue, state, attempts_max, next_run_at,"
            " nudged_at, created_at) VALUES (gen_random_uuid(), 'chain_rows', '/', 'post',"
            " 'ready', 12, now(), now(), now())"
        )
    )


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (unheard, "nobody rings"),
        (heard, None),
        (visit_due, "a visit of partner"),
        (visit_due_of_a_paused_partner, None),
        (checks_due, "checks of coverages"),
        (unchained, "rows of the audit"),
        (unchained_and_promised, None),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_relay_is_idle_where_what_is_its_to_do_is_late(
    practice: Practice, make: Callable[[Session], None], word: str | None
) -> None:
    with practice.unit_of_work() as session:
        session.execute(text("DELETE FROM job"))
    promise(practice.unit_of_work)
    assert relay(practice.unit_of_work) == []
    with practice.unit_of_work() as session:
        make(session)
    found = relay(practice.unit_of_work)
    assert len(found) == (word is not None), found
    assert all(str(word) in line for line in found)


def test_what_is_late_by_less_is_not_late(practice: Practice) -> None:
    with practice.unit_of_work() as session:
        visit_due(session)
        soon = system_clock() - timedelta(hours=2)
        assert not list(idle_relay(session, now=soon, seconds=120))
