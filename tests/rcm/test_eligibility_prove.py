"""The proof before a 270 is sent: a question at fault fails alone, and a header at fault none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from edi.eligibility_270 import read_270
from edi.envelope import Envelope
from edi.findings import Finding, Place, error
from edi.guides import Guide
from edi.reader import read_interchanges
from rcm.claims.prove import STOPPING_MAX, ProofError, ProofUnfinishedError
from rcm.conformance.model import STOPPED, Conformance
from rcm.eligibility import prove as proving
from rcm.eligibility.inquiry import Question
from rcm.eligibility.prove import Refused, UnsendableError
from tests.claims import pyx12_here
from tests.rcm.eligibility_files import Office, built, check, checks, done, inquiries, members, work
from tests.rcm.intake import encounter
from tests.rcm.partner_files import envelope
from tests.rcm.questions import AT, CHILD, REFERENCE, inquiry, question


def around(**changes: Any) -> Envelope:  # noqa: ANN401 - fields of the value
    return replace(envelope(Guide.ELIGIBILITY, 12, "T"), **changes)


def prove(
    *questions: Question, conformance: Conformance = pyx12_here, envelope: Envelope | None = None
) -> tuple[Refused, bytes]:
    return proving.prove(
        questions, envelope or around(), conformance, reference=REFERENCE, written_at=AT
    )


def codes(refused: Refused, *questions: Question) -> list[str]:
    return [refused[each.check_id].code if each.check_id in refused else "" for each in questions]


def test_what_reads_back_and_conforms_goes() -> None:
    asked = (question("A"), question("B", **CHILD), question("C", coverages__0__payer__id="00430"))
    refused, body = prove(*asked)
    assert refused == {}
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    assert interchange.findings == ()
    assert read_270(transaction_set) == inquiry(*asked)
    assert interchange.groups[0].functional_id == "HS"
    assert b"BHT*0022*13*000000012*20261102*0905~" in body
    assert prove(*asked) == ({}, body)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a member id that is too short": ({"coverages__0__member_id": "7"}, "PYX12-ELEMENT-4"),
    "a name that is too long when folded": (
        {"patient__last_name": "Canary" + 50 * "\u00df"},
        "PYX12-ELEMENT-5",
    ),
    "a subscriber's name that is too long": (
        CHILD | {"coverages__0__subscriber__first_name": 30 * "\u00df"},
        "PYX12-ELEMENT-5",
    ),
}


@pytest.mark.parametrize(("changes", "code"), WRONG.values(), ids=WRONG)
def test_only_the_question_at_fault_is_refused(changes: dict[str, Any], code: str) -> None:
    asked = (question("A"), question("B", **changes), question("C"), question("D", **changes))
    refused, _ = prove(*asked)
    assert codes(refused, *asked) == ["", code, "", code]
    assert all(each.cure for each in refused.values())


def test_a_service_that_the_guide_does_not_know_is_refused() -> None:
    asked = (question("A"), replace(question("B"), service_types=("30", "Z9")))
    assert codes(prove(*asked)[0], *asked) == ["", "PYX12-ELEMENT-7"]


def test_a_question_that_the_partners_delimiters_cannot_carry_is_refused_alone() -> None:
    asked = (question("A"), question("B", patient__last_name="Canary-Canary"))
    dashed = around(delimiters=replace(around().delimiters, component="-"))
    assert codes(prove(*asked, envelope=dashed)[0], *asked) == ["", "270-UNWRITABLE"]


PAYER = question().payer
HEADERS: dict[str, tuple[Question, Envelope]] = {
    "a payer with a delimiter": (replace(question(), payer=replace(PAYER, name="A*B")), around()),
    "a payer whose name is too long": (
        replace(question(), payer=replace(PAYER, name="A" * 61)),
        around(),
    ),
    "an identifier that is too long": (question(), around(receiver_id="SIXTEEN-LETTERS-")),
    "no application code": (question(), around(group_receiver="")),
}


@pytest.mark.parametrize(("asked", "enclosed"), HEADERS.values(), ids=HEADERS)
def test_a_header_at_fault_is_no_questions_fault(asked: Question, enclosed: Envelope) -> None:
    with pytest.raises(UnsendableError):
        prove(asked, envelope=enclosed)


def stopping(*traces: str) -> Callable[..., tuple[Finding, ...]]:
    """What is stopped by a set that asks with one of these traces."""

    def judge(body: bytes, *, seconds: int = 0) -> tuple[Finding, ...]:
        del seconds
        stopped = error(STOPPED, "Stopped.", place=Place(segment_number=3))
        return (stopped,) * any(f"TRN*1*{trace}*".encode() in body for trace in traces)

    return judge


def test_a_question_that_stops_pyx12_is_refused_alone() -> None:
    asked = (question("A"), question("B"))
    assert codes(prove(*asked, conformance=stopping("B"))[0], *asked) == ["", STOPPED]


def test_where_each_question_stops_pyx12_none_is_to_blame() -> None:
    traces = [f"T{number}" for number in range(STOPPING_MAX + 1)]
    with pytest.raises(ProofUnfinishedError):
        prove(*map(question, traces), conformance=stopping(*traces))


def test_where_no_question_alone_stops_pyx12_none_is_to_blame() -> None:
    def judge(body: bytes, *, seconds: int = 0) -> tuple[Finding, ...]:
        return stopping("A")(body, seconds=seconds) if b"TRN*1*B*" in body else ()

    with pytest.raises(ProofUnfinishedError):
        prove(question("A"), question("B"), conformance=judge)


@pytest.mark.parametrize(
    ("is_equal", "expected"), [(lambda body: b"*B*" not in body, ["", "270-PROOF"])]
)
def test_a_question_that_does_not_read_back_is_refused_alone(
    monkeypatch: pytest.MonkeyPatch, is_equal: Callable[[bytes], bool], expected: list[str]
) -> None:
    monkeypatch.setattr(proving, "_reads_back", lambda _, body: is_equal(body))
    asked = (question("A"), question("B"))
    assert codes(prove(*asked)[0], *asked) == expected


def test_a_file_that_does_not_read_back_though_each_question_does_is_our_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        proving, "_reads_back", lambda _, body: not (b"*A*" in body and b"*B*" in body)
    )
    with pytest.raises(ProofError):
        prove(question("A"), question("B"))


def test_a_wrong_question_is_stopped_before_it_leaves_and_a_person_is_told(office: Office) -> None:
    wrong = encounter(external_id="b", patient__external_id="B", coverages__0__member_id="7")
    built(office, encounter(), wrong)
    check(office)
    assert sorted(checks(office)) == [("failed", None), ("sent", None)]
    (asked,) = members(inquiries(office)[-1])
    assert asked.name is not None
    assert asked.name.id == encounter()["coverages"][0]["member_id"]
    assert work(office) == [("eligibility", "PYX12-ELEMENT-4", "")]
    files = "SELECT conformance FROM file WHERE direction = 'outbound'"
    assert office.rows(files) == [("clean",)]
    done(office)


def test_where_every_question_is_wrong_nothing_leaves(office: Office) -> None:
    built(office, encounter(coverages__0__member_id="7"))
    check(office)
    assert checks(office) == [("failed", None)]
    assert inquiries(office) == []
    assert office.rows("SELECT id FROM file WHERE direction = 'outbound'") == []
    done(office)
