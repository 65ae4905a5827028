"""Payers break order, detail and numbers: each such course is written, balanced and journalled."""

import pytest

from edi.acknowledgment_277ca import ClaimAcknowledgment
from edi.remittance_835.balance import check_balance
from edi.remittance_835.model import AdjustmentGroup, ClaimPayment, Remittance
from sandbox.adjudicate import RULES
from sandbox.courses import SUPPLEMENT_NAME
from sandbox.decision import Kind
from sandbox.journal import ClaimRow
from sandbox.outbox import Answers
from tests.claims import batch, claim, lines, upload
from tests.sandbox.odd import CHARGE, CORRECTED, PAID, ask, odd_rows, plb, told
from tests.sandbox.readings import (
    answers_to,
    claim_acknowledgments,
    claim_rows,
    member,
    payment_rows,
    remittances,
)

NEW = [kind for kind in Kind if int(RULES[kind].code) > 50]


def adjustments(paid: ClaimPayment) -> list[list[tuple[str, str, int]]]:
    """The adjustments of the claim, then those of each line."""
    levels = (paid.adjustments, *(line.adjustments for line in paid.services))
    return [[(a.group.value, a.reason, a.amount_cents) for a in level] for level in levels]


def parts(row: ClaimRow) -> tuple[int, int, int, int, int]:
    return (
        row.paid_cents,
        row.contractual_cents,
        row.patient_cents,
        row.denied_cents,
        row.pending_cents,
    )


def total(answers: Answers) -> tuple[int, ...]:
    """The charge and the parts of all rows of the odd claim, added up."""
    rows = [(row.charge_cents, *parts(row)) for row in odd_rows(answers)]
    return tuple(sum(column) for column in zip(*rows, strict=True))


@pytest.mark.parametrize("kind", NEW)
@pytest.mark.parametrize("charges", [(20000,), (12345, 999, 1, 0, 20001)])
def test_every_set_balances_and_no_proof_needs_a_warning(
    kind: Kind, charges: tuple[int, ...]
) -> None:
    visit = claim(member_id=member(kind), lines=lines(*charges))
    found = remittances(answers_to(upload(batch(visit))))
    assert found
    for each in found:
        assert check_balance(each).findings() == ()
        assert each.payment_cents >= 0


@pytest.mark.parametrize("kind", NEW)
def test_a_row_is_the_sum_of_its_lines_and_of_its_parts(kind: Kind) -> None:
    for row in odd_rows(ask(kind)):
        if row.lines:
            assert sum(parts(row)) == row.charge_cents
            assert row.charge_cents == sum(line.charge_cents for line in row.lines)
            assert row.paid_cents == sum(line.paid_cents for line in row.lines)
        else:
            assert parts(row) == (0, 0, 0, 0, 0)


def test_a_correction_can_come_before_its_reversal() -> None:
    answers = ask(Kind.CORRECTION_FIRST)
    paid, corrected, reversed_ = told(answers)
    assert answers.later_files == ()
    assert [each.claims[0].paid_cents for each in (paid, corrected)] == [PAID, CORRECTED]
    assert [each.status_code for each in reversed_.claims] == ["22"]
    assert (reversed_.payment_cents, plb(reversed_)) == (0, [("FB", reversed_.trace.number, -PAID)])
    assert total(answers) == (CHARGE, CORRECTED, CHARGE - CORRECTED, 0, 0, 0)


def test_a_reversal_can_be_without_lines() -> None:
    answers = ask(Kind.REVERSED_BARE)
    _, second = told(answers)
    reversal, correction = second.claims
    assert (reversal.status_code, reversal.services) == ("22", ())
    assert adjustments(reversal) == [[("CO", "45", PAID - CHARGE)]]
    assert (reversal.charge_cents, reversal.paid_cents) == (-CHARGE, -PAID)
    assert len(correction.services) == 2
    assert second.payment_cents == CORRECTED - PAID
    row = odd_rows(answers)[1]
    assert [line.paid_cents for line in row.lines] == [-10500, -3500]
    assert total(answers) == (CHARGE, CORRECTED, CHARGE - CORRECTED, 0, 0, 0)


