"""Loop 2300 and what stands below it, as values."""

from dataclasses import dataclass, field

from edi.adjudication_segments import InpatientAdjudication, OutpatientAdjudication
from edi.claim_837.filed.adjudication import (
    FormCode,
    PriorAdjustment,
    PriorPayment,
    Release,
)
from edi.claim_837.filed.care import (
    Admission,
    Ambulance,
    DentalService,
    Drug,
    DrugQuantity,
    Equipment,
    EquipmentCertificate,
    FormAnswer,
    InstitutionalService,
    Measurement,
    Orthodontics,
    ProfessionalService,
    PurchasedService,
    SpinalManipulation,
    Tooth,
    ToothStatus,
)
from edi.claim_837.filed.codes import CodedFact, CodedFacts, CodeUse
from edi.claim_837.filed.composites import Facility, RelatedCauses
from edi.claim_837.filed.party import Party, party_of
from edi.claim_837.filed.segments import (
    Condition,
    Contract,
    Coverage,
    FixedFormat,
    Note,
    Paperwork,
    Repricing,
)
from edi.layout import Layout
from edi.money import Cents
from edi.party_segments import Amount, Period, Quantity, Reference, value_of
from edi.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDrug:
    """Loop 2410."""

    drug: Drug  #: LIN.
    quantity: DrugQuantity | None = None  #: CTP.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF*XZ, REF*VY.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAdjudication:
    """Loop 2430: what another payer decided about the line."""

    payment: PriorPayment  #: SVD.
    adjustments: tuple[PriorAdjustment, ...] = ()  #: CAS.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*573.
    amounts: tuple[Amount, ...] = ()  #: AMT*EAF.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Loop 2440."""

    code: FormCode  #: LQ.
    answers: tuple[FormAnswer, ...] = ()  #: FRM.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledLine:
    """Loop 2400: one service line; it has one of the three services."""

    number: str  #: LX01.
    professional: ProfessionalService | None = None  #: SV1.
    institutional: InstitutionalService | None = None  #: SV2.
    dental: DentalService | None = None  #: SV3.
    teeth: tuple[Tooth, ...] = ()  #: TOO.
    equipment: Equipment | None = None  #: SV5.
    paperwork: tuple[Paperwork, ...] = ()  #: PWK.
    ambulance: Ambulance | None = None  #: CR1.
    certificate: EquipmentCertificate | None = None  #: CR3.
    conditions: tuple[Condition, ...] = ()  #: CRC.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*472 and others.
    quantities: tuple[Quantity, ...] = ()  #: QTY*PT patients, QTY*FL obstetric units.
    measurements: tuple[Measurement, ...] = ()  #: MEA.
    contract: Contract | None = None  #: CN1.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    amounts: tuple[Amount, ...] = ()  #: AMT*T and AMT*F4; AMT*GT and AMT*N8.
    fixed_formats: tuple[FixedFormat, ...] = ()  #: K3.
    notes: tuple[Note, ...] = ()  #: NTE.
    purchased: PurchasedService | None = None  #: PS1.
    repricing: Repricing | None = None  #: HCP.
    drugs: tuple[FiledDrug, ...] = ()  #: Loop 2410.
    parties: tuple[Party, ...] = ()  #: Loop 2420.
    adjudications: tuple[LineAdjudication, ...] = ()  #: Loop 2430.
    forms: tuple[Form, ...] = ()  #: Loop 2440.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def charge_cents(self) -> Cents | None:
        """SV102, SV203 or SV302; None where it is absent or cannot be read."""
        service = self.professional or self.institutional or self.dental
        return None if service is None else service.charge_cents

    @property
    def control_number(self) -> str:
        """REF*6R: how the 835 finds this line again, or ""."""
        return value_of(self.references, "6R")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCoverage:
    """Loop 2320: another insurance of the patient, and what its payer decided."""

    coverage: Coverage  #: SBR.
    adjustments: tuple[PriorAdjustment, ...] = ()  #: CAS.
    amounts: tuple[Amount, ...] = ()  #: AMT*D paid, AMT*A8 not covered, AMT*EAF still owed.
    release: Release | None = None  #: OI.
    inpatient: InpatientAdjudication | None = None  #: MIA.
    outpatient: OutpatientAdjudication | None = None  #: MOA.
    parties: tuple[Party, ...] = ()  #: Loop 2330: IL, PR and providers.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def paid_cents(self) -> Cents | None:
        """AMT*D: what the payer paid for the claim, None where it is not said."""
        return next((each.cents for each in self.amounts if each.qualifier == "D"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledClaim:
    """Loop 2300: one claim."""

    patient_control_number: str = field(repr=False)  #: CLM01, echoed in CLP01.
    charge_cents: Cents | None = None  #: CLM02; None where it cannot be read.
    facility: Facility  #: CLM05.
    provider_signature: str = ""  #: CLM06; not in institutional claims.
    accepts_assignment: str = ""  #: CLM07: A, B or C.
    benefits_assigned: str = ""  #: CLM08: Y, N or W.
    release_of_information: str = ""  #: CLM09: Y or I.
    signature_source: str = ""  #: CLM10: P; professional only.
    causes: RelatedCauses | None = None  #: CLM11; not in institutional claims.
    special_program: str = ""  #: CLM12: 02, 03, 05, 09.
    provider_agreement: str = ""  #: CLM16; used in 004010 only.
    explanation_requested: str = ""  #: CLM18; used in 004010 only.
    submission_reason: str = ""  #: CLM19: PB, a dental predetermination.
    delay_reason: str = ""  #: CLM20.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP.
    admission: Admission | None = None  #: CL1; institutional only.
    orthodontics: Orthodontics | None = None  #: DN1; dental only.
    teeth: tuple[ToothStatus, ...] = ()  #: DN2; dental only.
    paperwork: tuple[Paperwork, ...] = ()  #: PWK.
    contract: Contract | None = None  #: CN1.
    amounts: tuple[Amount, ...] = ()  #: AMT*F5 paid by the patient, AMT*F3 owed by the patient.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    fixed_formats: tuple[FixedFormat, ...] = ()  #: K3.
    notes: tuple[Note, ...] = ()  #: NTE.
    ambulance: Ambulance | None = None  #: CR1.
    spinal: SpinalManipulation | None = None  #: CR2.
    conditions: tuple[Condition, ...] = ()  #: CRC.
    codes: tuple[CodedFacts, ...] = field(default=(), repr=False)  #: HI. PHI.
    repricing: Repricing | None = None  #: HCP.
    parties: tuple[Party, ...] = ()  #: Loop 2310.
    other_coverages: tuple[OtherCoverage, ...] = ()  #: Loop 2320.
    lines: tuple[FiledLine, ...] = ()  #: Loop 2400.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.
    segment_number: int = field(default=0, compare=False)

    def coded(self, use: CodeUse) -> tuple[CodedFact, ...]:
        """Return the facts of HI that have this use, in their order."""
        every = (fact for segment in self.codes for fact in segment.facts)
        return tuple(fact for fact in every if fact.qualifier in use.value)

    def reference(self, qualifier: str) -> str:
        """Return REF02 of the first REF with this qualifier, or "": G1, 9F, F8, X4, EA, D9."""
        return value_of(self.references, qualifier)

    def provider(self, entity: str) -> Party | None:
        """Return the provider of loop 2310 with this NM101, or None: DN, 82, 77, 71, 72."""
        return party_of(self.parties, entity)

    @property
    def bill_type(self) -> str:
        """The type of bill of an institutional claim: CLM05-1 and CLM05-3 behind each other."""
        return self.facility.code + self.facility.frequency


CLAIM = Layout(
    "CLM", FiledClaim, "patient_control_number", "charge_cents", "", "", "facility",
    "provider_signature", "accepts_assignment", "benefits_assigned", "release_of_information",
    "signature_source", "causes", "special_program", "", "", "", "provider_agreement", "",
    "explanation_requested", "submission_reason", "delay_reason",
)  # fmt: skip
