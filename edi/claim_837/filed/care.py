"""Segments that say what was done: of professional, institutional and dental claims and lines."""

from dataclasses import dataclass, field
from datetime import date

from edi.layout import Components
from edi.money import Cents, Thousandths
from edi.party_segments import Procedure

_NOTHING = Components(())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalService:
    """An SV1 segment."""

    procedure: Procedure  #: SV101.
    charge_cents: Cents | None = None  #: SV102.
    unit: str = ""  #: SV103: UN, or MJ for minutes of anesthesia.
    quantity: Thousandths | None = None  #: SV104.
    place_of_service: str = ""  #: SV105.
    service_type: str = ""  #: SV106; used in 004010 only.
    pointers: Components = _NOTHING  #: SV107: into the diagnoses of HI, from 1.
    amount_cents: Cents | None = None  #: SV108; not used.
    is_emergency: str = ""  #: SV109: Y.
    multiple_procedure: str = ""  #: SV110; not used.
    is_epsdt: str = ""  #: SV111: Y.
    is_family_planning: str = ""  #: SV112: Y.
    review: str = ""  #: SV113; not used.
    local_use: str = ""  #: SV114; not used.
    copay_status: str = ""  #: SV115: 0, exempt.


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """An SV5 segment: rent and purchase price of durable medical equipment."""

    procedure: Procedure  #: SV501.
    unit: str = ""  #: SV502: DA.
    days: Thousandths | None = None  #: SV503.
    rental_cents: Cents | None = None  #: SV504.
    purchase_cents: Cents | None = None  #: SV505.
    rental_unit: str = ""  #: SV506: 1 weekly, 4 monthly, 6 daily.
    prognosis: str = ""  #: SV507; not used.


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentCertificate:
    """A CR3 segment."""

    kind: str = ""  #: CR301: I initial, R renewal, S revised.
    unit: str = ""  #: CR302: MO.
    months: Thousandths | None = None  #: CR303.


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambulance:
    """A CR1 segment."""

    weight_unit: str = ""  #: CR101: LB.
    weight: Thousandths | None = None  #: CR102.
    transport: str = ""  #: CR103; used in 004010 only.
    reason: str = ""  #: CR104: A nearest facility, B preferred physician, C to E.
    distance_unit: str = ""  #: CR105: DH, miles.
    distance: Thousandths | None = None  #: CR106.
    pickup: str = field(default="", repr=False)  #: CR107; not used: loop 2310E.
    drop_off: str = field(default="", repr=False)  #: CR108; not used: loop 2310F.
    round_trip: str = field(default="", repr=False)  #: CR109: its purpose.
    stretcher: str = field(default="", repr=False)  #: CR110: its purpose.


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinalManipulation:
    """A CR2 segment."""

    number: Thousandths | None = None  #: CR201; CR201 to CR207 were used in 004010 only.
    total: Thousandths | None = None  #: CR202.
    level_from: str = ""  #: CR203.
    level_to: str = ""  #: CR204.
    unit: str = ""  #: CR205.
    period: Thousandths | None = None  #: CR206.
    in_month: Thousandths | None = None  #: CR207.
    condition: str = ""  #: CR208: A acute, C chronic, M acute manifestation, ...
    has_complication: str = ""  #: CR209; used in 004010 only.
    description: str = field(default="", repr=False)  #: CR210.
    more_description: str = field(default="", repr=False)  #: CR211.
    has_xray: str = ""  #: CR212; used in 004010 only.


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionalService:
    """An SV2 segment."""

    revenue_code: str  #: SV201.
    procedure: Procedure | None = None  #: SV202: HCPCS, or a HIPPS code (HP).
    charge_cents: Cents | None = None  #: SV203.
    unit: str = ""  #: SV204: UN or DA.
    quantity: Thousandths | None = None  #: SV205.
    rate: str = ""  #: SV206; used in 004010 only, as written.
    not_covered_cents: Cents | None = None  #: SV207.


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A CL1 segment."""

    kind: str = ""  #: CL101: 1 emergency, 3 elective, 4 newborn, ...
    source: str = ""  #: CL102.
    patient_status: str = ""  #: CL103: 01 home, 20 expired, 30 still patient, ...
    residential_status: str = ""  #: CL104; not used.


@dataclass(frozen=True, slots=True, kw_only=True)
class DentalService:
    """An SV3 segment."""

    procedure: Procedure  #: SV301: AD and a CDT code.
    charge_cents: Cents | None = None  #: SV302.
    place_of_service: str = ""  #: SV303.
    oral_cavity: Components = _NOTHING  #: SV304: up to five areas.
    prosthesis: str = ""  #: SV305: I initial, R replacement.
    quantity: Thousandths | None = None  #: SV306.
    description: str = field(default="", repr=False)  #: SV307; not used.
    copay_status: str = ""  #: SV308; not used.
    agreement: str = ""  #: SV309; not used.
    predetermination: str = ""  #: SV310; not used.
    pointers: Components = _NOTHING  #: SV311: into the diagnoses of HI, from 1.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tooth:
    """A TOO segment: the tooth of a line, and its surfaces."""

    code_list: str = ""  #: TOO01: JP.
    number: str = ""  #: TOO02.
    surfaces: Components = _NOTHING  #: TOO03: up to five of B, D, F, I, L, M, O.


@dataclass(frozen=True, slots=True, kw_only=True)
class ToothStatus:
    """A DN2 segment: a tooth that is missing, or to be extracted."""

    number: str = ""  #: DN201.
    status: str = ""  #: DN202: E to be extracted, M missing.
    quantity: str = ""  #: DN203; not used.
    period_format: str = ""  #: DN204; not used.
    period: str = ""  #: DN205; not used.
    code_list: str = ""  #: DN206: JP.


@dataclass(frozen=True, slots=True, kw_only=True)
class Orthodontics:
    """A DN1 segment."""

    months: Thousandths | None = None  #: DN101: of the whole treatment.
    months_left: Thousandths | None = None  #: DN102.
    is_orthodontic: str = ""  #: DN103: Y where neither is known.
    description: str = field(default="", repr=False)  #: DN104.


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """An MEA segment."""

    reference: str = ""  #: MEA01: OG original, TR test result.
    qualifier: str = ""  #: MEA02: HT height, R1 hemoglobin, R2 hematocrit, ...
    value: Thousandths | None = None  #: MEA03.


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasedService:
    """A PS1 segment."""

    provider: str = ""  #: PS101.
    charge_cents: Cents | None = None  #: PS102.


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A LIN segment."""

    line: str = ""  #: LIN01; not used.
    qualifier: str = ""  #: LIN02: N4 for a national drug code.
    code: str = ""  #: LIN03.


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugQuantity:
    """A CTP segment."""

    price_class: str = ""  #: CTP01; not used.
    price_identifier: str = ""  #: CTP02; not used.
    price: str = ""  #: CTP03; used in 004010 only, as written.
    quantity: Thousandths | None = None  #: CTP04.
    unit: Components = _NOTHING  #: CTP05: F2, GR, ME, ML or UN.


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswer:
    """An FRM segment."""

    question: str  #: FRM01.
    answer: str = ""  #: FRM02: Y, N or W.
    text: str = field(default="", repr=False)  #: FRM03.
    day: date | None = None  #: FRM04.
    percent: Thousandths | None = None  #: FRM05.
