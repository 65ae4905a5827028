"""Every odd kind of remittance is in the files that were written, and in the journal."""

import pytest

from edi.money import Cents
from edi.reader import read_interchanges
from edi.remittance_835.balance import Balance, check_balance
from edi.remittance_835.model import QualifiedAmount
from sandbox.courses import BALANCE_CENTS, COURSES, INTEREST_CENTS, ODD_DELIMITERS
from sandbox.decision import Kind
from tests.claims import batch, claim, upload
from tests.sandbox.odd import (
    CHARGE,
    CORRECTED,
    PAID,
    UNBALANCED,
    UNPOSTED,
    ask,
    odd_files,
    plb,
    told,
)
from tests.sandbox.readings import (
    answers_to,
    claim_rows,
    member,
    payment_rows,
    remittances,
    whole,
)


@pytest.mark.parametrize("kind", [kind for kind in COURSES if kind is not Kind.TRUNCATED])
def test_the_journal_says_what_is_written_and_the_usual_claim_is_untouched(kind: Kind) -> None:
    answers = ask(kind)
    written = remittances(answers)
    for each in written:
        assert kind in UNBALANCED or check_balance(each).is_balanced
    payments = {row.trace: row for row in payment_rows(answers)}
    assert len(payments) == len(payment_rows(answers))
    for each in written:
        row = payments[each.trace.number]
        assert row.payment_cents == each.payment_cents
        assert [(a.reason, a.reference, a.amount_cents) for a in row.adjustments] == plb(each)
        posted = [one for one in claim_rows(answers) if one.trace == row.trace]
        assert len(posted) == len(each.claims)
        assert row.is_posted is (kind not in UNPOSTED or posted[0].kind is Kind.PAID_IN_FULL)
        for one, paid in zip(posted, each.claims, strict=True):
            assert one.payer_control_number == paid.payer_claim_number
            is_second = paid.status_code == "2"  # It charges nothing again.
            assert one.charge_cents == (0 if is_second else paid.charge_cents)
            if row.is_posted:
                assert one.paid_cents + one.suspense_cents == paid.paid_cents
            else:
                assert (one.paid_cents, one.suspense_cents, one.lines) == (0, 0, ())
    (usual,) = [row for row in claim_rows(answers) if row.kind is Kind.PAID_IN_FULL]
    assert (usual.paid_cents, len(usual.lines)) == (12500, 1)


def test_zero_pay_moves_no_money_and_denies_nothing() -> None:
    (remittance,) = told(ask(Kind.ZERO_PAY))
    assert (remittance.payment_cents, remittance.payment.method) == (0, "NON")
    (row, _) = sorted(claim_rows(ask(Kind.ZERO_PAY)), key=lambda each: each.paid_cents)
    assert (row.contractual_cents, row.denied_cents, row.patient_cents) == (CHARGE, 0, 0)


def test_a_forwarded_claim_says_to_whom() -> None:
    ((paid,),) = (each.claims for each in told(ask(Kind.FORWARDED)))
    assert (paid.status_code, paid.paid_cents) == ("19", PAID)
    assert paid.crossover is not None
    assert (paid.crossover.entity, paid.crossover.last_name) == ("TT", "SUPPLEMENT MUTUAL")


def test_a_payment_is_reversed_and_corrected_in_one_later_835() -> None:
    answers = ask(Kind.REVERSED_SAME_FILE)
    first, second = told(answers)
    assert [each.paid_cents for each in first.claims] == [PAID]
    reversal, correction = second.claims
    assert (reversal.status_code, correction.status_code) == ("22", "1")
    assert (reversal.charge_cents, reversal.paid_cents) == (-CHARGE, -PAID)
    for mine, original in zip(reversal.services, first.claims[0].services, strict=True):
        assert mine.charge_cents == -original.charge_cents
        assert mine.paid_cents == -original.paid_cents
        assert [(a.group, a.reason, -a.amount_cents) for a in mine.adjustments] == [
            (a.group, a.reason, a.amount_cents) for a in original.adjustments
        ]
    assert (correction.charge_cents, correction.paid_cents) == (CHARGE, CORRECTED)
    assert second.payment_cents == CORRECTED - PAID
    rows = [row for row in claim_rows(answers) if row.patient_control_number == "ODD"]
    assert [row.paid_cents for row in rows] == [PAID, -PAID, CORRECTED]
    assert len({row.payer_control_number for row in rows}) == 1


