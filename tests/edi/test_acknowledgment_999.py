"""Reading, writing and making 999s."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from edi.acknowledge_group import acknowledge
from edi.acknowledgment_999 import (
    Context,
    FunctionalAcknowledgment,
    read_997,
    read_999,
    write_999,
)
from edi.delimiters import STANDARD
from edi.envelope import FunctionalGroup, TransactionSet
from edi.findings import Finding, Place, ReadError, Severity, WriteError, error, warning
from edi.guides import Guide
from edi.writer import write_interchange
from tests.edi.x12_texts import GOLDEN, envelope, set_of, set_of_texts, sole_set
from tests.strategies import acknowledgments

GOLDEN_999 = (GOLDEN / "999-partial.edi").read_bytes()


def read(*segments: str) -> FunctionalAcknowledgment:
    return read_999(set_of_texts(*segments, guide=Guide.ACKNOWLEDGMENT))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acknowledgments)
def test_what_is_written_is_read_back(acknowledgment: FunctionalAcknowledgment) -> None:
    writer = write_999(acknowledgment, STANDARD)
    assert read_999(set_of(writer, Guide.ACKNOWLEDGMENT, "999")) == acknowledgment


def test_golden_file_is_read_and_written_to_the_same_bytes() -> None:
    acknowledgment = read_999(sole_set(GOLDEN_999)[0])
    writer = write_999(acknowledgment, STANDARD)
    body = write_interchange(envelope(Guide.ACKNOWLEDGMENT, 8), [("999", writer)])
    assert body == GOLDEN_999


def test_golden_file_says_what_it_says() -> None:
    acknowledgment = read_999(sole_set(GOLDEN_999)[0])
    assert (acknowledgment.group_control_number, acknowledgment.code) == ("17456", "P")
    first, second = acknowledgment.sets
    assert (first.is_accepted, first.is_rejected) == (True, False)
    assert (second.is_accepted, second.is_rejected, second.reasons) == (False, True, ("5",))
    clm, ref = second.errors
    assert (clm.segment_id, clm.position, clm.loop, clm.code) == ("CLM", 22, "2300", "8")
    assert (clm.contexts[0].name, clm.contexts[0].value) == ("CLM01", "PCNCANARY")
    (element,) = clm.elements
    assert (element.element, element.component, element.code) == (5, 1, "7")
    assert element.value == "CANARY"
    (context,) = ref.contexts
    assert (context.segment_id, context.position, context.element) == ("CLM", 43, 5)
    assert "CANARY" not in repr(acknowledgment)


@pytest.mark.parametrize("code", ["A", "E", "R", "M", "W", "X", "Q", ""])
def test_a_verdict_accepts_or_rejects_or_is_unknown(code: str) -> None:
    (verdict,) = read("AK1*HC*1", "AK2*837*0001", f"IK5*{code}", "AK9*P*1*1*0").sets
    assert verdict.is_accepted == (code in {"A", "E"})
    assert verdict.is_rejected == (code in {"R", "M", "W", "X"})


def test_a_group_may_be_answered_without_its_sets() -> None:
    acknowledgment = read("AK1*HC*1*005010X222A1", "AK9*R*3*3*0*1")
    assert (acknowledgment.sets, acknowledgment.code) == ((), "R")
    assert acknowledgment.reasons == ("1",)
    assert acknowledgment.findings == ()


def test_what_is_missing_is_a_finding() -> None:
    acknowledgment = read("AK1*HC*1", "AK2*837*0001", "AK5*A")
    found = [finding.code for finding in acknowledgment.findings]
    assert found == ["999-NO-IK5", "999-STRAY", "999-NO-AK9"]
    assert [raw.id for raw in acknowledgment.other] == ["AK5"]


def test_a_context_that_repeats_is_read_as_several() -> None:
    ctx = b"CTX*SITUATIONAL TRIGGER^CLM01:X*CLM*43**5:3"
    body = GOLDEN_999.replace(b"CTX*SITUATIONAL TRIGGER*CLM*43**5:3*1325", ctx)
    contexts = read_999(sole_set(body)[0]).sets[1].errors[1].contexts
    assert [(each.name, each.value, each.component) for each in contexts] == [
        ("SITUATIONAL TRIGGER", "", 3),
        ("CLM01", "X", 3),
    ]


@pytest.mark.parametrize("segments", [(), ("AK2*837*0001",), ("IK5*A", "AK1*HC*1")])
def test_a_set_that_does_not_begin_with_ak1_is_refused(segments: tuple[str, ...]) -> None:
    with pytest.raises(ReadError) as refusal:
        read(*segments)
    assert refusal.value.finding.code == "999-NOT-999"


def test_a_delimiter_in_a_quoted_value_is_refused() -> None:
    acknowledgment = read_999(sole_set(GOLDEN_999)[0])
    second = acknowledgment.sets[1]
    clm = second.errors[0]
    bad = replace(clm, elements=(replace(clm.elements[0], value="CANARY~IK5*A"),))
    with pytest.raises(WriteError) as refusal:
        write_999(replace(acknowledgment, sets=(replace(second, errors=(bad,)),)), STANDARD)
    assert "CANARY" not in str(refusal.value)


def a_group(*sets: TransactionSet) -> FunctionalGroup:
    _, group, _ = sole_set((GOLDEN / "835-two-claims.edi").read_bytes())
    return replace(group, sets=sets or group.sets)


def sets(*numbers: str) -> list[TransactionSet]:
    only = a_group().sets[0]
    return [replace(only, control_number=number) for number in numbers]


def a_finding(code: str, segment_id: str, number: int, element: int = 0) -> Finding:
    place = Place(segment_id=segment_id, segment_number=number, element=element)
    return error(code, "wrong", place=place)


def test_a_clean_group_is_accepted() -> None:
    group = a_group(*sets("0001", "0002"))
    note = Finding(code="N", severity=Severity.NOTE, message="known")
    acknowledgment = acknowledge(group, {"0001": [warning("W", "look"), note]})
    assert (acknowledgment.code, acknowledgment.sets_accepted) == ("A", 2)
    assert [verdict.code for verdict in acknowledgment.sets] == ["A", "A"]


def test_one_bad_set_of_two_is_rejected_with_its_places() -> None:
    findings = {
        "0002": [
            a_finding("PYX12-SEGMENT-3", "PER", 11),
            a_finding("PYX12-ELEMENT-7", "CLP", 16, 2),
            a_finding("837-OWN", "CLP", 16, 3),
            error("NOWHERE", "wrong"),
        ]
    }
    acknowledgment = acknowledge(a_group(*sets("0001", "0002")), findings)
    assert (acknowledgment.code, acknowledgment.sets_accepted) == ("P", 1)
    good, bad = acknowledgment.sets
    assert (good.code, bad.code, bad.reasons) == ("A", "R", ("5",))
    per, clp = bad.errors  # ST is segment 3 of the file, and 1 of the set.
    assert (per.segment_id, per.position, per.code, per.elements) == ("PER", 9, "3", ())
    assert (clp.segment_id, clp.position, clp.code) == ("CLP", 14, "8")
    assert [(each.element, each.code) for each in clp.elements] == [(2, "7"), (3, "I12")]


@pytest.mark.parametrize(
    ("code", "reason"), [("X12-NO-SE", "2"), ("X12-SE02-NUMBER", "3"), ("X12-SE01-COUNT", "4")]
)
def test_a_broken_envelope_is_a_reason(code: str, reason: str) -> None:
    only = replace(a_group().sets[0], findings=(a_finding(code, "SE", 41, 1),))
    acknowledgment = acknowledge(a_group(only), {})
    assert (acknowledgment.code, acknowledgment.sets_accepted) == ("R", 0)
    assert (acknowledgment.sets[0].code, acknowledgment.sets[0].reasons) == ("R", (reason,))
    assert acknowledgment.sets[0].errors == ()


def test_our_999_is_read_back() -> None:
    findings = {"0001": [a_finding("PYX12-ELEMENT-7", "CLP", 16, 2)]}
    acknowledgment = acknowledge(a_group(), findings)
    writer = write_999(acknowledgment, STANDARD)
    assert read_999(set_of(writer, Guide.ACKNOWLEDGMENT, "999")) == acknowledgment


def test_a_997_says_the_same_with_other_segments() -> None:
    body = GOLDEN_999.replace(b"IK3*", b"AK3*").replace(b"IK4*", b"AK4*").replace(b"IK5*", b"AK5*")
    old = body.replace(b"ST*999*", b"ST*997*").replace(b"005010X231A1", b"005010X230")
    acknowledgment = read_997(sole_set(old)[0])
    assert acknowledgment == replace(
        read_999(sole_set(GOLDEN_999)[0]), findings=acknowledgment.findings
    )
    assert [finding.code for finding in acknowledgment.findings] == ["X12-VERSION"]


def test_a_997_is_not_read_by_the_segments_of_a_999() -> None:
    acknowledgment = read_997(set_of_texts("AK1*HC*1", "AK2*837*0001", "IK5*A", "AK9*A*1*1*1"))
    assert "999-NO-IK5" in [finding.code for finding in acknowledgment.findings]


def test_a_context_that_repeats_and_what_has_no_place_are_written_again() -> None:
    lines = ("AK1*HC*1", "AK2*837*0001", "IK3*CLM*22**8", "IK5*R*5", "AK9*R*1*1*0", "ZZZ*A:B")
    contexts = (
        Context(name="SITUATIONAL TRIGGER", segment_id="CLM"),
        Context(name="CLM01", value="X", segment_id="CLM", again=True),
        Context(name="CLM02", value="Y"),
    )
    acknowledgment = read(*lines)
    (verdict,) = acknowledgment.sets
    wrong = replace(verdict.errors[0], contexts=contexts)
    whole = replace(acknowledgment, sets=(replace(verdict, errors=(wrong,)),))
    written = write_999(whole, STANDARD).segments()
    assert written[3:5] == ("CTX*SITUATIONAL TRIGGER^CLM01:X*CLM", "CTX*CLM02:Y")
    assert written[-1] == "ZZZ*A:B"
    assert read(*lines).other == acknowledgment.other
