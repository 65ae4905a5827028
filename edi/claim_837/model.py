"""What an 837P says, as values. Names and identifiers of people stay out of `repr`."""

from dataclasses import dataclass, field
from datetime import date, datetime

from edi.money import Cents, Thousandths
from edi.quick import quickly_made
from edi.segment import Segment


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """N3 and N4 of the United States."""

    line1: str = field(repr=False)  #: N301.
    line2: str = field(default="", repr=False)  #: N302.
    city: str = field(repr=False)  #: N401.
    state: str = field(repr=False)  #: N402.
    zip_code: str = field(repr=False)  #: N403, five or nine digits.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """NM103 to NM107, and what DMG says. PHI."""

    last_name: str = field(repr=False)  #: NM103.
    first_name: str = field(default="", repr=False)  #: NM104.
    middle_name: str = field(default="", repr=False)  #: NM105.
    suffix: str = field(default="", repr=False)  #: NM107.
    birth_date: date | None = field(default=None, repr=False)  #: DMG02.
    gender: str = field(default="", repr=False)  #: DMG03: F, M or U.
    address: Address | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider of loop 2310 or 2420: a person when there is a first name."""

    npi: str  #: NM109 with XX.
    last_name: str  #: NM103; the organisation's name where NM102 is 2.
    first_name: str = ""  #: NM104.
    is_person: bool = True  #: NM102.
    taxonomy: str = ""  #: PRV03.
    address: Address | None = None  #: Only of a service facility.


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingProvider:
    """Loops 2000A, 2010AA and 2010AB."""

    npi: str  #: 2010AA NM109.
    name: str  #: 2010AA NM103.
    first_name: str = ""  #: 2010AA NM104: only a solo practitioner has one.
    is_person: bool = False  #: 2010AA NM102.
    tax_id: str  #: 2010AA REF02.
    tax_id_kind: str = "EI"  #: 2010AA REF01: EI, or SY for a social security number.
    taxonomy: str = ""  #: 2000A PRV03.
    address: Address  #: Street address: no post office box.
    contact_name: str = ""  #: 2010AA PER02.
    contact_phone: str = ""  #: 2010AA PER04, ten digits.
    pay_to_address: Address | None = None  #: 2010AB N3, N4.


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Loop 1000A."""

    name: str
    id: str  #: NM109 with 46.
    contact_name: str  #: PER02.
    contact_phone: str  #: PER04, ten digits.


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Loop 1000B."""

    name: str
    id: str  #: NM109 with 46.


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Loop 2010BB."""

    name: str
    id: str  #: NM109 with PI.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Loops 2000B and 2010BA."""

    responsibility: str = "P"  #: SBR01.
    group_number: str = field(default="", repr=False)  #: SBR03.
    group_name: str = ""  #: SBR04.
    filing_code: str  #: SBR09.
    member_id: str = field(repr=False)  #: NM109 with MI. PHI.
    person: Person


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Loops 2000C and 2010CA: only where the patient is not the subscriber."""

    relationship: str  #: PAT01.
    person: Person


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDates:
    """DTP segments of loop 2300."""

    onset: date | None = None  #: 431.
    initial_treatment: date | None = None  #: 454.
    last_seen: date | None = None  #: 304.
    accident: date | None = None  #: 439.
    last_menstrual_period: date | None = None  #: 484.
    admission: date | None = None  #: 435.
    discharge: date | None = None  #: 096.


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """Loop 2410."""

    ndc: str  #: LIN03 with N4, eleven digits.
    quantity: Thousandths  #: CTP04.
    unit: str  #: CTP05-1: F2, GR, ME, ML or UN.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """Loop 2400."""

    procedure: str  #: SV101-2.
    modifiers: tuple[str, ...] = ()  #: SV101-3 to 6.
    description: str = ""  #: SV101-7.
    charge_cents: Cents  #: SV102.
    unit: str = "UN"  #: SV103: UN or MJ.
    quantity: Thousandths  #: SV104.
    place_of_service: str = ""  #: SV105, where it differs from the claim's.
    pointers: tuple[int, ...]  #: SV107: one to four of 1 to 12.
    is_emergency: bool = False  #: SV109.
    service_from: date  #: DTP*472.
    service_to: date  #: DTP*472; equal to `service_from` for one day.
    prior_authorization: str = field(default="", repr=False)  #: REF*G1.
    control_number: str = ""  #: REF*6R: how the 835 finds this line again.
    note: str = field(default="", repr=False)  #: NTE*ADD.
    drug: Drug | None = None
    rendering: Provider | None = None  #: 2420A, where it differs from 2310B.
    ordering: Provider | None = None  #: 2420E.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Loop 2300, with the parties it belongs to."""

    billing_provider: BillingProvider
    subscriber: Subscriber
    payer: Payer
    patient: Patient | None = None
    patient_control_number: str  #: CLM01, echoed in CLP01.
    charge_cents: Cents  #: CLM02.
    place_of_service: str  #: CLM05-1.
    frequency: str = "1"  #: CLM05-3.
    provider_signature: str = "Y"  #: CLM06.
    accepts_assignment: str = "A"  #: CLM07: A, B or C.
    benefits_assigned: str = "Y"  #: CLM08: Y, N or W.
    release_of_information: str = "Y"  #: CLM09: Y or I.
    related_causes: tuple[str, ...] = ()  #: CLM11-1 to 3: AA, EM, OA.
    accident_state: str = ""  #: CLM11-4.
    delay_reason: str = ""  #: CLM20.
    dates: ClaimDates = ClaimDates()
    patient_paid_cents: Cents | None = None  #: AMT*F5.
    referral_number: str = field(default="", repr=False)  #: REF*9F.
    prior_authorization: str = field(default="", repr=False)  #: REF*G1.
    original_reference: str = ""  #: REF*F8: the payer's number of the claim replaced or voided.
    clia_number: str = ""  #: REF*X4.
    medical_record_number: str = field(default="", repr=False)  #: REF*EA. PHI.
    note: str = field(default="", repr=False)  #: NTE*ADD.
    diagnoses: tuple[str, ...] = field(repr=False)  #: HI: ICD-10-CM without the dot.
    referring: Provider | None = None  #: 2310A DN.
    rendering: Provider | None = None  #: 2310B.
    facility: Provider | None = None  #: 2310C.
    supervising: Provider | None = None  #: 2310D.
    lines: tuple[ServiceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimBatch:
    """One transaction set."""

    reference: str  #: BHT03: new for every batch and every resend.
    created_at: datetime  #: BHT04 and BHT05, to the minute.
    submitter: Submitter
    receiver: Receiver
    claims: tuple[Claim, ...]
    other: tuple[Segment, ...] = field(default=(), compare=False)  #: Read but not modelled.
