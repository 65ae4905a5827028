"""Quarantine by API: the bytes as they came, replay, discard, failed jobs, and who decided."""

import time
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Client, Response

from rcm.db import snapshot
from rcm.limits import CHUNK_BYTES
from rcm.proof import verify
from tests.api.test_reading import get
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.kept_aside import STRANGER, add_practice, set_partner, to_stranger
from tests.rcm.partner_files import Sent, file_835, receive, remit, send_first


@pytest.fixture
def claim(practice: Practice) -> Sent:
    (sent,) = send_first(practice, encounter())
    return sent


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def decide(api: Client, path: str, **body: Any) -> Response:  # noqa: ANN401 - any JSON
    return api.post(f"/api/v1/{path}", json=body)


def raw(api: Client, file_id: UUID | str) -> Response:
    return api.get(f"/api/v1/files/{file_id}/raw")


@pytest.mark.parametrize(
    "body",
    [b"", b"Dear practice", bytes(range(256)) * 3, b"\0" * (CHUNK_BYTES + 1)],
    ids=["empty", "text", "binary", "two chunks"],
)
def test_the_bytes_are_those_that_came(api: Client, practice: Practice, body: bytes) -> None:
    file_id = receive(practice, body, name="Canary, Ada.835")
    answer = raw(api, file_id)
    assert (answer.status_code, answer.content) == (200, body)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file_id}.x12"'
    assert answer.headers["Content-Length"] == str(len(body))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_client_that_stops_reading_holds_no_transaction(api: Client, practice: Practice) -> None:
    file_id = receive(practice, bytes(range(256)) * 4 * 1024 * 20)  # 20 MiB: no buffer takes it.
    idle = (
        "SELECT count(*)::int FROM pg_stat_activity WHERE state = 'idle in transaction'"
        " AND pid <> pg_backend_pid()"
    )
    with api.stream("GET", f"/api/v1/files/{file_id}/raw") as answer:
        assert answer.status_code == 200
        next(answer.iter_raw(1024))
        time.sleep(0.5)
        assert practice.rows(idle) == [(0,)]


def test_the_bytes_of_what_was_sent_are_those_that_the_partner_has(
    api: Client, practice: Practice, claim: Sent
) -> None:
    (there,) = (practice.account / "to_payer").iterdir()
    assert raw(api, claim.file_id).content == there.read_bytes()
    assert problem(raw(api, uuid4())) == (404, "UNKNOWN-ID")
    assert raw(api, "x").status_code == 422


def test_a_stranger_sees_no_bytes_and_decides_nothing(stranger: Client, practice: Practice) -> None:
    file_id = receive(practice, b"Dear practice")
    assert problem(raw(stranger, file_id)) == (401, "UNAUTHENTICATED")
    for path in (f"files/{file_id}/replay", f"files/{file_id}/discard"):
        assert problem(decide(stranger, path, reason="x")) == (401, "UNAUTHENTICATED")


def test_a_file_in_quarantine_says_why_and_where_and_is_read_again_after_the_fix(
    api: Client, practice: Practice, claim: Sent
) -> None:
    set_partner(practice, "their_id = 'OTHERNAME'")
    file_id = receive(practice, file_835(remit_of(claim)))
    shown = get(api, f"files/{file_id}")
    assert shown["state"] == "quarantined"
    assert shown["findings"][0]["code"] == "X12-NOT-OURS"
    assert shown["findings"][0]["place"] == {
        "segment_number": 1, "segment": "ISA", "element": 6, "byte_offset": 0,
    }  # fmt: skip
    assert get(api, "partners")["items"][0]["quarantined"] == 1
    set_partner(practice, "their_id = 'SANDBOXCH'")
    key = {"Idempotency-Key": "replay"}
    for _ in range(2):
        answer = api.post(f"/api/v1/files/{file_id}/replay", headers=key)
        assert (answer.status_code, answer.json()["state"]) == (202, "received")
    practice.drain()
    shown = get(api, f"files/{file_id}")
    assert (shown["state"], shown["file_type"]) == ("read", "835")
    (decided,) = shown["decisions"]
    assert (decided["what"], decided["who"]) == ("replay_file", "ehr")
    assert decided["before"] == ["quarantined", "X12-NOT-OURS"]
    assert get(api, "work-items", kind="file", state="open")["total"] == 0
    assert problem(decide(api, f"files/{file_id}/replay")) == (409, "FILE-NOT-IN-QUARANTINE")


def remit_of(claim: Sent) -> Any:  # noqa: ANN401 - a remittance
    said = to_stranger(claim)
    return replace(said, payee=replace(said.payee, id="1234567893"))


