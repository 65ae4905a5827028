"""Payments that are taken back and corrected, in any order and in any number of files."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from edi.money import Cents
from edi.remittance_835.model import ClaimPayment, Name, ServicePayment
from rcm.ledger.store import balances
from rcm.proof import verify
from tests.harness import Practice
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    payment,
    plb,
    receive,
    remit,
    service,
)


def paid(claim: Sent, cents: int, **more: object) -> ClaimPayment:
    rest = adjust("CO", "45", 10_000 - cents)
    line = service(10_000, cents, rest, line=f"{claim.number}01")
    return payment(claim.number, 10_000, cents, services=(line,), **more)


def denied(claim: Sent, **more: object) -> ClaimPayment:
    line = service(10_000, 0, adjust("CO", "16", 10_000), line=f"{claim.number}01")
    return payment(claim.number, 10_000, 0, services=(line,), **more)


def back(told: ClaimPayment) -> ClaimPayment:
    """The reversal of a claim payment: every amount negated (M21)."""
    services = tuple(_opposite(each) for each in told.services)
    return replace(
        told,
        status_code="22",
        charge_cents=Cents(-told.charge_cents),
        paid_cents=Cents(-told.paid_cents),
        services=services,
    )


def _opposite(line: ServicePayment) -> ServicePayment:
    return replace(
        line,
        charge_cents=Cents(-line.charge_cents),
        paid_cents=Cents(-line.paid_cents),
        adjustments=tuple(
            replace(each, amount_cents=Cents(-each.amount_cents)) for each in line.adjustments
        ),
    )


def bare(told: ClaimPayment) -> ClaimPayment:
    """A reversal without its lines, which payers send although they must not (RFI 1733)."""
    (line,) = told.services
    return replace(told, services=(), adjustments=line.adjustments)


def let_arrive(practice: Practice, *told: ClaimPayment) -> None:
    """Each in a file of its own; what is taken back is carried forward, so that BPR02 is not
    below zero."""
    for number, each in enumerate(told, start=1):
        carried = [plb("FB", each.paid_cents)] if each.paid_cents < 0 else []
        receive(practice, file_835(remit(each, plbs=carried, trace=f"T{number}"), number=number))


def money(practice: Practice) -> dict[str, Any]:
    assert practice.rows("SELECT kind, state, last_error_code FROM job WHERE state <> 'done'") == []
    with practice.unit_of_work() as session:
        assert verify(session, practice.tools).differences == ()
        return {account: cents for account, cents in balances(session).items() if cents}


def status(practice: Practice) -> str:
    ((found,),) = practice.rows("SELECT status FROM claim")
    return str(found)


def work(practice: Practice) -> list[str]:
    rows = practice.rows("SELECT kind || ' ' || reason AS text FROM work_item WHERE state = 'open'")
    return sorted(row.text for row in rows)


def codes(practice: Practice) -> list[str]:
    rows = practice.rows("SELECT findings FROM remittance ORDER BY received_at, trace")
    return [each["code"] for row in rows for each in row.findings]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_an_original_its_reversal_and_its_correction_come_in_any_order(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    first = paid(claim, 7_000)
    told = [first, back(first), paid(claim, 8_000, payer_claim_number="ICN-NEW")]
    let_arrive(practice, *(told[n] for n in order))
    assert money(practice) == {
        "adjustment:contractual": 2_000,
        "cash:in-transit": 15_000,
        "recoupment:payer": -7_000,
        "revenue:charges": -10_000,
    }
    assert status(practice) == "paid"
    assert work(practice) == []


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_a_denial_as_the_correction_is_worked_in_any_order(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    first = paid(claim, 7_000)
    told = [first, back(first), denied(claim)]
    let_arrive(practice, *(told[n] for n in order))
    assert money(practice)["receivable:denied"] == 10_000
    assert status(practice) == "denied"
    assert work(practice) == ["denied CO-16"]


@pytest.mark.parametrize("order", [*permutations(range(2))])
def test_what_is_only_taken_back_is_watched(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    first = paid(claim, 7_000)
    told = [first, back(first)]
    let_arrive(practice, *(told[n] for n in order))
    assert money(practice) == {
        "cash:in-transit": 7_000,
        "receivable:payer": 10_000,
        "recoupment:payer": -7_000,
        "revenue:charges": -10_000,
    }
    assert status(practice) == "reversed"
    assert work(practice) == ["follow_up REVERSED"]
    assert ("835-REVERSAL-ALONE" in codes(practice)) == (order == (1, 0))


def test_a_denial_that_is_taken_back_is_no_work_any_more(practice: Practice, claim: Sent) -> None:
    let_arrive(practice, denied(claim), back(denied(claim)))
    assert (status(practice), work(practice)) == ("reversed", ["follow_up REVERSED"])


@pytest.mark.parametrize("order", [*permutations(range(2))])
def test_a_reversal_without_lines_takes_back_each_line(
    practice: Practice, claim: Sent, order: tuple[int, ...]
) -> None:
    first = paid(claim, 7_000)
    told = [first, bare(back(first))]
    let_arrive(practice, *(told[n] for n in order))
    assert money(practice)["receivable:payer"] == 10_000
    of_line = practice.rows(
        "SELECT account, sum(amount_cents) AS cents FROM posting WHERE line = 1 AND claim_id = :id"
        " GROUP BY account HAVING sum(amount_cents) <> 0 ORDER BY account",
        id=claim.id,
    )
    assert [tuple(row) for row in of_line] == [
        ("receivable:payer", 10_000),
        ("revenue:charges", -10_000),
    ]
    ((is_expanded,),) = practice.rows(
        "SELECT is_expanded FROM remittance_claim WHERE verdict = 'taken_back'"
    )
    assert is_expanded == ("835-REVERSAL-EXPANDED" in codes(practice)) == (order == (0, 1))


def test_a_reversal_and_its_original_are_found_in_one_file(practice: Practice, claim: Sent) -> None:
    first = paid(claim, 7_000)
    said = remit(first, bare(back(first)), paid(claim, 8_000))
    receive(practice, file_835(said))
    assert money(practice)["cash:in-transit"] == 8_000
    assert status(practice) == "paid"
    ((position,),) = practice.rows(
        "SELECT reverses_position FROM remittance_claim WHERE verdict = 'taken_back'"
    )
    assert position == 1


def test_a_reversal_of_other_amounts_is_posted_as_told_and_said(
    practice: Practice, claim: Sent
) -> None:
    first = paid(claim, 7_000)
    let_arrive(practice, first, back(paid(claim, 6_000)))
    found = money(practice)
    assert found["cash:in-transit"] == 7_000
    assert found["receivable:payer"] == 10_000
    assert found["adjustment:contractual"] == -1_000
    assert codes(practice)[-1] == "835-REVERSAL-ALONE"
    assert (status(practice), work(practice)) == ("reversed", ["follow_up REVERSED"])


def test_a_reversal_of_other_reasons_is_posted_as_told_and_said(
    practice: Practice, claim: Sent
) -> None:
    first = paid(claim, 7_000)
    (line,) = first.services
    other = replace(first, services=(replace(line, adjustments=(adjust("CO", "253", 3_000),)),))
    let_arrive(practice, first, back(other))
    assert codes(practice)[-1] == "835-REVERSAL-DIFFERS"


def test_a_line_the_payer_has_not_decided_waits_with_it(practice: Practice, claim: Sent) -> None:
    pending = replace(
        paid(claim, 0),
        services=(service(10_000, 0, adjust("PI", "133", 10_000), line=f"{claim.number}01"),),
    )
    let_arrive(practice, pending)
    assert money(practice) == {"receivable:payer": 10_000, "revenue:charges": -10_000}
    assert (status(practice), work(practice)) == ("pended", [])
    receive(practice, file_835(remit(back(pending), paid(claim, 8_000), trace="T2"), number=2))
    assert money(practice)["cash:in-transit"] == 8_000
    assert status(practice) == "paid"


def test_money_that_went_to_the_patient_is_asked_of_the_patient(
    practice: Practice, claim: Sent
) -> None:
    let_arrive(practice, payment(claim.number, 10_000, 0, adjust("OA", "100", 10_000)))
    assert money(practice)["receivable:patient"] == 10_000
    assert (status(practice), work(practice)) == ("paid", ["follow_up CARC-100"])


def test_a_name_that_the_payer_corrects_is_told(practice: Practice, claim: Sent) -> None:
    corrected = Name(entity="74", entity_type="1", last_name="CANARY", id_qualifier="C", id="W9")
    let_arrive(practice, paid(claim, 8_000, corrected=corrected))
    assert (status(practice), work(practice)) == ("paid", ["follow_up NM1-74"])


def test_a_claim_that_was_sent_on_to_another_payer_is_watched(
    practice: Practice, claim: Sent
) -> None:
    said = payment(claim.number, 10_000, 0, adjust("OA", "109", 10_000), status_code="23")
    let_arrive(practice, said)
    assert (status(practice), work(practice)) == ("submitted", ["follow_up CLP02-23"])
    let_arrive(practice, paid(claim, 8_000))


def test_each_service_keeps_the_rule_by_which_its_line_was_found(
    practice: Practice, claim: Sent
) -> None:
    let_arrive(practice, paid(claim, 8_000))
    rows = practice.rows("SELECT line, match_rule, match_confidence FROM remittance_service")
    assert [tuple(row) for row in rows] == [(1, "6R", "certain")]


def test_a_recoupment_is_kept_by_its_reference_and_linked_to_its_claim(
    practice: Practice, claim: Sent
) -> None:
    first = paid(claim, 8_000, payer_claim_number="ICN-1")
    receive(practice, file_835(remit(first), number=1))
    taken = [plb("WO", -8_000, "ICN-1"), plb("WO", 3_000, "ICN-1"), plb("CS", 5_000, "LETTER 9")]
    receive(practice, file_835(remit(plbs=taken, trace="T2"), number=2))
    rows = practice.rows(
        "SELECT reason, account, amount_cents, claim_id, billing_provider_id IS NOT NULL AS ours"
        " FROM provider_adjustment ORDER BY n"
    )
    assert [tuple(row) for row in rows] == [
        ("WO", "recoupment:payer", -8_000, claim.id, True),
        ("WO", "recoupment:payer", 3_000, claim.id, True),
        ("CS", "suspense:unmatched", 5_000, None, True),
    ]
    assert money(practice)["recoupment:payer"] == -5_000
