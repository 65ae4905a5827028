"""Trading partners as their page shows them: a state in words, the last day, what is awaited."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Client
from sqlalchemy import text

from rcm.jobs import KINDS
from rcm.reading.job_words import job_words, kind_words
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import receive, send

PAGE = Path("docs/findings.md").read_text(encoding="utf-8")


def partner(api: Client, practice: Practice) -> Any:  # noqa: ANN401 - JSON
    found = api.get(f"/api/v1/partners/{practice.partner_id}").json()
    (listed,) = api.get("/api/v1/partners").json()["items"]
    assert {name: found[name] for name in listed} == listed
    return found


def change(practice: Practice, sql: str, **values: object) -> None:
    with practice.unit_of_work() as session:
        session.execute(text(sql), values)


def a_failed_visit(practice: Practice, code: str) -> None:
    change(
        practice,
        "INSERT INTO job (id, kind, ref_id, dedupe_key, queue, state, attempts_max, next_run_at,"
        " last_error_code, created_at, finished_at) VALUES (gen_random_uuid(), 'collect_files',"
        " :partner, 'x', 'send', 'dead', 12, now(), :code, now(), now())",
        partner=practice.partner_id,
        code=code,
    )


def test_a_partner_that_works_says_when_we_looked(api: Client, practice: Practice) -> None:
    practice.exchange()
    met = "UPDATE trading_partner SET last_exchange_at = now(), last_received_at = now()"
    change(practice, met)
    shown = partner(api, practice)
    assert shown["state"] == "running"
    assert shown["state_said"] == "Looked"
    assert shown["state_at"] == shown["last_exchange_at"]


def test_the_worst_that_is_true_is_the_state(api: Client, practice: Practice) -> None:
    change(practice, "UPDATE trading_partner SET last_exchange_at = now() - interval '1 minute'")
    receive(practice, b"no X12 at all")
    change(practice, "UPDATE trading_partner SET last_received_at = now()")
    shown = partner(api, practice)
    assert (shown["state"], shown["state_said"]) == ("look", "1 file kept aside")
    a_failed_visit(practice, "SFTP-LOGIN")
    stopped = partner(api, practice)
    assert stopped["state"] == "stopped"
    assert stopped["state_said"].startswith("The partner's server refuses our login.")
    assert stopped["last_24h"]["failed"] == 1
    change(practice, "UPDATE trading_partner SET last_exchange_at = now() + interval '1 minute'")
    assert partner(api, practice)["state"] == "look"
    url = f"/api/v1/partners/{practice.partner_id}/pause"
    assert api.post(url, json={"reason": "They move."}).status_code == 200
    paused = partner(api, practice)
    assert paused["state"] == "paused"
    assert paused["state_said"] == "By ehr"
    assert paused["state_at"] is not None


def test_the_last_day_is_counted(api: Client, practice: Practice) -> None:
    (sent,) = send(practice, encounter())
    change(practice, "UPDATE file SET sent_at = now(), created_at = now()")
    for name in ("one.txt", "two.txt"):
        receive(practice, b"the same bytes", name=name)
    change(practice, "UPDATE file SET created_at = now() WHERE direction = 'inbound'")
    change(practice, "UPDATE file_sighting SET seen_at = now()")
    shown = partner(api, practice)
    day = shown["last_24h"]
    assert (day["received"], day["filtered"], day["sent"], day["queued"]) == (1, 1, 1, 0)
    assert shown["last_control_number"] == "000000001"
    assert [(each["file_id"], each["ack"]["words"]) for each in shown["expected"]] == [
        (str(sent.file_id), "999 awaited")
    ]
    change(practice, "UPDATE file SET sent_at = now() - :age", age=timedelta(hours=30))
    late = partner(api, practice)
    assert (late["last_24h"]["sent"], late["last_24h"]["missing"]) == (0, 1)
    assert late["expected"][0]["ack"]["is_missing"]
    assert (late["state"], late["state_said"]) == ("look", "1 file without an answer")


def test_a_failed_job_says_what_to_do(api: Client, practice: Practice) -> None:
    a_failed_visit(practice, "SFTP-LOGIN")
    (job,) = api.get("/api/v1/jobs/failed").json()["items"]
    assert job["words"] == "Fetch files"
    assert job["message"].startswith("The partner's server refuses our login.")
    assert "Check user name and key" in job["cure"]
    assert job["is_retry_safe"] is False


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_job_has_a_name(kind: str) -> None:
    assert kind_words(kind) != kind.replace("_", " ")


def test_every_documented_code_of_a_job_has_words() -> None:
    section = PAGE.partition("## Job codes")[2]
    codes = {
        word.strip("`, ")
        for line in section.splitlines()
        if line.startswith("| `")
        for word in line.split("|")[1].split(",")
    }
    unnamed = {code for code in codes if job_words(code) == job_words("NO-SUCH-CODE")}
    assert unnamed == {"SUPERSEDED"}  # Nobody has to do anything.
