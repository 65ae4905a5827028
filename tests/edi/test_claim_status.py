"""Reading and writing 276s and 277s."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from edi.claim_status import ClaimStatuses, read_276, read_277, write_276, write_277
from edi.delimiters import STANDARD, Delimiters
from edi.findings import ReadError, Severity, WriteError
from edi.guides import Guide
from edi.pyx12_validator import validate_all
from edi.writer import write_interchange
from tests.edi.status_values import inquiries, statuses_of_claims
from tests.edi.x12_texts import GOLDEN, envelope, set_of, sole_set, without_places

ASKED = (GOLDEN / "276-three-claims.edi").read_bytes()
TOLD = (GOLDEN / "277-three-claims.edi").read_bytes()


def asked(body: bytes = ASKED) -> ClaimStatuses:
    return read_276(sole_set(body)[0])


def told(body: bytes = TOLD) -> ClaimStatuses:
    return read_277(sole_set(body)[0])


def codes(statuses: ClaimStatuses) -> list[str]:
    return [finding.code for finding in statuses.findings]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(inquiries)
def test_an_inquiry_that_is_written_is_read_back(inquiry: ClaimStatuses) -> None:
    writer = write_276(inquiry, STANDARD)
    read_back = read_276(set_of(writer, Guide.CLAIM_STATUS, "276"))
    assert without_places(read_back) == inquiry


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(statuses_of_claims)
def test_an_answer_that_is_written_is_read_back(answer: ClaimStatuses) -> None:
    writer = write_277(answer, STANDARD)
    read_back = read_277(set_of(writer, Guide.CLAIM_STATUS, "277"))
    assert without_places(read_back) == answer


def test_golden_files_are_read_and_written_to_the_same_bytes() -> None:
    for body, number, set_id, writer in (
        (ASKED, 12, "276", write_276(asked(), STANDARD)),
        (TOLD, 13, "277", write_277(told(), STANDARD)),
    ):
        around = envelope(Guide.CLAIM_STATUS, number)
        assert write_interchange(around, [(set_id, writer)]) == body


def test_golden_files_are_legal_by_the_maps() -> None:
    assert validate_all(ASKED) == validate_all(TOLD) == ()


def test_an_inquiry_finds_its_answer_by_the_trace() -> None:
    ours = {claim.trace.number: claim.patient_control_number for claim in asked().claims}
    theirs = {claim.trace.number: claim.patient_control_number for claim in told().claims}
    assert ours == theirs == {"ASK0001A": "PCN1", "ASK0001B": "PCN2", "ASK0001C": "PCN3"}


def test_what_the_payer_says_of_a_claim_is_typed() -> None:
    paid, pending, unknown = told().claims
    (status,) = paid.statuses
    assert (status.code.category, status.charge_cents, status.paid_cents) == ("F1", 21050, 18050)
    assert (status.payment_date, status.check_number) == (date(2026, 2, 28), "TRACE77")
    assert (paid.payer_claim_number, paid.clearinghouse_number) == ("ICN1", "CH123")
    assert [line.line_control_number for line in paid.lines] == ["L1", "L2"]
    assert [code.category for code in paid.lines[1].statuses[0].codes] == ["F1", "F2", "F1"]
    assert (pending.bill_type, pending.statuses[0].code.category) == ("131", "P1")
    assert unknown.statuses[0].code.entity == "QC"


def test_a_provider_without_claims_has_a_status_of_its_own() -> None:
    ((receiver,),) = (source.receivers for source in told().sources)
    _, unknown = receiver.providers
    assert (unknown.subscribers, unknown.statuses[0].code.category) == ((), "E0")


def test_a_segment_out_of_place_stays_where_it_was() -> None:
    moved = TOLD.replace(b"REF*EJ*PCN2~\n", b"").replace(
        b"DTP*472*RD8*20260218-20260220~\n", b"DTP*472*RD8*20260218-20260220~\nREF*EJ*PCN2~\n"
    )
    kept = moved.replace(b"REF*BLT*131~\n", b"REF*BLT*131~\nK3*NOTE~\n").replace(b"*43*", b"*44*")
    around = envelope(Guide.CLAIM_STATUS, 13)
    for body in (moved, kept):
        assert write_interchange(around, [("277", write_277(told(body), STANDARD))]) == body


def test_what_was_edited_goes_in_the_order_of_the_guide() -> None:
    body = TOLD.replace(b"DTP*472*D8*20260221~\n", b"", 1)
    answer = told(body)
    assert write_277(answer, STANDARD).segments()[-1] == "STC*E0:24:1P*20260301"


@pytest.mark.parametrize("read", [read_276, read_277])
def test_another_transaction_is_refused(read: object) -> None:
    body = (GOLDEN / "277ca-four-claims.edi").read_bytes()
    assert callable(read)
    with pytest.raises(ReadError, match="-NOT-27"):
        read(sole_set(body)[0])


def test_a_finding_of_a_service_line_names_the_loop_of_its_guide() -> None:
    asked_wrongly = ASKED.replace(b"SVC*HC:99213:25*100*", b"SVC*HC:99213:25*1OO*")
    (ours,) = asked(asked_wrongly).findings
    (theirs,) = told(TOLD.replace(b"SVC*HC:99213:25*100*", b"SVC*HC:99213:25*1OO*")).findings
    assert (ours.code, ours.place.loop) == ("X12-AMOUNT", "2210D")
    assert (theirs.code, theirs.place.loop) == ("X12-AMOUNT", "2220D")


def test_an_inquiry_with_a_status_is_refused() -> None:
    with pytest.raises(WriteError, match="no status"):
        write_276(told(), STANDARD)


def test_a_dependent_of_a_dependent_is_refused() -> None:
    inquiry = asked()
    (source,) = inquiry.sources
    (receiver,) = source.receivers
    (provider,) = receiver.providers
    member = provider.subscribers[1]
    deep = replace(member, dependents=(member,))
    provider = replace(provider, subscribers=(deep,))
    receiver = replace(receiver, providers=(provider,))
    with pytest.raises(WriteError, match="no dependents"):
        write_276(replace(inquiry, sources=(replace(source, receivers=(receiver,)),)), STANDARD)


def test_the_adopted_version_has_no_note_and_another_has_one() -> None:
    assert codes(told()) == codes(asked()) == []
    (note,) = told(TOLD.replace(b"005010X212", b"005010X212E1")).findings
    assert (note.code, note.severity) == ("X12-VERSION", Severity.NOTE)


def test_any_legal_delimiters_are_read_and_written() -> None:
    others = Delimiters(element="|", component=">", repetition="!", terminator="\n")
    around = replace(envelope(Guide.CLAIM_STATUS, 13), delimiters=others)
    body = write_interchange(around, [("277", write_277(told(), others))])
    assert without_places(told(body)) == without_places(told())
