"""What is asked of a payer about a coverage, and what the answer means here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from edi.eligibility_271 import Delivery
from edi.money import Cents, Thousandths
from edi.party_segments import Procedure

WHOLE_PLAN = "30"  #: EQ01 and EB03: the plan as such, not one kind of service.


class Outcome(StrEnum):
    """What an answer comes to."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    NOT_FOUND = "not_found"  #: The payer knows nobody by what we sent.
    PAYER_DOWN = "payer_down"  #: It could not answer now.
    REFUSED = "refused"  #: It would not answer this request: the provider, the dates, ...
    UNCLEAR = "unclear"  #: It answered, and said neither active nor inactive.


SETTLED = frozenset({Outcome.ACTIVE, Outcome.INACTIVE})  #: These tell of the coverage itself.


class Cause(StrEnum):
    """Why it was asked."""

    PERSON = "person"
    BATCH = "batch"
    SCHEDULE = "schedule"


class CheckState(StrEnum):
    """How far a check has come."""

    WAITING = "waiting"  #: For the next 270.
    FROZEN = "frozen"  #: In a frozen file.
    SENT = "sent"  #: The file is at the partner.
    ANSWERED = "answered"
    FAILED = "failed"  #: It could not be asked, or a 999 or TA1 refused its file.


class CheckEvent(StrEnum):
    """What can happen to a check."""

    FROZEN = "frozen"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    REFUSED = "refused"


_S, _E = CheckState, CheckEvent
#: An answer may overtake the 999 and our own record of the delivery; it is the strongest word.
TRANSITIONS: Mapping[tuple[CheckState, CheckEvent], CheckState] = {
    (_S.WAITING, _E.FROZEN): _S.FROZEN,
    (_S.WAITING, _E.REFUSED): _S.FAILED,
    (_S.FROZEN, _E.DELIVERED): _S.SENT,
    **{(state, _E.ANSWERED): _S.ANSWERED for state in _S if state is not _S.WAITING},
    (_S.FROZEN, _E.REFUSED): _S.FAILED,
    (_S.SENT, _E.REFUSED): _S.FAILED,
}


def states_before(event: CheckEvent) -> tuple[CheckState, ...]:
    """Return the states in which `event` changes anything; in any other it is old news.

    >>> [str(state) for state in states_before(CheckEvent.DELIVERED)]
    ['frozen']
    """
    return tuple(state for state, known in TRANSITIONS if known is event)


class FollowUp(StrEnum):
    """AAA04: what the payer lets us do next. Whether to ask again is decided by this alone."""

    CORRECT = "C"
    NEVER = "N"
    RESEND = "P"
    ALLOWED = "R"
    THIRD_PARTY = "S"
    WAIT_30_DAYS = "W"
    WAIT_10_DAYS = "X"
    HOLD_ON = "Y"


class Level(StrEnum):
    """Of which loop an AAA speaks: the same code means other things at other levels."""

    PAYER = "payer"  #: 2000A and 2100A.
    PROVIDER = "provider"  #: 2100B.
    SUBSCRIBER = "subscriber"  #: 2100C.
    HOLDER = "holder"  #: 2100C, of a dependent who is asked about.
    DEPENDENT = "dependent"  #: 2100D.
    BENEFIT = "benefit"  #: 2110C and 2110D.


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An AAA segment."""

    level: Level
    code: str  #: AAA03; empty where it has not the form of one.
    follow_up: FollowUp | None  #: AAA04; None where it is none of the guide.


class BenefitKind(StrEnum):
    """EB01 in words: 29 kinds, and what the guide does not know."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    COINSURANCE = "coinsurance"
    COPAY = "copay"
    DEDUCTIBLE = "deductible"
    COVERAGE_BASIS = "coverage_basis"
    DESCRIPTION = "description"
    EXCLUSION = "exclusion"
    LIMITATION = "limitation"
    OUT_OF_POCKET = "out_of_pocket"
    UNLIMITED = "unlimited"
    NOT_COVERED = "not_covered"
    COST_CONTAINMENT = "cost_containment"
    RESERVE = "reserve"
    PRIMARY_CARE_PROVIDER = "primary_care_provider"
    PRE_EXISTING_CONDITION = "pre_existing_condition"
    MANAGED_CARE_COORDINATOR = "managed_care_coordinator"
    ONLY_THIS_PROVIDER = "only_this_provider"
    NOT_NECESSARY = "not_necessary"
    DISCLAIMER = "disclaimer"
    SECOND_OPINION = "second_opinion"
    OTHER_PAYER = "other_payer"
    EARLIER_YEARS = "earlier_years"
    CARD_LOST = "card_lost"
    CONTACT = "contact"
    CANNOT_ANSWER = "cannot_answer"
    OTHER_SOURCE = "other_source"
    FACILITY = "facility"
    SPEND_DOWN = "spend_down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Some days of a benefit."""

    qualifier: str  #: DTP01.
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Who else is concerned: another payer, a primary care provider."""

    role: str  #: NM101.
    name: str = field(repr=False)
    id: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedBenefit:
    """One EB with what stands under it. Amounts that could not be read are absent."""

    kind: BenefitKind
    coverage_level: str = ""  #: EB02.
    service_types: tuple[str, ...] = ()  #: EB03.
    insurance_type: str = ""  #: EB04.
    plan: str = field(default="", repr=False)  #: EB05.
    period: str = ""  #: EB06.
    amount_cents: Cents | None = None  #: EB07.
    percent: Thousandths | None = None  #: EB08, of a hundred: 20000 is 20 percent.
    quantity_qualifier: str = ""  #: EB09.
    quantity: Thousandths | None = None  #: EB10.
    authorization: str = ""  #: EB11: Y, N, U.
    in_network: str = ""  #: EB12: Y, N, W both, U unknown. Of the benefit, not of the provider.
    procedure: Procedure | None = None  #: EB13.
    deliveries: tuple[Delivery, ...] = ()  #: HSD.
    spans: tuple[Span, ...] = ()  #: DTP.
    places_of_service: tuple[str, ...] = ()  #: III*ZZ.
    messages: tuple[str, ...] = field(default=(), repr=False)  #: MSG.
    entities: tuple[Entity, ...] = ()  #: Loop 2120.
    is_readable: bool = True  #: False: a number of it could not be read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a 271 says of one person, read for the day that was asked about."""

    outcome: Outcome
    plan: str = field(default="", repr=False)  #: EB05 of the statement that decided.
    insurance_type: str = ""  #: EB04 of it.
    covered_from: date | None = None  #: None: not told.
    covered_to: date | None = None
    told_from: date  #: From here on the outcome holds, as far as this answer goes,
    told_to: date | None = None  #: to here; None: until another one comes.
    benefits: tuple[StatedBenefit, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    member_id: str = field(default="", repr=False)  #: As the payer knows it. PHI.
    is_corrected: bool = False  #: INS04 25: the payer knows the person by other data than we sent.
    has_other_id: bool = False  #: `member_id` is not what we sent, if only by its form.
