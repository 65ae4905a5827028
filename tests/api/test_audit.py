"""What was done and seen is recorded with it, and can be read by those who may."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from httpx import Client

from rcm.access import Role
from rcm.chains.checkpoints import CheckpointWriter, file_of
from rcm.chains.model import Chain
from rcm.chains.service import chain_rows
from rcm.signing import load_signing_key, make_signing_key_file
from samples.encounters import encounters
from tests.api.people import add_person, signed_in
from tests.harness import TODAY, Practice
from tests.serving import Served


@pytest.fixture
def auditor(served: Served, practice: Practice) -> Iterator[Client]:
    with signed_in(served, practice, add_person(practice, "vera", Role.AUDITOR)) as client:
        yield client


@pytest.fixture
def file_id(practice: Practice) -> UUID:
    practice.post(*(made for _, made in encounters(2, seed=3, today=TODAY)))
    practice.exchange(rounds=1)
    found: UUID = practice.rows("SELECT id FROM file ORDER BY created_at LIMIT 1")[0].id
    return found


def test_who_has_the_bytes_of_a_file_is_recorded(
    auditor: Client, practice: Practice, file_id: UUID
) -> None:
    assert auditor.get(f"/api/v1/files/{file_id}/raw").status_code == 200
    assert auditor.get(f"/api/v1/files/{uuid4()}/raw").status_code == 404
    (event,) = practice.rows("SELECT * FROM audit_event WHERE action = 'file.download'")
    assert (event.actor_name, event.roles, event.about, event.about_id, event.outcome) == (
        "vera", ["auditor"], "file", file_id, "done",
    )  # fmt: skip
    assert event.address is not None
    assert b"127.0.0.1" not in event.address


def test_who_tries_what_their_roles_do_not_allow_is_recorded(
    auditor: Client, practice: Practice
) -> None:
    key = {"Idempotency-Key": "tried"}
    answer = auditor.post("/api/v1/encounters", json={}, headers=key)
    assert answer.status_code == 403
    (event,) = practice.rows("SELECT * FROM audit_event WHERE outcome = 'refused'")
    assert (event.actor_name, event.roles, event.action) == (
        "vera", ["auditor"], "encounters.post",
    )  # fmt: skip


def test_nothing_is_shown_where_it_cannot_be_recorded(
    auditor: Client, file_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("rcm.access.audit.record", fail)
    answer = auditor.get(f"/api/v1/files/{file_id}/raw")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL")


def test_the_page_says_how_far_events_are_chained_and_signed(
    served: Served, auditor: Client, practice: Practice, file_id: UUID, tmp_path: Path
) -> None:
    def chain() -> dict[str, object]:
        told: dict[str, object] = auditor.get("/api/v1/audit-events").json()["chain"]
        return told

    auditor.get(f"/api/v1/files/{file_id}/raw")
    before = chain()
    assert (before["chained_at"], before["signed_at"]) == (None, None)
    assert before["unchained"] == len(practice.rows("SELECT 1 FROM audit_event"))
    make_signing_key_file(tmp_path / "signing.key")
    writer = CheckpointWriter(tmp_path, load_signing_key(tmp_path / "signing.key"))
    chain_rows(practice.unit_of_work, practice.tools.clock, writer)
    made = practice.tools.clock().isoformat().replace("+00:00", "Z")
    assert chain() == {"chained_at": made, "signed_at": None, "unchained": 0}
    service = served.app.state.service
    served.app.state.service = replace(service, checkpoint_folder=tmp_path)
    try:
        assert chain()["signed_at"] == made
        file_of(tmp_path, Chain.AUDIT).write_bytes(b"damaged\n")
        assert chain()["signed_at"] is None
    finally:
        served.app.state.service = service


def test_events_are_filtered_and_paged_newest_first(
    auditor: Client, practice: Practice, file_id: UUID
) -> None:
    for _ in range(3):
        auditor.get(f"/api/v1/files/{file_id}/raw")
    me = auditor.get("/api/v1/me").json()["id"]
    query = {"about": "file", "about_id": str(file_id), "actor": me, "limit": "2"}
    first = auditor.get("/api/v1/audit-events", params=query).json()
    assert (len(first["items"]), first["total"]) == (2, 3)
    assert first["facets"]["action"] == {"file.download": 3}
    query["cursor"] = first["next_cursor"]
    second = auditor.get("/api/v1/audit-events", params=query).json()
    ids = [each["id"] for each in (*first["items"], *second["items"])]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 3
    assert second["next_cursor"] is None
    for nothing in (
        {"from": "2100-01-01T00:00:00Z"}, {"to": "2020-01-01T00:00:00Z"},
        {"action": "claim.view"}, {"actor": str(uuid4())},
    ):  # fmt: skip
        assert auditor.get("/api/v1/audit-events", params=nothing).json()["items"] == []
    for wrong in ({"cursor": "x"}, {"actor": "x"}, {"since": "2026-11-01T00:00:00Z"}):
        assert auditor.get("/api/v1/audit-events", params=wrong).status_code == 422
    del practice
