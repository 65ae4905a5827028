"""What the API shows while something changes: of one claim, of many, of exchanges and of jobs."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import Client
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from samples.encounters import encounters
from tests.api.test_reading import COUNT, get, walk
from tests.harness import TODAY, Practice
from tests.serving import Served


def exchange(api: Client, practice: Practice, rounds: int = 3) -> None:
    """Exchange as staff do, through the API; jobs and the payer are run by hand."""
    for _ in range(rounds):
        practice.drain()
        promised = api.post(f"/api/v1/partners/{practice.partner_id}/exchange")
        assert promised.status_code == 202
        practice.drain()
        practice.clearinghouse.visit()


@pytest.fixture
def cycle(api: Client, practice: Practice) -> Practice:
    """A practice whose encounters went all the way."""
    for _, encounter in encounters(COUNT, seed=1, today=TODAY):
        assert api.post("/api/v1/encounters", json=encounter).status_code == 202
    exchange(api, practice)
    return practice


def test_a_held_claim_names_what_holds_it(
    api: Client, practice: Practice, encounter: dict[str, Any]
) -> None:
    encounter["total_charge_cents"] = 1
    api.post("/api/v1/encounters", json=encounter)
    practice.drain()
    (item,) = get(api, "claims", status="held")["items"]
    claim = get(api, f"claims/{item['id']}")
    assert claim["findings"]
    assert all(each["cure"] for each in claim["findings"])
    assert claim["balances"] == {}
    assert (claim["charge_cents"], claim["balance_cents"]) == (1, 0)
    assert (item["open_cents"], item["unbilled_cents"]) == (1, 1)


def test_pages_repeat_and_lose_nothing_while_claims_arrive(api: Client, practice: Practice) -> None:
    made = [each for _, each in encounters(30, seed=2, today=TODAY)]
    practice.post(*made[:20])
    practice.drain()
    first = [row.id for row in practice.rows("SELECT id::text AS id FROM claim")]
    seen: list[str] = []
    for n, page in enumerate(walk(api, "claims", limit=3)):
        seen += [each["id"] for each in page["items"]]
        practice.post(*made[20 + n : 21 + n])
        practice.drain()
    assert len(seen) == len(set(seen))
    assert set(first) <= set(seen)
    assert get(api, "claims")["total"] > 20


def test_an_exchange_is_promised_once_however_often_it_is_asked(
    api: Client, practice: Practice
) -> None:
    url = f"/api/v1/partners/{practice.partner_id}/exchange"
    key = {"Idempotency-Key": "now"}
    answers = [api.post(url, headers=headers) for headers in ({}, {}, key, key)]
    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({answer.content for answer in answers}) == 1
    jobs = practice.rows("SELECT kind, ref_id FROM job ORDER BY kind")
    assert jobs == [
        ("ask_eligibility", practice.partner_id),
        ("batch_claims", practice.partner_id),
        ("collect_files", practice.partner_id),
    ]
    unknown = api.post(f"/api/v1/partners/{uuid4()}/exchange", headers={"Idempotency-Key": "x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "UNKNOWN-ID")


def test_an_exchange_with_everybody_is_one_with_each(api: Client, practice: Practice) -> None:
    answers = [api.post("/api/v1/exchange") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["partners"] == 1
    jobs = practice.rows("SELECT kind, ref_id FROM job ORDER BY kind")
    assert jobs == [
        ("ask_eligibility", practice.partner_id),
        ("batch_claims", practice.partner_id),
        ("collect_files", practice.partner_id),
    ]


def test_jobs_that_gave_up_are_named(api: Client, cycle: Practice) -> None:
    done = get(api, "jobs/summary")
    assert {each["state"] for each in done["counts"]} == {"done"}
    assert (done["oldest_ready_seconds"], done["failures"]) == (None, [])
    cycle.rows(
        "UPDATE job SET state = 'dead', last_error_code = 'TEST' WHERE kind = 'deliver_file'"
        " RETURNING 1"
    )
    summary = get(api, "jobs/summary")
    assert summary["failures"] == [
        {
            "kind": "deliver_file",
            "words": "Send a file",
            "state": "dead",
            "error_code": "TEST",
            "count": 1,
        }
    ]
    assert {"queue": "send", "state": "dead", "count": 1} in summary["counts"]


def test_reading_cannot_write(served: Served, practice: Practice) -> None:
    with pytest.raises(InternalError, match="read-only"), served.app.state.service.reading() as it:
        it.execute(text("DELETE FROM job"))
    assert practice.rows("SELECT 1") == [(1,)]
