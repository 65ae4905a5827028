"""The 271 of the sandbox payer: an answer for each member that a 270 asks about.

The levels are those of the 270. Each number that came (TRN) goes back as it is, beside one of the
payer. Pure: the same inquiry, day and prefix give the same answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count

from edi.eligibility_270 import BenefitInquiry, EligibilityInquiry
from edi.eligibility_271 import Benefit, EligibilityResponse
from edi.eligibility_tree import Aaa, Insured, Member, Receiver, Source
from edi.party_segments import Beginning, Contact, Trace
from sandbox.benefits import COVERAGES, Asked, CoverageKind, Told, choose_coverage
from sandbox.remit import PayerIdentity

_DOWN = Aaa(is_valid=True, code="42", follow_up="R")
_ACCOUNT = "EJ"  #: REF01: the asking provider's number of the patient, which goes back.
_CORRECTION = "01"  #: The card number at the end of the corrected member id.
_IDENTITY_CHANGED = Insured(
    is_subscriber=True, relationship="18", maintenance_type="001", maintenance_reason="25"
)


def answer_inquiry(
    inquiry: EligibilityInquiry, *, prefix: str, now: datetime, identity: PayerIdentity
) -> tuple[EligibilityResponse, ...]:
    """Return one response to all sources of a 270 but those that are down, then one to each.

    A source is down where any of its members asks for it. `prefix` begins the payer's own numbers
    of the answers, and makes them unique.
    """
    answering = _Answering(inquiry, prefix, now, identity)
    up = [each for each in inquiry.sources if not _is_down(each)]
    down = [each for each in inquiry.sources if _is_down(each)]
    return tuple(answering.response(each) for each in (up, *([source] for source in down)) if each)


def is_anybody_asked(inquiry: EligibilityInquiry) -> bool:
    """Tell whether the 270 has a member at all: the lowest level of it is always one."""
    return any(receiver.subscribers for source in inquiry.sources for receiver in source.receivers)


def _is_asked(member: Member[BenefitInquiry]) -> bool:
    """A subscriber above a dependent says only whose plan it is, unless there is an EQ."""
    return bool(member.benefits) or not member.dependents


def _kind(subscriber: Member[BenefitInquiry]) -> CoverageKind:
    return choose_coverage(subscriber.name.id if subscriber.name else "")


def _is_down(source: Source[BenefitInquiry]) -> bool:
    return any(
        _kind(subscriber) is CoverageKind.PAYER_DOWN
        for receiver in source.receivers
        for subscriber in receiver.subscribers
    )


class _Answering:
    """One 270 being answered; lives only inside `answer_inquiry`."""

    def __init__(
        self, inquiry: EligibilityInquiry, prefix: str, now: datetime, identity: PayerIdentity
    ) -> None:
        self._inquiry = inquiry
        self._prefix = prefix
        self._now = now
        self._identity = identity
        self._numbers = count(1)

    def response(self, sources: Sequence[Source[BenefitInquiry]]) -> EligibilityResponse:
        """Return the response of these sources; they are all down, or none is."""
        beginning = Beginning(
            structure="0022",
            purpose="11",
            reference=self._inquiry.beginning.reference,
            created_on=self._now.date(),
            created_at=self._now.strftime("%H%M"),
        )
        return EligibilityResponse(
            beginning=beginning, sources=tuple(self._source(each) for each in sources)
        )

    def _source(self, asked: Source[BenefitInquiry]) -> Source[Benefit]:
        if _is_down(asked):
            return Source(name=asked.name, errors=(_DOWN,))
        contact = Contact(
            function="IC",
            name=self._identity.contact_name,
            qualifier="TE",
            number=self._identity.contact_phone,
        )
        return Source(
            name=asked.name,
            contacts=(contact,),
            receivers=tuple(
                Receiver(
                    name=receiver.name,
                    subscribers=tuple(map(self._subscriber, receiver.subscribers)),
                )
                for receiver in asked.receivers
            ),
        )

    def _subscriber(self, asked: Member[BenefitInquiry]) -> Member[Benefit]:
        """Return the subscriber, with what is wrong with the plan, and the dependents below."""
        kind = _kind(asked)
        told = self._told(asked, kind)
        name, insured = asked.name, asked.insured
        if told.is_corrected and name is not None:
            name = replace(name, id=name.id + _CORRECTION)
            insured = _IDENTITY_CHANGED
        dependents = tuple(self._dependent(each, kind) for each in asked.dependents)
        if not _is_asked(asked):
            told = replace(told, benefits=(), dates=())
        return replace(self._member(asked, told), name=name, insured=insured, dependents=dependents)

    def _dependent(self, asked: Member[BenefitInquiry], kind: CoverageKind) -> Member[Benefit]:
        """Return a dependent; where the subscriber is not found, only whom was asked about."""
        return self._member(asked, replace(self._told(asked, kind), errors=()))

    def _told(self, asked: Member[BenefitInquiry], kind: CoverageKind) -> Told:
        types = tuple(each for inquiry in asked.benefits for each in inquiry.service_types)
        return COVERAGES[kind].tell(Asked(service_types=types, on=self._asked_day(asked)))

    def _asked_day(self, asked: Member[BenefitInquiry]) -> date:
        of_benefits = (period for inquiry in asked.benefits for period in inquiry.dates)
        days = (period.first for period in (*asked.dates, *of_benefits))
        return next((each for each in days if each is not None), self._now.date())

    def _member(self, asked: Member[BenefitInquiry], told: Told) -> Member[Benefit]:
        return Member(
            traces=tuple(self._traces(asked)) if _is_asked(asked) else (),
            name=asked.name,
            references=tuple(each for each in asked.references if each.qualifier == _ACCOUNT),
            errors=told.errors,
            demographics=asked.demographics,
            insured=asked.insured,
            dates=told.dates,
            benefits=told.benefits,
        )

    def _traces(self, asked: Member[BenefitInquiry]) -> Iterator[Trace]:
        for trace in asked.traces:
            yield replace(trace, kind="2")
        number = f"{self._prefix}{next(self._numbers):05d}"
        yield Trace(kind="1", number=number, originator=self._identity.originator_id)