def test_a_file_is_discarded_with_a_reason_and_not_without(api: Client, practice: Practice) -> None:
    file_id = receive(practice, b"Dear practice")
    path = f"files/{file_id}/discard"
    for body in ({}, {"reason": " "}, {"reason": "x" * 501}, {"reason": "x", "more": 1}):
        answer = decide(api, path, **body)
        assert problem(answer) == (422, "DECISION-REFUSED")
        assert answer.json()["findings"][0]["place"]["pointer"] in {"/reason", "/more"}
    answer = decide(api, path, reason="a letter, not a file")
    assert (answer.status_code, answer.json()["state"]) == (200, "discarded")
    assert answer.json()["decisions"][0]["reason"] == "a letter, not a file"
    assert raw(api, file_id).content == b"Dear practice"
    assert get(api, "files", state="discarded")["total"] == 1
    assert problem(decide(api, path, reason="again")) == (409, "FILE-NOT-IN-QUARANTINE")
    assert problem(decide(api, f"files/{uuid4()}/discard", reason="x")) == (404, "UNKNOWN-ID")
    assert decide(api, f"files/{file_id}/replay").status_code == 202
    practice.drain()
    assert get(api, f"files/{file_id}")["state"] == "quarantined"
    assert get(api, "work-items", kind="file", state="open")["total"] == 1


def test_a_number_is_allowed_again_with_a_reason(
    api: Client, practice: Practice, claim: Sent
) -> None:
    receive(practice, file_835(remit(trace="A")))
    file_id = receive(practice, file_835(remit_of(claim)))
    path = f"files/{file_id}/replay"
    refused = decide(api, path, allow_number_again=True)
    assert problem(refused) == (422, "DECISION-REFUSED")
    assert get(api, f"files/{file_id}")["state"] == "quarantined"
    assert decide(api, path, allow_number_again=True, reason="counts anew").status_code == 202
    practice.drain()
    shown = get(api, f"files/{file_id}")
    assert shown["state"] == "read"
    whats = sorted(each["what"] for each in shown["decisions"])
    assert whats == ["allow_number_again", "replay_file"]


def test_a_held_remittance_is_judged_again_or_discarded(
    api: Client, practice: Practice, claim: Sent
) -> None:
    receive(practice, file_835(to_stranger(claim)))
    (item,) = get(api, "remittances", state="held")["items"]
    path = f"remittances/{item['id']}"
    assert problem(decide(api, f"{path}/discard")) == (422, "DECISION-REFUSED")
    discarded = decide(api, f"{path}/discard", reason="not ours")
    assert (discarded.status_code, discarded.json()["state"]) == (200, "discarded")
    assert proven(practice) == 0
    add_practice(practice, STRANGER)
    waiting = decide(api, f"{path}/replay", reason="ours since today")
    assert (waiting.status_code, waiting.json()["state"]) == (202, "waiting")
    assert problem(decide(api, f"{path}/replay")) == (409, "REMITTANCE-NOT-HELD")
    practice.drain()
    shown = get(api, path)
    assert (shown["state"], shown["in_transit_cents"]) == ("posted", 8_000)
    assert [(each["what"], each["before"][0]) for each in shown["decisions"]] == [
        ("discard_remittance", "held"), ("replay_remittance", "discarded"),
    ]  # fmt: skip
    assert proven(practice) == 8_000
    assert problem(decide(api, f"remittances/{uuid4()}/replay")) == (404, "UNKNOWN-ID")


def proven(practice: Practice) -> int:
    with snapshot(practice.unit_of_work) as session:
        proof = verify(session, practice.tools)
    assert proof.differences == ()
    return proof.in_transit_cents


def test_failed_jobs_are_listed_and_tried_again(
    api: Client, practice: Practice, claim: Sent
) -> None:
    assert get(api, "jobs/failed")["items"] == []
    practice.rows(
        "UPDATE job SET state = 'dead', last_error_code = 'SFTP-LOGIN'"
        " WHERE kind IN ('deliver_file', 'collect_files', 'sweep_encounters') RETURNING 1"
    )
    page = get(api, "jobs/failed")
    by_kind = {each["kind"]: each for each in page["items"]}
    assert page["facets"]["kind"] == dict.fromkeys(by_kind, 1)
    assert page["total"] == 3
    partner_id = str(practice.partner_id)
    deliver = by_kind["deliver_file"]
    assert (deliver["partner_id"], deliver["file_id"]) == (partner_id, str(claim.file_id))
    assert (deliver["error_code"], deliver["attempts"]) == ("SFTP-LOGIN", 1)
    collect, sweep = by_kind["collect_files"], by_kind["sweep_encounters"]
    assert (collect["partner_id"], collect["file_id"]) == (partner_id, None)
    assert (sweep["partner_id"], sweep["file_id"]) == (None, None)
    assert get(api, "partners")["items"][0]["failed_jobs"] == 2
    assert get(api, "jobs/failed", kind="deliver_file")["total"] == 1
    seen = [each["id"] for each in get(api, "jobs/failed", limit=2)["items"]]
    assert len(seen) == 2
    for job in by_kind.values():
        answer = decide(api, f"jobs/{job['id']}/retry", reason="mended")
        assert (answer.status_code, answer.json()["kind"]) == (202, job["kind"])
        assert problem(decide(api, f"jobs/{job['id']}/retry")) == (409, "JOB-NOT-FAILED")
    assert problem(decide(api, f"jobs/{uuid4()}/retry")) == (404, "UNKNOWN-ID")
    practice.drain()
    assert get(api, "jobs/failed")["items"] == []
    assert practice.rows("SELECT DISTINCT what, who FROM decision") == [("retry_job", "ehr")]
