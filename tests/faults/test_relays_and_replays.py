"""Everything doubled: relays, workers, clocks that jump, files that come again in disguise."""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import NoReturn
from uuid import UUID

import pytest
from sqlalchemy import text

from cli.spawn import spawn
from cli.stack import environment
from rcm.clock import SystemRandomness, system_clock
from rcm.db import snapshot
from rcm.exchange.service import receive_file
from rcm.jobs import Runner, Work
from rcm.parties.model import TradingPartner
from rcm.schedules.service import fire_due
from rcm.settings import Settings
from tests.faults.evidence import Evidence
from tests.faults.invariants import check_invariants
from tests.faults.waiting import eventually
from tests.faults.worker_proc import WorkerProc
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, adjust, file_835, payment, remit, send_first
from tests.scale import scaled
from workers.handlers import make_handlers

START = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)  #: The day before New York's clocks go forward.


@pytest.fixture
def claim(practice: Practice) -> Sent:
    """One claim that was sent."""
    (sent,) = send_first(practice, encounter())
    return sent


def holds(practice: Practice) -> None:
    """Check every invariant."""
    with snapshot(practice.unit_of_work) as session:
        check_invariants(
            Evidence(
                session=session,
                tools=practice.tools,
                account=practice.account,
                private=practice.account.with_name("private"),
            )
        )


@contextmanager
def relays(settings: Settings, folder: Path, count: int) -> Iterator[None]:
    """Let so many relays run."""
    with ExitStack() as stack:
        for n in range(count):
            running = spawn(
                (sys.executable, "-m", "workers.relay"),
                env=environment(settings),
                log=folder / f"relay-{n}.log",
                death_signal=signal.SIGKILL,
            )
            stack.callback(running.wait)
            stack.callback(running.kill)
        yield


def set_schedule(practice: Practice, cron: str, since: datetime) -> None:
    with practice.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO schedule (partner_id, cron, is_paused, set_at)"
                " VALUES (:id, :cron, false, :since)"
            ),
            {"id": practice.partner_id, "cron": cron, "since": since},
        )


def ticks(practice: Practice, outcome: str) -> list[datetime]:
    rows = practice.rows(
        "SELECT scheduled_for FROM cron_tick WHERE outcome = :outcome ORDER BY 1", outcome=outcome
    )
    return [row.scheduled_for for row in rows]


def test_f30_two_relays_and_three_workers_do_everything_once(
    practice: Practice, settings: Settings, claim: Sent, tmp_path: Path
) -> None:
    """One tick of a schedule that is due once an hour, and one exchange by it."""
    now = system_clock()
    hour = now.replace(minute=0, second=0, microsecond=0)
    set_schedule(practice, "0 * * * *", hour - timedelta(minutes=1))
    practice.clearinghouse.visit()
    with relays(settings, tmp_path, 2), ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(WorkerProc(settings, practice.account))
        eventually(lambda: ticks(practice, "fired"), seconds_max=60)
        eventually(
            lambda: (
                practice.rows("SELECT FROM remittance WHERE state = 'posted'")
                and not practice.rows("SELECT FROM job WHERE state IN ('ready', 'running')")
            ),
            seconds_max=60,
        )
    assert ticks(practice, "fired")[0] == hour
    assert len(ticks(practice, "fired")) == 1
    assert practice.rows(
        "SELECT count(*) FROM job WHERE kind = 'batch_claims' AND ref_part = 1"
    ) == [(1,)]
    assert claim.number in {row.patient_control_number for row in practice.journal_claims()}
    holds(practice)


