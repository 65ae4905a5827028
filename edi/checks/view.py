"""The claims of an 837 as their segments: what the checks above the guide look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from edi.delimiters import Delimiters
from edi.elements import read_date
from edi.envelope import TransactionSet
from edi.findings import Place
from edi.money import AmountError, read_amount
from edi.segment import Segment

_CHARGES = {"SV1": 2, "SV2": 3, "SV3": 2}
_ENDS = frozenset({"CLM", "HL", "SE"})


@dataclass(slots=True)
class _Above:
    """What stands above a claim, and is looked at with it."""

    order: str = ""  #: SBR01 of 2000B.
    born: date | None = None  #: DMG02 of the patient.
    written: date | None = None  #: BHT04.

    def take(self, segment: Segment) -> None:
        match segment.id:
            case "BHT":
                self.written = read_date(segment.get(4))
            case "HL":
                self.born = None
            case "SBR":
                self.order = segment.get(1)
            case "DMG":
                self.born = read_date(segment.get(2))
            case _:
                pass


@dataclass(slots=True)
class ClaimView:
    """Loop 2300 of any 837; lives only while it is checked."""

    clm: Segment
    set_number: str
    delimiters: Delimiters
    order: str  #: SBR01 of 2000B.
    born: date | None  #: DMG02 of the patient.
    written: date | None  #: BHT04.
    head: list[Segment] = field(default_factory=list)  #: Up to the first other payer or line.
    others: list[list[Segment]] = field(default_factory=list)  #: Loops 2320, each from its SBR.
    lines: list[list[Segment]] = field(default_factory=list)  #: Loops 2400, each from its LX.

    def place(self, segment: Segment, element: int, loop: str, component: int = 0) -> Place:
        """Return where an element of the claim stands."""
        return segment.place(element, component, loop=loop, transaction_set=self.set_number)

    def parts(self, segment: Segment, element: int) -> list[str]:
        """Return the components of an element."""
        return segment.get(element).split(self.delimiters.component)

    @property
    def frequency(self) -> str:
        """CLM05-3."""
        return (*self.parts(self.clm, 5), "", "", "")[2]


def claim_views(transaction_set: TransactionSet) -> Iterator[ClaimView]:
    """Yield each claim of an 837, professional, institutional or dental, in order."""
    above = _Above()
    claim: ClaimView | None = None
    for segment in transaction_set.segments:
        if claim is not None and segment.id in _ENDS:
            yield claim
            claim = None
        if segment.id == "CLM":
            claim = ClaimView(
                clm=segment,
                set_number=transaction_set.control_number,
                delimiters=transaction_set.delimiters,
                order=above.order,
                born=above.born,
                written=above.written,
            )
        elif claim is not None:
            _take(claim, segment)
        else:
            above.take(segment)
    if claim is not None:
        yield claim


def _take(claim: ClaimView, segment: Segment) -> None:
    if segment.id == "LX":
        claim.lines.append([segment])
    elif claim.lines:
        claim.lines[-1].append(segment)
    elif segment.id == "SBR":
        claim.others.append([segment])
    elif claim.others:
        claim.others[-1].append(segment)
    else:
        claim.head.append(segment)


def amount(segment: Segment, element: int) -> int | None:
    """Return cents, 0 where the element is empty, None where it is no amount."""
    text = segment.get(element)
    try:
        return read_amount(text) if text else 0
    except AmountError:
        return None


def charge_of(line: list[Segment]) -> int | None:
    """Return the charge of SV1, SV2 or SV3 in cents, None where there is none to read."""
    for segment in line:
        if segment.id in _CHARGES:
            return amount(segment, _CHARGES[segment.id])
    return None


def adjusted(segments: list[Segment]) -> int | None:
    """Return the sum of all CAS amounts in cents, or None where one is no amount."""
    total = 0
    for segment in segments:
        if segment.id == "CAS":
            for element in range(3, 19, 3):
                cents = amount(segment, element)
                if cents is None:
                    return None
                total += cents
    return total


def days_of(segment: Segment) -> tuple[date, date] | None:
    """Return the first and the last day of a DTP, or None where it has none."""
    first, _, last = segment.get(3).partition("-")
    begins = read_date(first[:8])
    ends = read_date(last[:8]) if last else begins
    return None if begins is None or ends is None else (begins, ends)
