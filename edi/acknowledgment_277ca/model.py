"""What a 277CA (005010X214) says, as values: one ClaimAcknowledgment for each transaction set.

Protected health information is kept out of `repr`.
"""

from dataclasses import dataclass, field

from edi.claim_status import StatusInformation
from edi.delimiters import STANDARD, Delimiters
from edi.findings import Finding
from edi.layout import Layout
from edi.money import Cents, Thousandths
from edi.party_segments import (
    Amount,
    Beginning,
    Name,
    Period,
    Procedure,
    Quantity,
    Reference,
    Trace,
    value_of,
)
from edi.segment import Segment

_NO_TRACE = Trace()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgedLine:
    """Loop 2220D: one service line that has a status of its own."""

    procedure: Procedure  #: SVC01.
    charge_cents: Cents | None = None  #: SVC02; None where it cannot be read.
    revenue_code: str = ""  #: SVC04.
    units: Thousandths | None = None  #: SVC07.
    statuses: tuple[StatusInformation, ...] = ()  #: STC.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*472.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def line_control_number(self) -> str:
        """REF*FJ: the REF*6R of our claim, or ""."""
        return value_of(self.references, "FJ")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgedClaim:
    """Loop 2200D: one claim."""

    trace: Trace  #: TRN*2.
    statuses: tuple[StatusInformation, ...] = ()  #: STC.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*472.
    lines: tuple[AcknowledgedLine, ...] = ()  #: Loop 2220D.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def patient_control_number(self) -> str:
        """TRN02: the CLM01 of our claim."""
        return self.trace.number

    @property
    def payer_claim_number(self) -> str:
        """REF*1K, or ""."""
        return value_of(self.references, "1K")

    @property
    def clearinghouse_number(self) -> str:
        """REF*D9, or ""."""
        return value_of(self.references, "D9")

    @property
    def bill_type(self) -> str:
        """REF*BLT of an institutional claim, or ""."""
        return value_of(self.references, "BLT")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgedPatient:
    """Loop 2000D."""

    name: Name | None = None  #: NM1*QC.
    claims: tuple[AcknowledgedClaim, ...] = ()  #: Loop 2200D.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The QTY and AMT segments of loop 2200B or 2200C."""

    quantities: tuple[Quantity, ...] = ()  #: 90 and AA of a batch, QA and QC of a provider.
    amounts: tuple[Amount, ...] = ()  #: YU accepted, YY rejected.

    @property
    def accepted_claims(self) -> int | None:
        """QTY*90 or QTY*QA: how many claims were accepted, None where it is not said."""
        return self._count("90", "QA")

    @property
    def rejected_claims(self) -> int | None:
        """QTY*AA or QTY*QC: how many claims were rejected, None where it is not said."""
        return self._count("AA", "QC")

    @property
    def accepted_cents(self) -> Cents | None:
        """AMT*YU: the charge of the accepted claims, None where it is not said."""
        return self._cents("YU")

    @property
    def rejected_cents(self) -> Cents | None:
        """AMT*YY: the charge of the rejected claims, None where it is not said."""
        return self._cents("YY")

    def _count(self, *qualifiers: str) -> int | None:
        found = (each.quantity for each in self.quantities if each.qualifier in qualifiers)
        quantity = next(found, None)
        return None if quantity is None else quantity // 1000

    def _cents(self, qualifier: str) -> Cents | None:
        return next((each.cents for each in self.amounts if each.qualifier == qualifier), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgedProvider:
    """Loops 2000C and 2200C. A rejection here without patients is one of all its claims."""

    name: Name | None = None  #: NM1*85.
    trace: Trace = _NO_TRACE  #: TRN*1.
    statuses: tuple[StatusInformation, ...] = ()  #: STC.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    totals: Totals = field(default_factory=Totals)
    patients: tuple[AcknowledgedPatient, ...] = ()  #: Loop 2000D.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgedBatch:
    """Loops 2000B and 2200B: one transaction set of ours. A rejection here is one of all of it."""

    receiver: Name | None = None  #: NM1*41: us, the submitter of the claims.
    trace: Trace = _NO_TRACE  #: TRN*2: the BHT03 that we sent.
    statuses: tuple[StatusInformation, ...] = ()  #: STC.
    totals: Totals = field(default_factory=Totals)
    providers: tuple[AcknowledgedProvider, ...] = ()  #: Loop 2000C.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Loops 2000A and 2200A: who says all this."""

    name: Name | None = None  #: NM1*PR or NM1*AY.
    trace: Trace = _NO_TRACE  #: TRN*1: the reporter's own number.
    dates: tuple[Period, ...] = ()  #: DTP*050 received, DTP*009 processed.
    batches: tuple[AcknowledgedBatch, ...] = ()  #: Loop 2000B.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def is_payer(self) -> bool:
        """The payer itself speaks (NM101 PR), not a clearinghouse (AY)."""
        return self.name is not None and self.name.entity == "PR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAcknowledgment:
    """One transaction set 277CA."""

    beginning: Beginning  #: BHT.
    reporters: tuple[Reporter, ...] = ()  #: Loop 2000A.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What stands under no level.
    delimiters: Delimiters = field(default=STANDARD, compare=False)  #: Of the raw segments.
    findings: tuple[Finding, ...] = ()  #: Of the envelope and of reading.


LINE = Layout(
    "SVC", AcknowledgedLine, "procedure", "charge_cents", "", "revenue_code", "", "", "units"
)
#: HL03 of each level and of the level above it.
PARENTS = {"20": "", "21": "20", "19": "21", "PT": "19"}
