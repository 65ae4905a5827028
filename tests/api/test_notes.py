"""People hold claims, let them go, and write notes; one by one and many at once."""

from uuid import uuid4

import pytest
from httpx import Client
from sqlalchemy import Engine, text

from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import receive, send, sent

NOTE = "Mrs. Canary says the card is new."


@pytest.fixture
def ready(practice: Practice) -> str:
    """The id of a claim that waits for the next batch."""
    practice.post(encounter())
    practice.drain()
    ((claim_id,),) = practice.rows("SELECT id FROM claim")
    return str(claim_id)


def state(practice: Practice) -> tuple[str, list[str]]:
    ((status,),) = practice.rows("SELECT status FROM claim")
    items = practice.rows("SELECT kind FROM work_item WHERE state = 'open' ORDER BY kind")
    return status, [row.kind for row in items]


def test_an_answer_that_is_kept_for_its_key_is_sealed(
    api: Client, practice: Practice, ready: str
) -> None:
    url, key = f"/api/v1/claims/{ready}/notes", {"Idempotency-Key": "5f0c4c6e"}
    first = api.post(url, json={"text": NOTE}, headers=key)
    assert api.post(url, json={"text": NOTE}, headers=key).content == first.content
    ((kept,),) = practice.rows("SELECT answer_sealed FROM idempotency")
    assert len(kept) > len(NOTE)
    assert b"Canary" not in bytes(kept)


def test_a_note_changes_its_claim_for_whoever_looks_at_it(api: Client, ready: str) -> None:
    cursor = api.get("/api/v1/changes").json()["cursor"]
    api.post(f"/api/v1/claims/{ready}/notes", json={"text": NOTE})
    told = api.get("/api/v1/changes", params={"after": cursor}).json()
    assert told["changes"] == [{"kind": "claim", "id": ready}]


def test_a_note_is_sealed_kept_and_read_under_audit(
    api: Client, practice: Practice, ready: str, owner: Engine
) -> None:
    url = f"/api/v1/claims/{ready}/notes"
    written = api.post(url, json={"text": f"  {NOTE} "})
    assert (written.status_code, written.json()["text"], written.json()["by"]) == (201, NOTE, "ehr")
    assert api.get(url).json() == {"items": [written.json()], "total": 1}
    ((sealed,),) = practice.rows("SELECT text_sealed FROM claim_note")
    assert b"Canary" not in bytes(sealed)
    rows = practice.rows("SELECT action, about_id::text FROM audit_event")
    assert [tuple(row) for row in rows] == [("claim.notes", ready)]
    with owner.connect() as connection, pytest.raises(Exception, match="append-only"):
        connection.execute(text("UPDATE claim_note SET kind = 'hold'"))


@pytest.mark.parametrize("body", [{}, {"text": " "}, {"text": "x" * 2001}, {"Canary": 1}])
def test_a_note_that_is_none_is_refused(api: Client, ready: str, body: dict[str, str]) -> None:
    answer = api.post(f"/api/v1/claims/{ready}/notes", json=body)
    assert answer.status_code == 422
    assert "canary" not in answer.text.lower()


def test_a_claim_that_a_person_holds_is_in_no_batch_until_it_is_released(
    api: Client, practice: Practice, ready: str
) -> None:
    held = api.post(f"/api/v1/claims/{ready}/hold", json={"reason": NOTE})
    assert held.json()["status"] == "on_hold"
    assert "canary" not in held.text.lower()
    assert state(practice) == ("on_hold", ["on_hold"])
    send(practice)
    assert sent(practice) == []
    again = api.post(f"/api/v1/claims/{ready}/hold", json={"reason": NOTE})
    assert (again.status_code, again.json()["code"]) == (409, "CLAIM-NOT-HOLDABLE")
    released = api.post(f"/api/v1/claims/{ready}/release", json={"reason": "It is new."})
    assert released.json()["status"] == "ready"
    assert state(practice) == ("ready", [])
    notes = api.get(f"/api/v1/claims/{ready}/notes").json()["items"]
    assert {(each["kind"], each["text"]) for each in notes} == {
        ("release", "It is new."),
        ("hold", NOTE),
    }
    send(practice)
    assert len(sent(practice)) == 1
    late = api.post(f"/api/v1/claims/{ready}/release", json={})
    assert (late.status_code, late.json()["code"]) == (409, "CLAIM-NOT-ON-HOLD")


def test_a_correction_does_not_release_what_a_person_holds(
    api: Client, practice: Practice, ready: str
) -> None:
    api.post(f"/api/v1/claims/{ready}/hold", json={"reason": NOTE})
    ((encounter_id,),) = practice.rows("SELECT id FROM encounter")
    url = f"/api/v1/encounters/{encounter_id}"
    api.put(url, json=encounter(rendering_provider__npi="1193000515"))
    assert state(practice) == ("on_hold", ["held", "on_hold"])
    released = api.post(f"/api/v1/claims/{ready}/release", json={}).json()
    assert (released["status"], [each["code"] for each in released["findings"]]) == (
        "held", ["CLAIM-NPI"],
    )  # fmt: skip
    assert state(practice) == ("held", ["held"])


def test_many_at_once_skips_what_cannot_be_and_says_why(api: Client, practice: Practice) -> None:
    one, two = send(practice, encounter(), encounter(external_id="two"))
    receive(practice, file_277ca(said(one.number, "A7:164:IL"), is_payer=True))
    nobody = str(uuid4())
    wanted = {"action": "resubmit", "ids": [str(one.id), str(two.id), nobody], "dry_run": True}
    foreseen = api.post("/api/v1/claims/bulk", json=wanted).json()
    assert (foreseen["done"], foreseen["warned"]) == ([str(one.id)], [str(one.id)])
    assert {each["claim_id"]: each["reason"] for each in foreseen["skipped"]} == {
        str(two.id): "It is on its way, or the payer has decided it.",
        nobody: "There is no such claim.",
    }
    before = practice.rows("SELECT count(*) FROM claim WHERE status = 'ready'")
    assert [tuple(row) for row in before] == [(0,)]
    done = api.post("/api/v1/claims/bulk", json=wanted | {"dry_run": False}).json()
    assert done == foreseen | {"dry_run": False}
    hold = {"action": "hold", "ids": [str(one.id), str(two.id)]}
    assert api.post("/api/v1/claims/bulk", json=hold).status_code == 422
    held = api.post("/api/v1/claims/bulk", json=hold | {"text": NOTE}).json()
    assert (held["done"], len(held["skipped"])) == ([str(one.id)], 1)
    noted = {"action": "note", "ids": [str(one.id), str(two.id)], "text": NOTE}
    assert len(api.post("/api/v1/claims/bulk", json=noted).json()["done"]) == 2
    let_go = {"action": "release", "ids": [str(one.id), str(two.id)]}
    assert api.post("/api/v1/claims/bulk", json=let_go).json()["done"] == [str(one.id)]