def test_a_reversal_can_be_the_last_word() -> None:
    answers = ask(Kind.REVERSED_ONLY)
    _, second = told(answers)
    assert [each.status_code for each in second.claims] == ["22"]
    assert (second.payment_cents, plb(second)) == (0, [("FB", second.trace.number, -PAID)])
    assert total(answers) == (0, 0, 0, 0, 0, 0)


def test_a_line_can_wait_and_be_paid_a_visit_later() -> None:
    answers = ask(Kind.PENDING_LINE)
    first, second = told(answers)
    assert len(answers.later_files) == 1
    assert adjustments(first.claims[0]) == [[], [("CO", "45", 4500)], [("PI", "133", 5000)]]
    assert parts(odd_rows(answers)[0]) == (10500, 4500, 0, 0, 5000)
    assert [each.status_code for each in second.claims] == ["22", "1"]
    assert second.payment_cents == PAID - 10500
    assert total(answers) == (CHARGE, PAID, CHARGE - PAID, 0, 0, 0)


def test_what_was_paid_to_the_patient_is_no_payment_to_us() -> None:
    answers = ask(Kind.PAID_TO_PATIENT)
    paid = of_odd(answers)
    assert (paid.paid_cents, paid.patient_responsibility_cents) == (0, None)
    assert adjustments(paid)[1:] == [
        [("CO", "45", 4500), ("OA", "100", 10500)],
        [("CO", "45", 1500), ("OA", "100", 3500)],
    ]
    assert parts(odd_rows(answers)[0]) == (0, CHARGE - PAID, PAID, 0, 0)


def of_odd(answers: Answers) -> ClaimPayment:
    """The claim in the file that it shares with the usual one."""
    (paid,) = (
        paid
        for each in remittances(answers)
        for paid in each.claims
        if paid.patient_control_number == "ODD"
    )
    return paid


def test_what_cannot_be_processed_has_its_remarks_at_claim_and_line() -> None:
    answers = ask(Kind.UNPROCESSABLE)
    paid = of_odd(answers)
    assert paid.remark_codes == ("MA130",)
    assert [line.remark_codes for line in paid.services] == [("N290",), ("N290",)]
    assert adjustments(paid)[1:] == [[("CO", "16", 15000)], [("CO", "16", 5000)]]
    assert parts(odd_rows(answers)[0]) == (0, 0, 0, CHARGE, 0)


def test_another_plan_has_the_patient() -> None:
    answers = ask(Kind.MEDICARE_ADVANTAGE)
    assert adjustments(of_odd(answers))[1:] == [[("CO", "24", 15000)], [("CO", "24", 5000)]]
    assert parts(odd_rows(answers)[0]) == (0, 0, 0, CHARGE, 0)


def payer_numbers(acknowledgments: list[ClaimAcknowledgment]) -> set[str]:
    """Every REF*1K."""
    return {
        reference.value
        for each in acknowledgments
        for reporter in each.reporters
        for acknowledged in reporter.batches
        for of_provider in acknowledged.providers
        for patient in of_provider.patients
        for one in patient.claims
        for reference in one.references
        if reference.qualifier == "1K"
    }


def test_a_payment_can_name_no_claim_at_all() -> None:
    answers = ask(Kind.NO_CONTROL_NUMBER)
    (remittance,) = told(answers)
    (paid,) = remittance.claims
    assert paid.patient_control_number == "0"
    known = payer_numbers(claim_acknowledgments(answers))
    assert known == {"SB0000000001", "SB0000000002"}
    assert paid.payer_claim_number not in known
    mine, nobodys = odd_rows(answers)
    assert (mine.patient_control_number, mine.trace, parts(mine)) == ("ODD", "", (0,) * 5)
    assert (nobodys.patient_control_number, nobodys.suspense_cents) == ("0", PAID)
    assert nobodys.lines == ()


def second_of(answers: Answers) -> tuple[Remittance, Remittance]:
    first, second = told(answers)
    return first, second


