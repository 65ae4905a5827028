"""A damaged file fills neither the memory nor the database, and names nobody in its findings."""

import contextlib
import time
import tracemalloc

import pytest

from edi import reader
from edi.envelope import Interchange
from edi.findings import Finding, Place, ReadError, Severity
from edi.reader import read_interchanges
from edi.room import FINDINGS_MAX, SETS_MAX, Room
from edi.segment import Segment
from tests.edi.test_reader import WHOLE, body

MORE = "X12-MORE-FINDINGS"
BYTES_MAX = 6 * 1024 * 1024


def every(interchanges: tuple[Interchange, ...]) -> list[Finding]:
    """What was found in a file: of its interchanges, then of their sets."""
    around = [found for each in interchanges for found in each.findings]
    sets = [each for one in interchanges for each in one.sets()]
    return [*around, *(found for each in sets for found in each.findings)]


def with_inside(inside: bytes) -> bytes:
    return WHOLE.replace(b"AK9*", inside + b"AK9*")


@pytest.mark.parametrize(
    "damage",
    [
        b"~" * 100_000,  # Empty segments.
        b"AAA~" * 100_000,  # Outside any set.
        b"SE~" * 100_000,
        b"A" + b"*" * 1_000_000 + b"~",  # One segment of a million elements.
        b"ISA" + WHOLE[3:106] + b"~" * 100_000,
    ],
    ids=["empty", "stray", "trailers", "elements", "second interchange"],
)
def test_damage_takes_little_memory(damage: bytes) -> None:
    data = WHOLE.replace(b"GS*", damage + b"GS*")
    tracemalloc.start()
    try:
        interchanges = read_interchanges(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < BYTES_MAX
    assert len(every(interchanges)) <= FINDINGS_MAX + 5


def test_the_first_findings_are_kept_and_the_others_counted() -> None:
    interchanges = read_interchanges(with_inside(b"~" * (FINDINGS_MAX + 7)))
    found = every(interchanges)
    assert [each.code for each in found] == ["X12-EMPTY-SEGMENT"] * FINDINGS_MAX + [MORE]
    assert found[-1].message == "7 more were counted."
    assert found[-1].severity is Severity.WARNING
    assert interchanges[0].findings == ()


def test_no_set_looks_whole_because_others_filled_the_room() -> None:
    long_one = b"AK1*" + b"A" * 17_000
    data = body(sets=3).replace(b"AK1*HC*1", b"~" * 2_000 + b"AK1*HC*1")
    data = data.replace(b"AK1*HC*2", long_one).replace(b"SE*4*0003", b"SE*9*0003")
    (interchange,) = read_interchanges(data)
    last = [each.findings[-1] for each in interchange.sets()]
    assert [(each.code, each.severity) for each in last] == [
        (MORE, Severity.WARNING),
        (MORE, Severity.ERROR),
        ("X12-SE01-COUNT", Severity.ERROR),
    ]


def test_the_end_of_a_file_is_judged_however_much_was_found_before() -> None:
    data = with_inside(b"~" * 2_000).replace(b"IEA*1*000000042", b"IEA*2*000000041")
    (interchange,) = read_interchanges(data)
    assert [each.code for each in interchange.findings] == ["X12-IEA01-COUNT", "X12-IEA02-NUMBER"]


def test_reading_stops_at_too_many_sets() -> None:
    whole = body(sets=1)
    more = b"".join(b"ST*999*%05d~SE*2*%05d~" % (n, n) for n in range(SETS_MAX + 1))
    (interchange,) = read_interchanges(whole.replace(b"GE*1*7", more + b"GE*1*7") + whole)
    assert len(list(interchange.sets())) == SETS_MAX
    assert not interchange.is_complete
    assert {"X12-SETS-MAX", "X12-NO-GE"} == {each.code for each in interchange.findings}


def test_reading_stops_at_too_many_groups_or_interchanges() -> None:
    many_groups = WHOLE.replace(b"GE*1*7~", b"GE*1*7~" + b"GS*HP~GE*0*~" * SETS_MAX)
    for data, interchanges in ((many_groups, 1), (WHOLE * (SETS_MAX + 1), SETS_MAX + 1)):
        found = read_interchanges(data)
        assert [each.code for each in every(found)] == ["X12-SETS-MAX"]
        assert (len(found), found[-1].is_complete) == (interchanges, False)
        assert sum(len(each.groups) for each in found) == SETS_MAX


@pytest.mark.parametrize(("name", "most"), [("CLM", 5_000), ("CLP", 10_000)])
def test_more_claims_in_a_set_than_its_guide_wants_are_a_warning(name: str, most: int) -> None:
    for count in (most, most + 1):
        segments = f"{name}*1~".encode() * count
        data = with_inside(segments).replace(b"SE*4*", b"SE*%d*" % (4 + count))
        found = every(read_interchanges(data))
        assert [each.code for each in found] == ["X12-CLAIMS-MAX"] * (count > most)


LEVELS: dict[str, tuple[list[tuple[int, int]], int]] = {
    "twenty deep": ([(n, n - 1) for n in range(1, 21)], 0),
    "a hundred deep": ([(n, n - 1) for n in range(1, 101)], 80),
    "under itself": ([(1, 1)] * 50, 30),
    "two under each other": ([(1, 2), (2, 1)] * 25, 30),
    "beside each other": ([(n, 1) for n in range(2, 1_000)], 0),
}


@pytest.mark.parametrize(("levels", "too_deep"), LEVELS.values(), ids=LEVELS)
def test_levels_are_followed_twenty_deep(levels: list[tuple[int, int]], too_deep: int) -> None:
    segments = b"".join(b"HL*%d*%d*20*1~" % level for level in levels)
    data = with_inside(segments).replace(b"SE*4*", b"SE*%d*" % (4 + len(levels)))
    assert [each.code for each in every(read_interchanges(data))] == ["X12-HL-DEPTH"] * too_deep


@pytest.mark.parametrize("blank", [b" ", b"\n", b"\0"])
def test_megabytes_of_blanks_take_no_time(blank: bytes) -> None:
    many = blank * 5_000_000
    for data in (
        many,
        many + WHOLE,
        WHOLE + many,
        WHOLE.replace(b"GS*", b"\n" * 5_000_000 + b"GS*"),
    ):
        began = time.process_time()
        with contextlib.suppress(ReadError):
            read_interchanges(data)
        assert time.process_time() - began < 1


@pytest.mark.parametrize("files", [1, 3])
@pytest.mark.parametrize("segments", range(1, 24))
def test_reading_stops_at_too_many_segments(
    segments: int, files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "Room", lambda: Room(segments=segments))
    interchanges = read_interchanges(WHOLE * files)
    codes = [each.code for each in every(interchanges)]
    all_of_them = WHOLE.count(b"~") * files
    assert (codes.count("X12-SEGMENTS-MAX"), interchanges[-1].is_complete) == (
        (0, True) if segments >= all_of_them else (1, False)
    )
    assert sum(each.length for each in interchanges) == len(WHOLE) * files


@pytest.mark.parametrize(
    ("segment_id", "number", "expected"),
    [
        ("CLP", "0001", ("CLP", "0001")),
        ("N3", "A1b2C3d4E", ("N3", "A1b2C3d4E")),
        ("CANARY", "CANARY", ("", "")),
        ("Ada", "1 CAGE ST", ("", "")),
        ("", "1234567890", ("", "")),
        ("1A", "\u0661", ("", "")),
        ("N3\n", "1\n", ("", "")),
    ],
)
def test_a_place_says_where_and_never_what(
    segment_id: str, number: str, expected: tuple[str, str]
) -> None:
    for place in (
        Segment((segment_id, "X"), 3, 9).place(transaction_set=number),
        Place(segment_id=segment_id, transaction_set=number),
    ):
        assert (place.segment_id, place.transaction_set) == expected
