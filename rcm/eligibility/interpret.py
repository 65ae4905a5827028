"""A 271 as answers: who is meant, what it comes to on the day asked about, and each benefit. Pure.

The payer's own statements are kept one by one; only the outcome and its days are drawn from them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from edi.eligibility_271 import Benefit, EligibilityResponse
from edi.eligibility_tree import Aaa, Member
from edi.money import Thousandths
from edi.party_segments import Period
from rcm.eligibility.codes import KINDS
from rcm.eligibility.model import (
    WHOLE_PLAN,
    Answer,
    BenefitKind,
    Entity,
    FollowUp,
    Level,
    Outcome,
    Refusal,
    Span,
    StatedBenefit,
)
from rcm.eligibility.reject_reasons import outcome_of

_CODE = re.compile(r"[A-Z0-9]{2}")  #: AAA03. In a broken file a name may stand there.
#: DTP01 of the days of coverage, the strongest first: of eligibility, of the plan, of the benefit.
_BEGINS = ("307", "356", "291", "346", "292", "348")
_ENDS = ("307", "357", "291", "347", "292", "349")
_RANGES = frozenset({"307", "291", "292"})  #: A single day of these only repeats what was asked.
_PERCENT = Thousandths(100)
_ALL_OF_IT = 1000  #: EB08 of 1 is the whole; payers who write 20 mean 20 percent.


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a 271 says of one person, or of all that were asked together."""

    traces: tuple[str, ...]  #: TRN02, the first of them those that repeat the asker's (TRN01 2).
    payer_id: str  #: 2100A NM109.
    npi: str  #: 2100B NM109.
    is_for_all: bool  #: Nobody is named: the whole question was refused.
    is_traced: bool = False  #: It repeats the number of who asked (TRN01 2), ours or another's.
    refusals: tuple[Refusal, ...]
    dates: tuple[Period, ...] = field(default=(), repr=False)
    benefits: tuple[Benefit, ...] = ()
    member_id: str = field(default="", repr=False)
    is_corrected: bool = False


def read_told(response: EligibilityResponse) -> tuple[Told, ...]:
    """Return what is said, person by person, in file order.

    What refuses a payer, a provider or a subscriber refuses everybody below.
    """
    return tuple(_told(response))


def _told(response: EligibilityResponse) -> Iterator[Told]:
    for source in response.sources:
        payer_id = source.name.id if source.name else ""
        above = _refusals((*source.request_errors, *source.errors), Level.PAYER)
        if above and not source.receivers:
            yield _for_all(payer_id, "", above)
        for receiver in source.receivers:
            npi = receiver.name.id if receiver.name else ""
            over = (*above, *_refusals(receiver.errors, Level.PROVIDER))
            if over and not receiver.subscribers:
                yield _for_all(payer_id, npi, over)
            for subscriber in receiver.subscribers:
                yield from _persons(subscriber, payer_id, npi, over)


def _for_all(payer_id: str, npi: str, refusals: tuple[Refusal, ...]) -> Told:
    return Told(traces=(), payer_id=payer_id, npi=npi, is_for_all=True, refusals=refusals)


def _persons(
    subscriber: Member[Benefit], payer_id: str, npi: str, above: tuple[Refusal, ...]
) -> Iterator[Told]:
    own = (*above, *_refusals(subscriber.errors, Level.SUBSCRIBER))
    is_refused = bool(subscriber.errors and subscriber.traces)
    if subscriber.benefits or is_refused or not subscriber.dependents:
        yield _person(subscriber, subscriber, payer_id, npi, own)
    of_holder = (*above, *_refusals(subscriber.errors, Level.HOLDER))
    for dependent in subscriber.dependents:
        refusals = (*of_holder, *_refusals(dependent.errors, Level.DEPENDENT))
        yield _person(dependent, subscriber, payer_id, npi, refusals)


def _person(
    person: Member[Benefit],
    subscriber: Member[Benefit],
    payer_id: str,
    npi: str,
    refusals: tuple[Refusal, ...],
) -> Told:
    is_alone = len(subscriber.dependents) == 1  # Then a payer may have put our trace one level up.
    repeated = person.traces or (subscriber.traces if is_alone else ())
    traces = sorted(repeated, key=lambda trace: trace.kind != "2")
    ids = [name.id for name in (person.name, subscriber.name) if name is not None and name.id]
    of_benefits = (aaa for benefit in person.benefits for aaa in benefit.errors)
    return Told(
        traces=tuple(trace.number for trace in traces if trace.number),
        payer_id=payer_id,
        npi=npi,
        is_for_all=False,
        is_traced=any(trace.kind == "2" and trace.number for trace in repeated),
        refusals=(*refusals, *_refusals(of_benefits, Level.BENEFIT)),
        dates=person.dates or subscriber.dates,
        benefits=person.benefits,
        member_id=next(iter(ids), ""),
        is_corrected=person.is_corrected or subscriber.is_corrected,
    )


