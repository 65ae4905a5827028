"""What one file may hold: segments, sets and findings, each with its limit (reliability.md 5)."""

from collections.abc import Callable
from dataclasses import dataclass

from edi.findings import Finding, Place, Severity, error, warning

SEGMENT_BYTES_MAX = 16 * 1024  #: A longer one is a finding: no guide needs it.
ELEMENTS_MAX = 100  #: Of a segment; more is a finding.
SEGMENTS_MAX = 5_000_000  #: Reading stops there.
SETS_MAX = 10_000  #: Reading stops there.
CURE = "Tell the sender where it is, and ask for a corrected file."  #: Of a damaged envelope.
FINDINGS_MAX = 1_000  #: The first are kept, the others are counted.


@dataclass(slots=True)
class Room:
    """What is left while a file is read."""

    segments: int = SEGMENTS_MAX
    sets: int = SETS_MAX
    findings: int = FINDINGS_MAX


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
        code="X12-MORE-FINDINGS",
        severity=worst,
        message=f"{count} more were counted.",
        cure="Correct the first ones, and look again.",
    )
