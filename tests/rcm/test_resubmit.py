"""A claim that was rejected is put right and goes again: charged once, answered as it last went."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from edi.remittance_835.model import Procedure
from rcm.access import Actor
from rcm.encounters.correct import (
    OtherEncounterError,
    correct_encounter,
    resubmit_claim,
    resubmit_file,
)
from rcm.encounters.rebuild import NotCorrectableError, Resubmitted
from rcm.ledger.store import balances
from rcm.proof import verify
from rcm.remittance import known
from samples.visit import Encounter
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    file_999,
    payment,
    receive,
    remit,
    send,
    sent,
    service,
)


def client(practice: Practice) -> Actor:
    return Actor(id=practice.actor_id, name="Billing desk", roles=frozenset())


def correct(practice: Practice, **changes: object) -> None:
    corrected: Encounter = encounter(**changes)
    ((encounter_id,),) = practice.rows("SELECT id FROM encounter")
    with practice.unit_of_work() as session:
        body = json.dumps(corrected).encode()
        correct_encounter(session, practice.tools, encounter_id, body, by=client(practice))


def resubmit(practice: Practice, claim: Sent) -> Resubmitted:
    with practice.unit_of_work() as session:
        return resubmit_claim(session, practice.tools, claim.id, by=client(practice))


def status(practice: Practice) -> str:
    ((found,),) = practice.rows("SELECT status FROM claim")
    return str(found)


def work(practice: Practice) -> list[str]:
    rows = practice.rows("SELECT kind || ' ' || reason AS text FROM work_item WHERE state = 'open'")
    return sorted(row.text for row in rows)


def money(practice: Practice) -> dict[str, Any]:
    with practice.unit_of_work() as session:
        assert verify(session, practice.tools).differences == ()
        return {account: cents for account, cents in balances(session).items() if cents}


def test_a_rejected_claim_goes_again_under_a_new_number_and_is_charged_once(
    practice: Practice, claim: Sent
) -> None:
    receive(practice, file_277ca(said(claim.number, "A7:164:IL"), is_payer=True))
    assert (status(practice), work(practice)) == ("rejected_by_payer", ["rejected A7:164:IL"])
    again = resubmit(practice, claim)
    assert again.patient_control_number != claim.number
    assert (status(practice), work(practice)) == ("ready", [])
    send(practice)
    first, second = sent(practice)
    assert (first.number, second.number) == (claim.number, again.patient_control_number)
    assert first.file_id != second.file_id
    assert status(practice) == "submitted"
    assert money(practice) == {"receivable:payer": 10_000, "revenue:charges": -10_000}


def test_a_late_answer_to_the_first_journey_moves_nothing(practice: Practice, claim: Sent) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21"), number=1))
    again = resubmit(practice, claim)
    send(practice)
    receive(practice, file_277ca(said(claim.number, "A7:164:IL"), is_payer=True, number=2))
    receive(practice, file_999(claim.group_number, "R", number=3))
    assert (status(practice), work(practice)) == ("submitted", [])
    new = again.patient_control_number
    receive(practice, file_277ca(said(new, "A2:20"), batch=2, is_payer=True, number=4))
    assert status(practice) == "accepted_by_payer"
    events = practice.rows("SELECT event, status_after FROM claim_event ORDER BY id")
    assert [tuple(row) for row in events][-3:] == [
        ("rejected_by_payer", "submitted"),
        ("refused", "submitted"),
        ("accepted_by_payer", "accepted_by_payer"),
    ]


def test_a_payment_under_either_number_is_the_claims(practice: Practice, claim: Sent) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    resubmit(practice, claim)
    send(practice)
    paid = payment(claim.number, 10_000, 8_000, adjust("CO", "45", 2_000))
    receive(practice, file_835(remit(paid), number=2))
    assert status(practice) == "paid"
    assert money(practice)["cash:in-transit"] == 8_000


def test_claims_refused_with_their_file_go_again_under_their_numbers(practice: Practice) -> None:
    one, two = send(practice, encounter(), encounter(external_id="two"))
    receive(practice, file_999(one.group_number, "R"))
    with practice.unit_of_work() as session:
        again = resubmit_file(session, practice.tools, one.file_id, by=client(practice))
    assert {each.patient_control_number for each in again} == {one.number, two.number}
    assert work(practice) == []
    send(practice)
    assert [each.number for each in sent(practice)] == [one.number, two.number] * 2
    receive(practice, file_999(one.group_number, "R", number=2))  # Said again, of the first file.
    rows = practice.rows("SELECT DISTINCT status FROM claim")
    assert [row.status for row in rows] == ["submitted"]


def test_a_correction_is_charged_by_the_difference(practice: Practice, claim: Sent) -> None:
    receive(practice, file_277ca(said(claim.number, "A7:178"), is_payer=True))
    correct(practice, lines__0__charge_cents=12_500, coverages__0__payer__id="00430")
    assert (status(practice), work(practice)) == ("ready", [])
    send(practice)
    assert money(practice) == {"receivable:payer": 12_500, "revenue:charges": -12_500}
    by_payer = practice.rows(
        "SELECT identifier, sum(amount_cents)::int AS cents FROM posting"
        " JOIN payer ON payer.id = payer_id WHERE account = 'receivable:payer'"
        " GROUP BY identifier ORDER BY identifier"
    )
    assert [tuple(row) for row in by_payer] == [("00430", 12_500), ("60054", 0)]
    assert practice.rows("SELECT n FROM encounter_version") == [(1,)]


def test_a_held_claim_is_released_by_its_correction(practice: Practice) -> None:
    practice.post(encounter(rendering_provider__npi="1193000515"))
    practice.drain()
    assert (status(practice), work(practice)) == ("held", ["held CLAIM-NPI"])
    correct(practice, rendering_provider__npi="1193000516")
    assert (status(practice), work(practice)) == ("held", ["held CLAIM-NPI"])
    correct(practice, rendering_provider__npi="1193000514")
    assert (status(practice), work(practice)) == ("ready", [])
    closed = practice.rows("SELECT closed_by FROM work_item")
    assert [row.closed_by for row in closed] == ["Billing desk", "Billing desk"]


def test_what_is_on_its_way_or_adjudicated_is_not_touched(practice: Practice, claim: Sent) -> None:
    with pytest.raises(NotCorrectableError):
        resubmit(practice, claim)
    with pytest.raises(NotCorrectableError):
        correct(practice, lines__0__charge_cents=12_500)
    assert practice.rows("SELECT * FROM encounter_version") == []
    receive(practice, file_835(remit(payment(claim.number, 10_000, 10_000))))
    with pytest.raises(NotCorrectableError):
        resubmit(practice, claim)


def test_a_correction_is_of_the_same_encounter(practice: Practice, claim: Sent) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    with pytest.raises(OtherEncounterError):
        correct(practice, external_id="another")


def test_second_journey_denied_as_duplicate_after_correction(
    practice: Practice, claim: Sent
) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    correct(practice, lines__0__charge_cents=12_500)
    send(practice)
    _, again = sent(practice)
    receive(
        practice,
        file_835(remit(payment(claim.number, 10_000, 8_000, adjust("CO", "45", 2_000))), number=2),
    )
    receive(
        practice,
        file_835(
            remit(payment(again.number, 12_500, 0, adjust("CO", "18", 12_500)), trace="T2"),
            number=3,
        ),
    )
    found = money(practice)
    assert found.get("receivable:payer", 0) + found.get("receivable:denied", 0) == 2_500
    assert found.get("receivable:payer", 0) >= 0, found


def test_correction_while_posting(
    practice: Practice, claim: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    lock = known.lock_claims
    done: list[int] = []

    def first_correct(session: Session, ids: set[UUID]) -> None:
        if not done:
            done.append(1)
            correct(practice, coverages__0__payer__id="00430")
        lock(session, ids)

    monkeypatch.setattr("rcm.remittance.service.lock_claims", first_correct)
    receive(
        practice,
        file_835(remit(payment(claim.number, 10_000, 8_000, adjust("CO", "45", 2_000))), number=2),
    )
    with practice.unit_of_work() as session:
        assert verify(session, practice.tools).differences == ()


def test_held_item_of_a_paid_claim(practice: Practice, claim: Sent) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    correct(practice, rendering_provider__npi="1193000515")
    assert (status(practice), work(practice)) == ("held", ["held CLAIM-NPI"])
    receive(practice, file_835(remit(payment(claim.number, 10_000, 10_000)), number=2))
    assert (status(practice), work(practice)) == ("paid", [])


def by_payer(practice: Practice) -> dict[str, int]:
    rows = practice.rows(
        "SELECT identifier, sum(amount_cents)::int AS cents FROM posting"
        " JOIN payer ON payer.id = payer_id WHERE account = 'receivable:payer'"
        " GROUP BY identifier ORDER BY identifier"
    )
    return {row.identifier: row.cents for row in rows}


def test_the_payer_who_was_asked_answers_though_a_correction_named_another(
    practice: Practice, claim: Sent
) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    correct(practice, coverages__0__payer__id="00430")
    told = payment(claim.number, 10_000, 8_000, adjust("CO", "45", 2_000))
    receive(practice, file_835(remit(told), number=2))
    money(practice)
    assert by_payer(practice) == {"60054": 0}


def test_the_codes_and_accounts_are_those_of_the_payer_who_was_asked(
    practice: Practice, claim: Sent
) -> None:
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    correct(practice, coverages__0__payer__id="00430")
    send(practice)
    told = payment(claim.number, 10_000, 8_000, adjust("CO", "253", 2_000))
    receive(practice, file_835(remit(told), number=2))
    assert "receivable:denied" not in money(practice)
    assert by_payer(practice) == {"00430": 10_000, "60054": -10_000}


def test_an_old_line_number_is_no_line_that_a_correction_put_there(practice: Practice) -> None:
    line = encounter()["lines"][0]
    visit = line | {"procedure_code": "99213", "charge_cents": 10_000}
    draw = line | {"procedure_code": "36415", "charge_cents": 1_000}
    (claim,) = send(practice, encounter(lines=[visit, draw]))
    receive(practice, file_277ca(said(claim.number, "A3:21")))
    correct(practice, lines=[draw])
    send(practice)
    services = (
        service(10_000, 10_000, line=f"{claim.number}01"),
        replace(
            service(1_000, 1_000, line=f"{claim.number}02"),
            procedure=Procedure(qualifier="HC", code="36415"),
        ),
    )
    told = payment(claim.number, 11_000, 11_000, services=services)
    receive(practice, file_835(remit(told), number=2))
    money(practice)
    rows = practice.rows("SELECT service, line FROM remittance_service ORDER BY service")
    assert [tuple(row) for row in rows] == [(1, None), (2, 1)]
