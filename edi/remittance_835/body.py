"""What loops 2100 and 2110 have in common: adjustments, references, dates, amounts."""

from collections.abc import Callable, Mapping

from edi.money import Cents
from edi.remittance_835.elements import Notes
from edi.remittance_835.model import (
    Adjustment,
    QualifiedAmount,
    QualifiedDate,
    QualifiedQuantity,
    Reference,
)
from edi.remittance_835.read_adjustment import read_adjustments
from edi.segment import Segment

_ZERO = Cents(0)
_OTHER = ""  #: What is kept raw, among the ranks.
#: In what order the segments of a loop are written: `edi.remittance_835.write`. To the rank of a
#: name comes the place of its role.
CLAIM_RANKS = {
    "CAS": 10, "NM1": 20, "MIA": 30, "MOA": 30, "REF": 50, "DTM": 55, _OTHER: 60, "AMT": 70,
    "QTY": 80,
}  # fmt: skip
SERVICE_RANKS = {
    "DTM": 5, "CAS": 10, "6R": 40, "REF": 50, "AMT": 70, "QTY": 80, "LQ": 90, _OTHER: 95,
}  # fmt: skip


class LoopBody:
    """One of these loops, while it is being read."""

    __slots__ = (
        "adjustments", "amounts", "dates", "found", "is_readable", "loop", "notes", "other",
        "quantities", "ranks", "references",
    )  # fmt: skip

    def __init__(self, loop: str, notes: Notes, ranks: Mapping[str, int]) -> None:
        self.loop = loop
        self.notes = notes
        self.ranks = ranks
        self.found: list[int] = []  #: The rank of each segment, as they stood.
        self.adjustments: list[Adjustment] = []
        self.references: list[Reference] = []
        self.dates: list[QualifiedDate] = []
        self.amounts: list[QualifiedAmount] = []
        self.quantities: list[QualifiedQuantity] = []
        self.other: list[Segment] = []
        self.is_readable = True

    def required_amount(self, segment: Segment, element: int) -> Cents:
        """Return the amount, or zero and a body that is not readable."""
        amount = self.notes.amount(segment, element, self.loop)
        if amount is None:
            self.is_readable = False
            return _ZERO
        return amount

    def code(self, segment: Segment, element: int, finding: str) -> str:
        """Return the code, or "" and a body that is not readable: a name may stand there."""
        code = self.notes.code(segment, element, self.loop, finding)
        if code is None:
            self.is_readable = False
        return code or ""

    def take(self, segment: Segment) -> None:
        """Take one segment that either loop may hold."""
        segment_id = segment.elements[0]
        take = _TAKEN.get(segment_id)
        if take is not None and take(self, segment):
            self.found.append(self.ranks[segment_id])
        else:
            self.keep(segment)

    def keep(self, segment: Segment) -> None:
        """Keep a segment raw: it is not modelled, or cannot be read."""
        self.other.append(segment)
        self.found.append(self.ranks[_OTHER])

    def take_adjustments(self, segment: Segment) -> bool:
        adjustments = read_adjustments(segment, self.loop, self.notes)
        if adjustments is None:
            self.is_readable = False
            return False
        self.adjustments += adjustments
        return True

    def take_reference(self, segment: Segment) -> bool:
        self.references.append(Reference(segment.get(1), segment.get(2)))
        return True

    def take_date(self, segment: Segment) -> bool:
        if (dated := self.notes.qualified_date(segment, self.loop)) is None:
            return False
        self.dates.append(dated)
        return True

    def take_amount(self, segment: Segment) -> bool:
        if (amount := self.notes.qualified_amount(segment, self.loop)) is None:
            return False
        self.amounts.append(amount)
        return True

    def take_quantity(self, segment: Segment) -> bool:
        if (quantity := self.notes.qualified_quantity(segment, self.loop)) is None:
            return False
        self.quantities.append(quantity)
        return True


#: How a segment of either loop is taken; False where it cannot be read.
_TAKEN: dict[str, Callable[[LoopBody, Segment], bool]] = {
    "CAS": LoopBody.take_adjustments,
    "REF": LoopBody.take_reference,
    "DTM": LoopBody.take_date,
    "AMT": LoopBody.take_amount,
    "QTY": LoopBody.take_quantity,
}