def test_a_reversal_is_carried_forward_until_the_correction_comes_a_visit_later() -> None:
    answers = ask(Kind.REVERSED_LATER)
    paid, reversed_, corrected = told(answers)
    assert [len(answers.later_files), len(answers.later_rows)] == [1, 2]
    assert b"*22*" not in answers.later_files[0].body
    assert paid.payment_cents == PAID
    assert [each.status_code for each in reversed_.claims] == ["22"]
    assert reversed_.payment_cents == 0
    assert plb(reversed_) == [("FB", reversed_.trace.number, -PAID)]
    assert [each.status_code for each in corrected.claims] == ["1"]
    assert corrected.payment_cents == CORRECTED - PAID
    assert plb(corrected) == [("FB", reversed_.trace.number, PAID)]


@pytest.mark.parametrize(
    ("kind", "pairs", "payment_cents"),
    [
        (Kind.PLB_WO, [("WO", BALANCE_CENTS)], PAID - BALANCE_CENTS),
        (Kind.PLB_FB, [("WO", PAID + BALANCE_CENTS), ("FB", -BALANCE_CENTS)], 0),
        (Kind.PLB_L6, [("L6", -INTEREST_CENTS)], PAID + INTEREST_CENTS),
        (Kind.PLB_72, [("WO", BALANCE_CENTS), ("72", -BALANCE_CENTS)], PAID),
    ],
)
def test_provider_adjustments_change_the_payment(
    kind: Kind, pairs: list[tuple[str, int]], payment_cents: int
) -> None:
    (remittance,) = told(ask(kind))
    assert [(reason, cents) for reason, _, cents in plb(remittance)] == pairs
    assert remittance.payment_cents == payment_cents
    assert all(reference for _, reference, _ in plb(remittance))


def test_interest_is_explained_at_its_claim() -> None:
    ((paid,),) = (each.claims for each in told(ask(Kind.PLB_L6)))
    assert QualifiedAmount("I", Cents(INTEREST_CENTS)) in paid.amounts


def test_interest_can_come_in_an_835_without_claims() -> None:
    first, second = told(ask(Kind.PLB_ONLY))
    assert second.claims == ()
    assert plb(second) == [("L6", first.claims[0].payer_claim_number, -INTEREST_CENTS)]
    assert second.payment_cents == INTEREST_CENTS


def proof(kind: Kind) -> Balance:
    (remittance,) = told(ask(kind))
    return check_balance(remittance)


def test_each_level_can_be_unbalanced_alone() -> None:
    service = proof(Kind.UNBALANCED_SERVICE)
    assert service.is_set_balanced
    assert [each.difference_cents for each in service.claims] == [0]
    assert [each.difference_cents for each in service.claims[0].services] == [-100, 0]
    of_claim = proof(Kind.UNBALANCED_CLAIM)
    assert of_claim.is_set_balanced
    assert [each.difference_cents for each in of_claim.claims] == [-100]
    assert [each.difference_cents for each in of_claim.claims[0].services] == [0, 0]
    of_set = proof(Kind.UNBALANCED_SET)
    assert (of_set.difference_cents, of_set.unbalanced_claims) == (-100, ())


def test_a_claim_that_nobody_sent_stands_beside_ours() -> None:
    answers = ask(Kind.NOT_OURS)
    (remittance,) = told(answers)
    ours, stranger = remittance.claims
    assert (ours.patient_control_number, ours.paid_cents) == ("ODD", PAID)
    assert stranger.patient_control_number == "NOTOURS0000000001"
    assert remittance.payment_cents == 2 * PAID
    (row,) = [row for row in claim_rows(answers) if row.patient_control_number[:3] == "NOT"]
    assert (row.paid_cents, row.suspense_cents, row.lines) == (0, PAID, ())


