"""Posting encounters: once, whatever happens on the way."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Client

from rcm.limits import BODY_BYTES_MAX
from tests.harness import Practice
from tests.serving import Served

URL = "/api/v1/encounters"
Encounter = dict[str, Any]


def findings(problem: dict[str, Any]) -> dict[str, str]:
    """Return the codes by JSON pointer."""
    return {each["place"].get("pointer", ""): each["code"] for each in problem["findings"]}


def test_an_encounter_is_stored_and_found_again(
    api: Client, practice: Practice, encounter: Encounter
) -> None:
    posted = api.post(URL, json=encounter)
    assert posted.status_code == 202
    answer = posted.json()
    assert answer["status"] == "received"
    assert answer["findings"] == []
    assert answer["claim_id"] is None
    assert answer["received_at"].endswith("Z")

    practice.drain()
    found = api.get(answer["links"]["self"]).json()
    assert found["status"] == "claimed"
    assert found["links"]["claim"] == f"/api/v1/claims/{found['claim_id']}"
    assert api.get(found["links"]["claim"]).json()["encounter_id"] == answer["encounter_id"]


def test_the_same_content_again_is_the_same_encounter(api: Client, encounter: Encounter) -> None:
    first = api.post(URL, json=encounter)
    again = api.post(
        URL,
        content=json.dumps(encounter, indent=2),
        headers={"Content-Type": "Application/JSON; charset=utf-8"},
    )
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["encounter_id"] == first.json()["encounter_id"]


def test_other_content_under_a_known_id_is_refused_with_a_cure(
    api: Client, practice: Practice, encounter: Encounter
) -> None:
    api.post(URL, json=encounter)
    encounter["lines"][0]["charge_cents"] += 1
    refused = api.post(URL, json=encounter)
    assert refused.status_code == 409
    assert refused.json()["code"] == "ENCOUNTER-CONFLICT"
    assert "external_id" in refused.json()["detail"]
    assert practice.rows("SELECT count(*) FROM encounter") == [(1,)]


def test_every_finding_of_what_is_no_encounter_is_told_at_once(
    api: Client, practice: Practice, encounter: Encounter
) -> None:
    del encounter["patient"]["address"]["zip"]
    encounter["patient"]["gender"] = "Canary"
    encounter["lines"][0]["charge_cents"] = 1.5
    encounter["colour"] = "yellow"
    refused = api.post(URL, json=encounter)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert findings(refused.json()) == {
        "/patient/address/zip": "ENCOUNTER-MISSING",
        "/patient/gender": "ENCOUNTER-INVALID",
        "/lines/0/charge_cents": "ENCOUNTER-INVALID",
        "/colour": "ENCOUNTER-UNKNOWN-FIELD",
    }
    assert all(each["cure"] for each in refused.json()["findings"])
    assert "canary" not in refused.text.lower()
    assert practice.rows("SELECT count(*) FROM encounter") == [(0,)]


def test_a_well_formed_encounter_with_wrong_content_is_kept_with_its_findings(
    api: Client, encounter: Encounter
) -> None:
    encounter["billing_provider"]["npi"] = "1999999984"
    posted = api.post(URL, json=encounter)
    assert posted.status_code == 202
    assert "/billing_provider/npi" in findings(posted.json())


@pytest.mark.parametrize(
    "body",
    [b"", b"Canary", b"[]", b'"\xff"', b'{"source": NaN}', b"[" * 100_000, b"1" * 10_000],
    ids=["empty", "text", "list", "not UTF-8", "NaN", "deep", "long number"],
)
def test_rubbish_is_a_problem_and_no_crash(api: Client, body: bytes) -> None:
    refused = api.post(URL, content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422
    assert refused.json()["findings"]
    assert "canary" not in refused.text.lower()


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/jsonp", "text/json"])
def test_only_json_is_taken(api: Client, encounter: Encounter, media_type: str | None) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    refused = api.post(URL, content=json.dumps(encounter), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (415, "NOT-JSON")


def test_a_body_above_the_limit_is_refused_while_it_comes(api: Client) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 64 * 1024

    refused = api.post(URL, content=parts(), headers={"Content-Type": "application/json"})
    assert "content-length" not in refused.request.headers
    assert (refused.status_code, refused.json()["code"]) == (413, "BODY-TOO-LARGE")
    assert api.post(URL, json=" " * BODY_BYTES_MAX).status_code == 413


@pytest.mark.parametrize(
    ("is_known", "status", "chunks_max"),
    [(True, 413, 16), (False, 401, 0)],
    ids=["ours", "strange"],
)
def test_how_much_is_read_of_an_endless_body(
    served: Served, secret: str, *, is_known: bool, status: int, chunks_max: int
) -> None:
    taken = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b" " * BODY_BYTES_MAX

    async def post() -> int:
        headers = {"Content-Type": "application/json"}
        if is_known:
            headers["Authorization"] = f"Bearer {secret}"
        transport = ASGITransport(served.app)
        async with AsyncClient(transport=transport, base_url="http://here") as client:
            return (await client.post(URL, content=parts(), headers=headers)).status_code

    assert asyncio.run(post()) == status
    assert taken <= chunks_max


def test_a_key_makes_two_calls_one(api: Client, practice: Practice, encounter: Encounter) -> None:
    key = {"Idempotency-Key": "5f0c4c6e"}
    first = api.post(URL, json=encounter, headers=key)
    practice.drain()  # The encounter has a claim by now; the answer stays what it was.
    again = api.post(URL, json=encounter, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert practice.rows("SELECT count(*) FROM idempotency") == [(1,)]


def test_a_key_stands_for_one_request_only(
    api: Client, practice: Practice, encounter: Encounter
) -> None:
    key = {"Idempotency-Key": "5f0c4c6e"}
    api.post(URL, json=encounter, headers=key)
    encounter["external_id"] += "-2"
    refused = api.post(URL, json=encounter, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (422, "IDEMPOTENCY-KEY-REUSED")
    assert practice.rows("SELECT count(*) FROM encounter") == [(1,)]


def test_a_refused_call_leaves_its_key_free(api: Client, encounter: Encounter) -> None:
    key = {"Idempotency-Key": "5f0c4c6e"}
    assert api.post(URL, json={}, headers=key).status_code == 422
    assert api.post(URL, json=encounter, headers=key).status_code == 202


def test_a_key_is_free_again_after_a_day(
    api: Client, practice: Practice, encounter: Encounter
) -> None:
    key = {"Idempotency-Key": "5f0c4c6e"}
    first = api.post(URL, json=encounter, headers=key)
    practice.rows("UPDATE idempotency SET created_at = now() - interval '25 hours' RETURNING 1")
    encounter["external_id"] += "-2"
    second = api.post(URL, json=encounter, headers=key)
    assert second.status_code == 202
    assert second.json()["encounter_id"] != first.json()["encounter_id"]
    assert api.post(URL, json=encounter, headers=key).content == second.content


@pytest.mark.parametrize("key", ["", "x" * 256, "two words"])
def test_a_malformed_key_is_refused(api: Client, encounter: Encounter, key: str) -> None:
    refused = api.post(URL, json=encounter, headers={"Idempotency-Key": key})
    assert refused.status_code == 422
    assert findings(refused.json()) == {"/header/Idempotency-Key": "REQUEST-INVALID"}


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}], ids=["bare", "keyed"])
def test_twenty_at_once_make_one_encounter(
    api: Client, practice: Practice, encounter: Encounter, headers: dict[str, str]
) -> None:
    with ThreadPoolExecutor(20) as threads:
        calls = [threads.submit(api.post, URL, json=encounter, headers=headers) for _ in range(20)]
        answers = [call.result() for call in calls]
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == ([202] * 20 if headers else [200] * 19 + [202])
    assert len({answer.json()["encounter_id"] for answer in answers}) == 1
    assert practice.rows("SELECT count(*) FROM encounter") == [(1,)]
    assert practice.rows("SELECT count(*) FROM job") == [(1,)]


LINES = {"Content-Type": "application/x-ndjson"}


def lines(*bodies: object) -> str:
    return "\n".join(each if isinstance(each, str) else json.dumps(each) for each in bodies)


def test_each_line_of_a_batch_is_taken_or_refused_for_itself(
    api: Client, practice: Practice, encounter: Encounter
) -> None:
    known = api.post(URL, json=encounter).json()
    other = {**encounter, "external_id": "other"}
    changed = {**other, "claim_note": "CHANGED"}
    lacking = {name: value for name, value in other.items() if name != "patient"}
    body = lines(encounter, other, "", "{", lacking, changed, other)
    posted = api.post(f"{URL}/batch", content=body, headers=LINES)
    assert posted.status_code == 200
    told = posted.json()
    assert (told["received"], told["known"], told["refused"]) == (1, 2, 3)
    outcomes = [(each["line"], each["outcome"], each["code"]) for each in told["items"]]
    assert outcomes == [
        (1, "known", ""),
        (2, "received", ""),
        (4, "refused", "ENCOUNTER-REFUSED"),
        (5, "refused", "ENCOUNTER-REFUSED"),
        (6, "refused", "ENCOUNTER-CONFLICT"),
        (7, "known", ""),
    ]
    assert told["items"][0]["encounter"]["encounter_id"] == known["encounter_id"]
    assert findings(told["items"][3]) == {"/patient": "ENCOUNTER-MISSING"}
    practice.drain()
    again = api.post(f"{URL}/batch", content=body, headers=LINES).json()
    assert (again["received"], again["known"], again["refused"]) == (0, 3, 3)
    assert all(each["encounter"]["claim_id"] for each in again["items"] if each["encounter"])


def test_a_line_that_corrects_what_is_held_replaces_it(
    api: Client, practice: Practice, encounter: Encounter
) -> None:
    encounter["coverages"][0]["payer"]["id"] = "99999"
    api.post(f"{URL}/batch", content=lines(encounter), headers=LINES)
    practice.drain()
    encounter["coverages"][0]["payer"]["id"] = "60054"
    again = api.post(f"{URL}/batch", content=lines(encounter, encounter), headers=LINES).json()
    assert [each["encounter"]["status"] for each in again["items"]] == ["received", "received"]
    practice.drain()
    link = again["items"][0]["encounter"]["links"]["self"]
    assert api.get(link).json()["status"] == "claimed"


@pytest.mark.parametrize(
    ("body", "headers", "answer"),
    [
        ("", LINES, (422, "ENCOUNTER-REFUSED")),
        ("\n \n", LINES, (422, "ENCOUNTER-REFUSED")),
        ("{}\n" * 501, LINES, (422, "ENCOUNTER-REFUSED")),
        ("{}", {"Content-Type": "application/json"}, (415, "NOT-LINES")),
    ],
)
def test_what_is_no_batch_is_refused_whole(
    api: Client, body: str, headers: dict[str, str], answer: tuple[int, str]
) -> None:
    refused = api.post(f"{URL}/batch", content=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == answer


def test_two_batches_of_the_same_lines_at_once_store_each_line_once(
    api: Client, encounter: Encounter
) -> None:
    made = [{**encounter, "external_id": f"twin-{n}"} for n in range(20)]

    def post(order: list[Encounter]) -> int:
        answer = api.post(f"{URL}/batch", content=lines(*order), headers=LINES)
        assert answer.status_code == 200
        received: int = answer.json()["received"]
        return received

    with ThreadPoolExecutor(4) as posters:
        counts = list(posters.map(post, [made, made[::-1], made, made[::-1]]))
    assert sum(counts) == 20
