"""The 271 (005010X279A1): what a payer says about a person's coverage and benefits."""

from dataclasses import dataclass, field
from typing import TypeAlias

from edi.delimiters import Delimiters
from edi.eligibility_levels import read_tree, write_tree
from edi.eligibility_tree import (
    AAA,
    INDUSTRY_CODE,
    Aaa,
    Eligibility,
    IndustryCode,
)
from edi.envelope import TransactionSet
from edi.findings import ReadError, WriteError, error
from edi.layout import Components, Layout
from edi.loops import LoopReader, LoopWriter, split
from edi.money import Cents, Thousandths
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
    Procedure,
    ProviderRole,
    Reference,
    read_address,
    read_periods,
    write_address,
    write_periods,
)
from edi.segment import Segment
from edi.writer import SetWriter

_NO_POINTERS = Components(())
_ENTITY_LOOP = "2120"  #: LS01 and LE01.


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An HSD segment: how often or how long a service may be had."""

    quantity_qualifier: str = ""  #: HSD01: VS visits, DY days, ...
    quantity: Thousandths | None = None  #: HSD02.
    unit: str = ""  #: HSD03: per DA day, WK week, MO month, YR year, VS visit.
    every: Thousandths | None = None  #: HSD04: of HSD03.
    period: str = ""  #: HSD05: a time period qualifier, as EB06.
    periods: Thousandths | None = None  #: HSD06: how many of HSD05.
    frequency: str = ""  #: HSD07: a delivery frequency code.
    pattern: str = ""  #: HSD08: a delivery pattern time code.


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedEntity:
    """Loop 2120: who else is concerned: another payer, a primary care provider, an employer."""

    name: Name  #: NM1.
    address: Address | None = None
    contacts: tuple[Contact, ...] = field(default=(), repr=False)  #: PER.
    provider: ProviderRole | None = None  #: PRV.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """Loop 2110 of the 271: one statement about the coverage."""

    code: str  #: EB01: 1 to 5 active, 6 to 8 inactive, A coinsurance, B copay, C deductible, ...
    coverage_level: str = ""  #: EB02: IND, FAM, ...
    service_types: tuple[str, ...] = ()  #: EB03, with its repetitions.
    insurance_type: str = ""  #: EB04.
    plan_description: str = field(default="", repr=False)  #: EB05.
    period: str = ""  #: EB06: 23 calendar year, 27 visit, 29 remaining, ...
    amount_cents: Cents | None = None  #: EB07.
    percent: Thousandths | None = None  #: EB08, as a ratio: 200 is 20 percent.
    quantity_qualifier: str = ""  #: EB09.
    quantity: Thousandths | None = None  #: EB10.
    authorization: str = ""  #: EB11: Y required, N not, U unknown.
    in_network: str = ""  #: EB12: Y in, N out, W both, U unknown.
    procedure: Procedure | None = None  #: EB13.
    diagnosis_pointers: Components = _NO_POINTERS  #: EB14: into HI, from 1.
    deliveries: tuple[Delivery, ...] = ()  #: HSD.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP.
    errors: tuple[Aaa, ...] = ()  #: AAA.
    messages: tuple[str, ...] = field(default=(), repr=False)  #: MSG01.
    industry_codes: tuple[IndustryCode, ...] = ()  #: III, loop 2115.
    entities: tuple[RelatedEntity, ...] = ()  #: Loop 2120, between LS and LE.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.
    is_readable: bool = True  #: False: EB07, EB08 or EB10 could not be read; do not show it.
    segment_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    text: str = field(repr=False)


EligibilityResponse: TypeAlias = Eligibility[Benefit]

_BENEFIT = Layout(
    "EB", Benefit, "code", "coverage_level", "service_types", "insurance_type",
    "plan_description", "period", "amount_cents", "percent", "quantity_qualifier", "quantity",
    "authorization", "in_network", "procedure", "diagnosis_pointers",
)  # fmt: skip
_DELIVERY = Layout(
    "HSD", Delivery, "quantity_qualifier", "quantity", "unit", "every", "period", "periods",
    "frequency", "pattern",
)  # fmt: skip
_MESSAGE = Layout("MSG", _Message, "text")


def read_271(transaction_set: TransactionSet) -> EligibilityResponse:
    """Return what the set says; whatever is wrong with it is a finding.

    Older versions are read alike. Raises ReadError only where the set is no 271 at all: ST01 is
    another, or it has no BHT.
    """
    response = None
    if transaction_set.set_id == "271":
        response = read_tree(transaction_set, "EB", _read_benefit)
    if response is None:
        place = transaction_set.segments[0].place(transaction_set=transaction_set.control_number)
        message = "The transaction set is no eligibility response."
        cure = "Read it as what it is, or ask the sender for a 271."
        raise ReadError(error("271-NOT-271", message, cure=cure, place=place))
    return response


def _read_benefit(segments: list[Segment], notes: Notes, name: str) -> Benefit:
    eb, *body = segments
    own, related = _unwrap(body)
    loop = LoopReader(own, notes, name)
    values = _BENEFIT.values(eb, notes, name)
    numbers = ((7, "amount_cents"), (8, "percent"), (10, "quantity"))
    return Benefit(
        **values,
        deliveries=loop.all(_DELIVERY),
        references=loop.all(REFERENCE),
        dates=read_periods(loop),
        errors=loop.all(AAA),
        messages=tuple(message.text for message in loop.all(_MESSAGE)),
        industry_codes=loop.all(INDUSTRY_CODE),
        entities=tuple(_read_entity(each, notes, f"2120{name[-1]}") for each in related),
        other=loop.rest(),
        order=loop.order,
        is_readable=all(
            values[field_name] is not None or not eb.get(element) for element, field_name in numbers
        ),
    )


def _unwrap(body: list[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """Return what stands outside LS and LE, and the entities between them, each from its NM1.

    LS and LE without a name between them have nothing to wrap, and stay where they are.
    """
    own: list[Segment] = []
    related: list[list[Segment]] = []
    wrapped: list[Segment] | None = None
    for segment in body:
        if wrapped is None and segment.id != "LS":
            own.append(segment)
            continue
        wrapped = wrapped or []
        wrapped.append(segment)
        if segment.id == "LE":
            _, entities = split(wrapped[1:-1], "NM1")
            if entities and wrapped[1].id == "NM1":
                related.extend(entities)
            else:
                own.extend(wrapped)
            wrapped = None
    own.extend(wrapped or [])
    return own, related


def _read_entity(segments: list[Segment], notes: Notes, name: str) -> RelatedEntity:
    nm1, *body = segments
    loop = LoopReader(body, notes, name)
    return RelatedEntity(
        name=NAME.read(nm1, notes, name),
        address=read_address(loop),
        contacts=loop.all(CONTACT),
        provider=loop.first(PROVIDER_ROLE),
        other=loop.rest(),
        order=loop.order,
    )


def write_271(response: EligibilityResponse, delimiters: Delimiters) -> SetWriter:
    """Return the segments between ST and SE; `read_271` of them gives the response back.

    The levels are numbered 1, 2, 3. Raises WriteError for values that X12 cannot carry, and for
    a benefit that could not be read whole.
    """
    return write_tree(response, delimiters, _write_benefit)


def _write_benefit(loop: LoopWriter, benefit: Benefit) -> None:
    if not benefit.is_readable:
        raise WriteError("a benefit with an unreadable number cannot be written")
    loop.start(_BENEFIT, benefit)
    with loop.ordered(benefit.order):
        loop.all(_DELIVERY, benefit.deliveries)
        loop.all(REFERENCE, benefit.references)
        write_periods(loop, benefit.dates)
        loop.all(AAA, benefit.errors)
        loop.all(_MESSAGE, (_Message(text=text) for text in benefit.messages))
        loop.all(INDUSTRY_CODE, benefit.industry_codes)
        loop.raw(benefit.other)
    if benefit.entities:
        loop.out.add("LS", _ENTITY_LOOP)
        for entity in benefit.entities:
            _write_entity(loop, entity)
        loop.out.add("LE", _ENTITY_LOOP)


def _write_entity(loop: LoopWriter, entity: RelatedEntity) -> None:
    loop.start(NAME, entity.name)
    with loop.ordered(entity.order):
        write_address(loop, entity.address)
        loop.all(CONTACT, entity.contacts)
        loop.add(PROVIDER_ROLE, entity.provider)
        loop.raw(entity.other)
