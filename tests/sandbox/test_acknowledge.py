"""The 277CA: every accepted set is answered, and a refusal is said at the level it is about."""

from dataclasses import replace
from datetime import date

import pytest

from edi.acknowledgment_277ca import AcknowledgedBatch, AcknowledgedClaim
from edi.claim_status import StatusCode
from edi.party_segments import day
from sandbox.decision import Kind
from sandbox.outbox import Answers
from tests.claims import (
    CHILD,
    OTHER_PAYER,
    OTHER_PRACTICE,
    PAYER,
    PRACTICE,
    batch,
    claim,
    line,
    lines,
    upload,
)
from tests.sandbox.readings import (
    answers_to,
    claim_acknowledgments,
    claim_rows,
    member,
    payment_rows,
    remittances,
)

PAID = member(Kind.PAID_REDUCED)


def batches(answers: Answers) -> list[AcknowledgedBatch]:
    return [
        each
        for acknowledgment in claim_acknowledgments(answers)
        for reporter in acknowledgment.reporters
        for each in reporter.batches
    ]


def claims_of(acknowledged: AcknowledgedBatch) -> list[AcknowledgedClaim]:
    return [
        each
        for provider in acknowledged.providers
        for patient in provider.patients
        for each in patient.claims
    ]


def kinds(answers: Answers) -> list[tuple[str, Kind, int, int]]:
    return [
        (row.patient_control_number, row.kind, row.paid_cents, len(row.lines))
        for row in claim_rows(answers)
    ]


def test_an_accepted_claim_is_taken_in_by_the_payer_with_the_number_of_its_835() -> None:
    visit = claim(
        member_id=PAID,
        lines=(line(10000), line(5000, service_to=date(2026, 2, 28), control_number="L2")),
    )
    answers = answers_to(upload(batch(visit)))
    assert [file.name for file in answers.files] == [
        "000000001_999.x12", "000000002_277CA.x12", "000000003_835.x12",
    ]  # fmt: skip
    (acknowledgment,) = claim_acknowledgments(answers)
    (reporter,) = acknowledgment.reporters
    assert reporter.is_payer
    assert reporter.name is not None
    assert (reporter.name.last_name, reporter.name.id) == (PAYER.name, PAYER.id)
    (acknowledged,) = reporter.batches
    assert acknowledged.trace.number == "B0001"
    assert acknowledged.receiver is not None
    assert acknowledged.receiver.id == "HARBOR"
    totals = acknowledged.totals
    assert (totals.accepted_claims, totals.accepted_cents) == (1, 15000)
    assert (totals.rejected_claims, totals.rejected_cents) == (None, None)
    (provider,) = acknowledged.providers
    assert provider.name is not None
    assert provider.name.id == PRACTICE.npi
    assert provider.totals.accepted_claims == 1
    (taken,) = claims_of(acknowledged)
    assert taken.patient_control_number == visit.patient_control_number
    (status,) = taken.statuses
    assert status.code == StatusCode(category="A2", status="20", entity="PR")
    assert (status.action, status.charge_cents) == ("WQ", 15000)
    assert taken.clearinghouse_number == "CH0000000001"
    assert taken.dates == (day("472", date(2026, 2, 27), date(2026, 2, 28)),)
    ((paid,),) = (each.claims for each in remittances(answers))
    assert taken.payer_claim_number == paid.payer_claim_number == "SB0000000001"


def test_a_dependent_is_the_patient_of_the_277ca() -> None:
    answers = answers_to(upload(batch(claim(member_id=PAID, patient=CHILD))))
    ((provider,),) = (each.providers for each in batches(answers))
    (patient,) = provider.patients
    assert patient.name is not None
    assert patient.name.first_name == "BEN"


def test_a_refused_claim_is_named_and_the_others_are_paid() -> None:
    answers = answers_to(
        upload(
            batch(
                claim(member_id=PAID, patient_control_number="A"),
                claim(
                    member_id=member(Kind.REJECTED_277CA),
                    patient_control_number="B",
                    lines=lines(700, 50),
                ),
            )
        )
    )
    (acknowledged,) = batches(answers)
    totals = acknowledged.totals
    assert (totals.accepted_claims, totals.accepted_cents) == (1, 12500)
    assert (totals.rejected_claims, totals.rejected_cents) == (1, 750)
    taken, refused = claims_of(acknowledged)
    assert [each.code.category for each in taken.statuses] == ["A2"]
    (status,) = refused.statuses
    assert status.code == StatusCode(category="A7", status="164", entity="IL")
    assert (status.action, status.charge_cents) == ("U", 750)
    assert (refused.patient_control_number, refused.payer_claim_number) == ("B", "")
    assert refused.clearinghouse_number == "CH0000000002"
    assert [
        [paid.patient_control_number for paid in each.claims] for each in remittances(answers)
    ] == [["A"]]
    assert sorted(kinds(answers)) == [
        ("A", Kind.PAID_REDUCED, 8750, 1),
        ("B", Kind.REJECTED_277CA, 0, 0),
    ]


