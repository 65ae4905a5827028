"""Many rows in one statement: what it does, and that it fails as single statements do."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from rcm.bulk import among, copy_rows, update_rows
from rcm.rows import ClaimEventRow, ClaimRow, PatientRow
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import send

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def event(claim: ClaimRow, key: str) -> dict[str, object]:
    return {
        "claim_id": claim.id,
        "key": key,
        "event": "batched",
        "status_after": "batched",
        "reporter": "us",
        "detail": {"findings": ["A", "B"]},
        "recorded_at": NOW,
    }


def claims(session: Session) -> list[ClaimRow]:
    return list(session.scalars(select(ClaimRow).order_by(ClaimRow.id)))


@pytest.fixture(autouse=True)
def _two_claims(practice: Practice) -> None:
    send(practice, encounter(), encounter(external_id="two"))


def test_copied_rows_keep_their_order_and_what_is_json(practice: Practice) -> None:
    with practice.unit_of_work() as session:
        one, two = claims(session)
        copy_rows(session, ClaimEventRow, [event(two, "b"), event(one, "a")])
        copy_rows(session, ClaimEventRow, [])
        told = select(ClaimEventRow).where(among(ClaimEventRow.key, ["a", "b", "c"]))
        found = session.scalars(told.order_by(ClaimEventRow.id)).all()
    assert [(row.claim_id, row.key) for row in found] == [(two.id, "b"), (one.id, "a")]
    assert found[0].detail == {"findings": ["A", "B"]}


def test_a_key_that_is_there_is_an_integrity_error(practice: Practice) -> None:
    with practice.unit_of_work() as session:
        one, _ = claims(session)
        with pytest.raises(IntegrityError) as refusal, session.begin_nested():
            copy_rows(session, ClaimEventRow, [event(one, "a"), event(one, "a")])
    assert "batched" not in str(refusal.value.statement)


def test_what_no_text_may_hold_is_a_data_error_and_costs_the_savepoint_only(
    practice: Practice,
) -> None:
    with practice.unit_of_work() as session:
        one, _ = claims(session)
        with pytest.raises(DataError), session.begin_nested():
            copy_rows(session, ClaimEventRow, [event(one, "a\0")])
        copy_rows(session, ClaimEventRow, [event(one, "a")])
    with practice.unit_of_work() as session:
        assert session.scalar(select(ClaimEventRow.key).where(ClaimEventRow.key == "a")) == "a"


def test_rows_are_changed_each_in_its_way(practice: Practice) -> None:
    with practice.unit_of_work() as session:
        one, two = claims(session)
        findings = [{"code": "X"}], [{"code": "Y", "place": {}}]
        rows = [
            {"id": claim.id, "payer_control_number": number, "findings": found}
            for claim, number, found in zip((one, two), ("P1", "P2"), findings, strict=True)
        ]
        update_rows(session, ClaimRow, [*rows, {**rows[0], "id": uuid4()}])
        update_rows(session, ClaimRow, [])
    with practice.unit_of_work() as session:
        changed = claims(session)
    assert [row.payer_control_number for row in changed] == ["P1", "P2"]
    assert tuple(row.findings for row in changed) == findings


def test_arrays_of_different_lengths_are_kept(practice: Practice) -> None:
    with practice.unit_of_work() as session:
        (patient_id,) = session.scalars(select(PatientRow.id).distinct())
        told: list[bytes] = [b'\x00"', b"long"]
        update_rows(session, PatientRow, [{"id": patient_id, "last_name_prefix_indexes": told}])
    with practice.unit_of_work() as session:
        assert session.scalar(select(PatientRow.last_name_prefix_indexes)) == told
