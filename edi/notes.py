"""Elements that may be unreadable: a value, or None and a finding with its place."""

from collections.abc import Iterable
from datetime import date

from edi.delimiters import Delimiters
from edi.elements import read_date
from edi.envelope import TransactionSet
from edi.findings import Finding, Severity, error, warning
from edi.guides import is_adopted
from edi.money import AmountError, Cents, Thousandths, read_amount, read_quantity
from edi.segment import Segment

_NO_HASTE = "Nothing has to wait for it; tell the sender if it happens again."
_CURE = "Ask the sender to correct the file and send it again."


def version_notes(transaction_set: TransactionSet) -> tuple[Finding, ...]:
    """Return a note where the set is of another version of its guide than the adopted one."""
    if is_adopted(transaction_set.set_id, transaction_set.version):
        return ()
    header = transaction_set.segments[0]
    message = "The guide is not of the adopted version; it was read alike."
    place = header.place(3, transaction_set=transaction_set.control_number)
    return (Finding(code="X12-VERSION", severity=Severity.NOTE, message=message, place=place),)


class Recorder:
    """The findings of one transaction set, in the order they were made."""

    def __init__(self, set_number: str, *, cure: str, findings: Iterable[Finding] = ()) -> None:
        self._set_number = set_number
        self._cure = cure
        self._findings = list(findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that were given, then those of reading."""
        return tuple(self._findings)

    def error(self, code: str, message: str, segment: Segment, element: int, loop: str) -> None:
        """Add a finding about something that cannot be used."""
        place = segment.place(element, loop=loop, transaction_set=self._set_number)
        self._findings.append(error(code, message, cure=self._cure, place=place))

    def warn(self, code: str, message: str, segment: Segment, element: int, loop: str) -> None:
        """Add a finding that stops nothing."""
        place = segment.place(element, loop=loop, transaction_set=self._set_number)
        self._findings.append(warning(code, message, cure=_NO_HASTE, place=place))


class Notes(Recorder):
    """The findings of an acknowledgment or eligibility set; those of its envelope come first."""

    def __init__(self, transaction_set: TransactionSet) -> None:
        found = (*transaction_set.findings, *version_notes(transaction_set))
        super().__init__(transaction_set.control_number, cure=_CURE, findings=found)
        self.set_id = transaction_set.set_id  #: Two transactions may share a guide, and a reader.
        self.delimiters = transaction_set.delimiters

    def text(self, segment: Segment, element: int, loop: str) -> str:
        """Return an element as it stands, "" where it is absent."""
        del loop
        return segment.get(element)

    def yes_no(self, segment: Segment, element: int, loop: str) -> bool:
        """Return True for Y; anything but Y and N is False and a warning."""
        text = segment.get(element)
        if text not in {"Y", "N"}:
            message = "The element is neither Y nor N; it was read as N."
            self.warn("X12-YES-NO", message, segment, element, loop)
        return text == "Y"

    def amount(self, segment: Segment, element: int, loop: str) -> Cents | None:
        """Return an amount in cents, None where it is absent, or None and an error."""
        text = segment.get(element)
        try:
            return read_amount(text) if text else None
        except AmountError:
            message = "The amount is not a number with at most ten digits and two decimals."
            self.error("X12-AMOUNT", message, segment, element, loop)
            return None

    def quantity(self, segment: Segment, element: int, loop: str) -> Thousandths | None:
        """Return a quantity or ratio in thousandths, None where absent, or None and an error."""
        text = segment.get(element)
        try:
            return read_quantity(text) if text else None
        except AmountError:
            message = "The quantity or percentage is not a number with at most three decimals."
            self.error("X12-QUANTITY", message, segment, element, loop)
            return None

    def date(self, segment: Segment, element: int, loop: str) -> date | None:
        """Return a CCYYMMDD date, None where it is absent, or None and a warning."""
        text = segment.get(element)
        day = read_date(text)
        if text and day is None:
            self.warn("X12-DATE", "There is no such day in CCYYMMDD.", segment, element, loop)
        return day

    def repeated(self, segment: Segment, element: int, loop: str) -> tuple[str, ...]:
        """Return the repetitions of an element that have a value."""
        del loop
        text, separator = segment.get(element), self.delimiters.repetition
        return tuple(each for each in (text.split(separator) if separator else [text]) if each)


class Unnoted(Notes):
    """What is read a second time, when its findings are known or nobody asks for them."""

    def __init__(self, delimiters: Delimiters) -> None:
        Recorder.__init__(self, "", cure="")
        self.set_id = ""
        self.delimiters = delimiters
