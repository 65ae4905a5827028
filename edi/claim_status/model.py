"""What a 276 asks and a 277 answers (005010X212), as values: one tree, as the guide has it.

The 277 repeats what was asked and adds a status at every level that it can answer: an inquiry has
no `statuses`, and that is all the difference. Protected health information is kept out of `repr`.
"""

from dataclasses import dataclass, field

from edi.claim_status.status import StatusInformation
from edi.delimiters import STANDARD, Delimiters
from edi.eligibility_tree import Demographics
from edi.findings import Finding
from edi.layout import Layout
from edi.money import Cents, Thousandths
from edi.party_segments import (
    Amount,
    Beginning,
    Contact,
    Name,
    Period,
    Procedure,
    Reference,
    Trace,
    value_of,
)
from edi.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInquiry:
    """Loop 2220 (2210 of the 276): one service line."""

    procedure: Procedure  #: SVC01.
    charge_cents: Cents | None = None  #: SVC02.
    paid_cents: Cents | None = None  #: SVC03; in the 277 only.
    revenue_code: str = ""  #: SVC04.
    units: Thousandths | None = None  #: SVC07.
    statuses: tuple[StatusInformation, ...] = ()  #: STC; in the 277 only.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*472.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def line_control_number(self) -> str:
        """REF*FJ: the REF*6R of our claim, or ""."""
        return value_of(self.references, "FJ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimInquiry:
    """Loop 2200D or 2200E: one claim."""

    trace: Trace  #: TRN: of the 276 its own number (TRN01 1), of the 277 the same again (2).
    statuses: tuple[StatusInformation, ...] = ()  #: STC; in the 277 only.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    amounts: tuple[Amount, ...] = ()  #: AMT*T3, the charge; in the 276 only.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*472.
    lines: tuple[LineInquiry, ...] = ()  #: Loop 2210 or 2220.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def patient_control_number(self) -> str:
        """REF*EJ: the CLM01 of our claim, or ""."""
        return value_of(self.references, "EJ")

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
class StatusMember:
    """Loop 2000D (the subscriber) or 2000E (a dependent)."""

    demographics: Demographics | None = None  #: DMG; in the 276 only.
    name: Name | None = None  #: NM1*IL or NM1*QC.
    claims: tuple[ClaimInquiry, ...] = ()  #: Loop 2200D or 2200E.
    dependents: tuple["StatusMember", ...] = ()  #: Loop 2000E; a dependent has none.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusProvider:
    """Loops 2000C and, where the payer answers about all of a provider, 2200C."""

    name: Name | None = None  #: NM1*1P.
    trace: Trace | None = None  #: TRN*1; in the 277 only.
    statuses: tuple[StatusInformation, ...] = ()  #: STC; in the 277 only.
    subscribers: tuple[StatusMember, ...] = ()  #: Loop 2000D.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReceiver:
    """Loops 2000B and, where the payer answers about the whole request, 2200B."""

    name: Name | None = None  #: NM1*41: who asks.
    trace: Trace | None = None  #: TRN*2; in the 277 only.
    statuses: tuple[StatusInformation, ...] = ()  #: STC; in the 277 only.
    providers: tuple[StatusProvider, ...] = ()  #: Loop 2000C.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSource:
    """Loop 2000A: the payer."""

    name: Name | None = None  #: NM1*PR.
    contacts: tuple[Contact, ...] = ()  #: PER; in the 277 only.
    receivers: tuple[StatusReceiver, ...] = ()  #: Loop 2000B.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatuses:
    """One transaction set 276 or 277."""

    beginning: Beginning  #: BHT.
    sources: tuple[StatusSource, ...] = ()  #: Loop 2000A.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What stands under no level.
    delimiters: Delimiters = field(default=STANDARD, compare=False)  #: Of the raw segments.
    findings: tuple[Finding, ...] = ()  #: Of the envelope and of reading.

    @property
    def claims(self) -> tuple[ClaimInquiry, ...]:
        """Every claim of the set, in its order."""
        return tuple(
            claim
            for source in self.sources
            for receiver in source.receivers
            for provider in receiver.providers
            for subscriber in provider.subscribers
            for member in (subscriber, *subscriber.dependents)
            for claim in member.claims
        )


LINE = Layout(
    "SVC", LineInquiry, "procedure", "charge_cents", "paid_cents", "revenue_code", "", "", "units"
)
#: HL03 of each level and of the level above it.
PARENTS = {"20": "", "21": "20", "19": "21", "22": "19", "23": "22"}
