"""Reading and writing 837s whole: professional, institutional and dental."""

from dataclasses import replace
from functools import cache

import pytest

from edi.claim_837.filed import CodedFact, CodedFacts, CodeUse, FiledClaims, read_837, write_837
from edi.claim_837.filed.composites import RelatedCauses
from edi.delimiters import Delimiters
from edi.findings import ReadError, WriteError
from edi.guides import FileType, Guide
from edi.pyx12_reader import read_segments
from edi.pyx12_validator import validate_with_pyx12
from edi.writer import write_interchange
from tests.edi.x12_texts import GOLDEN, envelope, sole_set, without_places

GUIDES = {
    "837p": (21, Guide.CLAIM_PROFESSIONAL),
    "837i": (22, Guide.CLAIM_INSTITUTIONAL),
    "837d": (23, Guide.CLAIM_DENTAL),
}
of_each_kind = pytest.mark.parametrize("kind", GUIDES)


def body_of(kind: str) -> bytes:
    return (GOLDEN / f"{kind}-whole.edi").read_bytes()


@cache
def filed(kind: str) -> FiledClaims:
    return read_837(sole_set(body_of(kind))[0])


def file_of(kind: str, claims: FiledClaims) -> bytes:
    number, guide = GUIDES[kind]
    return write_interchange(envelope(guide, number), [("837", write_837(claims))])


@of_each_kind
def test_a_golden_file_is_read_without_a_finding_and_written_to_the_same_bytes(kind: str) -> None:
    assert filed(kind).findings == ()
    assert file_of(kind, filed(kind)) == body_of(kind)


@of_each_kind
def test_a_golden_file_is_legal_and_pyx12_sees_the_same_segments(kind: str) -> None:
    around = sole_set(body_of(kind))
    assert validate_with_pyx12(*around) == ()
    rows = [(segment_id, *elements) for _, segment_id, elements in read_segments(*around)]
    written = [tuple(each.split("*")) for each in write_837(filed(kind)).segments()]
    assert rows[1:-1] == written


@of_each_kind
def test_nothing_of_a_golden_file_is_left_raw(kind: str) -> None:
    def raw(value: object) -> list[object]:
        if isinstance(value, tuple) and type(value) is tuple:
            return [found for each in value for found in raw(each)]
        fields = getattr(value, "__dataclass_fields__", {})
        found = list(getattr(value, "other", ()))
        return found + [each for name in fields for each in raw(getattr(value, name))]

    assert raw(filed(kind)) == []


@of_each_kind
def test_the_text_of_claims_names_nobody(kind: str) -> None:
    assert "CANARY" not in repr(filed(kind))


def test_a_professional_claim_is_typed() -> None:
    whole = filed("837p")
    ((claim, patient, subscriber),) = whole.claims()
    (provider,) = whole.providers
    assert whole.file_type is FileType.CLAIM_PROFESSIONAL
    assert (patient, claim.charge_cents, claim.facility.frequency) == (None, 87050, "7")
    assert provider.billing_provider is not None
    assert (provider.billing_provider.npi, provider.billing_provider.tax_id) == (
        "1234567893",
        "841234567",
    )
    assert provider.pay_to_plan is not None
    assert provider.pay_to_plan.name.id == "PLAN7"
    assert provider.pay_to_address is not None
    assert subscriber.facts is not None
    assert (subscriber.facts.weight, subscriber.facts.weight_unit) == (146_000, "01")
    assert claim.causes is not None
    assert (claim.causes.causes, claim.causes.state) == (("AA", "OA"), "TX")
    assert claim.reference("F8") == "ICN1"
    assert [fact.code for fact in claim.coded(CodeUse.DIAGNOSIS)] == ["S72001A", "I10", "E119"]
    assert [fact.code for fact in claim.coded(CodeUse.CONDITION)] == ["A6", "W2"]
    ambulance = claim.ambulance
    assert ambulance is not None
    assert (ambulance.distance, ambulance.stretcher) == (21_500, "OXYGEN ON BOARD")
    dropped_at = claim.provider("45")
    assert dropped_at is not None
    assert dropped_at.address is not None


def test_what_another_payer_decided_is_typed_and_balances() -> None:
    ((claim, _, _),) = filed("837p").claims()
    (other,) = claim.other_coverages
    assert (other.paid_cents, other.adjustments[0].total_cents) == (67000, 1500)
    assert other.outpatient is not None
    assert other.outpatient.remarks == ("N290", "MA01", "MA18")
    for line in claim.lines:
        (decided,) = line.adjudications
        adjusted = sum(adjustment.total_cents for adjustment in decided.adjustments)
        assert (decided.payment.paid_cents or 0) + adjusted == line.charge_cents
    assert [line.control_number for line in claim.lines] == ["L1", "L2"]
    answers = claim.lines[1].forms[0].answers
    assert [each.question for each in answers] == ["1A", "2", "3"]


