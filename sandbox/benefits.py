"""What the sandbox payer tells of a person's coverage: one row of a table for each kind.

Amounts are of the plan, not of the person: the same kind is told alike to everybody. The plan year
is the calendar year of the day that is asked about.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from edi.eligibility_271 import Benefit, Delivery, RelatedEntity
from edi.eligibility_tree import Aaa
from edi.money import Cents, Thousandths
from edi.party_segments import Address, Contact, Name, Period, ProviderRole, Reference, day
from sandbox.adjudicate import asked_code

PLAN = "30"  #: EB03 and EQ01: the whole plan.
_CALENDAR_YEAR, _VISIT, _REMAINING = "23", "27", "29"  #: EB06.
_IN, _OUT, _BOTH = "Y", "N", "W"  #: EB12.
#: What a plan covers, in the words of EB03: medical, hospital, emergency, office visit, ...
_COVERED = ("1", "33", "47", "48", "50", "86", "88", "98", "MH", "UC")
_NOT_COVERED = ("35", "AL")  #: Dental and vision.


class CoverageKind(StrEnum):
    """How an inquiry is answered."""

    ACTIVE = "active"
    INACTIVE = "inactive"  #: The plan has ended.
    NOT_FOUND = "not_found"  #: AAA 75 of the subscriber.
    PAYER_DOWN = "payer_down"  #: AAA 42 of the payer, and nothing below.
    RICH = "rich"  #: All that a plan can say, of a member whose id is corrected.


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a 270 asks about one member."""

    service_types: tuple[str, ...]  #: EQ01.
    on: date  #: DTP*291; today where the 270 has none.


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the 271 says of one member."""

    benefits: tuple[Benefit, ...] = ()
    dates: tuple[Period, ...] = ()  #: Of the plan, at the level of the member.
    errors: tuple[Aaa, ...] = ()
    is_corrected: bool = False  #: INS04 25, with the member id that is right.


def _plan_begins(asked: Asked) -> Period:
    return day("346", date(asked.on.year, 1, 1))


def _service_types(asked: Asked) -> tuple[str, ...]:
    """What is asked about beside the whole plan."""
    return tuple(dict.fromkeys(each for each in asked.service_types if each not in ("", PLAN)))


def _shared(
    code: str, cents: int, remaining_cents: int, *, level: str = "IND", network: str = _IN
) -> Iterator[Benefit]:
    """Yield a deductible or a maximum of the calendar year, and what remains of it."""
    whole = Benefit(
        code=code,
        coverage_level=level,
        service_types=(PLAN,),
        period=_CALENDAR_YEAR,
        amount_cents=Cents(cents),
        in_network=network,
    )
    yield whole
    yield replace(whole, period=_REMAINING, amount_cents=Cents(remaining_cents))


def _copay(cents: int, service_type: str, *messages: str) -> Benefit:
    return Benefit(
        code="B",
        coverage_level="IND",
        service_types=(service_type,),
        period=_VISIT,
        amount_cents=Cents(cents),
        in_network=_IN,
        messages=messages,
    )


def _coinsurance(thousandths: int, in_network: str, *service_types: str) -> Benefit:
    return Benefit(
        code="A",
        coverage_level="IND",
        service_types=service_types,
        percent=Thousandths(thousandths),
        in_network=in_network,
    )


def _active(asked: Asked) -> Told:
    plan = Benefit(
        code="1",
        coverage_level="IND",
        service_types=(PLAN,),
        insurance_type="PR",
        plan_description="SANDBOX PREFERRED",
    )
    others = _service_types(asked)
    return Told(
        dates=(_plan_begins(asked),),
        benefits=(
            plan,
            *([replace(plan, service_types=others)] if others else []),
            _copay(2_500, "98"),
            _coinsurance(200, _IN, PLAN),
            *_shared("C", 150_000, 48_750),
        ),
    )


def _inactive(asked: Asked) -> Told:
    """The plan ended with the month before."""
    ended = asked.on.replace(day=1) - timedelta(days=1)
    return Told(
        dates=(day("346", date(ended.year, 1, 1)), day("347", ended)),
        benefits=(
            Benefit(
                code="6",
                service_types=(PLAN,),
                plan_description="SANDBOX PREFERRED",
                dates=(day("349", ended),),
            ),
        ),
    )


def _not_found(_: Asked) -> Told:
    return Told(errors=(Aaa(is_valid=False, code="75", follow_up="C"),))


def _nothing(_: Asked) -> Told:
    return Told()


def _rich(asked: Asked) -> Told:
    return Told(
        dates=(_plan_begins(asked),),
        is_corrected=True,
        benefits=(
            *_covered(),
            *_year(),
            *_visits(),
            *_limits(asked),
            *_others(asked),
        ),
    )


def _covered() -> Iterator[Benefit]:
    plan = Benefit(
        code="1",
        coverage_level="FAM",
        service_types=(PLAN,),
        insurance_type="PR",
        plan_description="SANDBOX GOLD PPO",
    )
    yield replace(plan, messages=("REFERRALS ARE NOT NEEDED IN NETWORK",))
    yield replace(plan, service_types=_COVERED)
    yield Benefit(code="I", coverage_level="FAM", service_types=_NOT_COVERED)


def _year() -> Iterator[Benefit]:
    for code, cents, remaining in (("C", 150_000, 48_750), ("G", 600_000, 412_345)):
        for level, times in (("IND", 1), ("FAM", 2)):
            for network, factor in ((_IN, 1), (_OUT, 2)):
                yield from _shared(
                    code,
                    cents * times * factor,
                    remaining * times * factor,
                    level=level,
                    network=network,
                )


def _visits() -> Iterator[Benefit]:
    yield _copay(2_500, "98", "PER VISIT", "WAIVED FOR PREVENTIVE CARE")
    yield _copay(5_000, "UC")
    yield replace(_copay(15_000, "86", "WAIVED IF ADMITTED"), in_network=_BOTH)
    yield _coinsurance(200, _IN, "48", "50", "MH")
    yield _coinsurance(400, _OUT, "48", "50", "MH")


def _limits(asked: Asked) -> Iterator[Benefit]:
    """Twenty visits to a chiropractor a year, of which twelve remain; therapy needs leave."""
    visits = Benefit(
        code="F",
        coverage_level="IND",
        service_types=("33",),
        period=_CALENDAR_YEAR,
        quantity_qualifier="VS",
        quantity=Thousandths(20_000),
        in_network=_IN,
        deliveries=(
            Delivery(
                quantity_qualifier="VS",
                quantity=Thousandths(20_000),
                period=_CALENDAR_YEAR,
                periods=Thousandths(1_000),
            ),
        ),
        dates=(day("292", date(asked.on.year, 1, 1), date(asked.on.year, 12, 31)),),
    )
    yield visits
    yield replace(visits, period=_REMAINING, quantity=Thousandths(12_000), deliveries=(), dates=())
    yield Benefit(
        code="CB",
        coverage_level="IND",
        service_types=("PT",),
        authorization="Y",
        messages=("ASK FOR AUTHORIZATION BEFORE THE FIRST VISIT",),
    )


def _others(asked: Asked) -> Iterator[Benefit]:
    """The primary care provider, and another payer that is to be asked first."""
    doctor = RelatedEntity(
        name=Name(
            entity="P3",
            entity_type="1",
            last_name="MARSH",
            first_name="LEE",
            id_qualifier="XX",
            id="1193000779",
        ),
        address=Address(line1="9 ELM STREET", city="SPRINGFIELD", state="IL", postal_code="62701"),
        contacts=(Contact(function="IC", qualifier="TE", number="2175550102"),),
        provider=ProviderRole(role="PC", qualifier="PXC", id="207Q00000X"),
    )
    yield Benefit(code="L", entities=(doctor,))
    payer = Name(
        entity="PRP",
        entity_type="2",
        last_name="SUPPLEMENT MUTUAL",
        id_qualifier="PI",
        id="SUPPL1",
    )
    yield Benefit(
        code="R",
        coverage_level="IND",
        service_types=(PLAN,),
        insurance_type="C1",
        references=(Reference(qualifier="18", value="SUPPLEMENT PLAN A"),),
        dates=(day("290", date(asked.on.year, 1, 1)),),
        entities=(RelatedEntity(name=payer),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRule:
    """How a kind is asked for, and what it tells."""

    code: str  #: The two digits after SBX in the subscriber's member id.
    tell: Callable[[Asked], Told]


COVERAGES: Mapping[CoverageKind, CoverageRule] = MappingProxyType({
    CoverageKind.ACTIVE: CoverageRule(code="41", tell=_active),
    CoverageKind.INACTIVE: CoverageRule(code="42", tell=_inactive),
    CoverageKind.NOT_FOUND: CoverageRule(code="43", tell=_not_found),
    CoverageKind.PAYER_DOWN: CoverageRule(code="44", tell=_nothing),
    CoverageKind.RICH: CoverageRule(code="45", tell=_rich),
})  # fmt: skip

_KIND_BY_CODE = {rule.code: kind for kind, rule in COVERAGES.items()}


def choose_coverage(member_id: str) -> CoverageKind:
    """Return the kind that a subscriber's member id asks for (SBX41...), else active."""
    return _KIND_BY_CODE.get(asked_code(member_id), CoverageKind.ACTIVE)
