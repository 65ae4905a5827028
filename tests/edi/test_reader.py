"""The tokeniser loses nothing silently: each fault is a finding with its place."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.delimiters import Delimiters
from edi.envelope import Envelope
from edi.findings import ReadError, Severity, WriteError
from edi.guides import FileType, Guide, file_type
from edi.reader import read_interchanges
from edi.segment import Segment
from edi.writer import SetWriter, write_interchange


def envelope(**changes: object) -> Envelope:
    values: dict[str, object] = {
        "sender_qualifier": "ZZ",
        "sender_id": "SENDER",
        "receiver_qualifier": "30",
        "receiver_id": "RECEIVER",
        "group_sender": "GSENDER",
        "group_receiver": "GRECEIVER",
        "interchange_number": 42,
        "group_number": 7,
        "usage": "T",
        "written_at": datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
        "guide": Guide.ACKNOWLEDGMENT,
    }
    return Envelope(**(values | changes))  # type: ignore[arg-type]  # A table of changes.


def body(delimiters: Delimiters = Delimiters(), sets: int = 1) -> bytes:  # noqa: B008  # Frozen.
    writers = []
    for n in range(sets):
        writer = SetWriter(delimiters)
        writer.add("AK1", "HC", str(n + 1), "005010X222A1")
        writer.add("AK9", "A", "1", "1", "1")
        writers.append(("999", writer))
    return write_interchange(envelope(delimiters=delimiters), writers)


WHOLE = body()
ODD = Delimiters(element="|", component=">", repetition="!", terminator="'", line_end="\r\n")


def codes(data: bytes) -> list[str]:
    found = [
        finding.code
        for interchange in read_interchanges(data)
        for finding in (
            *interchange.findings,
            *(each for one in interchange.sets() for each in one.findings),
        )
    ]
    return sorted(found)


@pytest.mark.parametrize(
    "delimiters",
    [
        Delimiters(),
        ODD,
        Delimiters(terminator="\n"),
        Delimiters(terminator="\r", element="\x1d", component="\x1f"),
        Delimiters(line_end="\n"),
    ],
)
def test_any_legal_delimiters_are_read_as_they_were_written(delimiters: Delimiters) -> None:
    (interchange,) = read_interchanges(body(delimiters, sets=2))
    assert interchange.findings == ()
    assert (interchange.sender_qualifier, interchange.sender_id) == ("ZZ", "SENDER")
    assert (interchange.receiver_qualifier, interchange.receiver_id) == ("30", "RECEIVER")
    assert interchange.control_number == "000000042"
    assert [each.control_number for each in interchange.sets()] == ["0001", "0002"]
    first = next(interchange.sets())
    assert first.file_type is FileType.ACKNOWLEDGMENT
    assert [segment.id for segment in first.segments] == ["ST", "AK1", "AK9", "SE"]


@pytest.mark.parametrize("terminator", ["~", "\n", "\r"])
def test_indented_segments_are_read_as_if_they_were_not(terminator: str) -> None:
    plain = body(Delimiters(terminator=terminator))
    end = terminator.encode()
    for between in (b"   ", b" \t", b" \n " if terminator != "\n" else b"  "):
        indented = plain.replace(end, end + between)
        (interchange,) = read_interchanges(indented)
        assert codes(indented) == ["X12-BLANKS"]
        (each,) = interchange.sets()
        assert [s.id for s in each.segments] == ["ST", "AK1", "AK9", "SE"]
        assert all(indented[s.offset :].startswith(s.id.encode()) for s in each.segments)


def test_every_segment_knows_its_number_and_its_first_byte() -> None:
    data = body(ODD, sets=2)
    (interchange,) = read_interchanges(data)
    for each in interchange.sets():
        for segment in each.segments:
            assert data[segment.offset :].startswith(segment.id.encode())
    assert [s.number for s in next(interchange.sets()).segments] == [3, 4, 5, 6]


CHANGES = [
    (b"SE*4*0001", b"SE*9*0001", ["X12-SE01-COUNT"]),
    (b"SE*4*0001", b"SE*4*0002", ["X12-SE02-NUMBER"]),
    (b"SE*4*0001~", b"", ["X12-NO-SE"]),
    (b"GE*1*7", b"GE*2*7", ["X12-GE01-COUNT"]),
    (b"GE*1*7", b"GE*1*8", ["X12-GE02-NUMBER"]),
    (b"GE*1*7~", b"", ["X12-NO-GE"]),
    (b"IEA*1*000000042", b"IEA*3*000000042", ["X12-IEA01-COUNT"]),
    (b"IEA*1*000000042", b"IEA*1*000000041", ["X12-IEA02-NUMBER"]),
    (b"IEA*1*000000042~", b"", ["X12-NO-IEA"]),
    (b"IEA*1*000000042~", b"IEA*1*000000042", ["X12-NO-IEA", "X12-UNTERMINATED"]),
    (b"AK9*", b"~AK9*", ["X12-EMPTY-SEGMENT"]),
    (b"AK9*", b"   AK9*", ["X12-BLANKS"]),
    (b"~", b"~ \r\n\t ", ["X12-BLANKS"]),
    (b"GE*1*7~", b"GE*1*7~AAA*1~", ["X12-STRAY"]),
    (b"GE*1*7~", b"GE*1*7~GE*1*7~", ["X12-STRAY"]),
    (b"AK1*HC", b"AK1*" + b"A" * 17_000, ["X12-SEGMENT-LENGTH"]),
    (b"AK1*HC", b"AK1" + b"*" * 150, ["X12-ELEMENT-COUNT"]),
    (b"AK1*HC", b"AK1*" + b"A" * 8_193, ["X12-ELEMENT-LENGTH"]),
    (b"AK1*HC", b"AK1*" + b"A" * 8_192, []),
    (b"AK9*", b"BIN*4*A*B~AK9*", ["X12-BINARY", "X12-SE01-COUNT"]),
    (b"AK1*HC", b"AK1*\xc3\x89", ["X12-CHARSET"]),
    (b"GS*", b"TA1*000000001*261123*0900*A*000~GS*", []),
    (b"GE*1*7~", b"GE*1*7~ST*999*0002~SE*2*0002~", ["X12-NO-GS"]),
    (b"GE*1*7~", b"GE*1*7~ST*999*0002~AK1*\xc9~", ["X12-CHARSET", "X12-NO-GS", "X12-NO-SE"]),
]


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES)
def test_each_fault_of_the_envelope_says_where_and_what_to_do(
    before: bytes, after: bytes, expected: list[str]
) -> None:
    (interchange,) = read_interchanges(WHOLE.replace(before, after))
    in_sets = (found for each in interchange.sets() for found in each.findings)
    found = (*interchange.findings, *in_sets)
    assert len(found) == len(expected)
    assert all(each.cure and each.place.byte_offset >= 0 for each in found)


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES)
def test_each_fault_of_the_envelope_is_named(
    before: bytes, after: bytes, expected: list[str]
) -> None:
    assert before in WHOLE
    assert codes(WHOLE.replace(before, after)) == expected


def test_a_fault_inside_a_set_leaves_the_other_sets_usable() -> None:
    data = body(sets=3).replace(b"AK1*HC*2", b"AK1*" + b"A" * 17_000)
    (interchange,) = read_interchanges(data)
    assert interchange.findings == ()
    errors = [
        any(found.severity is Severity.ERROR for found in each.findings)
        for each in interchange.sets()
    ]
    assert errors == [False, True, False]


def test_a_ta1_stands_beside_the_groups() -> None:
    (interchange,) = read_interchanges(
        WHOLE.replace(b"GS*", b"TA1*000000001*261123*0900*A*000~GS*")
    )
    assert [segment.get(1) for segment in interchange.acknowledgments] == ["000000001"]
    assert len(list(interchange.sets())) == 1


def test_each_interchange_of_a_file_is_read_with_its_own_delimiters() -> None:
    first, second = read_interchanges(WHOLE + b"\r\n" + body(ODD))
    assert (first.delimiters.element, second.delimiters.element) == ("*", "|")
    assert second.offset == len(WHOLE) + 2
    assert second.offset + second.length + 2 == len(WHOLE) + 2 + len(body(ODD))


def test_an_interchange_that_was_cut_does_not_swallow_the_next() -> None:
    cut = WHOLE[: WHOLE.index(b"GE*")]
    first, second = read_interchanges(cut + WHOLE)
    assert not first.is_complete
    assert second.is_complete
    assert second.findings == ()


@pytest.mark.parametrize("rubbish", [b"RUBBISH", b"GS*HC~", b"ISA*00*", b"\x1b"])
def test_bytes_after_the_end_are_named(rubbish: bytes) -> None:
    assert codes(WHOLE + rubbish) == ["X12-DATA-AFTER-IEA"]


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (WHOLE.replace(b"GE*1*7~", b"GE*1*7~ST*999*0002~SE*2*0002~"), b"ST*999*0002"),
        (WHOLE + b"RUBBISH", b"RUBBISH"),
        (WHOLE + b"ISA*00*", b"ISA*00* "[:7]),
    ],
)
def test_what_no_set_holds_is_an_error_with_its_first_byte(data: bytes, at: bytes) -> None:
    (interchange,) = read_interchanges(data)
    (finding,) = interchange.findings
    assert finding.severity is Severity.ERROR
    assert finding.place.byte_offset == data.rindex(at)


@pytest.mark.parametrize("blank", [b"\xef\xbb\xbf", b"\r\n", b"  "])
def test_leading_blanks_and_a_bom_are_named(blank: bytes) -> None:
    assert codes(blank + WHOLE) == ["X12-LEADING-BYTES"]


REFUSED = [
    (b"", "X12-EMPTY"),
    (b" \r\n", "X12-EMPTY"),
    (b"ISA", "X12-ISA-LENGTH"),
    (WHOLE[:105], "X12-ISA-LENGTH"),
    (b"MSH|^~\\&|A", "X12-NOT-X12"),
    (WHOLE.decode().encode("utf-16"), "X12-ENCODING"),
    (WHOLE.decode().encode("utf-16-le"), "X12-ENCODING"),
    (WHOLE.decode().encode("utf-16-be"), "X12-ENCODING"),
    (WHOLE.decode().encode("cp037"), "X12-ENCODING"),
    (WHOLE.replace(b"ZZ*SENDER  ", b"ZZ*SENDER"), "X12-ISA-WIDTH"),
    (WHOLE[:104] + b"*~" + WHOLE[106:], "X12-DELIMITER-CLASH"),
    (WHOLE[:104] + b":A" + WHOLE[106:], "X12-DELIMITER-ILLEGAL"),
    (WHOLE[:104] + b"\x00~" + WHOLE[106:], "X12-DELIMITER-ILLEGAL"),
    (WHOLE[:104] + b"\xe9~" + WHOLE[106:], "X12-DELIMITER-ILLEGAL"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_what_is_no_interchange_is_refused_with_a_place(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read_interchanges(data)
    assert refusal.value.finding.code == code


def test_a_file_cut_at_any_byte_is_refused_or_known_to_be_incomplete() -> None:
    for at in range(len(WHOLE) - 1):
        try:
            interchanges = read_interchanges(WHOLE[:at])
        except ReadError:
            continue
        assert not interchanges[-1].is_complete
        assert "X12-NO-IEA" in codes(WHOLE[:at])


@given(st.binary(max_size=300), st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)))
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_read_or_refused(noise: bytes, start: int, end: int) -> None:
    for data in (noise, WHOLE[:start] + noise + WHOLE[end:]):
        try:
            interchanges = read_interchanges(data)
        except ReadError:
            continue
        assert len(interchanges) >= 1


@pytest.mark.parametrize(
    "change",
    [
        {"interchange_number": 0},
        {"interchange_number": 1_000_000_000},
        {"sender_id": "SIXTEEN-LETTERS-"},
        {"sender_id": ""},
        {"receiver_id": "É"},
        {"usage": "TEST"},
        {"group_sender": "É"},
        {"group_receiver": "X"},
        {"receiver_id": "A*B"},
        {"group_sender": "A~B"},
    ],
)
def test_an_envelope_that_does_not_fit_is_not_written(change: dict[str, object]) -> None:
    sets = [("999", SetWriter(Delimiters()))]
    with pytest.raises(WriteError):
        write_interchange(envelope(**change), sets)


@pytest.mark.parametrize("value", ["A*B", "A~B", "A:B", "A^B", "É", "A\nB", "A\x00"])
def test_no_value_can_end_a_segment_or_start_another(value: str) -> None:
    for element in (value, ("X", value)):
        with pytest.raises(WriteError):
            SetWriter(Delimiters()).add("NM1", "IL", element)


def test_empty_elements_and_components_at_the_end_are_dropped() -> None:
    writer = SetWriter(Delimiters())
    writer.add("CLM", "A", "", ("11", "B", ""), "", "")
    writer.add("REF", "", ("", ""))
    assert writer.segments() == ("CLM*A**11:B", "REF")


def test_type_is_decided_by_guide_and_not_by_st01_alone() -> None:
    assert file_type("277", "005010X214") is FileType.CLAIM_ACKNOWLEDGMENT
    assert file_type("277", "005010X212") is FileType.STATUS_RESPONSE
    assert file_type("837", "005010X222") is file_type("837", "005010X222A1")
    assert file_type("850", "004010") is FileType.UNKNOWN


def test_an_element_that_is_not_there_is_empty() -> None:
    assert Segment(("CLP", "A1")).get(14) == ""