def test_an_institutional_claim_is_typed() -> None:
    ((claim, patient, _),) = filed("837i").claims()
    assert patient is not None
    assert patient.patient is not None
    assert claim.bill_type == "111"
    assert claim.admission is not None
    assert (claim.admission.source, claim.admission.patient_status) == ("7", "01")
    principal, *others = claim.coded(CodeUse.DIAGNOSIS)
    assert (principal.present_on_admission, len(others)) == ("Y", 2)
    value, days = claim.coded(CodeUse.VALUE)
    assert ((value.code, value.amount), days.amount) == (("01", "1200.5"), "4")
    (span,) = claim.coded(CodeUse.OCCURRENCE_SPAN)
    assert (span.code, span.date_format, span.date) == ("70", "RD8", "20260101-20260105")
    assert [fact.code for fact in claim.coded(CodeUse.DRG)] == ["482"]
    attending = claim.provider("71")
    assert attending is not None
    assert attending.specialty is not None
    assert attending.specialty.role == "AT"
    inpatient = claim.other_coverages[0].inpatient
    assert inpatient is not None
    assert inpatient.remarks == ("MA01", "N1", "N2", "N3", "N4")
    room = claim.lines[0].institutional
    assert room is not None
    assert (room.revenue_code, room.unit, room.not_covered_cents) == ("0120", "DA", 10000)


def test_a_dental_claim_is_typed() -> None:
    ((claim, _, _),) = filed("837d").claims()
    assert claim.submission_reason == "PB"
    assert claim.orthodontics is not None
    assert (claim.orthodontics.months, claim.orthodontics.months_left) == (24_000, 20_000)
    assert [(tooth.number, tooth.status) for tooth in claim.teeth] == [("8", "M"), ("17", "E")]
    braces, filling = claim.lines
    assert braces.dental is not None
    assert (braces.dental.oral_cavity, braces.dental.pointers) == (("10", "20"), ("1", "2"))
    assert [tooth.surfaces for tooth in filling.teeth] == [("L", "O", "D"), ("M",)]


def test_segments_out_of_the_order_of_the_guide_stay_where_they_were() -> None:
    body = body_of("837p").replace(b"REF*9F*REFERRAL1~\nREF*G1*AUTH1~\n", b"REF*G1*AUTH1~\n")
    body = body.replace(b"NTE*ADD*SEEN", b"REF*9F*REFERRAL1~\nZZZ*1:2*3^4~\nNTE*ADD*SEEN")
    body = body.replace(b"SE*127*", b"SE*128*")
    claims = read_837(sole_set(body)[0])
    assert file_of("837p", claims) == body
    ((claim, _, _),) = claims.claims()
    assert [segment.id for segment in claim.other] == ["ZZZ"]


def test_a_claim_can_be_changed_and_written() -> None:
    whole = filed("837d")
    ((claim, _, subscriber),) = whole.claims()
    code = CodedFacts.of(CodedFact(qualifier="ABK", code="K0261"))
    changed = replace(claim, codes=(code,), lines=claim.lines[:1])
    levels = (replace(whole.providers[0], subscribers=(replace(subscriber, claims=(changed,)),)),)
    again = read_837(sole_set(file_of("837d", replace(whole, providers=levels)))[0])
    assert without_places(tuple(each for each, _, _ in again.claims())) == (changed,)


@of_each_kind
def test_any_legal_delimiters_are_read_and_written(kind: str) -> None:
    number, guide = GUIDES[kind]
    others = Delimiters(element="|", component=">", repetition="!", terminator="\n")
    around = replace(envelope(guide, number), delimiters=others)
    body = write_interchange(around, [("837", write_837(filed(kind), others))])
    assert without_places(read_837(sole_set(body)[0])) == without_places(filed(kind))


def test_another_transaction_is_refused() -> None:
    with pytest.raises(ReadError, match="837-NOT-837"):
        read_837(sole_set((GOLDEN / "835-two-claims.edi").read_bytes())[0])


def test_a_claim_under_no_subscriber_is_kept_with_an_error() -> None:
    body = body_of("837d").replace(b"HL*2*1*22*0~\n", b"").replace(b"HL*1**20*1", b"HL*1**20*0")
    claims = read_837(sole_set(body)[0])
    assert "837-STRAY-CLAIM" in [finding.code for finding in claims.findings]
    assert any(segment.id == "CLM" for segment in claims.providers[0].other)


def test_what_no_guide_allows_is_not_written() -> None:
    whole = filed("837d")
    ((claim, _, subscriber),) = whole.claims()
    causes = replace(claim, causes=RelatedCauses(causes=("AA", "EM", "OA", "AP")))
    for wrong in (replace(claim, lines=()), causes):
        level = replace(subscriber, claims=(wrong,))
        levels = (replace(whole.providers[0], subscribers=(level,)),)
        with pytest.raises(WriteError):
            write_837(replace(whole, providers=levels))
