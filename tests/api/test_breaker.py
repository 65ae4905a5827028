"""A partner's breaker by API: how it stands, why, what waits; a person's word closes it."""

from typing import Any

import pytest
from httpx import Client
from sqlalchemy import text

from rcm.jobs import QUEUES
from tests.api.test_changes import ask, begin, kinds
from tests.harness import Practice
from tests.workers.doors import BROKEN, REFUSED, STRANGER, Door
from workers.mailbox import MailboxError


@pytest.fixture
def door(practice: Practice) -> Door:
    return Door(practice=practice)


def shown(api: Client, door: Door) -> Any:  # noqa: ANN401 - JSON
    return api.get(f"/api/v1/partners/{door.practice.partner_id}").json()


def alerts(api: Client) -> dict[str, Any]:
    found = api.get("/api/v1/dashboard/summary").json()["alerts"]
    return {each["code"]: each for each in found}


def fail(door: Door, failure: MailboxError, times: int, *, first: int = 0) -> None:
    door.failure = failure
    for n in range(first, first + times):
        door.run(door.visit(n))


def test_a_partner_that_was_never_met_has_a_closed_breaker(api: Client, door: Door) -> None:
    partner = shown(api, door)
    assert partner["breaker"] == {
        "state": "closed",
        "since": None,
        "until": None,
        "waits_for_person": False,
        "failures": 0,
        "code": "",
        "why": "",
        "cure": "",
    }
    assert partner["work"]["ready"] == 0
    assert "breaker_open" not in alerts(api)


def test_failures_are_counted_before_it_opens(api: Client, door: Door) -> None:
    fail(door, BROKEN, 3)
    breaker = shown(api, door)["breaker"]
    assert (breaker["state"], breaker["failures"]) == ("closed", 3)


def test_a_partner_that_cannot_be_reached_waits_and_says_until_when(
    api: Client, door: Door
) -> None:
    door.freeze(1)
    fail(door, BROKEN, 5)
    door.practice.rows(  # The first four wait for as long as chance will have it.
        "UPDATE job SET next_run_at = now() + interval '1 h'"
        " WHERE kind = 'collect_files' RETURNING 1"
    )
    partner = shown(api, door)
    breaker = partner["breaker"]
    assert (breaker["state"], breaker["code"]) == ("open", "SFTP-PORT")
    assert not breaker["waits_for_person"]
    assert breaker["until"] > breaker["since"]
    assert "tried again by itself" in breaker["cure"]
    assert (partner["state"], partner["state_said"]) == ("waiting", "Next try")
    assert partner["state_at"] == breaker["until"]
    assert partner["work"].pop("oldest_ready_seconds") < 60
    assert partner["work"] == {
        "ready": 1,  # The delivery, which has not met the breaker yet.
        "waiting": 5,
        "running": 0,
        "dead": 0,
        "quarantined": 0,
    }
    alert = alerts(api)["breaker_open"]
    assert alert["severity"] == "warning"
    assert "cannot be reached" in alert["message"]
    assert "1 file to send waits here" in alert["safe"]
    assert not {"partner_silent", "exchange_overdue"} & set(alerts(api))


@pytest.mark.parametrize(("failure", "words"), [(STRANGER, "another key"), (REFUSED, "login")])
def test_where_trying_does_harm_a_person_is_told_and_closes_it(
    api: Client, door: Door, failure: MailboxError, words: str
) -> None:
    fail(door, failure, 1)
    if door.breaker().wait is not None:
        door.let_pass()
    fail(door, failure, 1, first=1)
    partner = shown(api, door)
    assert partner["breaker"]["waits_for_person"]
    assert words in partner["breaker"]["why"]
    assert partner["state"] == "stopped"
    alert = alerts(api)["breaker_open"]
    assert (alert["severity"], alert["action"]) == ("error", partner["breaker"]["cure"])
    url = f"/api/v1/partners/{door.practice.partner_id}/close-breaker"
    closed = api.post(url, json={"reason": "They told us the new key."})
    assert closed.status_code == 200
    assert closed.json()["breaker"]["state"] == "closed"
    decided = closed.json()["decisions"][-1]
    assert (decided["what"], decided["reason"]) == ("close_breaker", "They told us the new key.")
    assert decided["before"] == ["open", partner["breaker"]["code"]]
    assert closed.json()["work"]["ready"] == 2  # They were woken.
    assert "breaker_open" not in alerts(api)


