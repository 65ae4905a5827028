"""Reading and writing 271s."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from edi.delimiters import STANDARD
from edi.eligibility_271 import Benefit, EligibilityResponse, read_271, write_271
from edi.eligibility_tree import Aaa, Member
from edi.findings import ReadError, WriteError
from edi.guides import Guide
from edi.party_segments import Procedure
from edi.writer import write_interchange
from tests.edi.eligibility_values import benefits, eligibilities
from tests.edi.x12_texts import GOLDEN, envelope, set_of, sole_set, without_places

BODY = (GOLDEN / "271-rich.edi").read_bytes()


def read(body: bytes = BODY) -> EligibilityResponse:
    return read_271(sole_set(body)[0])


def changed(old: bytes, new: bytes) -> EligibilityResponse:
    assert BODY.count(old) == 1
    lines = 61 + new.count(b"\n") - old.count(b"\n")
    return read(BODY.replace(old, new).replace(b"SE*61*", b"SE*%d*" % lines))


def member(response: EligibilityResponse) -> Member[Benefit]:
    return response.sources[0].receivers[0].subscribers[0]


def codes(response: EligibilityResponse) -> list[str]:
    return [finding.code for finding in response.findings]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(eligibilities(benefits))
def test_what_is_written_is_read_back(response: EligibilityResponse) -> None:
    writer = write_271(response, STANDARD)
    assert without_places(read_271(set_of(writer, Guide.ELIGIBILITY, "271"))) == response


def test_golden_file_is_read_and_written_to_the_same_bytes() -> None:
    sets = [("271", write_271(read(), STANDARD))]
    assert write_interchange(envelope(Guide.ELIGIBILITY, 13), sets) == BODY


def test_golden_file_says_who_the_person_is_to_the_payer() -> None:
    response = read()
    assert response.findings == ()
    (source,) = response.sources
    (contact,) = source.contacts
    assert (contact.qualifier, contact.number) == ("TE", "2175550100")
    person = member(response)
    assert [trace.number for trace in person.traces] == ["CHECK1", "HH778"]
    assert person.name is not None
    assert (person.name.first_name, person.name.id) == ("ANNE", "M1000")
    assert person.is_corrected
    assert [(each.qualifier, each.description) for each in person.references] == [
        ("18", ""),
        ("6P", "CANARY WORKS"),
    ]
    plan_began, plan = person.dates
    assert (plan_began.qualifier, plan_began.first) == ("346", date(2026, 1, 1))
    assert (plan.first, plan.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [segment.id for segment in person.other] == ["MPI"]


def test_golden_file_says_every_element_of_a_benefit() -> None:
    found = {benefit.code: benefit for benefit in member(read()).benefits}
    active, share, copay, limit = (found[code] for code in "1ABF")
    assert (active.service_types, active.insurance_type) == (("30",), "PR")
    assert active.plan_description == "HARBOR GOLD PPO"
    assert (share.service_types, share.percent) == (("98", "MH"), 200)
    assert (share.authorization, share.in_network, share.amount_cents) == ("N", "N", None)
    assert (copay.period, copay.amount_cents, copay.in_network) == ("27", 2500, "Y")
    assert copay.messages == ("PER VISIT, WAIVED FOR PREVENTIVE CARE", "ASK FOR CANARY")
    assert [each.code for each in copay.industry_codes] == ["11"]
    assert (limit.quantity_qualifier, limit.quantity) == ("VS", 20000)
    assert limit.procedure == Procedure(
        qualifier="HC", code="97110", modifiers=("GP",), code_to="97140"
    )
    assert limit.diagnosis_pointers == ("1", "2")
    (delivery,) = limit.deliveries
    assert (delivery.quantity, delivery.unit, delivery.every) == (20000, "YR", 1000)
    assert (delivery.period, delivery.periods) == ("23", 1000)
    assert (delivery.frequency, delivery.pattern) == ("1", "A")
    assert limit.references[0].value == "AUTH1"
    assert limit.dates[0].last == date(2026, 12, 31)


def test_golden_file_says_the_deductible_and_what_remains_of_it() -> None:
    deductible, remaining = (each for each in member(read()).benefits if each.code == "C")
    assert (deductible.period, deductible.amount_cents) == ("23", 150000)
    assert (remaining.period, remaining.amount_cents) == ("29", 48750)
    assert remaining.coverage_level == "IND"


def test_golden_file_says_who_else_is_concerned() -> None:
    found = {benefit.code: benefit for benefit in member(read()).benefits}
    doctor, employer = found["L"].entities
    assert (doctor.name.entity, doctor.name.id) == ("P3", "1003000126")
    assert doctor.address is not None
    assert (doctor.address.line1, doctor.address.city) == ("9 ELM STREET", "SPRINGFIELD")
    assert doctor.contacts[0].number == "2175550102"
    assert doctor.provider is not None
    assert doctor.provider.id == "207Q00000X"
    assert (employer.name.entity, employer.address) == ("36", None)
    (other_payer,) = found["R"].entities
    assert (other_payer.name.last_name, other_payer.name.relationship) == ("SECOND MUTUAL", "01")


def test_golden_file_says_what_was_wrong_with_a_request() -> None:
    _, subscriber = read().sources[0].receivers[0].subscribers
    (dependent,) = subscriber.dependents
    assert dependent.errors == (
        Aaa(is_valid=False, code="65", follow_up="C"),
        Aaa(is_valid=False, code="71", follow_up="C"),
    )
    (inactive,) = dependent.benefits
    assert (inactive.code, inactive.errors[0].code) == ("6", "62")
    assert not dependent.is_corrected


@pytest.mark.parametrize(
    ("before", "place"),
    [
        (b"NM1*PR*2*HARBOR", "request"),
        (b"HL*2*1*21*1", "source"),
        (b"HL*3*2*22*0", "receiver"),
        (b"DMG*D8*19800229", "member"),
        (b"EB*L~", "benefit"),
    ],
)
def test_a_rejection_is_read_at_the_level_it_is_about(before: bytes, place: str) -> None:
    response = changed(before, b"AAA*Y**42*R~\n" + before)
    (source,) = response.sources
    receiver, person = source.receivers[0], member(response)
    rejected = Aaa(is_valid=True, code="42", follow_up="R")
    found = {
        "request": source.request_errors,
        "source": source.errors,
        "receiver": receiver.errors,
        "member": person.errors,
        "benefit": person.benefits[0].errors,
    }
    assert found == {**dict.fromkeys(found, ()), place: (rejected,)}
    assert response.findings == ()


def test_a_rejection_may_be_all_there_is() -> None:
    start = BODY[: BODY.index(b"NM1*PR")].replace(b"HL*1**20*1", b"HL*1**20*0")
    end = b"AAA*Y**42*Y~\nSE*5*0001~\nGE*1*13~\nIEA*1*000000013~\n"
    response = read(start + end)
    (source,) = response.sources
    assert source.request_errors == (Aaa(is_valid=True, code="42", follow_up="Y"),)
    assert (source.name, source.receivers, response.findings) == (None, (), ())


def test_nothing_of_a_patient_is_in_the_repr() -> None:
    text = repr(read())
    for value in ("CANARY", "1980, 2, 29", "M1000", "LAKE", "E119", "ANNE"):
        assert value not in text


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"EB*B*IND*98***27*25*", b"EB*B*IND*98***27*$25*", "X12-AMOUNT"),
        (b"*****.2***N*N", b"*****20%***N*N", "X12-QUANTITY"),
        (b"***VS*20*Y", b"***VS*XX*Y", "X12-QUANTITY"),
    ],
)
def test_a_benefit_with_an_unreadable_number_is_marked(old: bytes, new: bytes, code: str) -> None:
    response = changed(old, new)
    assert codes(response) == [code]
    assert [each.is_readable for each in member(response).benefits].count(False) == 1
    with pytest.raises(WriteError):
        write_271(response, STANDARD)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"AAA*N**65*C", b"AAA***65*C", "X12-YES-NO"),
        (b"MSG*ASK FOR CANARY", b"MSG*ASK FOR CANARY*SS", "X12-UNREAD"),
        (b"DTP*292*RD8*20260101-20261231", b"DTP*292*RD8*20260101-20261331", "X12-DATE"),
        (b"HL*5*4*23*0", b"HL*5*1*23*0", "X12-HL-PARENT"),
    ],
)
def test_what_is_wrong_is_a_finding(old: bytes, new: bytes, code: str) -> None:
    assert codes(changed(old, new)) == [code]


def test_a_wrapper_without_a_name_is_kept_and_what_is_in_it_is_read() -> None:
    response = changed(b"EB*L~\n", b"EB*L~\nLS*2120~\nREF*6P*G1~\nLE*2120~\n")
    (benefit,) = (each for each in member(response).benefits if each.code == "L")
    assert [segment.id for segment in benefit.other] == ["LS", "LE"]
    assert benefit.references[0].value == "G1"
    assert len(benefit.entities) == 2


def test_a_wrapper_that_is_not_closed_loses_nothing() -> None:
    response = changed(b"PI*SM002*01~\nLE*2120~\n", b"PI*SM002*01~\n")
    (benefit,) = (each for each in member(response).benefits if each.code == "R")
    assert [segment.id for segment in benefit.other] == ["LS", "NM1"]


@pytest.mark.parametrize(
    ("old", "new"), [(b"ST*271", b"ST*270"), (b"BHT*0022*11*INQUIRY1*20260301*0906~\n", b"")]
)
def test_a_set_that_is_no_271_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(ReadError) as refusal:
        read(BODY.replace(old, new))
    assert refusal.value.finding.code == "271-NOT-271"


def test_a_delimiter_in_a_message_is_refused() -> None:
    response = read()
    (source,) = response.sources
    (receiver,) = source.receivers
    person = receiver.subscribers[0]
    bad = replace(person, benefits=(replace(person.benefits[0], messages=("CANARY~EB*1",)),))
    source = replace(source, receivers=(replace(receiver, subscribers=(bad,)),))
    with pytest.raises(WriteError) as refusal:
        write_271(replace(response, sources=(source,)), STANDARD)
    assert "CANARY" not in str(refusal.value)
