"""The bytes of one interchange, segment by segment: what is lost or odd among them is a finding."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import accumulate, count

from edi.delimiters import ISA_LENGTH, Delimiters, delimiters_of
from edi.findings import Place, Severity, error, note
from edi.room import (
    BINARY,
    CURE,
    ELEMENT_BYTES_MAX,
    ELEMENTS_MAX,
    HEADERS,
    FirstFindings,
    Room,
    excesses,
    is_ordinary,
)
from edi.segment import Segment

BLANK = " \t\r\n\x00\x1a"  #: May stand around interchanges.
_BETWEEN = (" ", "\t", "\r", "\n")  #: May stand between segments: line ends, and what indents.
_LINE_END = re.compile("[\r\n]*")
_INDENT = re.compile("[ \t\r\n]*")
#: The same, by a terminator that is one of them.
_LINE_ENDS = {"\r": re.compile("\n*"), "\n": re.compile("\r*")}
_INDENTS = {"\r": re.compile("[ \t\n]*"), "\n": re.compile("[ \t\r]*")}
_RUN = 16 * 1024  #: Characters that are cut into segments at once.
#: Segments that are taken one at a time: reading may stop at them, or they are not read.
_ALONE = "|".join(sorted({*HEADERS, "IEA", *BINARY}))


@lru_cache(maxsize=64)
def _ends_run(delimiters: Delimiters, line_end: str) -> re.Pattern[str]:
    """Return the pattern of a terminator behind which a run of ordinary segments ends.

    Another line end follows, or a segment that is empty, indented, or taken alone.
    """
    terminator, separator = re.escape(delimiters.terminator), re.escape(delimiters.element)
    odd = f"[{terminator} \\t\\r\\n]|(?:{_ALONE})[{separator}{terminator}]"
    return re.compile(f"{terminator}(?:(?!{line_end})|{line_end}(?:{odd}))")


@dataclass(slots=True)
class OpenSet:
    """A transaction set whose SE was not seen yet."""

    segments: list[Segment]
    findings: FirstFindings
    depths: dict[str, int] = field(default_factory=dict)  #: By HL01: how deep that level is.
    released: int = 0  #: Segments that a stream has passed on, less those it keeps as context.
    claims: Counter[str] = field(default_factory=Counter)  #: Of those, by what begins a claim.


class Tokens:
    """The segments of an interchange, in order, and to what a finding about one belongs."""

    def __init__(self, text: str, position: int, room: Room, base: int = 0) -> None:
        self.text = text
        self.room = room
        self.start = base + position
        self.position = position
        self.base = base  #: Offset in the file of the first character of `text`.
        self.number = 0  #: Segments of the interchange before `position`.
        self.delimiters = delimiters_of(text[position : position + ISA_LENGTH], offset=self.start)
        self.findings = FirstFindings(room)
        self.is_stopped = False  #: At a limit of the file.
        self.is_indented = False  #: Said so.
        self.open_set: OpenSet | None = None
        self._alone_to = 0  #: Offset in the file up to which segments are taken one at a time.

    def segments(self) -> Iterator[Segment]:
        """Yield every segment of `text` from `position` on, and move `position` behind it."""
        text, delimiters, base = self.text, self.delimiters, self.base
        terminator, separator = delimiters.terminator, delimiters.element
        while True:
            if base + self.position >= self._alone_to:
                yield from self._run()
            at = self.position
            if text[at : at + 1] in _BETWEEN:
                at = self.skip_blanks(at)
            end = text.find(terminator, at)
            if end < 0:
                self.end(at)
                return
            if self.room.segments <= 0 < self.number:
                self.stop("X12-SEGMENTS-MAX", "segments", base + at)
                return
            self.room.segments -= 1
            self.position = end + 1
            self.number += 1
            raw = text[at:end]
            # The last one holds the rest, however many: one segment cannot fill the memory.
            elements = tuple(raw.split(separator, ELEMENTS_MAX + 1))
            segment = Segment(elements, self.number, base + at)
            if not raw:
                self.warn("X12-EMPTY-SEGMENT", "Two terminators follow each other.", segment)
                continue
            if not is_ordinary(raw, elements):
                for severity, code, message, element in excesses(raw, segment):
                    self.add(code, message, segment, element, severity=severity)
            yield segment

    def _run(self) -> list[Segment]:
        """Take the ordinary segments that follow, as many as `_RUN` holds: nearly all of a file."""
        text, start, separator = self.text, self.position, self.delimiters.element
        terminator = self.delimiters.terminator
        if not start or text[start - 1] != terminator:
            return []
        found = None if terminator in _BETWEEN else _LINE_END.match(text, start, start + 2)
        joint = terminator + (found[0] if found else "")
        first = start - 1 + len(joint)
        odd = _ends_run(self.delimiters, joint[1:]).search(text, start - 1, start + _RUN)
        end = odd.start() if odd else text.rfind(terminator, first, start + _RUN)
        if end <= first:
            return []
        body = text[first:end]
        raws = body.split(joint)
        elements = [tuple(raw.split(separator)) for raw in raws]
        lengths = list(map(len, raws))
        is_long = max(lengths) > ELEMENT_BYTES_MAX or max(map(len, elements)) > ELEMENTS_MAX + 1
        if is_long or not body.isascii() or self.room.segments < len(raws):
            self._alone_to = self.base + end
            return []
        offsets = accumulate((each + len(joint) for each in lengths), initial=self.base + first)
        new = tuple.__new__  # What `Segment(...)` does, at half the time.
        run = [new(Segment, each) for each in zip(elements, count(self.number + 1), offsets)]
        self.room.segments -= len(run)
        self.number += len(run)
        self.position = end + 1
        return run

    def skip_blanks(self, at: int) -> int:
        """Return where the next segment begins; blanks that are no line end are told once."""
        terminator = self.delimiters.terminator
        if self.text[at] == "\n" != terminator and self.text[at + 1 : at + 2] not in _BETWEEN:
            return at + 1  # Nearly always.
        found = _LINE_ENDS.get(terminator, _LINE_END).match(self.text, at)
        indent = found.end() if found else at
        found = _INDENTS.get(terminator, _INDENT).match(self.text, indent)
        start = found.end() if found else indent
        if indent < start < len(self.text) and not self.is_indented:
            self.is_indented = True
            message = "Blanks stand between segments; they were skipped."
            place = Place(segment_number=self.number + 1, byte_offset=self.base + indent)
            cure = "Nothing, or tell the sender."
            self.findings.decide(note("X12-BLANKS", message, cure=cure, place=place))
        return start

    def end(self, at: int) -> None:
        """Move behind the text, in which no terminator follows; a segment there was cut short."""
        self.position = len(self.text)
        if self.text[at:].strip(BLANK):
            place = Place(segment_number=self.number + 1, byte_offset=self.base + at)
            message = "The last segment has no terminator: the file is cut short."
            self.findings.decide(error("X12-UNTERMINATED", message, cure=CURE, place=place))

    def stop(self, code: str, what: str, offset: int) -> None:
        """Read nothing more of the file."""
        message = f"The file has more {what} than are read of one: the rest was not read."
        cure = "Ask the sender for several smaller files."
        self.findings.decide(error(code, message, cure=cure, place=Place(byte_offset=offset)))
        self.is_stopped = True
        self.position = len(self.text)

    def warn(self, code: str, message: str, segment: Segment) -> None:
        """Add a warning, to the open set where there is one."""
        self.add(code, message, segment, severity=Severity.WARNING)

    def add(
        self, code: str, message: str, segment: Segment, element: int = 0, *,
        severity: Severity = Severity.ERROR,
    ) -> None:  # fmt: skip
        """Add an error, to the open set where there is one: only that set is then unusable."""
        findings = self.open_set.findings if self.open_set else self.findings
        place = partial(segment.place, element, transaction_set=self.set_number)
        findings.add(severity, code, message, place)

    @property
    def set_number(self) -> str:
        """ST02 of the open set."""
        return self.open_set.segments[0].get(2) if self.open_set else ""
