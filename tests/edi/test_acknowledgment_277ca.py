"""Reading and writing 277CAs."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from edi.acknowledgment_277ca import (
    AcknowledgedBatch,
    AcknowledgedClaim,
    ClaimAcknowledgment,
    read_277ca,
    write_277ca,
)
from edi.claim_status import StatusCode
from edi.delimiters import STANDARD, Delimiters
from edi.findings import ReadError, WriteError
from edi.guides import Guide
from edi.money import Cents
from edi.pyx12_validator import validate_with_pyx12
from edi.writer import write_interchange
from tests.edi.acknowledgment_values import claim_acknowledgments
from tests.edi.agreement_277ca import assert_both_roads_agree
from tests.edi.x12_texts import GOLDEN, envelope, set_of, sole_set, without_places

BODY = (GOLDEN / "277ca-four-claims.edi").read_bytes()


def read(body: bytes = BODY) -> ClaimAcknowledgment:
    return read_277ca(sole_set(body)[0])


def changed(old: bytes, new: bytes) -> ClaimAcknowledgment:
    assert BODY.count(old) == 1
    lines = 60 + new.count(b"\n") - old.count(b"\n")
    return read(BODY.replace(old, new).replace(b"SE*60*", b"SE*%d*" % lines))


def with_batch(batch: AcknowledgedBatch) -> ClaimAcknowledgment:
    acknowledgment = read()
    (reporter,) = acknowledgment.reporters
    return replace(acknowledgment, reporters=(replace(reporter, batches=(batch,)),))


def claims(acknowledgment: ClaimAcknowledgment) -> dict[str, AcknowledgedClaim]:
    return {
        claim.patient_control_number: claim
        for reporter in acknowledgment.reporters
        for batch in reporter.batches
        for provider in batch.providers
        for patient in provider.patients
        for claim in patient.claims
    }


def codes(acknowledgment: ClaimAcknowledgment) -> list[str]:
    return [finding.code for finding in acknowledgment.findings]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim_acknowledgments)
def test_what_is_written_is_read_back(acknowledgment: ClaimAcknowledgment) -> None:
    writer = write_277ca(acknowledgment, STANDARD)
    read_back = read_277ca(set_of(writer, Guide.CLAIM_ACKNOWLEDGMENT, "277"))
    assert without_places(read_back) == acknowledgment


def test_golden_file_is_read_and_written_to_the_same_bytes() -> None:
    writer = write_277ca(read(), STANDARD)
    around = envelope(Guide.CLAIM_ACKNOWLEDGMENT, 11)
    assert write_interchange(around, [("277", writer)]) == BODY


def test_golden_file_is_legal_and_both_roads_agree() -> None:
    around = sole_set(BODY)
    assert validate_with_pyx12(*around) == ()
    assert_both_roads_agree(*around)


def test_golden_file_says_who_speaks_about_which_batch() -> None:
    acknowledgment = read()
    assert acknowledgment.findings == ()
    assert acknowledgment.beginning.reference == "277CA0001"
    assert acknowledgment.beginning.created_on == date(2026, 3, 1)
    (reporter,) = acknowledgment.reporters
    assert (reporter.is_payer, reporter.trace.number) == (False, "RECEIPT77")
    assert [each.first for each in reporter.dates] == [date(2026, 2, 28), date(2026, 3, 1)]
    (batch,) = reporter.batches
    assert batch.trace.number == "BATCH0001"
    assert batch.statuses[0].code == StatusCode(category="A1", status="19", entity="PR")
    assert (batch.totals.accepted_claims, batch.totals.rejected_claims) == (2, 2)
    assert (batch.totals.accepted_cents, batch.totals.rejected_cents) == (41050, 35000)
    first, second = batch.providers
    assert (first.totals.accepted_claims, first.totals.rejected_claims) == (2, 1)
    assert (second.totals.accepted_claims, second.totals.rejected_cents) == (None, 20000)
    assert second.statuses[0].code.category == "A3"


def test_golden_file_says_what_became_of_each_claim() -> None:
    found = claims(read())
    assert list(found) == ["PCN1", "PCN2", "PCN3", "PCN4"]
    first, second, third, _ = found.values()
    assert (first.payer_claim_number, first.clearinghouse_number) == ("ICN1", "CH123")
    assert (first.bill_type, second.bill_type) == ("", "131")
    assert (second.dates[0].first, second.dates[0].last) == (date(2026, 2, 18), date(2026, 2, 20))
    (status,) = third.statuses
    assert [code.category for code in status.codes] == ["A7", "A7", "A8"]
    assert [code.status for code in status.codes] == ["562", "673", "128"]
    assert (status.action, status.charge_cents) == ("U", Cents(15000))
    assert status.effective_date == date(2026, 3, 1)
    assert status.message == "CALL ABOUT CANARY"
    assert status.segment_number == 41
    line, other_line = third.lines
    assert (line.line_control_number, other_line.line_control_number) == ("L1", "L2")
    assert (line.procedure.code, line.procedure.modifiers) == ("99213", ("25", "59"))
    assert (line.charge_cents, line.revenue_code, line.units) == (10000, "0450", 1000)
    assert [code.category for code in other_line.statuses[0].codes] == ["A7", "A6"]


def test_nothing_of_a_patient_is_in_the_repr() -> None:
    text = repr(read())
    assert "CANARY" not in text
    assert "M1" not in text


def test_a_file_with_other_delimiters_says_the_same() -> None:
    other = Delimiters(element="|", component=">", repetition="!", terminator="\n")
    around = replace(envelope(Guide.CLAIM_ACKNOWLEDGMENT, 11), delimiters=other)
    body = write_interchange(around, [("277", write_277ca(read(), other))])
    assert read(body) == read()


def test_a_provider_rejected_without_claims_is_read_and_written() -> None:
    batch = read().reporters[0].batches[0]
    whole = with_batch(replace(batch, providers=(replace(batch.providers[1], patients=()),)))
    sets = [("277", write_277ca(whole, STANDARD))]
    body = write_interchange(envelope(Guide.CLAIM_ACKNOWLEDGMENT), sets)
    assert b"HL*3*2*19*0~" in body
    assert read(body) == whole
    # The guide allows it (HL04 0); pyx12's map asks for a patient.
    found = [finding.code for finding in validate_with_pyx12(*sole_set(body))]
    assert found == ["PYX12-ELEMENT-7", "PYX12-SEGMENT-3"]


def test_a_batch_rejected_as_a_whole_has_no_providers() -> None:
    whole = with_batch(replace(read().reporters[0].batches[0], providers=()))
    writer = write_277ca(whole, STANDARD)
    assert "HL*2*1*21*0" in writer.segments()
    assert read_277ca(set_of(writer, Guide.CLAIM_ACKNOWLEDGMENT, "277")) == whole


@pytest.mark.parametrize(
    ("old", "new", "code", "element"),
    [
        (b"*WQ*210.5~", b"*WQ*210.555~", "X12-AMOUNT", 4),
        (b"*WQ*210.5~", b"*WQ*ABC~", "X12-AMOUNT", 4),
        (b"QTY*90*2~", b"QTY*90*TWO~", "X12-QUANTITY", 2),
        (b"AMT*YY*350~", b"AMT*YY*3,50~", "X12-AMOUNT", 2),
        (b"A2:20:PR*20260301*", b"A2:20:PR*20260230*", "X12-DATE", 2),
        (b"RD8*20260218-20260220", b"RD8*20260218", "X12-DATE", 3),
        (b"TRN*2*PCN1~", b"TRN*2*PCN1****X~", "X12-UNREAD", 6),
        (b"SVC*HC:36415*50~", b"SVC*HC:36415*50*49~", "X12-UNREAD", 3),
        (b"STC*A1:19:PR*", b"STC*A1:19:PR::X*", "X12-UNREAD", 1),
        (b"SVC*HC:36415*", b"SVC*HC:36415::::::::X*", "X12-UNREAD", 1),
        (b"HL*5*3*PT~", b"HL*6*3*PT~", "X12-HL-NUMBER", 1),
        (b"HL*7*6*PT~", b"HL*7*9*PT~", "X12-HL-PARENT", 2),
        (b"HL*7*6*PT~", b"HL*7*7*PT~", "X12-HL-PARENT", 2),
        (b"HL*6*2*19*1~", b"HL*6*2*19*0~", "X12-HL-CHILD", 4),
    ],
)
def test_what_is_wrong_is_a_finding_with_its_place(
    old: bytes, new: bytes, code: str, element: int
) -> None:
    acknowledgment = changed(old, new)
    assert codes(acknowledgment) == [code]
    (finding,) = acknowledgment.findings
    assert finding.place.element == element
    assert finding.place.transaction_set == "0001"
    assert finding.place.byte_offset > 0
    assert list(claims(acknowledgment)) == ["PCN1", "PCN2", "PCN3", "PCN4"]


def test_a_level_without_its_parent_goes_to_the_nearest_one() -> None:
    acknowledgment = changed(b"HL*7*6*PT~", b"HL*7*9*PT~")
    providers = acknowledgment.reporters[0].batches[0].providers
    assert [len(provider.patients) for provider in providers] == [2, 1]


def test_a_level_that_the_guide_has_not_is_kept_but_not_read() -> None:
    acknowledgment = changed(b"HL*7*6*PT~", b"HL*7*6*22~")
    assert codes(acknowledgment) == ["X12-HL-LEVEL", "X12-HL-CHILD"]
    kept = [segment.id for segment in acknowledgment.other]
    assert kept == ["HL", "NM1", "TRN", "STC", "DTP"]
    assert list(claims(acknowledgment)) == ["PCN1", "PCN2", "PCN3"]


def test_a_claim_without_a_status_says_nothing() -> None:
    acknowledgment = changed(b"STC*A2:20:PR*20260301*WQ*210.5~\n", b"")
    assert codes(acknowledgment) == ["277CA-NO-STATUS"]
    assert claims(acknowledgment)["PCN1"].statuses == ()


def test_what_is_not_modelled_is_kept_where_it_stands() -> None:
    acknowledgment = changed(b"REF*1K*ICN1~", b"REF*1K*ICN1~\nK3*AS:IT^IS~")
    assert acknowledgment.findings == ()
    assert [segment.id for segment in claims(acknowledgment)["PCN1"].other] == ["K3"]
    assert "K3*AS:IT^IS" in write_277ca(acknowledgment, STANDARD).segments()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"005010X214", b"005010X212"),
        (b"ST*277", b"ST*276"),
        (b"BHT*0085*08*277CA0001*20260301*090500*TH~\n", b""),
    ],
)
def test_a_set_that_is_no_277ca_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(ReadError) as refusal:
        read(BODY.replace(old, new))
    assert refusal.value.finding.code == "277CA-NOT-277CA"


def test_a_delimiter_in_a_message_is_refused() -> None:
    batch = read().reporters[0].batches[0]
    status = replace(batch.statuses[0], message="CANARY~STC*A2")
    with pytest.raises(WriteError) as refusal:
        write_277ca(with_batch(replace(batch, statuses=(status,))), STANDARD)
    assert "CANARY" not in str(refusal.value)