def test_f29_clocks_that_jump_lose_no_tick_and_double_none(practice: Practice) -> None:
    """A day on, an hour back, over the clock change, 400 days on, and back."""
    set_schedule(practice, "30 2 * * *", START)
    day, hour = timedelta(days=1), timedelta(hours=1)
    days = [0, 1, 1 - hour / day, 1, 2, 1, 400, 2, 400 - hour / day, 401]
    moments = [START + number * day for number in days]
    for now in moments:
        tools = replace(practice.tools, clock=partial(copy, now))
        with practice.unit_of_work() as session:
            fire_due(session, tools)
    fired, missed = ticks(practice, "fired"), ticks(practice, "missed")
    assert len(fired) + len(missed) == len({*fired, *missed}) == 401, "each day has its tick"
    assert len(fired) == 4, "one for each jump forward over a tick"
    practice.drain()
    holds(practice)


def open_nothing(_partner: TradingPartner, _seconds: int) -> NoReturn:
    raise AssertionError("no partner is met")


def test_f29_a_worker_whose_clock_is_wrong_takes_no_leased_job(practice: Practice) -> None:
    """Leases are the database's: what a process believes of the time does not matter."""
    ran: list[str] = []
    with practice.unit_of_work() as session:
        session.execute(text("DELETE FROM job"))
        receive_file(
            session, practice.tools, partner_id=practice.partner_id, name="n", modified=0,
            body=b"not X12",
        )  # fmt: skip
    ((job_id,),) = practice.rows("SELECT id FROM job")

    def runner(name: str, days: int) -> Runner:
        tools = replace(practice.tools, clock=lambda: system_clock() + timedelta(days=days))

        def handler(work: Work) -> None:
            ran.append(name)
            if name == "first":
                for other in (-400, -1, 1, 400):
                    runner(f"{other}", other).run(job_id)
            make_handlers(tools, open_nothing)["read_file"](work)

        return Runner(
            unit_of_work=practice.unit_of_work,
            handlers={"read_file": handler},
            randomness=SystemRandomness(),
            owner=name,
        )

    runner("first", 0).run(job_id)
    assert ran == ["first"]
    assert practice.rows("SELECT state FROM file") == [("quarantined",)]


def receive(practice: Practice, body: bytes, name: str) -> UUID:
    with practice.unit_of_work() as session:
        return receive_file(
            session,
            practice.tools,
            partner_id=practice.partner_id,
            name=name,
            modified=0,
            body=body,
        )


def replays(practice: Practice, claim: Sent, each: int) -> None:
    """Let one payment come again in each of the four ways, so often; nothing more is posted."""
    rest = adjust("CO", "45", claim.charge_cents - 8_000)
    paid = remit(payment(claim.number, claim.charge_cents, 8_000, rest), trace="ONCE")
    original = file_835(paid, number=1)
    receive(practice, original, "original.x12")
    practice.drain()
    before = practice.rows("SELECT count(*), sum(abs(amount_cents))::bigint FROM posting")
    random = Random(each)
    for n in range(each):
        receive(practice, original, "original.x12")  # The same bytes.
        receive(practice, original, f"other-{n}.x12")  # The same bytes by another name.
        changed = remit(payment(claim.number, claim.charge_cents, 8_000, rest), trace=f"NEW{n}")
        receive(practice, file_835(changed, number=1), f"number-{n}.x12")  # Its ISA13, other bytes.
        again = file_835(paid, number=2 + n)  # The same payment in a new interchange.
        receive(practice, again, f"trace-{random.random()}.x12")
        practice.drain()
    after = practice.rows("SELECT count(*), sum(abs(amount_cents))::bigint FROM posting")
    assert after == before
    assert practice.rows("SELECT state, count(*) FROM file GROUP BY 1 ORDER BY 1") == [
        ("quarantined", each), ("read", 1 + each), ("sent", 1),
    ]  # fmt: skip
    states = dict(practice.rows("SELECT state, count(*) FROM remittance GROUP BY 1"))
    assert states == {"posted": 1, "duplicate": each}
    holds(practice)


def test_f35_what_comes_again_in_four_ways_posts_nothing(practice: Practice, claim: Sent) -> None:
    replays(practice, claim, 5)


@pytest.mark.long
def test_f35_a_thousand_times_in_each_of_four_ways(practice: Practice, claim: Sent) -> None:
    replays(practice, claim, scaled(1_000))
