"""Reading and writing 270s."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from edi.delimiters import STANDARD, Delimiters
from edi.eligibility_270 import BenefitInquiry, EligibilityInquiry, read_270, write_270
from edi.eligibility_tree import Demographics, Member, Receiver, Source
from edi.findings import ReadError, WriteError
from edi.guides import Guide
from edi.party_segments import Beginning, Name, Procedure, Trace, day
from edi.writer import write_interchange
from tests.edi.eligibility_values import benefit_inquiries, eligibilities
from tests.edi.x12_texts import GOLDEN, envelope, set_of, sole_set, without_places

BODY = (GOLDEN / "270-subscriber-and-dependent.edi").read_bytes()


def read(body: bytes = BODY) -> EligibilityInquiry:
    return read_270(sole_set(body)[0])


def members(inquiry: EligibilityInquiry) -> tuple[Member[BenefitInquiry], ...]:
    (source,) = inquiry.sources
    (receiver,) = source.receivers
    return receiver.subscribers


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(eligibilities(benefit_inquiries))
def test_what_is_written_is_read_back(inquiry: EligibilityInquiry) -> None:
    writer = write_270(inquiry, STANDARD)
    assert without_places(read_270(set_of(writer, Guide.ELIGIBILITY, "270"))) == inquiry


def test_golden_file_is_read_and_written_to_the_same_bytes() -> None:
    body = write_interchange(
        envelope(Guide.ELIGIBILITY, 12), [("270", write_270(read(), STANDARD))]
    )
    assert body == BODY


def test_an_inquiry_made_by_hand_is_what_the_guide_shows() -> None:
    person = Name(
        entity="IL",
        entity_type="1",
        last_name="CANARY",
        first_name="ANN",
        id_qualifier="MI",
        id="M1",
    )
    member = Member[BenefitInquiry](
        traces=(Trace(kind="1", number="CHECK1", originator="9CEDARPRAC"),),
        name=person,
        demographics=Demographics(birth_date=date(1980, 2, 29), gender="F"),
        dates=(day("291", date(2026, 3, 1)),),
        benefits=(BenefitInquiry(service_types=("30", "98")),),
    )
    provider = Name(
        entity="1P", entity_type="2", last_name="CEDAR", id_qualifier="XX", id="1234567893"
    )
    payer = Name(entity="PR", entity_type="2", last_name="HARBOR", id_qualifier="PI", id="HH001")
    receiver = Receiver(name=provider, subscribers=(member,))
    inquiry = EligibilityInquiry(
        beginning=Beginning(
            structure="0022",
            purpose="13",
            reference="INQUIRY1",
            created_on=date(2026, 3, 1),
            created_at="0905",
        ),
        sources=(Source(name=payer, receivers=(receiver,)),),
    )
    assert write_270(inquiry, STANDARD).segments() == (
        "BHT*0022*13*INQUIRY1*20260301*0905",
        "HL*1**20*1",
        "NM1*PR*2*HARBOR*****PI*HH001",
        "HL*2*1*21*1",
        "NM1*1P*2*CEDAR*****XX*1234567893",
        "HL*3*2*22*0",
        "TRN*1*CHECK1*9CEDARPRAC",
        "NM1*IL*1*CANARY*ANN****MI*M1",
        "DMG*D8*19800229*F",
        "DTP*291*D8*20260301",
        "EQ*30^98",
    )


def test_golden_file_says_who_asks_whom_about_whom() -> None:
    inquiry = read()
    assert inquiry.findings == ()
    assert (inquiry.beginning.purpose, inquiry.beginning.reference) == ("13", "INQUIRY1")
    (source,) = inquiry.sources
    assert source.name is not None
    assert (source.name.entity, source.name.id_qualifier, source.name.id) == ("PR", "PI", "HH001")
    (receiver,) = source.receivers
    assert receiver.name is not None
    assert receiver.name.id == "1234567893"
    assert receiver.provider is not None
    assert receiver.provider.id == "207Q00000X"
    first, second = receiver.subscribers
    assert (first.traces[0].number, first.traces[0].originator) == ("CHECK1", "9CEDARPRAC")
    assert first.name is not None
    assert (first.name.first_name, first.name.suffix, first.name.id) == ("ANN", "JR", "M1")
    assert first.demographics == Demographics(birth_date=date(1980, 2, 29), gender="F")
    assert first.address is not None
    assert (first.address.line2, first.address.state) == ("APT 3", "IL")
    assert first.insured is not None
    assert (first.insured.is_subscriber, first.insured.birth_sequence) == (True, "2")
    assert (second.benefits, second.traces) == ((), ())
    (dependent,) = second.dependents
    assert dependent.insured is not None
    assert (dependent.insured.is_subscriber, dependent.insured.relationship) == (False, "19")
    assert dependent.benefits[0].amounts == ()  # 2110D has no AMT.


def test_golden_file_says_what_is_asked() -> None:
    plan, therapy = members(read())[0].benefits
    assert (plan.service_types, plan.procedure) == (("30", "98"), None)
    assert therapy.service_types == ()
    assert therapy.procedure == Procedure(qualifier="HC", code="97110", modifiers=("GP",))
    assert (therapy.coverage_level, therapy.diagnosis_pointers) == ("FAM", ("1", "2"))
    amounts = [(amount.qualifier, amount.cents) for amount in therapy.amounts]
    assert amounts == [("R", 3750), ("PB", 10000)]
    assert [(each.qualifier, each.code) for each in therapy.industry_codes] == [("ZZ", "11")]
    assert (therapy.references[0].qualifier, therapy.references[0].value) == ("9F", "AUTH1")
    (period,) = therapy.dates
    assert (period.first, period.last) == (date(2026, 3, 1), date(2026, 3, 31))


def test_nothing_of_a_patient_is_in_the_repr() -> None:
    text = repr(read())
    for value in ("CANARY", "19800229", "1980, 2, 29", "123456789", "LAKE", "E119"):
        assert value not in text


def test_a_file_with_other_delimiters_says_the_same() -> None:
    other = Delimiters(element="|", component=">", repetition="!", terminator="\n")
    around = replace(envelope(Guide.ELIGIBILITY, 12), delimiters=other)
    body = write_interchange(around, [("270", write_270(read(), other))])
    assert b"EQ|30!98\n" in body
    assert b"HI|ABK>E119|ABF>I10\n" in body  # Kept whole, yet in the delimiters of this file.
    written = write_270(read(body), STANDARD)
    assert write_interchange(envelope(Guide.ELIGIBILITY, 12), [("270", written)]) == BODY


def test_a_repetition_without_its_delimiter_is_refused() -> None:
    with pytest.raises(WriteError):
        write_270(read(), replace(STANDARD, repetition=""))


def test_a_dependent_of_a_dependent_is_refused() -> None:
    inquiry = read()
    (source,) = inquiry.sources
    (receiver,) = source.receivers
    child = receiver.subscribers[1]
    deep = replace(child, dependents=(replace(child, dependents=(child,)),))
    source = replace(source, receivers=(replace(receiver, subscribers=(deep,)),))
    with pytest.raises(WriteError):
        write_270(replace(inquiry, sources=(source,)), STANDARD)


def test_five_modifiers_are_refused() -> None:
    procedure = Procedure(qualifier="HC", code="97110", modifiers=("1", "2", "3", "4", "5"))
    with pytest.raises(WriteError):
        procedure.components()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"DMG*D8*19800229", b"DMG*D8*19800230", "X12-DATE"),
        (b"DTP*291*D8*20260301~\nEQ*30^98", b"DTP*291*D8*2026~\nEQ*30^98", "X12-DATE"),
        (b"AMT*R*37.5", b"AMT*R*37.5.", "X12-AMOUNT"),
        (b"INS*N*19", b"INS*X*19", "X12-YES-NO"),
        (b"INS*N*19", b"INS*N*19***A", "X12-UNREAD"),
        (b"HL*5*4*23*0", b"HL*5*5*23*0", "X12-HL-PARENT"),
    ],
)
def test_what_is_wrong_is_a_finding(old: bytes, new: bytes, code: str) -> None:
    assert BODY.count(old) == 1
    inquiry = read(BODY.replace(old, new))
    assert [finding.code for finding in inquiry.findings] == [code]
    assert len(members(inquiry)) == 2


@pytest.mark.parametrize(
    ("old", "new"), [(b"ST*270", b"ST*271"), (b"BHT*0022*13*INQUIRY1*20260301*0905~\n", b"")]
)
def test_a_set_that_is_no_270_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(ReadError) as refusal:
        read(BODY.replace(old, new))
    assert refusal.value.finding.code == "270-NOT-270"
