"""Any loop of an 837 that begins with NM1: who it is, and all that is said of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from edi.eligibility_tree import DEMOGRAPHICS, Demographics
from edi.loops import LoopReader, LoopWriter
from edi.notes import Notes
from edi.party_segments import (
    CONTACT,
    NAME,
    PROVIDER_ROLE,
    REFERENCE,
    Address,
    Contact,
    Name,
    Period,
    ProviderRole,
    Reference,
    read_address,
    read_periods,
    value_of,
    write_address,
    write_periods,
)
from edi.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An NM1 loop: 1000, 2010, 2310, 2330 or 2420."""

    name: Name  #: NM1. NM101 says who: 85 billing, IL subscriber, 82 rendering, 71 attending, ...
    specialty: ProviderRole | None = None  #: PRV.
    address: Address | None = None  #: N3, N4.
    demographics: Demographics | None = None  #: DMG.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*573: when a payer decided.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    contacts: tuple[Contact, ...] = field(default=(), repr=False)  #: PER.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.

    @property
    def npi(self) -> str:
        """NM109 where NM108 says it is an NPI (XX), else ""."""
        return self.name.id if self.name.id_qualifier == "XX" else ""

    @property
    def tax_id(self) -> str:
        """REF*EI, else REF*SY, else ""."""
        return value_of(self.references, "EI") or value_of(self.references, "SY")


def party_of(parties: Iterable[Party], entity: str) -> Party | None:
    """Return the first party with this NM101, or None."""
    return next((party for party in parties if party.name.entity == entity), None)


def read_party(segments: list[Segment], notes: Notes, name: str) -> Party:
    """Return the party whose NM1 comes first."""
    nm1, *body = segments
    loop = LoopReader(body, notes, name)
    return Party(
        name=NAME.read(nm1, notes, name),
        specialty=loop.first(PROVIDER_ROLE),
        address=read_address(loop),
        demographics=loop.first(DEMOGRAPHICS),
        dates=read_periods(loop),
        references=loop.all(REFERENCE),
        contacts=loop.all(CONTACT),
        other=loop.rest(),
        order=loop.order,
    )


def write_parties(loop: LoopWriter, parties: Iterable[Party]) -> None:
    """Write each party in the order of the guide."""
    for party in parties:
        loop.start(NAME, party.name)
        with loop.ordered(party.order):
            loop.add(PROVIDER_ROLE, party.specialty)
            write_address(loop, party.address)
            loop.add(DEMOGRAPHICS, party.demographics)
            write_periods(loop, party.dates)
            loop.all(REFERENCE, party.references)
            loop.all(CONTACT, party.contacts)
            loop.raw(party.other)
