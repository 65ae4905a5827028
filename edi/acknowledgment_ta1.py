"""The TA1: what a receiver says about one interchange, before it looks at its groups."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from edi.delimiters import Delimiters
from edi.envelope import Interchange
from edi.findings import Finding, Severity, error, warning
from edi.segment import Segment
from edi.writer import SetWriter

_QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})
_VERSIONS = frozenset({"00401", "00501"})
_AUTHORIZATION_QUALIFIERS = frozenset({"00", "03"})
_SECURITY_QUALIFIERS = frozenset({"00", "01"})
_ISA08 = 8


class InterchangeVerdict(StrEnum):
    """TA104."""

    ACCEPTED = "A"
    ACCEPTED_WITH_ERRORS = "E"
    REJECTED = "R"


class InterchangeNote(StrEnum):
    """TA105: X12 data element I18, in our own words."""

    NONE = "000"
    NUMBERS_DIFFER = "001"
    STANDARD = "002"
    CONTROL_VERSION = "003"
    TERMINATOR = "004"
    SENDER_QUALIFIER = "005"
    SENDER_ID = "006"
    RECEIVER_QUALIFIER = "007"
    RECEIVER_ID = "008"
    RECEIVER_UNKNOWN = "009"
    AUTHORIZATION_QUALIFIER = "010"
    AUTHORIZATION = "011"
    SECURITY_QUALIFIER = "012"
    SECURITY = "013"
    DATE = "014"
    TIME = "015"
    STANDARDS_ID = "016"
    VERSION_ID = "017"
    CONTROL_NUMBER = "018"
    ACKNOWLEDGMENT_REQUESTED = "019"
    USAGE = "020"
    GROUP_COUNT = "021"
    STRUCTURE = "022"
    CUT_SHORT = "023"
    CONTENT = "024"
    DUPLICATE_NUMBER = "025"
    ELEMENT_SEPARATOR = "026"
    COMPONENT_SEPARATOR = "027"
    DELIVERY_DATE = "028"
    DELIVERY_TIME = "029"
    DELIVERY_TIME_CODE = "030"
    SERVICE_GRADE = "031"

    @property
    def meaning(self) -> str:
        """What the note says, for people."""
        return _MEANINGS[self]


_MEANINGS = {
    InterchangeNote.NONE: "Nothing is wrong with the interchange.",
    InterchangeNote.NUMBERS_DIFFER: "The control numbers of ISA and IEA are not the same.",
    InterchangeNote.STANDARD: "The receiver does not support the control standard.",
    InterchangeNote.CONTROL_VERSION: "The receiver does not support the version of the envelope.",
    InterchangeNote.TERMINATOR: "The segment terminator is not valid.",
    InterchangeNote.SENDER_QUALIFIER: "The qualifier of the sender's id (ISA05) is not valid.",
    InterchangeNote.SENDER_ID: "The sender's id (ISA06) is not valid.",
    InterchangeNote.RECEIVER_QUALIFIER: "The qualifier of the receiver's id (ISA07) is not valid.",
    InterchangeNote.RECEIVER_ID: "The receiver's id (ISA08) is not valid.",
    InterchangeNote.RECEIVER_UNKNOWN: "The receiver's id (ISA08) is not known.",
    InterchangeNote.AUTHORIZATION_QUALIFIER: "The authorization qualifier (ISA01) is not valid.",
    InterchangeNote.AUTHORIZATION: "The authorization (ISA02) is not valid.",
    InterchangeNote.SECURITY_QUALIFIER: "The security qualifier (ISA03) is not valid.",
    InterchangeNote.SECURITY: "The password (ISA04) is not valid.",
    InterchangeNote.DATE: "The date (ISA09) is not valid.",
    InterchangeNote.TIME: "The time (ISA10) is not valid.",
    InterchangeNote.STANDARDS_ID: "The standard or repetition separator (ISA11) is not valid.",
    InterchangeNote.VERSION_ID: "The version (ISA12) is not valid.",
    InterchangeNote.CONTROL_NUMBER: "The control number (ISA13) is not valid.",
    InterchangeNote.ACKNOWLEDGMENT_REQUESTED: "ISA14 is neither 0 nor 1.",
    InterchangeNote.USAGE: "The usage indicator (ISA15) is not valid, or not for this system.",
    InterchangeNote.GROUP_COUNT: "The number of groups (IEA01) is not valid.",
    InterchangeNote.STRUCTURE: "The segments of the envelope are not in their order.",
    InterchangeNote.CUT_SHORT: "The interchange ends before its end.",
    InterchangeNote.CONTENT: "What stands between ISA and IEA is not valid.",
    InterchangeNote.DUPLICATE_NUMBER: "The control number (ISA13) was used before.",
    InterchangeNote.ELEMENT_SEPARATOR: "The element separator is not valid.",
    InterchangeNote.COMPONENT_SEPARATOR: "The component separator (ISA16) is not valid.",
    InterchangeNote.DELIVERY_DATE: "The date of a deferred delivery is not valid.",
    InterchangeNote.DELIVERY_TIME: "The time of a deferred delivery is not valid.",
    InterchangeNote.DELIVERY_TIME_CODE: "The time code of a deferred delivery is not valid.",
    InterchangeNote.SERVICE_GRADE: "The grade of service is not valid.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InterchangeAcknowledgment:
    """One TA1 segment. A code that X12 does not have is kept, and a finding."""

    control_number: str  #: TA101: the ISA13 that is answered.
    date: str  #: TA102: its ISA09, YYMMDD.
    time: str  #: TA103: its ISA10, HHMM.
    code: str  #: TA104: an InterchangeVerdict.
    note: str  #: TA105: an InterchangeNote.
    findings: tuple[Finding, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """The interchange goes on, with or without errors noted."""
        return self.code in (InterchangeVerdict.ACCEPTED, InterchangeVerdict.ACCEPTED_WITH_ERRORS)

    @property
    def is_rejected(self) -> bool:
        """Nothing of the interchange is used: all of it has to be sent again."""
        return self.code == InterchangeVerdict.REJECTED

    @property
    def meaning(self) -> str:
        """What TA105 says, for people."""
        known = self.note in set(InterchangeNote)
        return InterchangeNote(self.note).meaning if known else "The note is not one of X12."


def read_ta1(interchange: Interchange) -> tuple[InterchangeAcknowledgment, ...]:
    """Return what the TA1 segments of an interchange say. Raises nothing."""
    return tuple(map(_read, interchange.acknowledgments))


def _read(ta1: Segment) -> InterchangeAcknowledgment:
    return InterchangeAcknowledgment(
        control_number=ta1.get(1),
        date=ta1.get(2),
        time=ta1.get(3),
        code=ta1.get(4),
        note=ta1.get(5),
        findings=tuple(_check(ta1)),
    )


def _check(ta1: Segment) -> Iterator[Finding]:
    cure = "Ask the sender which interchange was meant, and whether it was accepted."
    number = ta1.get(1)
    if not (len(number) == 9 and number.isascii() and number.isdigit()):
        message = "TA101 is not an interchange control number of nine digits."
        yield error("TA1-NUMBER", message, cure=cure, place=ta1.place(1))
    if ta1.get(4) not in set(InterchangeVerdict):
        message = "TA104 is none of A, E and R."
        yield error("TA1-CODE", message, cure=cure, place=ta1.place(4))
    if ta1.get(5) not in set(InterchangeNote):
        message = "TA105 is not one of X12's notes."
        yield warning("TA1-NOTE", message, place=ta1.place(5))


def write_ta1(
    acknowledgments: Iterable[InterchangeAcknowledgment], delimiters: Delimiters
) -> SetWriter:
    """Return TA1 segments for `write_interchange`. Raises WriteError for illegal values."""
    writer = SetWriter(delimiters)
    for each in acknowledgments:
        writer.add("TA1", each.control_number, each.date, each.time, each.code, each.note)
    return writer


def acknowledge_interchange(
    interchange: Interchange, findings: Iterable[Finding] = ()
) -> InterchangeAcknowledgment:
    """Return the TA1 for an interchange that could be read at all.

    `findings` are those of the caller: X12-WRONG-USAGE, X12-NUMBER-AGAIN, X12-NOT-OURS. What is
    not used at all is rejected; what is used all the same is accepted with errors; the first
    reason is the note.
    """
    errors = [
        finding
        for finding in (*findings, *interchange.findings)
        if finding.severity is Severity.ERROR
    ]
    noted = [_note_of(finding) for finding in errors]
    rejecting = [_note_of(finding) for finding in errors if finding.code in _REJECTING]
    noted += [note for note, is_wrong in _ISA_CHECKS if is_wrong(interchange)]
    rejecting += [note for note in noted if note is InterchangeNote.USAGE]
    if rejecting:
        code = InterchangeVerdict.REJECTED
    elif noted:
        code = InterchangeVerdict.ACCEPTED_WITH_ERRORS
    else:
        code = InterchangeVerdict.ACCEPTED
    return InterchangeAcknowledgment(
        control_number=interchange.control_number,
        date=interchange.date,
        time=interchange.time,
        code=code,
        note=[*rejecting, *noted, InterchangeNote.NONE][0],
    )


def _note_of(finding: Finding) -> InterchangeNote:
    if finding.code == "X12-NOT-OURS" and finding.place.element == _ISA08:
        return InterchangeNote.RECEIVER_UNKNOWN
    return _NOTES.get(finding.code, InterchangeNote.CONTENT)


def _is_moment(text: str, form: str, length: int) -> bool:
    try:
        datetime.strptime(text, form)  # noqa: DTZ007 - only whether there is such a time
    except ValueError:
        return False
    return len(text) == length


#: Any other error of the envelope is 024, invalid content.
_NOTES = {
    "X12-WRONG-USAGE": InterchangeNote.USAGE,
    "X12-NUMBER-AGAIN": InterchangeNote.DUPLICATE_NUMBER,
    "X12-NOT-OURS": InterchangeNote.SENDER_ID,
    "X12-NO-IEA": InterchangeNote.CUT_SHORT,
    "X12-UNTERMINATED": InterchangeNote.CUT_SHORT,
    "X12-IEA02-NUMBER": InterchangeNote.NUMBERS_DIFFER,
    "X12-IEA01-COUNT": InterchangeNote.GROUP_COUNT,
    "X12-STRAY": InterchangeNote.STRUCTURE,
    "X12-NO-GS": InterchangeNote.STRUCTURE,
    "X12-NO-GE": InterchangeNote.STRUCTURE,
    "X12-DATA-AFTER-IEA": InterchangeNote.STRUCTURE,
}
_REJECTING = frozenset(
    {"X12-WRONG-USAGE", "X12-NUMBER-AGAIN", "X12-NOT-OURS", "X12-NO-IEA", "X12-UNTERMINATED"}
)
_ISA_CHECKS: tuple[tuple[InterchangeNote, Callable[[Interchange], bool]], ...] = (
    (
        InterchangeNote.AUTHORIZATION_QUALIFIER,
        lambda each: each.authorization_qualifier not in _AUTHORIZATION_QUALIFIERS,
    ),
    (
        InterchangeNote.SECURITY_QUALIFIER,
        lambda each: each.security_qualifier not in _SECURITY_QUALIFIERS,
    ),
    (InterchangeNote.SENDER_QUALIFIER, lambda each: each.sender_qualifier not in _QUALIFIERS),
    (InterchangeNote.SENDER_ID, lambda each: not each.sender_id),
    (InterchangeNote.RECEIVER_QUALIFIER, lambda each: each.receiver_qualifier not in _QUALIFIERS),
    (InterchangeNote.RECEIVER_ID, lambda each: not each.receiver_id),
    (InterchangeNote.DATE, lambda each: not _is_moment(each.date, "%y%m%d", 6)),
    (InterchangeNote.TIME, lambda each: not _is_moment(each.time, "%H%M", 4)),
    (InterchangeNote.VERSION_ID, lambda each: each.version not in _VERSIONS),
    (
        InterchangeNote.CONTROL_NUMBER,
        lambda each: not (each.control_number.isascii() and each.control_number.isdigit()),
    ),
    (
        InterchangeNote.ACKNOWLEDGMENT_REQUESTED,
        lambda each: each.acknowledgment_requested not in {"0", "1"},
    ),
    (InterchangeNote.USAGE, lambda each: each.usage not in {"P", "T"}),
)