def _refusals(errors: Sequence[Aaa] | Iterator[Aaa], level: Level) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(
            level=level,
            code=each.code if _CODE.fullmatch(each.code) else "",
            follow_up=FollowUp(each.follow_up) if each.follow_up in set(FollowUp) else None,
        )
        for each in errors
    )


def answer_of(told: Told, *, service_date: date) -> Answer:
    """Return the answer for the day that was asked about.

    An AAA about the person or above decides: the payer did not identify whom it speaks of. Else
    the statements about the whole plan decide, and of those one that says active; a coverage
    whose days leave out the day asked about is not active on it.
    """
    status = _deciding([benefit for benefit in told.benefits if _is_status(benefit)])
    outcome = outcome_of(told.refusals) or _outcome(status)
    first, last = _covered((*(status.dates if status else ()), *told.dates))
    told_from, told_to = service_date, None
    if outcome is Outcome.ACTIVE:
        if (first and first > service_date) or (last and last < service_date):
            outcome = Outcome.INACTIVE
        else:
            told_from, told_to = first or service_date, last
    if outcome is Outcome.INACTIVE and last and last < service_date:
        told_from = last + timedelta(days=1)
    elif outcome is Outcome.INACTIVE and first and first > service_date:
        told_to = first - timedelta(days=1)
    return Answer(
        outcome=outcome,
        plan=_plan(told.benefits, status),
        insurance_type=status.insurance_type if status else "",
        covered_from=first,
        covered_to=last,
        told_from=told_from,
        told_to=told_to,
        benefits=tuple(map(state, told.benefits)),
        refusals=told.refusals,
        member_id=told.member_id,
        is_corrected=told.is_corrected,
    )


def _is_status(benefit: Benefit) -> bool:
    return KINDS.get(benefit.code) in {BenefitKind.ACTIVE, BenefitKind.INACTIVE}


def _deciding(statuses: Sequence[Benefit]) -> Benefit | None:
    whole = [
        each
        for each in statuses
        if WHOLE_PLAN in each.service_types or not (each.service_types or each.procedure)
    ]
    ordered = sorted(whole or statuses, key=lambda each: KINDS[each.code] is not BenefitKind.ACTIVE)
    return next(iter(ordered), None)


def _outcome(status: Benefit | None) -> Outcome:
    if status is None:
        return Outcome.UNCLEAR
    is_active = KINDS[status.code] is BenefitKind.ACTIVE
    return Outcome.ACTIVE if is_active else Outcome.INACTIVE


def _covered(periods: Sequence[Period]) -> tuple[date | None, date | None]:
    """Return the first and the last day of coverage, each where it is told."""
    telling = [each for each in periods if each.qualifier not in _RANGES or each.format == "RD8"]
    begins = (each for name in _BEGINS for each in telling if each.qualifier == name)
    ends = (each for name in _ENDS for each in telling if each.qualifier == name)
    first = next((day for each in begins if (day := each.first)), None)
    last = next((day for each in ends if (day := each.last)), None)
    if first and last and first > last:
        return None, None  # Nothing can be drawn from days that end before they begin.
    return first, last


def _plan(benefits: Sequence[Benefit], status: Benefit | None) -> str:
    if status is None:
        return ""
    named = (each.plan_description for each in (status, *filter(_is_status, benefits)))
    return next(filter(None, named), "")


def state(benefit: Benefit) -> StatedBenefit:
    """Return an EB in our words; numbers of one that could not be read whole are left out."""
    spans = (
        Span(qualifier=each.qualifier, first=each.first, last=each.last)
        for each in benefit.dates
        if each.first and each.last
    )
    is_readable = benefit.is_readable
    return StatedBenefit(
        kind=KINDS.get(benefit.code, BenefitKind.UNKNOWN),
        coverage_level=benefit.coverage_level,
        service_types=benefit.service_types,
        insurance_type=benefit.insurance_type,
        plan=benefit.plan_description,
        period=benefit.period,
        amount_cents=benefit.amount_cents if is_readable else None,
        percent=_percent(benefit.percent) if is_readable else None,
        quantity_qualifier=benefit.quantity_qualifier,
        quantity=benefit.quantity if is_readable else None,
        authorization=benefit.authorization,
        in_network=benefit.in_network,
        procedure=benefit.procedure,
        deliveries=benefit.deliveries,
        spans=tuple(spans),
        places_of_service=tuple(
            each.code for each in benefit.industry_codes if each.qualifier == "ZZ" and each.code
        ),
        messages=tuple(filter(None, benefit.messages)),
        entities=tuple(
            Entity(role=each.name.entity, name=each.name.last_name, id=each.name.id)
            for each in benefit.entities
        ),
        is_readable=is_readable,
    )


def _percent(ratio: Thousandths | None) -> Thousandths | None:
    """Return EB08 as percent: .2 is 20; so is the 20 of payers who mean percent."""
    if ratio is None:
        return None
    return Thousandths(ratio * _PERCENT) if ratio <= _ALL_OF_IT else ratio
