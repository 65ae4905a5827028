"""The levels of a 270 or 271: segments to the tree and back, whatever its loops 2110 are."""

from collections.abc import Callable
from typing import Generic, TypeVar

from edi.cursor import Cursor
from edi.delimiters import Delimiters
from edi.eligibility_tree import (
    AAA,
    DEMOGRAPHICS,
    INSURED,
    Eligibility,
    Member,
    Receiver,
    Source,
)
from edi.envelope import TransactionSet
from edi.findings import WriteError
from edi.hierarchy import Level, read_levels
from edi.loops import LoopReader, LoopWriter, remaining, split
from edi.notes import Notes
from edi.party_segments import (
    BEGINNING,
    CONTACT,
    NAME,
    PROVIDER_ROLE,
    REFERENCE,
    TRACE,
    read_address,
    read_periods,
    write_address,
    write_periods,
)
from edi.segment import Segment
from edi.writer import SetWriter

B = TypeVar("B")
ReadBenefit = Callable[[list[Segment], Notes, str], B]
WriteBenefit = Callable[[LoopWriter, B], None]
#: HL03 of each level and of the level above it.
_PARENTS = {"20": "", "21": "20", "22": "21", "23": "22"}


def read_tree(
    transaction_set: TransactionSet, start: str, read_benefit: ReadBenefit[B]
) -> Eligibility[B] | None:
    """Return the tree, whose loops 2110 begin with `start`; None where the set has no BHT."""
    cursor = Cursor(transaction_set)
    notes = Notes(transaction_set)
    bht = cursor.take_if("BHT")
    if bht is None:
        return None
    beginning = BEGINNING.read(bht, notes, "")
    strays, levels = read_levels(remaining(cursor), _PARENTS, notes)
    tree = _TreeReader(notes, start, read_benefit)
    sources = tuple(map(tree.source, levels))
    return Eligibility(
        beginning=beginning,
        sources=sources,
        other=tuple(strays),
        delimiters=transaction_set.delimiters,
        findings=notes.findings,
    )


def write_tree(
    eligibility: Eligibility[B], delimiters: Delimiters, write_benefit: WriteBenefit[B]
) -> SetWriter:
    """Return the segments between ST and SE, in the order of the guide."""
    loop = LoopWriter(delimiters, eligibility.delimiters)
    loop.start(BEGINNING, eligibility.beginning)
    loop.raw(eligibility.other)
    tree = _TreeWriter(loop, write_benefit)
    for source in eligibility.sources:
        tree.source(source)
    return loop.out


class _TreeReader(Generic[B]):
    """Levels to values."""

    def __init__(self, notes: Notes, start: str, read_benefit: ReadBenefit[B]) -> None:
        self._notes = notes
        self._start = start
        self._read_benefit = read_benefit

    def source(self, level: Level) -> Source[B]:
        head, names = split(level.body, "NM1")
        request = LoopReader(head, self._notes, "2000A")
        named = (each for name in names for each in name)
        loop = LoopReader(named, self._notes, "2100A", after=request)
        return Source(
            request_errors=request.all(AAA),
            name=loop.first(NAME),
            contacts=loop.all(CONTACT),
            errors=loop.all(AAA),
            receivers=tuple(map(self._receiver, level.children)),
            other=(*request.rest(), *loop.rest()),
            order=loop.order,
        )

    def _receiver(self, level: Level) -> Receiver[B]:
        loop = LoopReader(level.body, self._notes, "2100B")
        return Receiver(
            name=loop.first(NAME),
            references=loop.all(REFERENCE),
            address=read_address(loop),
            errors=loop.all(AAA),
            provider=loop.first(PROVIDER_ROLE),
            subscribers=tuple(self._member(child, "C") for child in level.children),
            other=loop.rest(),
            order=loop.order,
        )

    def _member(self, level: Level, letter: str) -> Member[B]:
        head, benefits = split(level.body, self._start)
        loop = LoopReader(head, self._notes, f"2100{letter}")
        return Member(
            traces=loop.all(TRACE),
            name=loop.first(NAME),
            references=loop.all(REFERENCE),
            address=read_address(loop),
            errors=loop.all(AAA),
            provider=loop.first(PROVIDER_ROLE),
            demographics=loop.first(DEMOGRAPHICS),
            insured=loop.first(INSURED),
            diagnoses=loop.raw("HI"),
            dates=read_periods(loop),
            benefits=tuple(
                self._read_benefit(each, self._notes, f"2110{letter}") for each in benefits
            ),
            dependents=tuple(self._member(child, "D") for child in level.children),
            other=loop.rest(),
            order=loop.order,
        )


class _TreeWriter(Generic[B]):
    """Values to levels."""

    def __init__(self, loop: LoopWriter, write_benefit: WriteBenefit[B]) -> None:
        self._loop = loop
        self._write_benefit = write_benefit

    def source(self, source: Source[B]) -> None:
        loop = self._loop
        level = loop.level("20", 0, "1" if source.receivers else "0")
        with loop.ordered(source.order):
            loop.all(AAA, source.request_errors)
            loop.add(NAME, source.name)
            loop.all(CONTACT, source.contacts)
            loop.all(AAA, source.errors)
            loop.raw(source.other)
        for receiver in source.receivers:
            self._receiver(receiver, level)

    def _receiver(self, receiver: Receiver[B], parent: int) -> None:
        loop = self._loop
        level = loop.level("21", parent, "1" if receiver.subscribers else "0")
        with loop.ordered(receiver.order):
            loop.add(NAME, receiver.name)
            loop.all(REFERENCE, receiver.references)
            write_address(loop, receiver.address)
            loop.all(AAA, receiver.errors)
            loop.add(PROVIDER_ROLE, receiver.provider)
            loop.raw(receiver.other)
        for subscriber in receiver.subscribers:
            self._member("22", subscriber, level)

    def _member(self, code: str, member: Member[B], parent: int) -> None:
        loop = self._loop
        level = loop.level(code, parent, "1" if member.dependents else "0")
        with loop.ordered(member.order):
            loop.all(TRACE, member.traces)
            loop.add(NAME, member.name)
            loop.all(REFERENCE, member.references)
            write_address(loop, member.address)
            loop.all(AAA, member.errors)
            loop.add(PROVIDER_ROLE, member.provider)
            loop.add(DEMOGRAPHICS, member.demographics)
            loop.add(INSURED, member.insured)
            loop.raw(member.diagnoses)
            write_periods(loop, member.dates)
            loop.raw(member.other)
        for benefit in member.benefits:
            self._write_benefit(loop, benefit)
        for dependent in member.dependents:
            if dependent.dependents:
                raise WriteError("a dependent has no dependents")
            self._member("23", dependent, level)
