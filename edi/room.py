"""What one file may hold: segments, sets and findings, each with its limit (reliability.md 5)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from edi.findings import Finding, Place, Severity, error, warning
from edi.segment import Segment

SEGMENT_BYTES_MAX = 16 * 1024  #: A longer one is a finding: no guide needs it.
ELEMENTS_MAX = 100  #: Of a segment; more is a finding.
ELEMENT_BYTES_MAX = 8 * 1024  #: A longer one is a finding.
LEVELS_MAX = 20  #: HL below HL; deeper is a finding: the guides have five.
#: Claims of a set, by their segment: more is a warning (X222A1 and X221A1, front matter).
CLAIMS_MAX = {"CLM": 5_000, "CLP": 10_000}
BINARY = frozenset({"BIN", "BDS"})  #: Their length stands in an element: not found by delimiters.
SEGMENTS_MAX = 5_000_000  #: Reading stops there.
SETS_MAX = 10_000  #: Reading stops there; also at so many groups or interchanges.
HEADERS = {"ISA": "interchanges", "GS": "functional groups", "ST": "transaction sets"}
NOT_READ_WHOLE = frozenset({"X12-SEGMENTS-MAX", "X12-SETS-MAX"})  #: Codes of having stopped.
CURE = "Tell the sender where it is, and ask for a corrected file."  #: Of a damaged envelope.
FINDINGS_MAX = 1_000  #: The first are kept, the others are counted.
MORE = "X12-MORE-FINDINGS"  #: The code of the finding that says how many others there are.


@dataclass(slots=True)
class Room:
    """What is left while a file is read."""

    segments: int = SEGMENTS_MAX
    headers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HEADERS, SETS_MAX))
    findings: int = FINDINGS_MAX


def is_ordinary(raw: str, elements: tuple[str, ...]) -> bool:
    """Tell whether nothing of a segment can be beyond its limits: true of all but a few."""
    return (
        raw.isascii()
        and len(raw) <= ELEMENT_BYTES_MAX
        and len(elements) <= ELEMENTS_MAX + 1
        and elements[0] not in BINARY
    )


def excesses(raw: str, segment: Segment) -> Iterator[tuple[Severity, str, str, int]]:
    """Yield what is beyond the limits of a segment: severity, code, message and element."""
    if len(raw) > SEGMENT_BYTES_MAX:
        yield Severity.ERROR, "X12-SEGMENT-LENGTH", "A segment is longer than 16 KiB.", 0
    else:
        for at, element in enumerate(segment.elements):
            if len(element) > ELEMENT_BYTES_MAX:
                yield Severity.ERROR, "X12-ELEMENT-LENGTH", "An element is longer than 8 KiB.", at
    if len(segment.elements) > ELEMENTS_MAX + 1:
        yield Severity.ERROR, "X12-ELEMENT-COUNT", "A segment has more than 100 elements.", 0
    if segment.id in BINARY:
        yield Severity.ERROR, "X12-BINARY", "A segment with binary content is not read.", 0
    if not raw.isascii():
        yield Severity.WARNING, "X12-CHARSET", "A segment has bytes outside ASCII.", 0


def many_claims(segments: list[Segment], earlier: Mapping[str, int]) -> str:
    """Return which segment begins more claims of a set than its guide wants, or "".

    `earlier` are those of the set that stand before `segments`.
    """
    if len(segments) + sum(earlier.values()) <= min(CLAIMS_MAX.values()):
        return ""
    ids = [segment.elements[0] for segment in segments]
    many = (n for n, most in CLAIMS_MAX.items() if ids.count(n) + earlier.get(n, 0) > most)
    return next(many, "")


class FirstFindings:
    """The findings of one set, or of an interchange outside its sets.

    Those about single segments are kept while there is room in the file. Those that decide about
    a whole set or interchange are few, and always kept.
    """

    __slots__ = ("_errors", "_kept", "_room", "_warnings")

    def __init__(self, room: Room) -> None:
        self._room = room
        self._kept: list[Finding] = []
        self._errors = self._warnings = 0  # Counted, not kept.

    def add(self, severity: Severity, code: str, message: str, place: Callable[[], Place]) -> None:
        """Keep a finding about a segment, or only count it: then nothing is made of it."""
        if self._room.findings > 0:
            self._room.findings -= 1
            make = error if severity is Severity.ERROR else warning
            self._kept.append(make(code, message, cure=CURE, place=place()))
        elif severity is Severity.ERROR:
            self._errors += 1
        else:
            self._warnings += 1

    def decide(self, finding: Finding) -> None:
        """Keep a finding about the whole."""
        self._kept.append(finding)

    def all(self) -> tuple[Finding, ...]:
        """Return what was kept; one finding more, as severe, stands for what was counted."""
        if not self._errors + self._warnings:
            return tuple(self._kept)
        worst = Severity.ERROR if self._errors else Severity.WARNING
        return (*self._kept, more_findings(self._errors + self._warnings, worst))


def more_findings(count: int, worst: Severity) -> Finding:
    """Return the finding that stands for `count` others, of which the worst is this severe."""
    return Finding(
        code=MORE,
        severity=worst,
        message=f"{count} more were counted.",
        cure="Correct the first ones, and look again.",
    )
