"""Schedules are rows: each tick takes effect once, whoever looks, whenever they look."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from rcm.db import UnitOfWork
from rcm.exchange.now import UnknownPartnerError
from rcm.parties.store import set_paused
from rcm.schedules import store
from rcm.schedules.service import fire_due, follow_schedule
from rcm.schedules.ticks import BadScheduleError, has_tick, next_ticks, ticks
from rcm.tools import Tools
from tests.harness import Practice, make_practice

NEW_YORK = "America/New_York"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path) -> Practice:
    made = make_practice(unit_of_work, tools, tmp_path)
    with unit_of_work() as session:
        follow_schedule(session, tools, made.partner_id, cron="*/15 * * * *", is_paused=False)
    return made


def fire(practice: Practice, *, after_minutes: int) -> int:
    now = practice.tools.clock() + timedelta(minutes=after_minutes)
    with practice.unit_of_work() as session:
        return fire_due(session, replace(practice.tools, clock=lambda: now))


def exchanges(practice: Practice) -> int:
    rows = practice.rows("SELECT count(*)::int FROM job WHERE kind = 'collect_files'")
    return int(rows[0][0])


@pytest.mark.parametrize(
    ("cron", "after", "until", "expected"),
    [
        ("0 8 * * *", "2026-11-02T00:00", "2026-11-03T00:00", ["2026-11-02T13:00"]),
        (
            "*/30 * * * *",
            "2026-11-02T00:00",
            "2026-11-02T01:00",
            ["2026-11-02T00:30", "2026-11-02T01:00"],
        ),
        ("0 8 * * MON-FRI", "2026-11-07T00:00", "2026-11-08T23:00", []),
        # The clock goes back at 2:00 on 1 November 2026: 1:30 happens twice, and is met once.
        ("30 1 * * *", "2026-11-01T00:00", "2026-11-01T12:00", ["2026-11-01T05:30"]),
        # It goes on at 2:00 on 8 March 2026: 2:30 does not happen, and is made up for at once.
        ("30 2 * * *", "2026-03-08T00:00", "2026-03-08T12:00", ["2026-03-08T07:00"]),
    ],
)
def test_ticks_are_of_the_partners_clock(
    cron: str, after: str, until: str, expected: list[str]
) -> None:
    found = ticks(cron, NEW_YORK, after=at(after), until=at(until))
    assert found == tuple(at(text) for text in expected)
    assert has_tick(cron, NEW_YORK, after=at(after), until=at(until)) is bool(expected)


@pytest.mark.parametrize(
    ("cron", "time_zone"),
    [
        ("", NEW_YORK),
        ("* * * *", NEW_YORK),
        ("61 * * * *", NEW_YORK),
        ("x", NEW_YORK),
        ("* * * * *", "Mars"),
    ],
)
def test_what_is_no_schedule_is_refused(cron: str, time_zone: str) -> None:
    with pytest.raises(BadScheduleError):
        next_ticks(cron, time_zone, after=at("2026-11-02T00:00"), count=1)


def test_nothing_is_due_before_its_time(practice: Practice) -> None:
    assert fire(practice, after_minutes=14) == 0
    assert exchanges(practice) == 0


def test_a_tick_takes_effect_once_however_many_look(practice: Practice) -> None:
    looked: list[int] = []
    threads = [
        threading.Thread(target=lambda: looked.append(fire(practice, after_minutes=15)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(looked) == [0] * 7 + [1]
    assert exchanges(practice) == 1


def test_ticks_missed_while_nothing_ran_are_kept_and_not_made_up_for(practice: Practice) -> None:
    assert fire(practice, after_minutes=61) == 1
    outcomes = practice.rows("SELECT outcome FROM cron_tick ORDER BY scheduled_for")
    assert [row.outcome for row in outcomes] == ["missed", "missed", "missed", "fired"]
    assert exchanges(practice) == 1
    assert fire(practice, after_minutes=74) == 0
    assert fire(practice, after_minutes=75) == 1


def test_a_clock_that_goes_back_repeats_nothing(practice: Practice) -> None:
    assert fire(practice, after_minutes=30) == 1
    assert fire(practice, after_minutes=15) == 0
    assert fire(practice, after_minutes=30) == 0
    assert exchanges(practice) == 1


def test_a_paused_partner_is_not_visited_and_nothing_is_made_up_for(practice: Practice) -> None:
    def follow(minutes: int, *, is_paused: bool) -> None:
        now = practice.tools.clock() + timedelta(minutes=minutes)
        tools = replace(practice.tools, clock=lambda: now)
        with practice.unit_of_work() as session:
            follow_schedule(
                session, tools, practice.partner_id, cron="*/15 * * * *", is_paused=is_paused
            )

    follow(1, is_paused=True)
    assert fire(practice, after_minutes=40) == 0
    follow(41, is_paused=False)
    assert fire(practice, after_minutes=44) == 0
    assert fire(practice, after_minutes=45) == 1


def test_a_partner_that_is_paused_while_a_relay_looks_is_not_visited(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.schedules

    def paused_meanwhile(session: Session) -> list[store.Schedule]:
        found = real(session)
        with practice.unit_of_work() as other:
            set_paused(other, practice.partner_id, is_paused=True)
        return found

    monkeypatch.setattr(store, "schedules", paused_meanwhile)
    assert fire(practice, after_minutes=15) == 0
    assert exchanges(practice) == 0


def test_a_schedule_of_nobody_is_refused(practice: Practice) -> None:
    with practice.unit_of_work() as session, pytest.raises(UnknownPartnerError):
        follow_schedule(
            session, practice.tools, practice.actor_id, cron="* * * * *", is_paused=False
        )
