"""What the 270 and the 271 (005010X279A1) have in common: payer, provider, subscriber, dependent.

The two trees differ in their leaves only, loop 2110: what is asked, and what is told. Protected
health information is kept out of `repr`. The generic classes have no slots: Python 3.11 could not
call `Member[Benefit]` if they had.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from edi.delimiters import STANDARD, Delimiters
from edi.findings import Finding
from edi.layout import Layout
from edi.party_segments import (
    Address,
    Beginning,
    Contact,
    Name,
    Period,
    ProviderRole,
    Reference,
    Trace,
)
from edi.segment import Segment

B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aaa:
    """An AAA segment: why the request, or this part of it, could not be answered."""

    is_valid: bool  #: AAA01: Y, the request was valid, yet could not be carried out.
    agency: str = ""  #: AAA02; used in 004010 only.
    code: str  #: AAA03: the reject reason.
    follow_up: str = ""  #: AAA04: C correct and resend, N do not resend, R resend allowed, ...
    segment_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryCode:
    """An III segment: where the service is done, or a diagnosis."""

    qualifier: str = ""  #: III01: ZZ for a place of service.
    code: str = ""  #: III02.
    category: str = ""  #: III03: 44, the nature of an injury.
    text: str = field(default="", repr=False)  #: III04.


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics:
    """A DMG segment."""

    format: str = "D8"  #: DMG01.
    birth_date: date | None = field(default=None, repr=False)  #: DMG02. PHI.
    gender: str = field(default="", repr=False)  #: DMG03: F, M or U. PHI.


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured:
    """An INS segment."""

    is_subscriber: bool  #: INS01.
    relationship: str = ""  #: INS02: 18 self, 01 spouse, 19 child, ...
    maintenance_type: str = ""  #: INS03: 001, a change.
    maintenance_reason: str = ""  #: INS04: 25, a change in what identifies the person.
    birth_sequence: str = ""  #: INS17: of twins and the like.


@dataclass(frozen=True, kw_only=True)
class Member(Generic[B]):
    """Loops 2000C and 2100C (a subscriber), or 2000D and 2100D (a dependent)."""

    traces: tuple[Trace, ...] = ()  #: TRN: up to three numbers, ours and those on the way.
    name: Name | None = None  #: NM1*IL or NM1*03: in a 271 as the payer knows the person.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    address: Address | None = None
    errors: tuple[Aaa, ...] = ()  #: AAA.
    provider: ProviderRole | None = None  #: PRV.
    demographics: Demographics | None = None  #: DMG.
    insured: Insured | None = None  #: INS.
    diagnoses: tuple[Segment, ...] = field(default=(), repr=False)  #: HI, whole.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP.
    benefits: tuple[B, ...] = ()  #: Loop 2110: asked for in a 270, told in a 271.
    dependents: tuple["Member[B]", ...] = ()  #: Loop 2000D; a dependent has none.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled: MPI.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def is_corrected(self) -> bool:
        """The payer says that what identifies the person is not what was asked with (INS04 25)."""
        return self.insured is not None and self.insured.maintenance_reason == "25"


@dataclass(frozen=True, kw_only=True)
class Receiver(Generic[B]):
    """Loops 2000B and 2100B: the provider who asks."""

    name: Name | None = None  #: NM1*1P.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    address: Address | None = None
    errors: tuple[Aaa, ...] = ()  #: AAA.
    provider: ProviderRole | None = None  #: PRV.
    subscribers: tuple[Member[B], ...] = ()  #: Loop 2000C.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, kw_only=True)
class Source(Generic[B]):
    """Loops 2000A and 2100A: the payer who answers."""

    request_errors: tuple[Aaa, ...] = ()  #: AAA of loop 2000A, about the whole request.
    name: Name | None = None  #: NM1*PR.
    contacts: tuple[Contact, ...] = ()  #: PER.
    errors: tuple[Aaa, ...] = ()  #: AAA of loop 2100A, about the payer: 42, it is down.
    receivers: tuple[Receiver[B], ...] = ()  #: Loop 2000B.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, kw_only=True)
class Eligibility(Generic[B]):
    """One transaction set, 270 or 271."""

    beginning: Beginning  #: BHT.
    sources: tuple[Source[B], ...] = ()  #: Loop 2000A.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What stands under no level.
    delimiters: Delimiters = field(default=STANDARD, compare=False)  #: Of the raw segments.
    findings: tuple[Finding, ...] = ()  #: Of the envelope and of reading.


AAA = Layout("AAA", Aaa, "is_valid", "agency", "code", "follow_up")
INDUSTRY_CODE = Layout("III", IndustryCode, "qualifier", "code", "category", "text")
DEMOGRAPHICS = Layout("DMG", Demographics, "format", "birth_date", "gender")
INSURED = Layout(
    "INS", Insured, "is_subscriber", "relationship", "maintenance_type", "maintenance_reason",
    *("",) * 12, "birth_sequence",
)  # fmt: skip
