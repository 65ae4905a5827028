"""What an 837 files, whole, as values: professional, institutional and dental claims alike.

One tree for the three guides: each loop has the segments of all of them, and a claim has those of
its own. Every loop keeps what is not modelled (`other`) and where its segments stood (`order`).
Protected health information is kept out of `repr`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from edi.claim_837.filed.claim import FiledClaim
from edi.claim_837.filed.party import Party, party_of
from edi.claim_837.filed.segments import Coverage, Currency, PatientFacts
from edi.delimiters import STANDARD, Delimiters
from edi.findings import Finding
from edi.guides import FileType
from edi.party_segments import Beginning, ProviderRole
from edi.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientLevel:
    """Loop 2000C: a patient who is not the subscriber."""

    facts: PatientFacts | None = None  #: PAT.
    parties: tuple[Party, ...] = ()  #: Loop 2010CA.
    claims: tuple[FiledClaim, ...] = ()  #: Loop 2300.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def patient(self) -> Party | None:
        """NM1*QC."""
        return party_of(self.parties, "QC")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberLevel:
    """Loop 2000B: who holds the coverage that the claims go to."""

    coverage: Coverage | None = None  #: SBR.
    facts: PatientFacts | None = None  #: PAT, where the patient is the subscriber.
    parties: tuple[Party, ...] = ()  #: Loops 2010BA, 2010BB.
    claims: tuple[FiledClaim, ...] = ()  #: Loop 2300 of the subscriber.
    patients: tuple[PatientLevel, ...] = ()  #: Loop 2000C.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def subscriber(self) -> Party | None:
        """NM1*IL."""
        return party_of(self.parties, "IL")

    @property
    def payer(self) -> Party | None:
        """NM1*PR."""
        return party_of(self.parties, "PR")


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingLevel:
    """Loop 2000A: who bills."""

    specialty: ProviderRole | None = None  #: PRV*BI.
    currency: Currency | None = None  #: CUR.
    parties: tuple[Party, ...] = ()  #: Loops 2010AA, 2010AB, 2010AC.
    subscribers: tuple[SubscriberLevel, ...] = ()  #: Loop 2000B.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def billing_provider(self) -> Party | None:
        """NM1*85."""
        return party_of(self.parties, "85")

    @property
    def pay_to_address(self) -> Party | None:
        """NM1*87."""
        return party_of(self.parties, "87")

    @property
    def pay_to_plan(self) -> Party | None:
        """NM1*PE."""
        return party_of(self.parties, "PE")


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledClaims:
    """One transaction set 837."""

    beginning: Beginning  #: BHT.
    parties: tuple[Party, ...] = ()  #: Loops 1000A, 1000B.
    providers: tuple[BillingLevel, ...] = ()  #: Loop 2000A.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What stands under no level.
    file_type: FileType = field(default=FileType.UNKNOWN, compare=False)  #: 837P, 837I or 837D.
    delimiters: Delimiters = field(default=STANDARD, compare=False)  #: Of the raw segments.
    findings: tuple[Finding, ...] = ()  #: Of the envelope and of reading.

    @property
    def submitter(self) -> Party | None:
        """NM1*41."""
        return party_of(self.parties, "41")

    @property
    def receiver(self) -> Party | None:
        """NM1*40."""
        return party_of(self.parties, "40")

    def claims(self) -> Iterator[tuple[FiledClaim, PatientLevel | None, SubscriberLevel]]:
        """Every claim in its order, with its patient (None: the subscriber) and its subscriber."""
        for provider in self.providers:
            for subscriber in provider.subscribers:
                for claim in subscriber.claims:
                    yield claim, None, subscriber
                for patient in subscriber.patients:
                    for claim in patient.claims:
                        yield claim, patient, subscriber


#: HL03 of each level and of the level above it.
PARENTS = {"20": "", "22": "20", "23": "22"}
