"""ClaimStatuses to the inner segments of a 276 or 277, in the order of the guide."""

from edi.claim_status.model import (
    LINE,
    ClaimInquiry,
    ClaimStatuses,
    LineInquiry,
    StatusMember,
    StatusProvider,
    StatusReceiver,
    StatusSource,
)
from edi.claim_status.status import STATUS_INFORMATION
from edi.delimiters import Delimiters
from edi.eligibility_tree import DEMOGRAPHICS
from edi.findings import WriteError
from edi.loops import LoopWriter
from edi.party_segments import (
    AMOUNT,
    BEGINNING,
    CONTACT,
    NAME,
    REFERENCE,
    TRACE,
    write_periods,
)
from edi.writer import SetWriter


def write_276(inquiry: ClaimStatuses, delimiters: Delimiters) -> SetWriter:
    """Return the segments between ST and SE; `read_276` of them gives the inquiry back.

    The levels are numbered 1, 2, 3. Raises WriteError for values that X12 cannot carry, and for a
    status: only an answer has one.
    """
    out = _write(inquiry, delimiters)
    if any(segment.startswith("STC" + delimiters.element) for segment in out.segments()):
        raise WriteError("an inquiry tells no status")
    return out


def write_277(answer: ClaimStatuses, delimiters: Delimiters) -> SetWriter:
    """Return the segments between ST and SE; `read_277` of them gives the answer back.

    The levels are numbered 1, 2, 3. Raises WriteError for values that X12 cannot carry.
    """
    return _write(answer, delimiters)


def _write(statuses: ClaimStatuses, delimiters: Delimiters) -> SetWriter:
    loop = LoopWriter(delimiters, statuses.delimiters)
    loop.start(BEGINNING, statuses.beginning)
    loop.raw(statuses.other)
    for source in statuses.sources:
        _source(loop, source)
    return loop.out


def _child(children: tuple[object, ...]) -> str:
    return "1" if children else "0"


def _source(loop: LoopWriter, source: StatusSource) -> None:
    level = loop.level("20", 0, _child(source.receivers))
    with loop.ordered(source.order):
        loop.add(NAME, source.name)
        loop.all(CONTACT, source.contacts)
        loop.raw(source.other)
    for receiver in source.receivers:
        _receiver(loop, receiver, level)


def _receiver(loop: LoopWriter, receiver: StatusReceiver, parent: int) -> None:
    level = loop.level("21", parent, _child(receiver.providers))
    with loop.ordered(receiver.order):
        loop.add(NAME, receiver.name)
        loop.add(TRACE, receiver.trace)
        loop.all(STATUS_INFORMATION, receiver.statuses)
        loop.raw(receiver.other)
    for provider in receiver.providers:
        _provider(loop, provider, level)


def _provider(loop: LoopWriter, provider: StatusProvider, parent: int) -> None:
    level = loop.level("19", parent, _child(provider.subscribers))
    with loop.ordered(provider.order):
        loop.add(NAME, provider.name)
        loop.add(TRACE, provider.trace)
        loop.all(STATUS_INFORMATION, provider.statuses)
        loop.raw(provider.other)
    for subscriber in provider.subscribers:
        _member(loop, "22", subscriber, level)


def _member(loop: LoopWriter, code: str, member: StatusMember, parent: int) -> None:
    # HL04 is not used at the level of a dependent.
    level = loop.level(code, parent, "" if code == "23" else _child(member.dependents))
    with loop.ordered(member.order):
        loop.add(DEMOGRAPHICS, member.demographics)
        loop.add(NAME, member.name)
        loop.raw(member.other)
    for claim in member.claims:
        _claim(loop, claim)
    for dependent in member.dependents:
        if dependent.dependents:
            raise WriteError("a dependent has no dependents")
        _member(loop, "23", dependent, level)


def _claim(loop: LoopWriter, claim: ClaimInquiry) -> None:
    loop.start(TRACE, claim.trace)
    with loop.ordered(claim.order):
        loop.all(STATUS_INFORMATION, claim.statuses)
        loop.all(REFERENCE, claim.references)
        loop.all(AMOUNT, claim.amounts)
        write_periods(loop, claim.dates)
        loop.raw(claim.other)
    for line in claim.lines:
        _line(loop, line)


def _line(loop: LoopWriter, line: LineInquiry) -> None:
    loop.start(LINE, line)
    with loop.ordered(line.order):
        loop.all(STATUS_INFORMATION, line.statuses)
        loop.all(REFERENCE, line.references)
        write_periods(loop, line.dates)
        loop.raw(line.other)
