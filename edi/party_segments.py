"""Segments that say who, where and when, alike in every hierarchical transaction set.

Protected health information is kept out of `repr`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from edi.elements import read_date, write_date
from edi.findings import WriteError
from edi.layout import Components, Layout
from edi.loops import LoopReader, LoopWriter
from edi.money import Cents, Thousandths

_RANGE_LENGTH = 17  #: CCYYMMDD-CCYYMMDD.
_MODIFIERS_MAX = 4
_NOBODY = Components(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The BHT segment."""

    structure: str  #: BHT01: 0022 for eligibility, 0085 for the 277CA.
    purpose: str = ""  #: BHT02.
    reference: str = ""  #: BHT03: the sender's number of this transaction; an answer echoes it.
    created_on: date | None = None  #: BHT04.
    created_at: str = ""  #: BHT05: HHMM, HHMMSS or HHMMSSDD.
    kind: str = ""  #: BHT06: TH in the 277CA; RT for a spend down in the 270.


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An NM1 segment."""

    entity: str  #: NM101.
    entity_type: str = ""  #: NM102: 1 a person, 2 an organisation.
    last_name: str = field(default="", repr=False)  #: NM103, or the organisation. PHI.
    first_name: str = field(default="", repr=False)  #: NM104. PHI.
    middle_name: str = field(default="", repr=False)  #: NM105. PHI.
    prefix: str = field(default="", repr=False)  #: NM106.
    suffix: str = field(default="", repr=False)  #: NM107.
    id_qualifier: str = ""  #: NM108: MI member, XX NPI, PI payer, ...
    id: str = field(default="", repr=False)  #: NM109. PHI where it is a member's.
    relationship: str = ""  #: NM110: of a benefit related entity.


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """N3 and N4."""

    line1: str = field(default="", repr=False)  #: N301. PHI.
    line2: str = field(default="", repr=False)  #: N302. PHI.
    city: str = field(default="", repr=False)  #: N401.
    state: str = ""  #: N402.
    postal_code: str = field(default="", repr=False)  #: N403.
    country: str = ""  #: N404.
    location_qualifier: str = ""  #: N405: RJ, a region of the military health system.
    location: str = ""  #: N406.
    subdivision: str = ""  #: N407.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A REF segment."""

    qualifier: str  #: REF01.
    value: str = field(repr=False)  #: REF02. May identify a patient.
    description: str = field(default="", repr=False)  #: REF03: a plan's or group's name; a state.
    given_by: Components = _NOBODY  #: REF04, of the 837 only: 2U and the payer who gave the number.


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A TRN segment: the number by which a question and its answer find each other."""

    kind: str = ""  #: TRN01: 1 the sender's own number, 2 the number of whom it answers.
    number: str = ""  #: TRN02.
    originator: str = ""  #: TRN03.
    originator_supplement: str = ""  #: TRN04.


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A DTP segment."""

    qualifier: str  #: DTP01.
    format: str  #: DTP02: D8 a day, RD8 a first and a last day; others are kept as text.
    text: str = field(repr=False)  #: DTP03.

    @property
    def first(self) -> date | None:
        """The day, or the first day of the range; None where it cannot be read."""
        return self._days()[0]

    @property
    def last(self) -> date | None:
        """The day, or the last day of the range; None where it cannot be read."""
        return self._days()[1]

    def _days(self) -> tuple[date | None, date | None]:
        match self.format:
            case "D8":
                return read_date(self.text), read_date(self.text)
            case "RD8" if len(self.text) == _RANGE_LENGTH and self.text[8] == "-":
                return read_date(self.text[:8]), read_date(self.text[9:])
            case _:
                return None, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An AMT segment."""

    qualifier: str  #: AMT01.
    cents: Cents | None  #: AMT02; None where it cannot be read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A QTY segment."""

    qualifier: str  #: QTY01.
    quantity: Thousandths | None  #: QTY02; None where it cannot be read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A PER segment: whom to call or write to, by up to three ways."""

    function: str = ""  #: PER01.
    name: str = field(default="", repr=False)  #: PER02.
    qualifier: str = ""  #: PER03: TE telephone, EM e-mail, UR web page, FX fax, EX extension.
    number: str = field(default="", repr=False)  #: PER04.
    second_qualifier: str = ""  #: PER05.
    second_number: str = field(default="", repr=False)  #: PER06.
    third_qualifier: str = ""  #: PER07.
    third_number: str = field(default="", repr=False)  #: PER08.


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRole:
    """A PRV segment."""

    role: str  #: PRV01.
    qualifier: str = ""  #: PRV02: PXC for a taxonomy code.
    id: str = ""  #: PRV03.


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The composite medical procedure, C003."""

    qualifier: str  #: Component 1, for example HC.
    code: str  #: Component 2.
    modifiers: tuple[str, ...] = ()  #: Components 3 to 6, those that have a value.
    description: str = field(default="", repr=False)  #: Component 7.
    code_to: str = ""  #: Component 8: the last code, where component 2 is the first of a range.

    @classmethod
    def from_components(cls, parts: tuple[str, ...]) -> "Procedure":
        """Return the procedure of these components."""
        qualifier, code, *modifiers = (*parts, *("",) * 8)[:6]
        description, code_to = (*parts[6:8], "", "")[:2]
        return cls(
            qualifier=qualifier,
            code=code,
            modifiers=tuple(modifier for modifier in modifiers if modifier),
            description=description,
            code_to=code_to,
        )

    def components(self) -> tuple[str, ...]:
        """Return the eight components. Raises WriteError for more than four modifiers."""
        if len(self.modifiers) > _MODIFIERS_MAX:
            raise WriteError("a procedure has at most four modifiers")
        empty = ("",) * (_MODIFIERS_MAX - len(self.modifiers))
        named = (self.qualifier, self.code, *self.modifiers, *empty)
        return (*named, self.description, self.code_to)


BEGINNING = Layout(
    "BHT", Beginning, "structure", "purpose", "reference", "created_on", "created_at", "kind"
)
NAME = Layout(
    "NM1", Name, "entity", "entity_type", "last_name", "first_name", "middle_name", "prefix",
    "suffix", "id_qualifier", "id", "relationship",
)  # fmt: skip
REFERENCE = Layout("REF", Reference, "qualifier", "value", "description", "given_by")
TRACE = Layout("TRN", Trace, "kind", "number", "originator", "originator_supplement")
AMOUNT = Layout("AMT", Amount, "qualifier", "cents")
QUANTITY = Layout("QTY", Quantity, "qualifier", "quantity")
CONTACT = Layout(
    "PER", Contact, "function", "name", "qualifier", "number", "second_qualifier",
    "second_number", "third_qualifier", "third_number",
)  # fmt: skip
PROVIDER_ROLE = Layout("PRV", ProviderRole, "role", "qualifier", "id")
_PERIOD = Layout("DTP", Period, "qualifier", "format", "text")
_STREET = Layout("N3", Address, "line1", "line2")
_CITY = Layout(
    "N4", Address, "city", "state", "postal_code", "country", "location_qualifier", "location",
    "subdivision",
)  # fmt: skip


def value_of(references: Iterable[Reference], qualifier: str) -> str:
    """Return the value of the first reference with this qualifier, or "".

    >>> value_of((Reference(qualifier="1K", value="ICN1"),), "1K")
    'ICN1'
    """
    return next((each.value for each in references if each.qualifier == qualifier), "")


def day(qualifier: str, first: date, last: date | None = None) -> Period:
    """Return the period of one day, or of a range where `last` is another.

    >>> day("472", date(2026, 2, 28)).format, day("472", date(2026, 2, 1), date(2026, 2, 28)).text
    ('D8', '20260201-20260228')
    """
    if last is None or last == first:
        return Period(qualifier=qualifier, format="D8", text=write_date(first))
    text = f"{write_date(first)}-{write_date(last)}"
    return Period(qualifier=qualifier, format="RD8", text=text)


def read_periods(loop: LoopReader) -> tuple[Period, ...]:
    """Take every DTP; one that says no day is a warning, and is kept as text."""
    periods = []
    for segment in loop.raw("DTP"):
        period = _PERIOD.read(segment, loop.notes, loop.loop)
        if period.format in {"D8", "RD8"} and None in (period.first, period.last):
            message = "The date or range of dates cannot be read."
            loop.notes.warn("X12-DATE", message, segment, 3, loop.loop)
        periods.append(period)
    return tuple(periods)


def write_periods(loop: LoopWriter, periods: tuple[Period, ...]) -> None:
    """Write DTP segments."""
    loop.all(_PERIOD, periods)


def read_address(loop: LoopReader) -> Address | None:
    """Take N3 and N4, where there is either."""
    fields = {**loop.values(_STREET), **loop.values(_CITY)}
    return Address(**fields) if fields else None


def write_address(loop: LoopWriter, address: Address | None) -> None:
    """Write N3 and N4, each where it says something."""
    loop.add(_STREET, address)
    loop.add(_CITY, address)
