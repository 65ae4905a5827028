"""Segments that claims of every kind may have: whose coverage, what for, and what goes with it."""

from dataclasses import dataclass, field
from datetime import date

from edi.layout import Layout
from edi.money import Cents, Thousandths


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """An SBR segment: one insurance of the patient, and where it stands among them."""

    responsibility: str = ""  #: SBR01: P, S, T, A to H, U.
    relationship: str = ""  #: SBR02: 18 where the patient is the subscriber.
    group_number: str = field(default="", repr=False)  #: SBR03.
    group_name: str = ""  #: SBR04.
    insurance_type: str = ""  #: SBR05: why Medicare is secondary; professional only.
    coordination: str = ""  #: SBR06; used in 004010 only.
    condition_response: str = ""  #: SBR07; not used.
    employment_status: str = ""  #: SBR08; not used.
    filing_code: str = ""  #: SBR09: 12, 16, BL, CI, MB, MC, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFacts:
    """A PAT segment."""

    relationship: str = ""  #: PAT01, of loop 2000C: 01 spouse, 19 child, ...
    location: str = ""  #: PAT02; not used.
    employment_status: str = ""  #: PAT03; not used.
    student_status: str = ""  #: PAT04; used in 004010 only.
    death_format: str = ""  #: PAT05: D8.
    died_on: date | None = field(default=None, repr=False)  #: PAT06. PHI.
    weight_unit: str = ""  #: PAT07: 01, pounds.
    weight: Thousandths | None = None  #: PAT08.
    is_pregnant: str = ""  #: PAT09: Y.


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A CUR segment."""

    entity: str = ""  #: CUR01: 85.
    currency: str = ""  #: CUR02.
    rate: str = ""  #: CUR03; not used.


@dataclass(frozen=True, slots=True, kw_only=True)
class Paperwork:
    """A PWK segment: what is sent beside the claim, and by what number it is found (275)."""

    report_type: str  #: PWK01.
    transmission: str = ""  #: PWK02: AA on request, BM mail, EL electronic, FX fax, FT portal.
    copies: str = ""  #: PWK03; not used.
    entity: str = ""  #: PWK04; not used.
    number_qualifier: str = ""  #: PWK05: AC.
    number: str = field(default="", repr=False)  #: PWK06: attachment control number.
    description: str = field(default="", repr=False)  #: PWK07; used in 004010 only.


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A CN1 segment."""

    kind: str  #: CN101.
    amount_cents: Cents | None = None  #: CN102.
    percent: Thousandths | None = None  #: CN103.
    code: str = field(default="", repr=False)  #: CN104.
    discount_percent: Thousandths | None = None  #: CN105.
    version: str = ""  #: CN106.


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An NTE segment."""

    kind: str = ""  #: NTE01: ADD, CER, DCP, DGN, TPO, UPI, ...
    text: str = field(default="", repr=False)  #: NTE02. May hold PHI.


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFormat:
    """A K3 segment: what a state wants and the guide has no element for."""

    text: str = field(default="", repr=False)  #: K301.


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A CRC segment: that certain conditions apply, or do not."""

    category: str  #: CRC01: 07 ambulance, 75 homebound, E1 to E3 vision, ZZ EPSDT, 09 and 70 lines.
    applies: str = ""  #: CRC02: Y or N.
    codes: tuple["ConditionCode", ...] = ()  #: CRC03 to CRC07.


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionCode:
    """One of CRC03 to CRC07."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repricing:
    """An HCP segment: what a repricer says the claim or line is worth."""

    method: str  #: HCP01.
    allowed_cents: Cents | None = None  #: HCP02.
    saved_cents: Cents | None = None  #: HCP03.
    organization: str = ""  #: HCP04.
    rate: str = ""  #: HCP05: a per diem or flat rate, as written.
    group_code: str = ""  #: HCP06: the approved DRG or ambulatory patient group.
    group_cents: Cents | None = None  #: HCP07.
    revenue_code: str = ""  #: HCP08; institutional only.
    procedure_qualifier: str = ""  #: HCP09.
    procedure: str = ""  #: HCP10.
    unit: str = ""  #: HCP11: DA or UN.
    quantity: Thousandths | None = None  #: HCP12.
    reject_reason: str = ""  #: HCP13.
    compliance: str = ""  #: HCP14.
    exception: str = ""  #: HCP15.


COVERAGE = Layout(
    "SBR", Coverage, "responsibility", "relationship", "group_number", "group_name",
    "insurance_type", "coordination", "condition_response", "employment_status", "filing_code",
)  # fmt: skip
PATIENT = Layout(
    "PAT", PatientFacts, "relationship", "location", "employment_status", "student_status",
    "death_format", "died_on", "weight_unit", "weight", "is_pregnant",
)  # fmt: skip
CURRENCY = Layout("CUR", Currency, "entity", "currency", "rate")
PAPERWORK = Layout(
    "PWK", Paperwork, "report_type", "transmission", "copies", "entity", "number_qualifier",
    "number", "description",
)  # fmt: skip
CONTRACT = Layout(
    "CN1", Contract, "kind", "amount_cents", "percent", "code", "discount_percent", "version"
)
NOTE = Layout("NTE", Note, "kind", "text")
FIXED_FORMAT = Layout("K3", FixedFormat, "text")
CONDITION = Layout(
    "CRC", Condition, "category", "applies", tail=("codes", Layout("", ConditionCode, "code"))
)
REPRICING = Layout(
    "HCP", Repricing, "method", "allowed_cents", "saved_cents", "organization", "rate",
    "group_code", "group_cents", "revenue_code", "procedure_qualifier", "procedure", "unit",
    "quantity", "reject_reason", "compliance", "exception",
)  # fmt: skip