def test_other_settings_of_the_connection_are_tried_at_once(api: Client, door: Door) -> None:
    url = f"/api/v1/partners/{door.practice.partner_id}"
    assert door.practice.rows(
        "UPDATE trading_partner SET host_keys = '{ssh-ed25519 AAAA}' RETURNING 1"
    )
    fail(door, STRANGER, 1)
    for change, state in (({"silent_hours": 99}, "open"), ({"port": 2222}, "closed")):
        found = api.get(url)
        body = found.json()["settings"] | change
        body["host_keys"] = [KEY]
        headers = {"If-Match": found.headers["ETag"]}
        if state == "open":  # The key is changed apart from what is tested.
            door.practice.rows(
                "UPDATE trading_partner SET host_keys = ARRAY[:key] RETURNING 1", key=KEY
            )
        changed = api.put(url, json=body, headers=headers)
        assert changed.status_code == 200, changed.text
        assert changed.json()["breaker"]["state"] == state


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def test_an_unknown_partner_has_no_breaker_to_close(api: Client) -> None:
    nobody = "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22"
    assert api.post(f"/api/v1/partners/{nobody}/close-breaker").status_code == 404


def test_the_changes_feed_tells_that_a_partner_was_stopped(api: Client, door: Door) -> None:
    cursor = begin(api)
    fail(door, BROKEN, 4)
    told = ask(api, cursor)
    assert "partner" not in kinds(told)
    fail(door, BROKEN, 1, first=4)
    assert "partner" in kinds(ask(api, told["cursor"]))


def test_totals_of_all_partners_are_their_sums(api: Client, door: Door) -> None:
    door.freeze(1)
    page = api.get("/api/v1/partners").json()
    (partner,) = page["items"]
    for name in ("received", "filtered", "sent", "queued", "missing", "failed"):
        assert page["totals"][name] == partner["last_24h"][name]
    assert (page["totals"]["queued"], page["totals"]["quarantined"]) == (1, 0)


def test_what_a_partner_refuses_for_a_day_is_an_alert(api: Client, door: Door) -> None:
    with door.practice.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO unfetched (partner_id, name_index, size, modified, reason,"
                " first_seen_at, last_seen_at) SELECT :partner, reason::bytea, 1, 1, reason,"
                " now() - age, now() FROM (VALUES ('ARCHIVE', interval '25 hours'),"
                " ('READ', interval '25 hours'), ('NAME', interval '25 hours'),"
                " ('INCOMPLETE', interval '25 hours')) AS lying (reason, age)"
            ),
            {"partner": door.practice.partner_id},
        )
    found = alerts(api)
    assert {"files_not_put_away", "files_not_read"} <= set(found)
    assert "1 file cannot be put away" in found["files_not_put_away"]["message"]
    door.practice.rows("UPDATE unfetched SET first_seen_at = now() RETURNING 1")
    assert not {"files_not_put_away", "files_not_read"} & set(alerts(api))


def test_each_queue_says_what_it_holds_and_since_when(api: Client, door: Door) -> None:
    door.freeze(1)
    fail(door, BROKEN, 5)
    door.freeze(2)
    door.practice.rows(
        "UPDATE job SET next_run_at = now() + CASE kind WHEN 'deliver_file'"
        " THEN interval '-90 s' ELSE interval '1 h' END WHERE state = 'ready' RETURNING 1"
    )
    summary = api.get("/api/v1/jobs/summary").json()
    queues = {each["queue"]: each for each in summary["queues"]}
    assert tuple(queues) == QUEUES
    assert (queues["send"]["ready"], queues["send"]["waiting"]) == (2, 5)
    assert 90 <= queues["send"]["oldest_ready_seconds"] < 180
    assert queues["send"]["oldest_ready_seconds"] == summary["oldest_ready_seconds"]
    assert (queues["post"]["ready"], queues["post"]["oldest_ready_seconds"]) == (0, None)
