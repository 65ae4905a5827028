"""The tools with which the 837P reader takes segments, and refuses with a place."""

from datetime import date

from edi.claim_837.model import Address, Person
from edi.cursor import Cursor
from edi.elements import read_date
from edi.envelope import TransactionSet
from edi.findings import ReadError, error
from edi.money import AmountError, Cents, Thousandths, read_amount, read_quantity
from edi.segment import Segment


class Reading:
    """One transaction set being read: where we are, and what we did not know."""

    def __init__(self, transaction_set: TransactionSet) -> None:
        self.cursor = Cursor(transaction_set)
        self.last = transaction_set.segments[-1]  #: Where what is missing at the end was missed.
        self.other: list[Segment] = []

    def need(self, segment_id: str, *qualifiers: str) -> Segment:
        segment = self.cursor.take_if(segment_id, *qualifiers)
        if segment is None:
            raise self.refuse("837-MISSING-SEGMENT", f"{segment_id} is expected here.")
        return segment

    def refuse(
        self, code: str, message: str, segment: Segment | None = None, element: int = 0
    ) -> ReadError:
        at = segment or (self.last if self.cursor.is_at_end else self.cursor.peek())
        place = at.place(element, transaction_set=self.cursor.set_number)
        return ReadError(error(code, message, place=place))

    def skip_to(self, *segment_ids: str) -> None:
        while not self.cursor.is_at_end and self.cursor.peek().id not in segment_ids:
            self.other.append(self.cursor.take())

    def amount(self, segment: Segment, element: int) -> Cents:
        try:
            return read_amount(segment.get(element))
        except AmountError as reason:
            raise self.refuse("837-AMOUNT", str(reason), segment, element) from None

    def quantity(self, segment: Segment, element: int) -> Thousandths:
        try:
            return read_quantity(segment.get(element))
        except AmountError as reason:
            raise self.refuse("837-QUANTITY", str(reason), segment, element) from None

    def day(self, segment: Segment, element: int, text: str) -> date:
        day = read_date(text)
        if day is None:
            raise self.refuse("837-DATE", "There is no such day.", segment, element)
        return day

    def person(self, name: Segment) -> Person:
        address = self.address()
        dmg = self.cursor.take_if("DMG")
        return Person(
            last_name=name.get(3),
            first_name=name.get(4),
            middle_name=name.get(5),
            suffix=name.get(7),
            birth_date=self.day(dmg, 2, dmg.get(2)) if dmg else None,
            gender=dmg.get(3) if dmg else "",
            address=address,
        )

    def address(self) -> Address | None:
        street = self.cursor.take_if("N3")
        if street is None:
            return None
        city = self.need("N4")
        return Address(
            line1=street.get(1),
            line2=street.get(2),
            city=city.get(1),
            state=city.get(2),
            zip_code=city.get(3),
        )

    def need_address(self) -> Address:
        address = self.address()
        if address is None:
            raise self.refuse("837-MISSING-SEGMENT", "N3 is expected here.")
        return address
