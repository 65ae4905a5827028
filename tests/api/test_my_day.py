"""My day by API: a counter is the list behind it, and an alert says what is safe and what to do."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import Client
from sqlalchemy import text

from rcm.access import Role, create_api_key
from rcm.clock import system_clock, today
from rcm.parties.connection_tests import StepResult, add_test, finish_test
from rcm.schedules.store import set_schedule
from tests.api.test_reading import get
from tests.api.test_work_items import deny
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, file_835, file_999, payment, receive, remit, send
from tests.serving import Served, calling

LISTS = {"worklists": "work-items", "claims": "claims", "payments": "remittances", "files": "files"}


def behind(api: Client, link: dict[str, Any]) -> dict[str, Any]:
    """The list that a link opens."""
    answer = api.get(f"/api/v1/{LISTS[link['page']]}", params=link["filter"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def summary(api: Client, scope: str = "team") -> dict[str, Any]:
    return get(api, "dashboard/summary", scope=scope)


def run(practice: Practice, sql: str, **values: object) -> None:
    with practice.unit_of_work() as session:
        session.execute(text(sql), values)


def alerts(api: Client) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in summary(api)["alerts"]}


@pytest.fixture
def busy(practice: Practice) -> list[Sent]:
    """Something of every kind."""
    claims = send(practice, encounter(), encounter(external_id="two"))
    practice.post(
        encounter(
            external_id="held", rendering_provider={"npi": "1193000515", "last_name": "Okafor"}
        )
    )
    practice.drain()
    receive(practice, file_999(claims[0].group_number, "R"))
    deny(practice, claims[1], number=2)
    receive(practice, file_835(remit(payment("NOBODYS1", 900, 900), trace="B"), number=3))
    receive(practice, file_835(remit(payment("NOBODYS2", 1, 1), paid=2, trace="C"), number=4))
    return claims


def test_a_counter_is_the_list_behind_it(api: Client, practice: Practice, busy: list[Sent]) -> None:
    this_day = today(system_clock(), practice.tools.time_zone)
    run(practice, "UPDATE work_item SET due_on = :day WHERE kind = 'denied'", day=this_day)
    day = summary(api)
    for name, counter in day["counters"].items():
        found = behind(api, counter["link"])
        told = (counter["count"], counter["amount_cents"])
        assert told == (found["total"], found["totals"]["amount_cents"]), name
        opened = [each["opened_at"] for each in found["items"]]
        assert counter["oldest_at"] == (min(opened) if opened else None)
    counts = {name: counter["count"] for name, counter in day["counters"].items()}
    assert counts == {
        "rejections": 1,
        "held": 1,
        "denials_due": 1,
        "to_post": 1,
        "unmatched": 1,
        "coverage": 0,
    }
    assert day["open_items"] == get(api, "work-items")["total"] == 5
    assert [each["id"] for each in day["start_here"]] == [
        each["id"] for each in get(api, "work-items", limit=6)["items"]
    ]
    assert busy


def test_a_denial_that_is_due_later_is_not_counted_as_due(
    api: Client, practice: Practice, busy: list[Sent]
) -> None:
    for days, expected in ((7, 1), (8, 0)):
        due = today(system_clock(), practice.tools.time_zone) + timedelta(days=days)
        run(practice, "UPDATE work_item SET due_on = :due WHERE kind = 'denied'", due=due)
        assert summary(api)["counters"]["denials_due"]["count"] == expected, days
    assert busy


def test_my_own_day_is_what_is_assigned_to_me(
    api: Client, practice: Practice, busy: list[Sent]
) -> None:
    assert busy
    assert summary(api, "me")["open_items"] == 0
    run(
        practice,
        "UPDATE work_item SET assignee_id = (SELECT id FROM actor WHERE name = 'ehr')"
        " WHERE kind = 'rejected'",
    )
    day = summary(api, "me")
    assert (day["open_items"], day["counters"]["rejections"]["count"]) == (1, 1)
    for counter in day["counters"].values():
        assert behind(api, counter["link"])["total"] == counter["count"]


def test_an_empty_day_is_all_noughts(api: Client) -> None:
    day = summary(api)
    assert {each["count"] for each in day["counters"].values()} == {0}
    assert (day["start_here"], day["open_items"], day["cash_this_week_cents"]) == ([], 0, 0)


def test_the_cash_of_this_week_is_what_the_payments_list_has(
    api: Client, practice: Practice, busy: list[Sent]
) -> None:
    assert busy
    run(practice, "UPDATE remittance SET payment_date = '2026-01-05'")
    assert summary(api)["cash_this_week_cents"] == 0
    this_day = today(system_clock(), practice.tools.time_zone)
    run(practice, "UPDATE remittance SET payment_date = :today", today=this_day)
    assert summary(api)["cash_this_week_cents"] == 900


def test_each_thing_that_is_wrong_is_an_alert_that_says_what_to_do(
    api: Client, practice: Practice
) -> None:
    now = system_clock()
    receive(practice, b"not X12 at all")
    run(practice, "UPDATE job SET state = 'dead' WHERE kind = 'read_file'")
    run(practice, "UPDATE trading_partner SET last_exchange_at = :at", at=now - timedelta(hours=3))
    with practice.unit_of_work() as session:
        set_schedule(
            session,
            practice.partner_id,
            cron="0 * * * *",
            is_paused=False,
            now=now - timedelta(hours=9),
        )
        test_id = practice.tools.randomness.uuid()
        add_test(session, test_id, practice.partner_id, asked_by="ida", now=now)
        step = StepResult(step="host_key", outcome="failed", message="Other key.", cure="Compare.")
        finish_test(session, test_id, [step], now=now)
    run(
        practice,
        "INSERT INTO job (id, kind, dedupe_key, queue, state, attempts_max, next_run_at,"
        " created_at) VALUES (gen_random_uuid(), 'read_file', 'x', 'intake', 'ready', 3, :at, :at)",
        at=now - timedelta(minutes=5),
    )
    found = alerts(api)
    assert set(found) == {
        "work_waits",
        "jobs_failed",
        "files_in_quarantine",
        "partner_silent",
        "exchange_overdue",
        "connection_fails",
    }
    assert all(each["message"] and each["safe"] and each["action"] for each in found.values())
    assert "5 minutes" in found["work_waits"]["message"]
    assert found["connection_fails"]["action"] == "Compare."
    assert behind(api, found["files_in_quarantine"]["link"])["total"] == 1
    severities = [each["severity"] for each in summary(api)["alerts"]]
    assert severities == sorted(severities), "errors first"
    run(practice, "UPDATE trading_partner SET is_paused = true")
    assert set(alerts(api)) == {
        "work_waits",
        "jobs_failed",
        "files_in_quarantine",
        "partner_paused",
    }


def test_a_visit_that_is_in_time_is_no_alert(api: Client, practice: Practice) -> None:
    now = system_clock()
    run(
        practice,
        "UPDATE trading_partner SET last_exchange_at = :now, last_received_at = :now",
        now=now,
    )
    with practice.unit_of_work() as session:
        set_schedule(session, practice.partner_id, cron="* * * * *", is_paused=False, now=now)
    assert alerts(api) == {}


def test_who_may_not_look_at_partners_is_told_nothing_of_them(
    served: Served, practice: Practice
) -> None:
    with practice.unit_of_work() as session:
        mine = practice.rows("SELECT id FROM billing_provider LIMIT 1")[0][0]
        secret = create_api_key(
            session, practice.tools, "limited", roles=[Role.BILLER], practices=[mine]
        )
    with calling(served.url, secret) as limited:
        assert summary(limited)["alerts"] == []
