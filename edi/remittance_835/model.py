"""What an 835 says, as values: one Remittance for each transaction set.

Protected health information is kept out of `repr`. Where a segment stood is not part of a
value's identity: it does not take part in comparison.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from edi.delimiters import STANDARD, Delimiters
from edi.elements import is_code
from edi.findings import Finding
from edi.money import Cents, Thousandths
from edi.quick import quickly_made
from edi.segment import Segment

PREDETERMINATION = "25"  #: CLP02: pricing only, nothing is paid.
REVERSAL = "22"  #: CLP02: an earlier payment is taken back; every amount is negated.
#: CLP02 of 004010 that some payers still send: news of a claim, not its adjudication.
INFORMATION_STATUSES = frozenset({"5", "10", "13", "15", "16", "17", "27"})
STATUSES = frozenset({"1", "2", "3", "4", "19", "20", "21", REVERSAL, "23", PREDETERMINATION})

#: Remark code elements: MIA05, MIA20 to MIA23 and MOA03 to MOA07.
REMARK_ELEMENTS = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}


class AdjustmentGroup(StrEnum):
    """CAS01: who bears an adjustment."""

    CONTRACTUAL = "CO"
    CORRECTION = "CR"  #: Of the older 004010 only.
    OTHER = "OA"
    PAYER_INITIATED = "PI"
    PATIENT = "PR"


class Reference(NamedTuple):
    """A REF segment. Its value may identify a patient: fields that hold it hide their repr."""

    qualifier: str  #: REF01.
    value: str  #: REF02.


class QualifiedDate(NamedTuple):
    """A DTM segment."""

    qualifier: str  #: DTM01.
    day: date  #: DTM02.


class QualifiedAmount(NamedTuple):
    """An AMT segment. It explains; it is never part of the balance (RFI 2601)."""

    qualifier: str  #: AMT01.
    cents: Cents  #: AMT02.


class QualifiedQuantity(NamedTuple):
    """A QTY segment. It explains; it is never part of the balance."""

    qualifier: str  #: QTY01.
    quantity: Thousandths  #: QTY02.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One reason of a CAS segment. A positive amount reduces the payment."""

    group: AdjustmentGroup  #: CAS01.
    reason: str  #: CAS02, 05, 08, 11, 14 or 17: a claim adjustment reason code.
    amount_cents: Cents  #: CAS03, 06, 09, 12, 15 or 18.
    quantity: Thousandths | None = None  #: CAS04, 07, ... 19: units adjusted; no money.
    segment_number: int = field(default=0, compare=False)
    element: int = field(default=0, compare=False)  #: Of the amount.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The composite medical procedure of SVC01 or SVC06."""

    qualifier: str  #: Component 1, for example HC.
    code: str  #: Component 2.
    modifiers: tuple[str, ...] = ()  #: Components 3 to 6, those that have a value.
    description: str = field(default="", repr=False)  #: Component 7.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePayment:
    """Loop 2110: one service line as the payer adjudicated it."""

    position: int  #: From 1 within the claim.
    procedure: Procedure  #: SVC01: what the payer paid on.
    charge_cents: Cents  #: SVC02.
    paid_cents: Cents  #: SVC03.
    revenue_code: str = ""  #: SVC04.
    units: Thousandths | None = None  #: SVC05; None where absent, which means 1.
    original_procedure: Procedure | None = None  #: SVC06: what was billed, where it differs.
    original_units: Thousandths | None = None  #: SVC07.
    dates: tuple[QualifiedDate, ...] = field(default=(), repr=False)  #: DTM*472, 150, 151.
    adjustments: tuple[Adjustment, ...] = ()  #: CAS.
    line_control_number: str = field(default="", repr=False)  #: REF*6R.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: Every other REF.
    amounts: tuple[QualifiedAmount, ...] = ()  #: AMT; B6 is the allowed amount.
    quantities: tuple[QualifiedQuantity, ...] = ()  #: QTY.
    remark_codes: tuple[str, ...] = ()  #: LQ*HE.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.
    segment_number: int = field(default=0, compare=False)  #: Of SVC.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An NM1 segment of loop 2100."""

    entity: str  #: NM101.
    entity_type: str = ""  #: NM102: 1 a person, 2 an organisation.
    last_name: str = field(default="", repr=False)  #: NM103, or the organisation. PHI.
    first_name: str = field(default="", repr=False)  #: NM104. PHI.
    middle_name: str = field(default="", repr=False)  #: NM105. PHI.
    suffix: str = field(default="", repr=False)  #: NM107. PHI.
    id_qualifier: str = ""  #: NM108.
    id: str = field(default="", repr=False)  #: NM109. PHI.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPayment:
    """Loop 2100: one claim as the payer adjudicated it."""

    position: int  #: From 1 within the transaction set.
    patient_control_number: str = field(repr=False)  #: CLP01. "0" means none was received.
    status_code: str  #: CLP02.
    charge_cents: Cents  #: CLP03.
    paid_cents: Cents  #: CLP04.
    patient_responsibility_cents: Cents | None = None  #: CLP05.
    filing_indicator: str = ""  #: CLP06.
    payer_claim_number: str = field(default="", repr=False)  #: CLP07.
    facility_type: str = ""  #: CLP08.
    frequency: str = ""  #: CLP09.
    drg_code: str = ""  #: CLP11.
    drg_weight: str = ""  #: CLP12, as written.
    discharge_fraction: str = ""  #: CLP13, as written.
    adjustments: tuple[Adjustment, ...] = ()  #: CAS of the claim, not of its lines.
    patient: Name | None = None  #: NM1*QC.
    insured: Name | None = None  #: NM1*IL.
    corrected: Name | None = None  #: NM1*74: the patient or insured as the payer knows them.
    rendering: Name | None = None  #: NM1*82.
    crossover: Name | None = None  #: NM1*TT: to whom the claim was forwarded.
    other_names: tuple[Name, ...] = ()  #: Every other NM1.
    adjudication: tuple[Segment, ...] = field(default=(), repr=False)  #: MIA and MOA, whole.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    dates: tuple[QualifiedDate, ...] = field(default=(), repr=False)  #: DTM.
    amounts: tuple[QualifiedAmount, ...] = ()  #: AMT.
    quantities: tuple[QualifiedQuantity, ...] = ()  #: QTY.
    services: tuple[ServicePayment, ...] = ()  #: Loop 2110.
    assigned_number: str = ""  #: LX01 of the header the claim stands under; not unique.
    summaries: tuple[Segment, ...] = field(default=(), repr=False)  #: TS3, TS2 before this claim.
    begins_header: bool = field(default=False, compare=False)  #: An LX stands right before it.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled: PER.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.
    is_readable: bool = True  #: False: an amount or code could not be read; do not post.
    segment_number: int = field(default=0, compare=False)  #: Of CLP.

    @property
    def remark_codes(self) -> tuple[str, ...]:
        """The remittance advice remark codes of MIA and MOA."""
        codes = (
            segment.get(element)
            for segment in self.adjudication
            for element in REMARK_ELEMENTS[segment.id]
        )
        return tuple(code for code in codes if is_code(code))

    @property
    def rendering_npi(self) -> str:
        """NM109 of NM1*82 where NM108 says it is an NPI (XX), else ""."""
        name = self.rendering
        return name.id if name is not None and name.id_qualifier == "XX" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAdjustment:
    """One pair of a PLB segment. A positive amount is kept by the payer (reduces the payment)."""

    provider_id: str  #: PLB01.
    fiscal_period_date: date | None  #: PLB02.
    reason: str  #: PLB03-1, 05-1, ... 13-1.
    reference: str = field(default="", repr=False)  #: PLB03-2, 05-2, ... 13-2.
    amount_cents: Cents  #: PLB04, 06, ... 14.
    segment_number: int = field(default=0, compare=False)
    element: int = field(default=0, compare=False)  #: Of the amount.


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """N3 and N4."""

    lines: tuple[str, ...] = ()  #: N301, N302.
    city: str = ""  #: N401.
    state: str = ""  #: N402.
    postal_code: str = ""  #: N403.
    country: str = ""  #: N404.


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Loop 1000A (the payer) or 1000B (the payee)."""

    name: str  #: N102.
    id_qualifier: str = ""  #: N103: XV for a payer; XX or FI for a payee.
    id: str = ""  #: N104.
    address: Address | None = None
    references: tuple[Reference, ...] = ()  #: REF.
    contacts: tuple[Segment, ...] = ()  #: PER, whole.
    other: tuple[Segment, ...] = ()  #: What is not modelled: RDM.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def tax_id(self) -> str:
        """REF*TJ, or N104 where N103 says it is a tax number (FI), else ""."""
        for reference in self.references:
            if reference.qualifier == "TJ":
                return reference.value
        return self.id if self.id_qualifier == "FI" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The BPR segment, whole."""

    handling_code: str  #: BPR01.
    payment_cents: Cents  #: BPR02.
    credit_debit: str = ""  #: BPR03: C or D.
    method: str = ""  #: BPR04: ACH, BOP, CHK, FWT, NON.
    format: str = ""  #: BPR05.
    sender_bank_qualifier: str = ""  #: BPR06.
    sender_bank: str = ""  #: BPR07.
    sender_account_qualifier: str = ""  #: BPR08.
    sender_account: str = field(default="", repr=False)  #: BPR09.
    originator_id: str = ""  #: BPR10.
    originator_supplement: str = ""  #: BPR11.
    receiver_bank_qualifier: str = ""  #: BPR12.
    receiver_bank: str = ""  #: BPR13.
    receiver_account_qualifier: str = ""  #: BPR14.
    receiver_account: str = field(default="", repr=False)  #: BPR15.
    payment_date: date | None = None  #: BPR16.


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The TRN segment: with what the deposit and the remittance find each other."""

    number: str  #: TRN02.
    payer_id: str  #: TRN03.
    originator_supplement: str = ""  #: TRN04.


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """One transaction set 835: one payment to one payee."""

    set_control_number: str  #: ST02.
    payment: Payment  #: BPR.
    trace: Trace  #: TRN.
    payer: Party | None = None  #: Loop 1000A.
    payee: Party | None = None  #: Loop 1000B.
    production_date: date | None = None  #: DTM*405.
    references: tuple[Reference, ...] = ()  #: REF*EV, REF*F2 of the header.
    claims: tuple[ClaimPayment, ...] = ()  #: Loop 2100; none where only PLB is sent (RFI 490).
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()  #: PLB.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: Of the header: CUR.
    order: tuple[int, ...] = field(default=(), compare=False)  #: Of what stands before the parties.
    strays: tuple[Segment, ...] = field(default=(), repr=False)  #: What has no place below that.
    is_readable: bool = True  #: False: BPR02 or a PLB amount could not be read; hold the set.
    delimiters: Delimiters = field(default=STANDARD, compare=False)  #: Of the raw segments.
    findings: tuple[Finding, ...] = ()  #: Of the envelope and of reading.

    @property
    def payment_cents(self) -> Cents:
        """BPR02."""
        return self.payment.payment_cents

    @property
    def claims_paid_cents(self) -> Cents:
        """The sum of CLP04: a predetermination (CLP02 25) is a price, and no part of it."""
        paid = (each.paid_cents for each in self.claims if each.status_code != PREDETERMINATION)
        return Cents(sum(paid))
