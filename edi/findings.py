"""What is wrong with the data: a value with a stable code, a place and a cure.

A finding never quotes the offending value: values may be protected health information.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_SET_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9]{1,9}")  #: A name has no digit.


class Severity(StrEnum):
    """How far a finding reaches."""

    ERROR = "error"  #: The fact cannot be used as it stands.
    WARNING = "warning"  #: It can be used; somebody should look.
    NOTE = "note"  #: Worth knowing.


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file or a document: whatever of these is known.

    In a broken file a name may stand where a segment id or a control number should: what does not
    have the form of one is left out, so that a place can be stored and shown.

    >>> Place(segment_id="CANARY", transaction_set="CANARY ADA") == Place()
    True
    """

    transaction_set: str = ""  #: ST02 of the set.
    segment_number: int = 0  #: Counted from 1 at ISA; 0 when unknown.
    segment_id: str = ""
    element: int = 0  #: 1 for the first element after the segment id; 0 for the whole segment.
    component: int = 0  #: 1 for the first component; 0 for the whole element.
    loop: str = ""
    byte_offset: int = -1  #: Of the segment's first byte in the file; -1 when unknown.
    pointer: str = ""  #: JSON pointer into the encounter that was posted.

    def __post_init__(self) -> None:
        if not _SEGMENT_ID.fullmatch(self.segment_id):
            object.__setattr__(self, "segment_id", "")
        if not _SET_NUMBER.fullmatch(self.transaction_set):
            object.__setattr__(self, "transaction_set", "")

    def __str__(self) -> str:
        """Return what a person would say: `set 0001, segment 14 CLP element 3`."""
        parts = []
        if self.transaction_set:
            parts.append(f"set {self.transaction_set},")
        if self.loop:
            parts.append(f"loop {self.loop},")
        if self.segment_number:
            parts.append(f"segment {self.segment_number}")
        if self.segment_id:
            parts.append(self.segment_id)
        if self.element:
            parts.append(f"element {self.element}")
        if self.component:
            parts.append(f"component {self.component}")
        if self.pointer:
            parts.append(self.pointer)
        return " ".join(parts).rstrip(",")


NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, where, and what to do about it."""

    code: str  #: Stable; listed in docs/findings.md.
    severity: Severity
    message: str
    cure: str = ""
    place: Place = NOWHERE


def error(code: str, message: str, *, cure: str = "", place: Place = NOWHERE) -> Finding:
    """Return a finding that stops the fact it is about."""
    return Finding(code=code, severity=Severity.ERROR, message=message, cure=cure, place=place)


def warning(code: str, message: str, *, cure: str = "", place: Place = NOWHERE) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(code=code, severity=Severity.WARNING, message=message, cure=cure, place=place)


def note(code: str, message: str, *, cure: str = "", place: Place = NOWHERE) -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(code=code, severity=Severity.NOTE, message=message, cure=cure, place=place)


class X12Error(Exception):
    """The root of what this package raises."""


class ReadError(X12Error):
    """The bytes are not what they should be: the sender's fault."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code}: {finding.message} ({finding.place})")
        self.finding = finding


class WriteError(X12Error):
    """We were asked to write what X12 cannot carry: our fault, a bug."""
