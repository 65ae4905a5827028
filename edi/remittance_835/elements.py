"""Elements of an 835 that may be unreadable: a value, or None and a finding with its place."""

from datetime import date
from functools import lru_cache

from edi.elements import DAYS_KNOWN, day_of, is_code, read_date
from edi.money import AmountError, Cents, Thousandths, read_amount, read_quantity
from edi.notes import Recorder
from edi.remittance_835.model import QualifiedAmount, QualifiedDate, QualifiedQuantity
from edi.segment import Segment


class Notes(Recorder):
    """The findings of one 835. An error makes its claim or its set unreadable."""

    def __init__(self, set_number: str) -> None:
        cure = "Ask the payer to correct and resend the remittance; until then it is held."
        super().__init__(set_number, cure=cure)

    def amount(self, segment: Segment, element: int, loop: str) -> Cents | None:
        """Return a required amount in cents, or None and an error."""
        try:
            return read_amount(segment.elements[element])
        except (AmountError, IndexError):
            message = "The amount is missing." if not segment.get(element) else _NOT_AN_AMOUNT
            self.error("835-AMOUNT", message, segment, element, loop)
            return None

    def code(self, segment: Segment, element: int, loop: str, finding: str) -> str | None:
        """Return an optional code, or None and an error, which never says what stands there."""
        text = segment.get(element)
        if text and not is_code(text):
            self.error(
                finding, "The code is not 1 to 5 capitals or digits.", segment, element, loop
            )
            return None
        return text

    def quantity(self, segment: Segment, element: int, loop: str) -> Thousandths | None:
        """Return an optional quantity; an unreadable one is None and a warning: it is no money."""
        text = segment.get(element)
        try:
            return read_quantity(text) if text else None
        except AmountError:
            message = "The quantity is not a number with at most three decimals."
            self.warn("835-QUANTITY", message, segment, element, loop)
            return None

    def date(self, segment: Segment, element: int, loop: str) -> date | None:
        """Return an optional date; an unreadable one is None and a warning."""
        text = segment.get(element)
        day = read_date(text)
        if text and day is None:
            self.warn("835-DATE", "There is no such day in CCYYMMDD.", segment, element, loop)
        return day

    def qualified_date(self, segment: Segment, loop: str) -> QualifiedDate | None:
        """Return a DTM segment, or None and a warning."""
        elements = segment.elements
        if len(elements) == 3 and len(elements[1]) == _QUALIFIER_LENGTH:
            try:
                return _dated(elements)
            except ValueError:
                pass  # Told below.
        day = self.date(segment, 2, loop)
        return None if day is None else QualifiedDate(segment.get(1), day)

    def qualified_amount(self, segment: Segment, loop: str) -> QualifiedAmount | None:
        """Return an AMT segment, or None and a warning: it is never part of the balance."""
        try:
            return QualifiedAmount(segment.get(1), read_amount(segment.get(2)))
        except AmountError:
            self.warn("835-AMT", _NOT_AN_AMOUNT, segment, 2, loop)
            return None

    def qualified_quantity(self, segment: Segment, loop: str) -> QualifiedQuantity | None:
        """Return a QTY segment, or None and a warning."""
        quantity = self.quantity(segment, 2, loop)
        return None if quantity is None else QualifiedQuantity(segment.get(1), quantity)


_QUALIFIER_LENGTH = 3  #: Of DTM01. What is longer is not kept.


@lru_cache(maxsize=DAYS_KNOWN)
def _dated(elements: tuple[str, ...]) -> QualifiedDate:
    """Return a DTM segment, kept for the next that says the same; what is no day raises."""
    return QualifiedDate(elements[1], day_of(elements[2]))


_NOT_AN_AMOUNT = "The amount is not a number with at most ten digits and two decimals."
