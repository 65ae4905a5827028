"""Reading, writing and making TA1s, beside groups and alone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.acknowledgment_999 import read_999, write_999
from edi.acknowledgment_ta1 import (
    InterchangeAcknowledgment,
    InterchangeNote,
    InterchangeVerdict,
    acknowledge_interchange,
    read_ta1,
    write_ta1,
)
from edi.delimiters import STANDARD
from edi.envelope import Interchange
from edi.findings import Place, ReadError, WriteError, error
from edi.guides import Guide
from edi.reader import read_interchanges
from edi.writer import SetWriter, write_interchange
from tests.edi.x12_texts import GOLDEN, envelope, sole_set

ALONE = (GOLDEN / "ta1-alone.edi").read_bytes()
BESIDE = (GOLDEN / "ta1-beside-999.edi").read_bytes()
CLEAN = (GOLDEN / "835-two-claims.edi").read_bytes()

digits = st.text("0123456789", min_size=9, max_size=9)
acknowledgments = st.builds(
    InterchangeAcknowledgment,
    control_number=digits,
    date=st.dates().map(lambda day: day.strftime("%y%m%d")),
    time=st.times().map(lambda time: time.strftime("%H%M")),
    code=st.sampled_from(InterchangeVerdict).map(str),
    note=st.sampled_from(InterchangeNote).map(str),
)


def only(body: bytes) -> Interchange:
    (interchange,) = read_interchanges(body)
    return interchange


def read(ta1: str) -> InterchangeAcknowledgment:
    body = ALONE.replace(b"TA1*000017456*260228*1715*R*025", ta1.encode())
    return read_ta1(only(body))[0]


@given(st.lists(acknowledgments, min_size=1, max_size=3).map(tuple))
def test_what_is_written_is_read_back(written: tuple[InterchangeAcknowledgment, ...]) -> None:
    writer = write_ta1(written, STANDARD)
    interchange = only(write_interchange(envelope(Guide.ACKNOWLEDGMENT), [], writer))
    assert interchange.findings == ()
    assert interchange.groups == ()
    assert read_ta1(interchange) == written


def test_golden_file_alone_is_read_and_written_to_the_same_bytes() -> None:
    first, second = read_ta1(only(ALONE))
    assert (first.control_number, first.date, first.time) == ("000017456", "260228", "1715")
    assert (first.is_accepted, first.is_rejected) == (False, True)
    assert first.meaning == InterchangeNote.DUPLICATE_NUMBER.meaning
    assert (second.is_accepted, second.is_rejected) == (True, False)
    writer = write_ta1((first, second), STANDARD)
    assert write_interchange(envelope(Guide.ACKNOWLEDGMENT, 10), [], writer) == ALONE


def test_golden_file_beside_a_999_is_read_and_written_to_the_same_bytes() -> None:
    (ta1,) = read_ta1(only(BESIDE))
    assert (ta1.code, ta1.note) == ("E", "021")
    assert ta1.is_accepted
    group = write_999(read_999(sole_set(BESIDE)[0]), STANDARD)
    around = envelope(Guide.ACKNOWLEDGMENT, 9)
    assert write_interchange(around, [("999", group)], write_ta1([ta1], STANDARD)) == BESIDE


def test_an_interchange_of_nothing_is_refused() -> None:
    around = envelope(Guide.ACKNOWLEDGMENT)
    with pytest.raises(WriteError):
        write_interchange(around, [])
    with pytest.raises(WriteError):
        write_interchange(around, [], SetWriter(STANDARD))


def test_a_group_of_two_kinds_is_refused() -> None:
    sets = [("270", SetWriter(STANDARD)), ("271", SetWriter(STANDARD))]
    with pytest.raises(WriteError):
        write_interchange(envelope(Guide.ELIGIBILITY), sets)


def test_a_delimiter_in_a_value_is_refused() -> None:
    bad = replace(read_ta1(only(ALONE))[0], control_number="1*A*000~")
    with pytest.raises(WriteError):
        write_ta1([bad], STANDARD)


@pytest.mark.parametrize(
    ("ta1", "codes"),
    [
        ("TA1*000017456*260228*1715*A*000", []),
        ("TA1*17456*260228*1715*A*000", ["TA1-NUMBER"]),
        ("TA1*00001745X*260228*1715*Q*000", ["TA1-NUMBER", "TA1-CODE"]),
        ("TA1*000017456*260228*1715*R*999", ["TA1-NOTE"]),
        ("TA1", ["TA1-NUMBER", "TA1-CODE", "TA1-NOTE"]),
    ],
)
def test_what_x12_does_not_have_is_a_finding(ta1: str, codes: list[str]) -> None:
    acknowledgment = read(ta1)
    assert [finding.code for finding in acknowledgment.findings] == codes
    assert all(finding.place.segment_number == 2 for finding in acknowledgment.findings)


def test_an_unknown_code_neither_accepts_nor_rejects() -> None:
    acknowledgment = read("TA1*000017456*260228*1715*Q*999")
    assert (acknowledgment.is_accepted, acknowledgment.is_rejected) == (False, False)
    assert acknowledgment.meaning == "The note is not one of X12."


def test_every_note_of_x12_is_there_with_words_of_its_own() -> None:
    assert [note.value for note in InterchangeNote] == [f"{code:03d}" for code in range(32)]
    assert len({note.meaning for note in InterchangeNote}) == 32


def test_a_clean_interchange_is_accepted() -> None:
    interchange = only(CLEAN)
    acknowledgment = acknowledge_interchange(interchange)
    assert acknowledgment.control_number == interchange.control_number
    assert (acknowledgment.date, acknowledgment.time) == (interchange.date, interchange.time)
    assert (acknowledgment.code, acknowledgment.note) == ("A", "000")


IEA = CLEAN.splitlines()[-1]


@pytest.mark.parametrize(
    ("old", "new", "code", "note"),
    [
        (IEA, b"IEA*1*000000099~", "E", "001"),
        (IEA, IEA.replace(b"IEA*1", b"IEA*2"), "E", "021"),
        (IEA, b"", "R", "023"),
        (IEA, IEA[:-1], "R", "023"),
        (b"~\nIEA", b"~\nZZZ*1~\nIEA", "E", "022"),
        (b"GE*1*7~", b"GE*2*7~", "E", "024"),
        (b"ISA*00*", b"ISA*07*", "E", "010"),
        (b"*00*          *ZZ*PAYER", b"*09*          *ZZ*PAYER", "E", "012"),
        (b"*ZZ*PAYER ", b"*ZX*PAYER ", "E", "005"),
        (b"*ZZ*PAYER          *", b"*ZZ*               *", "E", "006"),
        (b"*ZZ*PRACTICE ", b"*Z *PRACTICE ", "E", "007"),
        (b"*ZZ*PRACTICE       *", b"*ZZ*               *", "E", "008"),
        (b"*260301*0905*^", b"*260231*0905*^", "E", "014"),
        (b"*260301*0905*^", b"*260301*2505*^", "E", "015"),
        (b"*00501*0000", b"*00600*0000", "E", "017"),
        (b"*0*T*:~", b"*9*T*:~", "E", "019"),
        (b"*0*T*:~", b"*0*X*:~", "R", "020"),
    ],
)
def test_a_fault_of_the_envelope_has_its_note(old: bytes, new: bytes, code: str, note: str) -> None:
    assert CLEAN.count(old) == 1
    acknowledgment = acknowledge_interchange(read_interchanges(CLEAN.replace(old, new))[0])
    assert (acknowledgment.code, acknowledgment.note) == (code, note)


def test_a_control_number_that_is_none_has_its_note() -> None:
    interchange = replace(only(CLEAN), control_number="00000000X")
    assert acknowledge_interchange(interchange).note == InterchangeNote.CONTROL_NUMBER


@pytest.mark.parametrize(
    ("finding", "element", "note"),
    [
        ("X12-WRONG-USAGE", 15, "020"),
        ("X12-NUMBER-AGAIN", 13, "025"),
        ("X12-NOT-OURS", 6, "006"),
        ("X12-NOT-OURS", 8, "009"),
    ],
)
def test_what_the_caller_found_comes_first_where_it_rejects(
    finding: str, element: int, note: str
) -> None:
    interchange = only(CLEAN.replace(IEA, b"IEA*2*000000099~"))
    place = Place(segment_id="ISA", element=element)
    acknowledgment = acknowledge_interchange(interchange, [error(finding, "wrong", place=place)])
    assert (acknowledgment.code, acknowledgment.note) == ("R", note)


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        (b"*0*T*:~", b"*0*T*: ", "X12-DELIMITER-ILLEGAL"),  # 004.
        (b"ISA*00*", b"ISAX00*", ""),  # 026.
        (b"*0*T*:~", b"*0*T**~", "X12-DELIMITER-CLASH"),  # 027.
        (b"*0905*^*", b"*0905*:*", "X12-DELIMITER-CLASH"),  # 016.
    ],
)
def test_what_cannot_be_cut_into_segments_has_no_number_to_answer(
    old: bytes, new: bytes, refusal: str
) -> None:
    assert CLEAN.count(old) == 1
    with pytest.raises(ReadError) as refused:
        read_interchanges(CLEAN.replace(old, new))
    assert refused.value.finding.code == refusal or not refusal


#: What no file can make of our TA1, and why.
NEVER = {
    "002": "the standard is told by ISA12: 017",
    "003": "the version of the envelope is ISA12: 017",
    "004": "without a terminator there are no segments: the file is refused, nothing is answered",
    "011": "nobody is asked for an authorization",
    "013": "nobody is asked for a password",
    "016": "what cannot separate is refused like a terminator; any other ISA11 is taken",
    "026": "without a separator there are no elements: the file is refused",
    "027": "likewise",
    **dict.fromkeys(("028", "029", "030", "031"), "no guide of health care defers a delivery"),
}


def test_every_note_is_made_by_a_test_here_or_told_to_be_impossible() -> None:
    source = Path(__file__).read_text(encoding="utf-8").partition("\nNEVER")[0]
    made = set(re.findall(r'"(\d{3})"', source)) | {InterchangeNote.CONTROL_NUMBER.value}
    assert made >= {note.value for note in InterchangeNote} - NEVER.keys()
