"""A stream says what the reader of whole files says, in parts, and holds one part at a time."""

import io
import random
import tracemalloc

import pytest

from edi.envelope import Interchange
from edi.findings import Finding, ReadError
from edi.reader import read_interchanges
from edi.segment import Segment
from edi.streaming import Part, stream_interchanges
from tests.edi.guide.agreement import CORPUS
from tests.edi.large_files import remittance_of

FILES = sorted(CORPUS.glob("*.edi"))
Told = list[tuple[object, ...]]


class Slow:
    """A file that gives few bytes at a time."""

    def __init__(self, body: bytes, size: int) -> None:
        self._file = io.BytesIO(body)
        self._size = size

    def read(self, _size: int, /) -> bytes:
        return self._file.read(self._size)


def told_whole(body: bytes) -> Told:
    try:
        interchanges = read_interchanges(body)
    except ReadError as refusal:
        return [(refusal.finding,)]
    told: Told = []
    for each in interchanges:
        for group in each.groups:
            told += [(group.control_number, s.segments, s.findings) for s in group.sets]
        told.append(facts(each))
    return told


def facts(each: Interchange) -> tuple[object, ...]:
    return (each.control_number, each.findings, each.offset, each.length, each.is_complete)


def told_in_parts(body: bytes, size: int, part_segments: int | None) -> Told:
    told: Told = []
    segments: tuple[Segment, ...] = ()
    try:
        for each in stream_interchanges(Slow(body, size), part_segments=part_segments):
            if isinstance(each, Interchange):
                told.append(facts(each))
                continue
            segments = (() if each.begins else segments) + each.segments
            if each.ends:
                found = each.transaction_set.findings
                told.append((each.group.control_number, segments, found))
    except ReadError as refusal:
        return [(refusal.finding,)]
    return told


@pytest.mark.parametrize(("size", "part_segments"), [(1 << 20, None), (7, None), (300, 5)])
def test_a_stream_says_what_the_whole_file_says(size: int, part_segments: int | None) -> None:
    body = remittance_of(30)
    assert told_in_parts(body, size, part_segments) == told_whole(body)
    for at in range(0, len(body), 97):
        cut = body[:at] + body[at + 31 :]
        assert told_in_parts(cut, size, part_segments) == told_whole(cut)
        assert told_in_parts(body[:at], size, part_segments) == told_whole(body[:at])


@pytest.mark.skipif(not FILES, reason="the files of others are not here")
def test_a_stream_says_of_real_files_what_the_whole_file_says() -> None:
    chance = random.Random(7)
    for path in FILES[::2]:
        body = path.read_bytes()
        assert told_in_parts(body, 1000, 5) == told_whole(body), path.name
        at = chance.randrange(max(len(body), 1))
        body = body[:at] + bytes([chance.choice(b"*~:^ \r\n\x00")]) + body[at + 1 :]
        assert told_in_parts(body, 200, 5) == told_whole(body), path.name


def test_a_part_begins_with_what_a_reader_needs_of_the_earlier_ones() -> None:
    parts = [
        each
        for each in stream_interchanges(io.BytesIO(remittance_of(30)), part_segments=20)
        if isinstance(each, Part)
    ]
    assert len(parts) > 5
    assert [part.begins for part in parts] == [True] + [False] * (len(parts) - 1)
    assert [part.ends for part in parts] == [False] * (len(parts) - 1) + [True]
    for part in parts[1:]:
        ids = [segment.id for segment in part.transaction_set.segments]
        assert ids[:4] == ["ST", "BPR", "TRN", "CLP"]
        assert part.fresh == 3


def test_a_segment_that_no_window_holds_is_named_and_the_rest_is_read() -> None:
    body = remittance_of(2)
    at = body.index(b"CLP*")
    long = body[:at] + b"K3*" + b"X" * (3 << 20) + b"~" + body[at:]
    found: list[Finding] = []
    sets = 0
    for each in stream_interchanges(io.BytesIO(long)):
        if isinstance(each, Part):
            sets += each.ends
            found.extend(each.transaction_set.findings)
        else:
            found.extend(each.findings)
    assert sets == 1
    assert [(each.code, each.place.byte_offset) for each in found if "LENGTH" in each.code] == [
        ("X12-SEGMENT-LENGTH", at)
    ]


def test_memory_is_flat_as_a_set_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edi.window._WINDOW_BYTES", 1 << 14)

    def peak(claims: int) -> int:
        body = io.BytesIO(remittance_of(claims))
        tracemalloc.start()
        for _ in stream_interchanges(body, part_segments=100):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(1_200) < 1.2 * peak(400)
