"""The segments of a file: where each begins, in which loop it stands. Made once, then windowed."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from edi.annotation.places import CLAIM_LOOPS, Loop, Spot, Walk
from edi.delimiters import ISA_LENGTH, STANDARD, Delimiters, delimiters_of, is_legal
from edi.findings import Finding, Place, ReadError, error
from edi.room import ELEMENTS_MAX, SEGMENTS_MAX

_BLANK = " \t\r\n\x00\x1a\xef\xbb\xbf"
_UNREAD_MAX = 16 * 1024  #: Bytes that are no segment are shown in pieces of at most this.


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where everything is. It holds loops and control numbers, and no other value of the file."""

    size: int  #: Bytes of the file.
    starts: "array[int]"  #: Offset of each segment; it ends where the next one starts.
    spots: tuple[Spot, ...]
    loops: tuple[Loop, ...]
    interchanges: tuple[tuple[int, Delimiters], ...]  #: Number of the first segment, from 1.
    unread_from: int | None  #: Number of the first segment that is only bytes.
    #: CLM01, CLP01 or TRN02 of each claim, and the number of its segment.
    claims: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]  #: Why a part of the file could not be read at all.

    @property
    def segments(self) -> int:
        """How many segments there are."""
        return len(self.starts)

    def span(self, number: int) -> tuple[int, int]:
        """Return where segment `number`, from 1, begins and ends, line end included."""
        end = self.starts[number] if number < len(self.starts) else self.size
        return (self.starts[number - 1] if number > 1 else 0, end)

    def delimiters(self, number: int) -> Delimiters:
        """Return the delimiters by which segment `number` was split."""
        begun = bisect_right(self.interchanges, number, key=itemgetter(0))
        return self.interchanges[begun - 1][1] if begun else STANDARD


def index_segments(body: bytes) -> Index:
    """Return the index of any bytes. Never raises: what is no X12 is one unread segment."""
    indexing = _Indexing(body.decode("latin-1"))
    indexing.run()
    return Index(
        size=len(body),
        starts=indexing.starts,
        spots=tuple(indexing.spots),
        loops=tuple(indexing.walk.loops),
        interchanges=tuple(indexing.interchanges),
        unread_from=indexing.unread_from,
        claims=tuple(indexing.claims),
        findings=tuple(indexing.findings),
    )


class _Indexing:
    def __init__(self, text: str) -> None:
        self.text = text
        self.walk = Walk()
        self.starts = array("Q")
        self.spots: list[Spot] = []
        self.interchanges: list[tuple[int, Delimiters]] = []
        self.claims: list[tuple[str, int]] = []
        self.findings: list[Finding] = []
        self.unread_from: int | None = None

    def run(self) -> None:
        text, position = self.text, _skip(self.text, 0)
        while position < len(text) and len(self.starts) < SEGMENTS_MAX:
            try:
                delimiters = delimiters_of(text[position : position + ISA_LENGTH], offset=position)
            except ReadError as refusal:
                self.findings.append(refusal.finding)
                guess = _guessed_delimiters(text, position)
                if guess is None:
                    self.unread(position)
                    return
                delimiters = guess
            self.interchanges.append((len(self.starts) + 1, delimiters))
            position = self.interchange(position, delimiters)
        if not self.starts and text:
            self.unread(0)

    def interchange(self, position: int, delimiters: Delimiters) -> int:
        """Take segments up to IEA, or the next ISA; return where that is."""
        for number, (start, end, raw) in enumerate(_raw_segments(self.text, position, delimiters)):
            elements = tuple(raw.split(delimiters.element, ELEMENTS_MAX + 1))
            if number and elements[0] == "ISA":
                return start
            self.take(start, elements, delimiters)
            if elements[0] == "IEA":
                return _skip(self.text, end)
            if len(self.starts) >= SEGMENTS_MAX:
                break
        return len(self.text)

    def take(self, start: int, elements: tuple[str, ...], delimiters: Delimiters) -> None:
        elements = (elements[0].strip(), *elements[1:])  # Some senders indent.
        self.starts.append(start)
        self.spots.append(self.walk.step(elements, delimiters.component, len(self.starts)))
        loop = self.spots[-1].loop
        if loop.id in CLAIM_LOOPS and loop.first == len(self.starts):
            self.claims.append((loop.value, loop.first))

    def unread(self, position: int) -> None:
        """Take what is no X12 as segments without a name, of a bearable length."""
        if not self.findings:
            place = Place(byte_offset=position)
            self.findings.append(error("X12-EMPTY", "The file is empty.", place=place))
        self.unread_from = len(self.starts) + 1
        for start in range(position, len(self.text), _UNREAD_MAX):
            self.starts.append(start)
            self.spots.append(self.walk.step(("",), "", len(self.starts)))


def _guessed_delimiters(text: str, position: int) -> Delimiters | None:
    """Return what an ISA of the wrong width seems to declare: its sixteenth element is one byte."""
    if not text.startswith("ISA", position) or position + 4 > len(text):
        return None
    separator = text[position + 3]
    parts = text[position : position + 2 * ISA_LENGTH].split(separator)
    if not is_legal(separator) or len(parts) < 17 or len(parts[16]) < 2:
        return None
    component, terminator = parts[16][0], parts[16][1]
    if not is_legal(terminator, is_terminator=True) or len({separator, component, terminator}) < 3:
        return None
    return Delimiters(element=separator, component=component, repetition="", terminator=terminator)


def _raw_segments(
    text: str, position: int, delimiters: Delimiters
) -> Iterator[tuple[int, int, str]]:
    """Yield where each segment begins, where its terminator ends, and what is between."""
    terminator = delimiters.terminator
    while True:
        while position < len(text) and text[position] in " \t\r\n" and text[position] != terminator:
            position += 1
        if _skip(text, position) >= len(text):
            return
        end = text.find(terminator, position)
        if end < 0:
            yield position, len(text), text[position:]
            return
        yield position, end + 1, text[position:end]
        position = end + 1


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANK:
        position += 1
    return position
