"""Trading partners by API: set up, shown without a secret, changed by one at a time, paused."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from httpx import Client, Response

from sandbox.keys import new_key_pair
from tests.api.test_reading import get
from tests.harness import Practice
from tests.rcm.partner_files import file_835, payment, remit
from tests.rcm.partner_settings import PRIVATE_KEY, settings


def create(api: Client, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    answer = api.post("/api/v1/partners", json=settings(**changes))
    assert answer.status_code == 201, answer.text
    assert answer.headers["ETag"] == '"1"'
    made: dict[str, Any] = answer.json()
    return made


def put(api: Client, partner: Mapping[str, Any], tag: str | None, **changes: Any) -> Response:  # noqa: ANN401
    return api.put(
        f"/api/v1/partners/{partner['id']}",
        json=partner["settings"] | changes,
        headers={} if tag is None else {"If-Match": tag},
    )


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_partner_is_set_up_and_shown_without_its_secret(api: Client, practice: Practice) -> None:
    made = create(api, cut_off="17:30", inbound_names=["*.835"])
    shown = get(api, f"partners/{made['id']}")
    assert shown == made
    sent = settings(cut_off="17:30", inbound_names=["*.835"])
    del sent["private_key"]
    assert {**made["settings"], **sent, "delimiters": made["settings"]["delimiters"]} == (
        made["settings"]
    )
    assert made["settings"]["delimiters"] == {**sent["delimiters"], "line_end": ""}
    assert "private_key" not in made["settings"]
    assert made["host_key_fingerprints"][0].startswith("SHA256:")
    assert made["silence"] == "not visited yet"
    secret_line = PRIVATE_KEY.split("\n")[1]
    for answer in (made, get(api, "partners"), shown):
        assert secret_line not in str(answer)
    ((sealed,),) = practice.rows(
        "SELECT private_key_sealed FROM trading_partner WHERE id = :id", id=made["id"]
    )
    assert secret_line.encode() not in bytes(sealed)
    (decided,) = made["decisions"]
    assert (decided["what"], decided["who"]) == ("create_partner", "ehr")


def test_the_same_post_again_makes_one_partner(api: Client, practice: Practice) -> None:
    key = {"Idempotency-Key": "one"}
    answers = [api.post("/api/v1/partners", json=settings(), headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["ETag"] == '"1"'
    assert len(practice.rows("SELECT id FROM trading_partner")) == 2
    assert problem(api.post("/api/v1/partners", json=settings())) == (409, "PARTNER-NAME-TAKEN")
    answer = api.get("/api/v1/partners").json()
    assert answer["total"] == 2


def test_settings_that_do_not_fit_are_refused_with_every_finding(
    api: Client, practice: Practice
) -> None:
    answer = api.post(
        "/api/v1/partners",
        json=settings(usage="P", time_zone="Canary", outbound_name="x", host_keys=["none"]),
    )
    assert problem(answer) == (422, "PARTNER-REFUSED")
    assert {each["place"]["pointer"] for each in answer.json()["findings"]} == {
        "/usage", "/time_zone", "/outbound_name", "/host_keys/0",
    }  # fmt: skip
    assert "Canary" not in answer.text
    assert len(practice.rows("SELECT id FROM trading_partner")) == 1
    text = api.post("/api/v1/partners", content=b"x", headers={"Content-Type": "text/plain"})
    assert problem(text) == (415, "NOT-JSON")


def test_an_edit_replaces_the_settings_and_keeps_our_key(api: Client, practice: Practice) -> None:
    made = create(api)
    keys = "SELECT private_key_sealed FROM trading_partner WHERE id = :id"
    answer = put(api, made, '"1"', silent_hours=5, their_id="OTHER")
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"2"'
    changed = answer.json()
    assert (changed["version"], changed["their_id"]) == (2, "OTHER")
    assert changed["settings"] == made["settings"] | {"silent_hours": 5, "their_id": "OTHER"}
    assert sorted(changed["decisions"][-1]["before"]) == ["silent_hours", "their_id"]
    kept = practice.rows(keys, id=made["id"])
    assert put(api, changed, '"2"').headers["ETag"] == '"2"', "the same again is no edit"
    new_key = new_key_pair()[0]
    answer = put(api, changed, '"2"', private_key=new_key)
    assert answer.status_code == 200
    assert practice.rows(keys, id=made["id"]) != kept
    assert answer.json()["decisions"][-1]["before"] == ["private_key"]
    assert new_key.split("\n")[1] not in answer.text


def test_nobody_overwrites_what_another_has_changed(api: Client, practice: Practice) -> None:
    made = create(api)
    assert put(api, made, '"1"', silent_hours=5).status_code == 200
    for stale in ('"1"', '"0"', "2", "*", '"x"'):
        assert problem(put(api, made, stale, silent_hours=6)) == (412, "CHANGED-MEANWHILE")
    assert problem(put(api, made, None, silent_hours=6)) == (428, "IF-MATCH-MISSING")
    assert practice.rows(
        "SELECT silent_hours, version FROM trading_partner WHERE id = :id", id=made["id"]
    ) == [(5, 2)]
    stranger = made | {"id": str(uuid4())}
    assert problem(put(api, stranger, '"1"')) == (404, "UNKNOWN-ID")
    taken = put(api, made, '"2"', name="Sandbox Clearinghouse")
    assert problem(taken) == (409, "PARTNER-NAME-TAKEN")


def test_a_paused_partner_exchanges_nothing_until_it_is_let_go(
    api: Client, practice: Practice, encounter: dict[str, Any]
) -> None:
    url = f"/api/v1/partners/{practice.partner_id}"
    api.post("/api/v1/encounters", json=encounter)
    practice.drain()
    schedule = {"cron": "*/15 * * * *", "is_paused": False}
    assert api.put(f"{url}/schedule", json=schedule).status_code == 200
    assert get(api, "partners")["items"][0]["next_visit_at"] is not None
    paused = api.post(f"{url}/pause", json={"reason": "they move house"})
    assert (paused.status_code, paused.json()["is_paused"]) == (200, True)
    assert paused.json()["next_visit_at"] is None
    assert paused.headers["ETag"] == f'"{paused.json()["version"]}"'
    assert problem(api.post(f"{url}/exchange")) == (409, "PARTNER-PAUSED")
    everybody = api.post("/api/v1/exchange").json()
    assert (everybody["partners"], everybody["paused"]) == (0, 1)
    again = api.post(f"{url}/pause").json()
    assert (again["version"], len(again["decisions"])) == (paused.json()["version"], 1)
    assert (again["decisions"][0]["what"], again["decisions"][0]["reason"]) == (
        "pause_partner", "they move house",
    )  # fmt: skip
    resumed = api.post(f"{url}/resume").json()
    assert (resumed["is_paused"], resumed["decisions"][-1]["what"]) == (False, "resume_partner")
    assert api.post(f"{url}/exchange").status_code == 202
    practice.drain()
    assert practice.rows("SELECT state FROM file WHERE direction = 'outbound'") == [("sent",)]


def test_what_was_frozen_goes_when_the_partner_goes_on(
    api: Client, practice: Practice, encounter: dict[str, Any]
) -> None:
    url = f"/api/v1/partners/{practice.partner_id}"
    api.post("/api/v1/encounters", json=encounter)
    practice.drain()
    api.post(f"{url}/exchange")
    ((job_id,),) = practice.rows("SELECT id FROM job WHERE kind = 'batch_claims'")
    practice.runner.run(job_id)
    api.post(f"{url}/pause")
    practice.drain()
    assert practice.rows("SELECT state FROM file") == [("frozen",)]
    api.post(f"{url}/resume")
    practice.drain()
    assert practice.rows("SELECT state FROM file") == [("sent",)]


def test_a_connection_test_is_promised_and_shown(api: Client, practice: Practice) -> None:
    url = f"/api/v1/partners/{practice.partner_id}"
    asked = api.post(f"{url}/connection-test")
    assert (asked.status_code, asked.json()["state"], asked.json()["steps"]) == (202, "waiting", [])
    for name in ("to_payer", "from_payer", "archive"):
        (practice.account / name).mkdir(parents=True, exist_ok=True)
    practice.drain()
    path = f"partners/{practice.partner_id}/connection-tests/{asked.json()['id']}"
    found = get(api, path)
    assert (found["state"], found["asked_by"]) == ("passed", "ehr")
    assert [step["step"] for step in found["steps"]][-3:] == ["write", "rename", "remove"]
    assert get(api, f"partners/{practice.partner_id}")["last_connection_test"] == found
    other = api.get(f"/api/v1/partners/{uuid4()}/connection-tests/{asked.json()['id']}")
    assert problem(other) == (404, "UNKNOWN-ID")
    unknown = api.post(f"/api/v1/partners/{uuid4()}/connection-test")
    assert problem(unknown) == (404, "UNKNOWN-ID")


def test_the_list_says_who_is_silent_and_what_waits_for_a_person(
    api: Client, practice: Practice
) -> None:
    practice.rows(
        "UPDATE trading_partner SET last_exchange_at = now(), silent_hours = 24,"
        " last_received_at = now() - interval '3 days 1 hour' RETURNING 1"
    )
    (shown,) = get(api, "partners")["items"]
    assert shown["silence"].startswith("nothing received since 2")
    assert shown["silence"].endswith("(3 days)")
    assert shown["silent_since"] == shown["last_received_at"]
    practice.rows("UPDATE trading_partner SET last_received_at = now() RETURNING 1")
    (shown,) = get(api, "partners")["items"]
    assert (shown["silence"], shown["silent_since"]) == (None, None)
    assert (shown["quarantined"], shown["failed_jobs"]) == (0, 0)


@pytest.mark.parametrize("action", ["pause", "resume"])
def test_nobody_is_paused_by_a_wrong_word(api: Client, practice: Practice, action: str) -> None:
    url = f"/api/v1/partners/{practice.partner_id}/{action}"
    wrong = api.post(url, json={"why": "x"})
    assert problem(wrong) == (422, "DECISION-REFUSED")
    assert problem(api.post(url, json={"reason": "a\nb"})) == (422, "DECISION-REFUSED")
    assert problem(api.post(url.replace(str(practice.partner_id), str(uuid4())))) == (
        404, "UNKNOWN-ID",
    )  # fmt: skip
    assert practice.rows("SELECT id FROM decision") == []


def test_what_lies_at_a_partner_is_shown_with_the_reason(api: Client, practice: Practice) -> None:
    folder = practice.account / "from_payer"
    half = file_835(remit(payment("X", 100, 100)))[:-20]
    folder.joinpath("half.835").write_bytes(half)
    folder.joinpath("notes.tmp").write_bytes(b"x")
    practice.exchange(rounds=1)
    shown = api.get(f"/api/v1/partners/{practice.partner_id}").json()
    assert shown["unfetched"] == len(shown["lying"]) == 2
    assert {(each["reason"], each["size"]) for each in shown["lying"]} == {
        ("INCOMPLETE", len(half)),
        ("NAME", 1),
    }
    assert "half" not in str(shown), "a name may be a patient's"