def test_the_same_bytes_come_under_another_name() -> None:
    one, two = odd_files(ask(Kind.DUPLICATE_BYTES))
    assert one.body == two.body
    assert one.name != two.name


def test_the_same_interchange_comes_with_other_bytes() -> None:
    one, two = odd_files(ask(Kind.DUPLICATE_INTERCHANGE))
    assert one.body != two.body
    assert one.name != two.name
    assert whole(one).control_number == whole(two).control_number
    assert {each.trace for each in told(ask(Kind.DUPLICATE_INTERCHANGE))} == {
        told(ask(Kind.DUPLICATE_INTERCHANGE))[0].trace
    }


def test_the_same_payment_comes_in_a_new_interchange() -> None:
    one, two = odd_files(ask(Kind.DUPLICATE_PAYMENT))
    assert whole(one).control_number != whole(two).control_number
    first, second = told(ask(Kind.DUPLICATE_PAYMENT))
    assert first == second


def test_a_prenote_is_no_payment() -> None:
    (remittance,) = told(ask(Kind.PRENOTE))
    assert remittance.payment.handling_code == "P"


@pytest.mark.parametrize(("ours", "theirs"), [("T", "P"), ("P", "T")])
def test_a_test_flag_is_the_other_one(ours: str, theirs: str) -> None:
    answers = answers_to(upload(batch(claim(member_id=member(Kind.TEST_FLAG))), usage=ours))
    assert [whole(file).usage for file in answers.files] == [ours, ours, theirs]


def test_a_ta1_can_stand_before_the_999() -> None:
    first, *others = [whole(file) for file in ask(Kind.TA1_WITH_999).files]
    (segment,) = first.acknowledgments
    assert (segment.get(1), segment.get(4)) == ("000000007", "A")
    assert [each.set_id for each in first.sets()] == ["999"]
    assert [each.acknowledgments for each in others] == [()] * len(others)


def test_an_835_can_have_delimiters_of_its_own() -> None:
    (file,) = odd_files(ask(Kind.ODD_DELIMITERS))
    assert whole(file).delimiters == ODD_DELIMITERS


def test_an_835_can_have_line_ends() -> None:
    (file,) = odd_files(ask(Kind.CRLF))
    assert whole(file).is_complete
    assert file.body.count(b"~\r\n") == file.body.count(b"~") > 10


def test_an_835_can_be_cut_short() -> None:
    answers = ask(Kind.TRUNCATED)
    (file,) = odd_files(answers)
    (interchange,) = read_interchanges(file.body)
    assert not interchange.is_complete
    assert b"*ODD*" in file.body
    (row,) = [row for row in claim_rows(answers) if row.kind is Kind.TRUNCATED]
    assert (row.paid_cents, row.lines, row.file) == (0, (), file.name)
    assert [each.is_posted for each in payment_rows(answers) if each.file == file.name] == [False]


def test_every_kind_can_be_asked_for_in_one_set() -> None:
    whole_set = {Kind.REJECTED_999, Kind.REJECTED_277CA_BATCH, Kind.REJECTED_277CA_PROVIDER}
    kinds = [kind for kind in Kind if kind not in whole_set]
    claims = [
        claim(member_id=member(kind), patient_control_number=f"PCN{at}")
        for at, kind in enumerate(kinds)
    ]
    answers = answers_to(upload(batch(*claims)))
    names = [file.name for file in (*answers.files, *answers.later_files)]
    assert len(set(names)) == len(names)
    assert {row.kind for row in claim_rows(answers)} == set(kinds)
    traces = [row.trace for row in payment_rows(answers)]
    assert len(set(traces)) == len(traces)
    assert {row.file for row in payment_rows(answers)} < set(names)
