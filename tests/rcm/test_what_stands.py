"""What is left of a claim when all its payers have spoken, in any order: money, status and work."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from edi.remittance_835.model import ClaimPayment, Name, QualifiedDate
from rcm.remittance import known
from tests.harness import Practice
from tests.rcm.intake import SEEN_ON, encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    payment,
    receive,
    remit,
    send,
    service,
)
from tests.rcm.test_reversals import back, denied, let_arrive, money, paid, status, work

PAID_8000 = {
    "adjustment:contractual": 2_000,
    "cash:in-transit": 8_000,
    "revenue:charges": -10_000,
}


LEDGER = """
    SELECT account, coalesce(line, 0), sum(amount_cents)::int FROM posting WHERE claim_id = :i
    GROUP BY 1, 2 HAVING sum(amount_cents) <> 0 ORDER BY 1, 2
"""


def dup(claim: Sent) -> ClaimPayment:
    line = service(10_000, 0, adjust("CO", "18", 10_000), line=f"{claim.number}01")
    return payment(claim.number, 10_000, 0, services=(line,), payer_claim_number="DUP")


def first(claim: Sent) -> ClaimPayment:
    line = service(10_000, 8_000, adjust("PR", "2", 2_000), line=f"{claim.number}01")
    return payment(claim.number, 10_000, 8_000, services=(line,), payer_claim_number="ICN1")


def second(claim: Sent) -> ClaimPayment:
    line = service(10_000, 2_000, adjust("OA", "23", 8_000), line=f"{claim.number}01")
    return payment(
        claim.number,
        10_000,
        2_000,
        services=(line,),
        status_code="2",
        payer_claim_number="SEC",
    )


def test_co18_beside_its_original_in_one_835(practice: Practice, claim: Sent) -> None:
    receive(practice, file_835(remit(paid(claim, 8_000), dup(claim))))
    assert money(practice) == PAID_8000


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_co18_any_order(practice: Practice, claim: Sent, order: tuple[int, ...]) -> None:
    told = [paid(claim, 8_000), dup(claim)]
    let_arrive(practice, *(told[n] for n in order))
    assert money(practice) == PAID_8000


def test_co18_taken_back_and_corrected(practice: Practice, claim: Sent) -> None:
    receive(practice, file_835(remit(dup(claim)), number=1))
    receive(practice, file_835(remit(back(dup(claim)), paid(claim, 8_000), trace="T2"), number=2))
    assert money(practice) == PAID_8000
    assert (status(practice), work(practice)) == ("paid", [])


def test_co18_of_a_pended_claim(practice: Practice, claim: Sent) -> None:
    line = service(10_000, 0, adjust("PI", "133", 10_000), line=f"{claim.number}01")
    pending = payment(claim.number, 10_000, 0, services=(line,))
    let_arrive(practice, pending, dup(claim))
    assert money(practice) == {"receivable:payer": 10_000, "revenue:charges": -10_000}


def test_reversal_of_secondary_without_oa23(practice: Practice, claim: Sent) -> None:
    line = service(10_000, 2_000, adjust("CO", "22", 8_000), line=f"{claim.number}01")
    sec = payment(
        claim.number, 10_000, 2_000, services=(line,), status_code="2", payer_claim_number="SEC"
    )
    let_arrive(practice, first(claim), sec, back(sec))
    found = money(practice)
    assert "receivable:payer" not in found
    assert found["receivable:patient"] == 2_000


def test_reversal_of_primary_with_oa23(practice: Practice, claim: Sent) -> None:
    line = service(10_000, 2_000, adjust("OA", "23", 8_000), line=f"{claim.number}01")
    one = payment(claim.number, 10_000, 2_000, services=(line,), status_code="1")
    let_arrive(practice, one, back(one))
    found = money(practice)
    assert found["receivable:payer"] == 10_000
    assert "receivable:patient" not in found


def test_primary_reversed_secondary_stands(practice: Practice, claim: Sent) -> None:
    let_arrive(practice, first(claim), second(claim), back(first(claim)))
    assert money(practice)["receivable:payer"] == 10_000
    assert (status(practice), work(practice)) == ("reversed", ["follow_up REVERSED"])


def split(claim: Sent, number: str, charge: int) -> ClaimPayment:
    return payment(claim.number, charge, charge, payer_claim_number=number)


def test_half_of_a_split_claim_is_reversed(practice: Practice, claim: Sent) -> None:
    a, b = split(claim, "A", 6_000), split(claim, "B", 4_000)
    let_arrive(practice, a, b, back(a))
    assert money(practice)["receivable:payer"] == 6_000
    assert work(practice) == ["follow_up REVERSED"]


def test_a_split_claim_is_reversed_whole(practice: Practice, claim: Sent) -> None:
    a, b = split(claim, "A", 6_000), split(claim, "B", 4_000)
    let_arrive(practice, a, b, back(split(claim, "A", 10_000)))
    assert money(practice)["receivable:payer"] == 10_000
    assert (status(practice), work(practice)) == ("reversed", ["follow_up REVERSED"])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_amount_of_reversed_item(practice: Practice, claim: Sent, order: tuple[int, ...]) -> None:
    told = [paid(claim, 7_000), back(paid(claim, 7_000))]
    let_arrive(practice, *(told[n] for n in order))
    rows = practice.rows("SELECT amount_cents FROM work_item WHERE state='open'")
    assert [r[0] for r in rows] == [7_000]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_paid_to_patient_stays_work(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    one = payment(claim.number, 10_000, 0, adjust("OA", "100", 8_000), adjust("PR", "2", 2_000))
    told = [one, second(claim)]
    let_arrive(practice, *(told[n] for n in order))
    assert work(practice) == ["follow_up CARC-100"]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_payer_number_is_of_what_stands(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    one = paid(claim, 7_000, payer_claim_number="ICN1")
    told = [one, back(one), paid(claim, 8_000, payer_claim_number="ICN2")]
    let_arrive(practice, *(told[n] for n in order))
    ((number,),) = practice.rows("SELECT payer_control_number FROM claim")
    assert number == "ICN2"


def test_forwarded_with_money(practice: Practice, claim: Sent) -> None:
    said = payment(claim.number, 10_000, 5_000, adjust("OA", "109", 5_000), status_code="23")
    let_arrive(practice, said)
    assert money(practice)["suspense:unmatched"] == -5_000
    assert any(w.startswith("suspense") for w in work(practice))


def test_duplicate_reversal(practice: Practice, claim: Sent) -> None:
    one = paid(claim, 7_000)
    let_arrive(
        practice,
        one,
        back(one),
        back(replace(one, payer_claim_number="X")),
        paid(claim, 8_000, payer_claim_number="ICN2"),
    )
    assert money(practice)["receivable:payer"] == 10_000
    assert work(practice) != []


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_paid_to_patient_as_correction_of_denial(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    one = denied(claim, payer_claim_number="ICN1")
    to_patient = payment(
        claim.number, 10_000, 0, adjust("OA", "100", 10_000), payer_claim_number="ICN2"
    )
    told = [one, back(one), to_patient]
    let_arrive(practice, *(told[n] for n in order))
    assert (status(practice), work(practice)) == ("paid", ["follow_up CARC-100"])


@pytest.mark.parametrize("order", [*permutations(range(2))])
def test_corrected_name_survives_a_second_payer(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    name = Name(entity="74", entity_type="1", last_name="CANARY", id_qualifier="C", id="W9")
    one = replace(payment(claim.number, 10_000, 8_000, adjust("PR", "2", 2_000)), corrected=name)
    two = payment(claim.number, 10_000, 2_000, adjust("OA", "23", 8_000), status_code="2")
    told = [one, two]
    let_arrive(practice, *(told[n] for n in order))
    assert work(practice) == ["follow_up NM1-74"]


@pytest.mark.usefixtures("claim")
def test_person_found_by_two_files_at_once(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = encounter()["coverages"][0]["member_id"]
    who = Name(entity="QC", entity_type="1", last_name="CANARY", id_qualifier="MI", id=member)

    def anonymous(number: str, cents: int) -> ClaimPayment:
        return payment(
            number,
            10_000,
            cents,
            adjust("CO", "45", 10_000 - cents),
            patient=who,
            dates=(QualifiedDate("232", SEEN_ON),),
            payer_claim_number="",
        )

    lock = known.lock_claims
    done: list[int] = []

    def meanwhile(session: Session, ids: set[UUID]) -> None:
        if not done:
            done.append(1)
            receive(practice, file_835(remit(anonymous("OTHER2", 7_000), trace="T2"), number=2))
        lock(session, ids)

    monkeypatch.setattr("rcm.remittance.service.lock_claims", meanwhile)
    receive(practice, file_835(remit(anonymous("OTHER1", 8_000)), number=1))
    rows = practice.rows("SELECT match_rule, state FROM remittance_claim")
    assert sorted(r.state for r in rows) == ["posted", "unmatched"], rows


def test_reversal_with_positive_amounts(practice: Practice, claim: Sent) -> None:
    """Against the guide, and posted as told: receivable:payer is -10000, and nobody is told."""
    one = paid(claim, 7_000)
    let_arrive(practice, one, replace(one, status_code="22"))
    assert money(practice)["receivable:payer"] == -10_000
    assert work(practice) != []


def test_lines_alike_without_numbers_are_taken_back_line_by_line(practice: Practice) -> None:
    line = encounter()["lines"][0] | {"charge_cents": 5_000, "modifiers": []}
    (claim,) = send(practice, encounter(lines=[line, line]))
    lines = tuple(
        service(5_000, 4_000, adjust("CO", "45", 1_000), line=f"{claim.number}{n:02d}")
        for n in (1, 2)
    )
    one = payment(claim.number, 10_000, 8_000, services=lines)
    unnumbered = tuple(replace(each, line_control_number="") for each in back(one).services)
    let_arrive(practice, one, replace(back(one), services=unnumbered))
    rows = [tuple(row) for row in practice.rows(LEDGER, i=claim.id)]
    assert {account for account, _, _ in rows} == {"receivable:payer", "revenue:charges"}


def test_an_unreadable_claim_is_work_though_it_pays_nothing(
    practice: Practice, claim: Sent
) -> None:
    let_arrive(practice, payment(claim.number, 10_000, 0, adjust("CO", "CANARY ADA", 10_000)))
    assert work(practice) == ["suspense unbalanced"]
