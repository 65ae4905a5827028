"""A sweep of encounters: one that is spoilt is held, and the others get their claims."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from rcm.encounters.model import EncounterIn, PatientIn
from rcm.encounters.receive import EncounterConflictError
from rcm.encounters.service import sweep_encounters
from rcm.matching.store import SeenPatient, save_patients
from tests.conftest import NOW
from tests.harness import Practice
from tests.rcm.intake import changed, encounter

UNREADABLE = "ENCOUNTER-UNREADABLE"


def numbered(count: int) -> list[dict[str, object]]:
    return [
        encounter(external_id=f"V{n}", patient__external_id=f"MRN{count - n}")
        for n in range(1, count + 1)
    ]


def set_body(practice: Practice, external_id: str, body: bytes | None) -> None:
    """Store another body, sealed; None for bytes that no key opens."""
    ((row_id,),) = practice.rows("SELECT id FROM encounter WHERE external_id = :e", e=external_id)
    sealed = b"\\x01 spoilt"
    if body is not None:
        sealed = practice.tools.keys.seal(body, table="encounter", row=row_id, column="body")
    practice.rows("UPDATE encounter SET body = :b WHERE id = :id RETURNING id", b=sealed, id=row_id)


def outcomes(practice: Practice) -> dict[str, tuple[str, list[str]]]:
    rows = practice.rows("SELECT external_id, status, findings FROM encounter ORDER BY external_id")
    return {row[0]: (row[1], [each["code"] for each in row[2]]) for row in rows}


def test_spoilt_encounters_are_held_and_the_others_claimed(practice: Practice) -> None:
    ten = numbered(10)
    practice.post(*ten[:1])
    practice.drain()
    practice.rows("UPDATE encounter SET status = 'received' RETURNING id")  # It has its claim.
    practice.post(*ten[1:])
    set_body(practice, "V3", None)
    set_body(practice, "V5", json.dumps(changed(ten[4], {"colour": "yellow"})).encode())
    set_body(practice, "V7", b"\\xff")
    practice.drain()
    good: dict[str, tuple[str, list[str]]] = {f"V{n}": ("claimed", []) for n in (2, 4, 6, 8, 9, 10)}
    assert outcomes(practice) == good | {
        "V1": ("held", [UNREADABLE]),
        "V3": ("held", [UNREADABLE]),
        "V5": ("held", [UNREADABLE, "ENCOUNTER-UNKNOWN-FIELD"]),
        "V7": ("held", [UNREADABLE, "ENCOUNTER-NOT-JSON"]),
    }
    assert practice.rows("SELECT count(*)::int FROM claim WHERE status = 'ready'") == [(7,)]
    assert practice.rows("SELECT DISTINCT state FROM job") == [("done",)]


def test_a_held_encounter_is_claimed_when_it_comes_again(practice: Practice) -> None:
    practice.post(encounter())
    set_body(practice, str(encounter()["external_id"]), None)
    practice.drain()
    practice.post(encounter())
    practice.drain()
    assert [status for status, _ in outcomes(practice).values()] == ["claimed"]


def test_who_comes_second_with_other_content_is_not_told_that_it_is_stored(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.post(encounter())
    set_body(practice, str(encounter()["external_id"]), None)
    practice.drain()
    sooner = [encounter(lines__0__charge_cents=20_000)]

    def come_between(_name: str) -> None:
        while sooner:
            practice.post(sooner.pop())

    monkeypatch.setattr("rcm.encounters.receive.failpoint", come_between)
    with pytest.raises(EncounterConflictError):
        practice.post(encounter(lines__0__charge_cents=30_000))
    practice.drain()
    assert practice.rows("SELECT charge_cents FROM claim") == [(20_000,)]


def test_what_passes_by_itself_holds_nothing(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lost connection or a bug in the table of parties is the job's to try again."""

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    practice.post(encounter())
    monkeypatch.setattr("rcm.encounters.service.save_patients", fail)
    with pytest.raises(ConnectionError), practice.unit_of_work() as session:
        sweep_encounters(session, practice.tools)
    assert [status for status, _ in outcomes(practice).values()] == ["received"]


def test_one_patient_is_one_row_however_often_seen(practice: Practice) -> None:
    first, second, third = (
        encounter(external_id=f"V{n}", patient__first_name=f"Ada{n}") for n in (1, 2, 3)
    )
    practice.post(first, second)
    practice.drain()
    practice.post(third)
    practice.drain()
    ((patient_id, sealed),) = practice.rows("SELECT id, identity FROM patient")
    keys = practice.tools.keys
    patient = keys.open(sealed, table="patient", row=patient_id, column="identity")
    assert PatientIn.model_validate_json(patient).first_name == "Ada3"
    assert practice.rows("SELECT count(*)::int FROM coverage") == [(1,)]
    assert practice.rows(
        "SELECT count(*)::int, count(DISTINCT patient_id)::int, count(DISTINCT coverage_id)::int"
        " FROM claim"
    ) == [(3, 1, 1)]


def test_two_sweeps_of_the_same_people_never_block_each_other(practice: Practice) -> None:
    """Each saves them in another order, some known and some new; a deadlock would raise."""
    ((practice_id,),) = practice.rows("SELECT id FROM billing_provider LIMIT 1")
    together = Barrier(2, timeout=30)

    def people(count: int) -> list[SeenPatient]:
        return [
            SeenPatient(
                billing_provider_id=practice_id,
                source="ehr",
                patient=EncounterIn.model_validate(each).patient,
            )
            for each in numbered(count)
        ]

    def save(parts: list[list[SeenPatient]]) -> set[UUID]:
        found: set[UUID] = set()
        with practice.unit_of_work() as session:
            together.wait()
            for part in parts:
                ids = save_patients(
                    session, practice.tools.keys, practice.tools.randomness, part, now=NOW
                )
                found |= set(ids.values())
        return found

    for count in range(10, 60, 10):
        seen = sorted(people(count), key=lambda each: each.key(practice.tools.keys))
        halves = [seen[: count // 2], seen[count // 2 :]]  # What a spoilt one makes of a sweep.
        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(save, ([seen[::-1]], halves))
        assert one == other
        assert len(one) == count
