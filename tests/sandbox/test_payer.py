"""What the payer writes, read back by edi, is what it decided: balanced, and legal by the guide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.acknowledgment_999 import FunctionalAcknowledgment, read_999
from edi.delimiters import Delimiters
from edi.envelope import Interchange
from edi.findings import WriteError
from edi.money import Cents
from edi.remittance_835.balance import check_balance
from edi.remittance_835.model import QualifiedAmount, QualifiedDate, Reference, Remittance
from sandbox.adjudicate import RULES
from sandbox.decision import Kind
from sandbox.journal import PaymentRow
from sandbox.outbox import Answers, Numbers
from tests.claims import (
    CHILD,
    OTHER_PAYER,
    OTHER_PRACTICE,
    PRACTICE,
    SUBSCRIBER,
    batch,
    claim,
    line,
    lines,
    upload,
)
from tests.sandbox import readings
from tests.sandbox.readings import answers_to, claim_rows, whole

PAID = "SBX01"
REFUSED = "SBX09"


def interchanges(answers: Answers) -> list[Interchange]:
    return [whole(file) for file in answers.files]


def acknowledgments(answers: Answers) -> list[FunctionalAcknowledgment]:
    sets = [each for interchange in interchanges(answers) for each in interchange.sets()]
    return [read_999(each) for each in sets if each.set_id == "999"]


def remittances(answers: Answers) -> list[Remittance]:
    """Every 835: all of the ordinary kinds balance."""
    found = readings.remittances(answers)
    assert all(check_balance(each).findings() == () for each in found)
    return found


def assert_journal_agrees(answers: Answers) -> None:
    """Every row of the journal is what the 835 says, and nothing is missing."""
    by_trace = {each.trace.number: each for each in remittances(answers)}
    payments = [row for row in answers.rows if isinstance(row, PaymentRow)]
    assert {row.trace: row.payment_cents for row in payments} == {
        trace: each.payment_cents for trace, each in by_trace.items()
    }
    remitted = [row for row in claim_rows(answers) if row.trace]
    assert len(remitted) == sum(len(each.claims) for each in by_trace.values())
    for trace, rows in groupby(remitted, key=lambda row: row.trace):
        for row, paid in zip(rows, by_trace[trace].claims, strict=True):
            assert row.patient_control_number == paid.patient_control_number
            assert row.payer_control_number == paid.payer_claim_number
            assert row.charge_cents == paid.charge_cents
            assert row.paid_cents == paid.paid_cents
            assert row.patient_cents == (paid.patient_responsibility_cents or 0)
            parts = (row.paid_cents, row.contractual_cents, row.patient_cents, row.denied_cents)
            assert sum(parts) == row.charge_cents
            for line_row, service in zip(row.lines, paid.services, strict=True):
                assert line_row.control_number == service.line_control_number
                assert line_row.charge_cents == service.charge_cents
                assert line_row.paid_cents == service.paid_cents


@pytest.mark.parametrize("kind", [kind for kind, rule in RULES.items() if rule.weight])
def test_each_kind_is_balanced_legal_and_journalled(kind: Kind) -> None:
    member_id = f"SBX{RULES[kind].code}7"
    odd = claim(member_id=member_id, lines=lines(12345, 999, 1, 0, 20001))
    answers = answers_to(upload(batch(odd)))
    assert [row.kind for row in claim_rows(answers)] == [kind]
    assert [each.code for each in acknowledgments(answers)] == ["A"]
    assert_journal_agrees(answers)


@settings(max_examples=15, deadline=None)
@given(
    charges=st.lists(
        st.lists(st.integers(0, 9_999_999), min_size=1, max_size=50), min_size=1, max_size=4
    ),
    kinds=st.lists(st.sampled_from([f"{n:02d}" for n in range(1, 9)]), min_size=4, max_size=4),
)
def test_any_charges_come_back_balanced_and_legal(
    charges: list[list[int]], kinds: list[str]
) -> None:
    claims = [
        claim(member_id=f"SBX{code}", lines=lines(*each), patient_control_number=f"PCN{at}")
        for at, (each, code) in enumerate(zip(charges, kinds, strict=False))
    ]
    assert_journal_agrees(answers_to(upload(batch(*claims))))


def test_what_the_835_says_of_a_claim() -> None:
    visit = claim(
        member_id="SBX02",
        lines=(
            line(10000, modifiers=("25", "LT"), control_number="6RA"),
            line(5000, service_to=date(2026, 2, 28), control_number=""),
        ),
        frequency="7",
        original_reference="ICN1",
    )
    (remittance,) = remittances(answers_to(upload(batch(visit)), Numbers(claim=8, trace=9)))
    assert remittance.payment.method == "ACH"
    assert remittance.payment.payment_date == remittance.production_date == date(2026, 3, 3)
    assert remittance.payment.originator_id == remittance.trace.payer_id == "1900000009"
    assert remittance.trace.number == "SBX000000009"
    assert remittance.payer is not None
    assert remittance.payer.name == visit.payer.name
    assert Reference("2U", visit.payer.id) in remittance.payer.references
    assert remittance.payee is not None
    assert (remittance.payee.id_qualifier, remittance.payee.id) == ("XX", PRACTICE.npi)
    assert remittance.payee.tax_id == PRACTICE.tax_id
    (paid,) = remittance.claims
    assert paid.patient_control_number == visit.patient_control_number
    assert (paid.status_code, paid.filing_indicator) == ("1", "15")
    assert (paid.facility_type, paid.frequency) == ("11", "7")
    assert paid.payer_claim_number == "SB0000000008"
    assert paid.patient is not None
    assert (paid.patient.last_name, paid.patient.id) == ("CANARY", "SBX02")
    assert paid.rendering_npi == "1992999825"
    first, second = paid.services
    assert (first.procedure.code, first.procedure.modifiers) == ("99213", ("25", "LT"))
    assert (first.line_control_number, second.line_control_number) == ("6RA", "")
    assert first.dates == (QualifiedDate("472", date(2026, 2, 27)),)
    assert second.dates == (
        QualifiedDate("150", date(2026, 2, 27)),
        QualifiedDate("151", date(2026, 2, 28)),
    )
    assert first.amounts == (QualifiedAmount("B6", Cents(7000)),)


def test_a_dependent_is_the_patient_and_the_member_the_insured() -> None:
    (remittance,) = remittances(answers_to(upload(batch(claim(member_id=PAID, patient=CHILD)))))
    (paid,) = remittance.claims
    assert paid.patient is not None
    assert (paid.patient.first_name, paid.patient.id) == ("BEN", "")
    assert paid.insured is not None
    assert (paid.insured.first_name, paid.insured.id) == ("ADA", PAID)


@pytest.mark.parametrize(
    ("filing_code", "indicator"), [("CI", "15"), ("BL", "12"), ("MB", "MB"), ("11", "ZZ")]
)
def test_filing_codes_that_the_835_does_not_know_are_translated(
    filing_code: str, indicator: str
) -> None:
    member = replace(SUBSCRIBER, filing_code=filing_code)
    (remittance,) = remittances(answers_to(upload(batch(claim(subscriber=member)))))
    assert remittance.claims[0].filing_indicator == indicator


def test_nothing_to_pay_moves_no_money_and_still_has_a_trace() -> None:
    (remittance,) = remittances(answers_to(upload(batch(claim(member_id="SBX08")))))
    assert remittance.payment_cents == 0
    assert (remittance.payment.handling_code, remittance.payment.method) == ("H", "NON")
    assert remittance.trace.number == "SBX000000001"


def test_each_payee_and_payer_of_each_set_has_a_payment_of_its_own() -> None:
    first = batch(
        claim(member_id=PAID, patient_control_number="A"),
        claim(member_id=PAID, patient_control_number="B", billing_provider=OTHER_PRACTICE),
        claim(member_id=PAID, patient_control_number="C", payer=OTHER_PAYER),
        claim(member_id=PAID, patient_control_number="D"),
    )
    second = batch(claim(member_id=PAID, patient_control_number="E"), reference="B0002")
    answers = answers_to(upload(first, second))
    assert [
        [paid.patient_control_number for paid in each.claims] for each in remittances(answers)
    ] == [["A", "D"], ["B"], ["C"], ["E"]]
    assert [each.set_control_number for each in remittances(answers)] == [
        "0001", "0002", "0003", "0004",
    ]  # fmt: skip
    assert len({row.trace for row in claim_rows(answers)}) == 4
    assert_journal_agrees(answers)


def test_the_envelope_goes_back_with_everything_swapped() -> None:
    body = upload(batch(), usage="P", delimiters=Delimiters(element="|", component=">"))
    answers = answers_to(body, Numbers(interchange=41))
    assert [file.name for file in answers.files] == [
        "000000041_999.x12", "000000042_277CA.x12", "000000043_835.x12",
    ]  # fmt: skip
    for number, interchange in enumerate(interchanges(answers), start=41):
        assert int(interchange.control_number) == number
        assert (interchange.sender_qualifier, interchange.sender_id) == ("30", "SANDBOX")
        assert (interchange.receiver_qualifier, interchange.receiver_id) == ("ZZ", "HARBOR")
        assert (interchange.usage, interchange.delimiters.element) == ("P", "|")
        (group,) = interchange.groups
        assert (group.sender, group.receiver) == ("SANDBOXGS", "HARBORGS")
    (acknowledgment,) = acknowledgments(answers)
    assert acknowledgment.group_control_number == "70"
    assert answers.numbers == Numbers(interchange=44, claim=2, trace=2)


def test_a_refused_set_gets_no_835_and_the_others_do() -> None:
    refused = batch(
        claim(member_id=PAID, patient_control_number="A"),
        claim(member_id=REFUSED, patient_control_number="B"),
    )
    accepted = batch(claim(member_id=PAID, patient_control_number="C"), reference="B0002")
    answers = answers_to(upload(refused, accepted))
    (acknowledgment,) = acknowledgments(answers)
    assert acknowledgment.code == "P"
    assert [each.code for each in acknowledgment.sets] == ["R", "A"]
    (wrong,) = acknowledgment.sets[0].errors
    assert wrong.segment_id == "CLM"
    (remittance,) = remittances(answers)
    assert [paid.patient_control_number for paid in remittance.claims] == ["C"]
    assert [
        (row.patient_control_number, row.kind, row.charge_cents, row.paid_cents, row.trace)
        for row in claim_rows(answers)
    ] == [
        ("A", Kind.REJECTED_999, 12500, 0, ""),
        ("B", Kind.REJECTED_999, 12500, 0, ""),
        ("C", Kind.PAID_REDUCED, 12500, 8750, "SBX000000001"),
    ]


@pytest.mark.parametrize(
    ("change", "segment_id"),
    [
        (lambda body: body.replace(b"CLM*PCN00000000000001*125*", b"CLM*PCN*126*"), "CLM"),
        (lambda body: body.replace(b"DMG*D8*19800504*F", b"DMG*D8*19800504*Q"), "DMG"),
        (lambda body: body.replace(b"SV1*HC:99213*125*", b"SV1*HC:99213*ABC*"), "SV1"),
        (lambda body: body.replace(b"HL*2*1*22*0~", b""), "SBR"),
        (lambda body: body.replace(b"IL*1*CANARY", b"IL*1*CAN\xc3RY"), "NM1"),
    ],
    ids=["charge is not the sum", "no such code", "no amount", "no subscriber level", "no ASCII"],
)
def test_what_is_no_legal_837p_is_refused_in_the_999(
    change: Callable[[bytes], bytes], segment_id: str
) -> None:
    body = upload(batch(claim(member_id=PAID)))
    assert change(body) != body
    answers = answers_to(change(body))
    (acknowledgment,) = acknowledgments(answers)
    assert acknowledgment.code == "R"
    assert segment_id in {each.segment_id for each in acknowledgment.sets[0].errors}
    assert remittances(answers) == []
    assert answers.numbers == Numbers(interchange=2)


def test_an_acknowledgment_is_never_acknowledged() -> None:
    acknowledgment = answers_to(upload(batch(claim(member_id=REFUSED)))).files[0].body
    assert answers_to(acknowledgment) == Answers(files=(), rows=(), numbers=Numbers())


def test_a_sender_that_no_envelope_can_carry_is_refused_as_such() -> None:
    body = upload(batch(claim(member_id=PAID))).replace(b"*HARBOR ", b"*H\xc3RBOR ", 1)
    with pytest.raises(WriteError):
        answers_to(body)


def test_same_arguments_same_bytes() -> None:
    body = upload(batch(claim(), claim(patient_control_number="B")))
    assert answers_to(body) == answers_to(body)