def test_a_second_payer_pays_a_visit_later_of_what_was_left_to_the_patient() -> None:
    answers = ask(Kind.SECONDARY)
    first, second = second_of(answers)
    assert len(answers.later_files) == 1
    assert first.payer is not None
    assert second.payer is not None
    assert (first.payer.name, second.payer.name) == ("CANAL HEALTH PLAN", SUPPLEMENT_NAME)
    assert first.trace.payer_id != second.trace.payer_id == second.payment.originator_id
    (paid,), (supplement,) = first.claims, second.claims
    assert (paid.status_code, supplement.status_code) == ("1", "2")
    assert paid.patient_control_number == supplement.patient_control_number
    assert paid.charge_cents == supplement.charge_cents == CHARGE
    assert paid.payer_claim_number != supplement.payer_claim_number
    assert (paid.paid_cents, paid.patient_responsibility_cents) == (11200, 2800)
    assert (supplement.paid_cents, supplement.patient_responsibility_cents) == (1400, 1400)
    assert adjustments(supplement)[1:] == [
        [("OA", "23", 12900), ("PR", "2", 1050)],
        [("OA", "23", 4300), ("PR", "2", 350)],
    ]
    assert [parts(row) for row in odd_rows(answers)] == [
        (11200, 6000, 2800, 0, 0),
        (1400, 0, -1400, 0, 0),
    ]
    assert total(answers) == (CHARGE, 12600, 6000, 1400, 0, 0)


def test_a_claim_can_be_told_in_two_under_one_of_our_numbers() -> None:
    answers = ask(Kind.SPLIT)
    (remittance,) = told(answers)
    first, others = remittance.claims
    assert first.patient_control_number == others.patient_control_number == "ODD"
    assert first.payer_claim_number != others.payer_claim_number
    assert (first.charge_cents, others.charge_cents) == (15000, 5000)
    assert [line.line_control_number for line in (*first.services, *others.services)] == [
        "L1",
        "L2",
    ]
    assert total(answers) == (CHARGE, PAID, CHARGE - PAID, 0, 0, 0)


def test_a_claim_of_one_line_is_not_split() -> None:
    answers = answers_to(upload(batch(claim(member_id=member(Kind.SPLIT)))))
    ((paid,),) = (each.claims for each in remittances(answers))
    assert paid.payer_claim_number == "SB0000000001"
    assert [row.paid_cents for row in claim_rows(answers)] == [8750]


def test_a_price_comes_before_the_payment_and_moves_no_money() -> None:
    answers = ask(Kind.FULL_PREDETERMINATION)
    price, paid = told(answers)
    assert (price.payment_cents, price.payment.method) == (0, "NON")
    ((priced,), (settled,)) = price.claims, paid.claims
    assert (priced.status_code, settled.status_code) == ("25", "1")
    assert (priced.paid_cents, settled.paid_cents) == (0, PAID)
    assert adjustments(priced)[1:] == [
        [("CO", "45", 4500), ("OA", "101", 10500)],
        [("CO", "45", 1500), ("OA", "101", 3500)],
    ]
    assert [line.amounts[0].cents for line in priced.services] == [10500, 3500]
    first, second = odd_rows(answers)
    assert (parts(first), first.lines) == ((0,) * 5, ())
    assert parts(second) == (PAID, CHARGE - PAID, 0, 0, 0)
    assert all(row.is_posted for row in payment_rows(answers))


def test_only_what_a_payer_bears_for_the_patient_is_the_patients() -> None:
    """Every adjustment of the new kinds is of a group that the guide gives its reason."""
    groups = {
        (a.group, a.reason)
        for kind in NEW
        for each in remittances(ask(kind))
        for paid in each.claims
        for line in paid.services
        for a in line.adjustments
    }
    assert groups == {
        (AdjustmentGroup.CONTRACTUAL, "45"),
        (AdjustmentGroup.CONTRACTUAL, "16"),
        (AdjustmentGroup.CONTRACTUAL, "24"),
        (AdjustmentGroup.OTHER, "23"),
        (AdjustmentGroup.OTHER, "100"),
        (AdjustmentGroup.OTHER, "101"),
        (AdjustmentGroup.PATIENT, "2"),
        (AdjustmentGroup.PAYER_INITIATED, "133"),
    }