def test_a_refused_batch_names_no_claim_and_pays_none() -> None:
    refused = batch(
        claim(member_id=PAID, patient_control_number="A", payer=OTHER_PAYER),
        claim(member_id=member(Kind.REJECTED_277CA_BATCH), patient_control_number="B"),
    )
    accepted = batch(claim(member_id=PAID, patient_control_number="C"), reference="B0002")
    answers = answers_to(upload(refused, accepted))
    first, second = batches(answers)
    (status,) = first.statuses
    assert (status.code.category, status.action, status.charge_cents) == ("A3", "U", 25000)
    assert (first.trace.number, first.providers) == ("B0001", ())
    assert (first.totals.accepted_claims, first.totals.rejected_claims) == (None, 2)
    assert (second.trace.number, second.statuses[0].code.category) == ("B0002", "A1")
    assert kinds(answers) == [
        ("A", Kind.REJECTED_277CA_BATCH, 0, 0),
        ("B", Kind.REJECTED_277CA_BATCH, 0, 0),
        ("C", Kind.PAID_REDUCED, 8750, 1),
    ]
    assert len(payment_rows(answers)) == len(remittances(answers)) == 1


def test_a_refused_provider_names_no_patient_and_the_other_is_paid() -> None:
    answers = answers_to(
        upload(
            batch(
                claim(member_id=PAID, patient_control_number="A"),
                claim(member_id=PAID, patient_control_number="B", billing_provider=OTHER_PRACTICE),
                claim(member_id=member(Kind.REJECTED_277CA_PROVIDER), patient_control_number="C"),
            )
        )
    )
    (acknowledged,) = batches(answers)
    assert acknowledged.statuses[0].code.category == "A1"
    refused, taken = acknowledged.providers
    assert refused.name is not None
    assert (refused.name.id, refused.patients) == (PRACTICE.npi, ())
    assert refused.statuses[0].code == StatusCode(category="A8", status="562", entity="85")
    assert (refused.totals.rejected_claims, refused.totals.rejected_cents) == (2, 25000)
    assert [len(patient.claims) for patient in taken.patients] == [1]
    assert taken.statuses[0].code.category == "A1"
    assert sorted(kinds(answers)) == [
        ("A", Kind.REJECTED_277CA_PROVIDER, 0, 0),
        ("B", Kind.PAID_REDUCED, 8750, 1),
        ("C", Kind.REJECTED_277CA_PROVIDER, 0, 0),
    ]


def test_each_payer_speaks_for_its_own_claims_of_each_set() -> None:
    first = batch(
        claim(member_id=PAID, patient_control_number="A"),
        claim(member_id=PAID, patient_control_number="B", payer=OTHER_PAYER),
        claim(member_id=PAID, patient_control_number="C"),
    )
    second = batch(claim(member_id=PAID, patient_control_number="D"), reference="B0002")
    found = batches(answers_to(upload(first, second)))
    assert [
        (each.trace.number, [one.patient_control_number for one in claims_of(each)])
        for each in found
    ] == [("B0001", ["A", "C"]), ("B0001", ["B"]), ("B0002", ["D"])]
    assert [each.totals.accepted_claims for each in found] == [2, 1, 1]


def test_a_claim_that_is_never_answered_has_a_999_and_no_more() -> None:
    forgotten = claim(member_id=member(Kind.NEVER_ANSWERED))
    answers = answers_to(upload(batch(forgotten)))
    assert [file.name for file in answers.files] == ["000000001_999.x12"]
    number = forgotten.patient_control_number
    assert kinds(answers) == [(number, Kind.NEVER_ANSWERED, 0, 0)]
    other = claim(member_id=PAID, patient_control_number="B")
    (acknowledged,) = batches(answers_to(upload(batch(forgotten, other))))
    assert [each.patient_control_number for each in claims_of(acknowledged)] == ["B"]
    assert acknowledged.totals.accepted_claims == 1


def test_an_835_can_come_a_visit_before_its_277ca() -> None:
    early = claim(member_id=member(Kind.EARLY_835), patient_control_number="A")
    other = claim(member_id=PAID, patient_control_number="B")
    answers = answers_to(upload(batch(early, other)))
    (later,) = answers.later_files
    assert later.name.endswith("_277CA.x12")
    assert b"*A~" in later.body
    now, then = batches(answers)
    assert [each.patient_control_number for each in claims_of(now)] == ["B"]
    assert [each.patient_control_number for each in claims_of(then)] == ["A"]
    ((first, second),) = (each.claims for each in remittances(answers))
    assert claims_of(then)[0].payer_claim_number == first.payer_claim_number
    assert claims_of(now)[0].payer_claim_number == second.payer_claim_number


@pytest.mark.parametrize("kind", [Kind.REJECTED_999, Kind.REJECTED_277CA_BATCH])
def test_a_set_refused_by_the_999_has_no_277ca(kind: Kind) -> None:
    refused = batch(
        claim(member_id=member(Kind.REJECTED_999), patient_control_number="A"),
        claim(member_id=member(kind), patient_control_number="B"),
    )
    answers = answers_to(upload(replace(refused, reference="B9")))
    assert batches(answers) == []
    assert {row.kind for row in claim_rows(answers)} == {Kind.REJECTED_999}
