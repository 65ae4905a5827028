"""One transaction set 276 or 277 to ClaimStatuses."""

from edi.claim_status.model import (
    LINE,
    PARENTS,
    ClaimInquiry,
    ClaimStatuses,
    LineInquiry,
    StatusMember,
    StatusProvider,
    StatusReceiver,
    StatusSource,
)
from edi.claim_status.status import STATUS_INFORMATION
from edi.cursor import Cursor
from edi.eligibility_tree import DEMOGRAPHICS
from edi.envelope import TransactionSet
from edi.findings import ReadError, error
from edi.guides import FileType
from edi.hierarchy import Level, read_levels
from edi.loops import LoopReader, remaining, split
from edi.notes import Notes
from edi.party_segments import (
    AMOUNT,
    BEGINNING,
    CONTACT,
    NAME,
    REFERENCE,
    TRACE,
    read_periods,
)
from edi.segment import Segment

#: What the guide of each calls a service line, before the letter of the level.
_LINE_LOOPS = {"276": "2210", "277": "2220"}


def read_276(transaction_set: TransactionSet) -> ClaimStatuses:
    """Return what the set asks; whatever is wrong with it is a finding.

    Raises ReadError only where the set is no 276 at all: ST01 is another, or it has no BHT.
    """
    inquiry = _read(transaction_set) if transaction_set.set_id == "276" else None
    if inquiry is None:
        raise _refusal(transaction_set, "276-NOT-276", "inquiry", "276")
    return inquiry


def read_277(transaction_set: TransactionSet) -> ClaimStatuses:
    """Return what the set answers; whatever is wrong with it is a finding.

    Raises ReadError only where the set is no answer to a 276 at all: ST01 is another, its guide is
    that of the 277CA, or it has no BHT.
    """
    answer = None
    if (
        transaction_set.set_id == "277"
        and transaction_set.file_type is not FileType.CLAIM_ACKNOWLEDGMENT
    ):
        answer = _read(transaction_set)
    if answer is None:
        raise _refusal(transaction_set, "277-NOT-277", "answer", "277 of the guide 005010X212")
    return answer


def _refusal(transaction_set: TransactionSet, code: str, what: str, wanted: str) -> ReadError:
    place = transaction_set.segments[0].place(transaction_set=transaction_set.control_number)
    message = f"The transaction set is no claim status {what}."
    cure = f"Read it as what it is, or ask the sender for a {wanted}."
    return ReadError(error(code, message, cure=cure, place=place))


def _read(transaction_set: TransactionSet) -> ClaimStatuses | None:
    cursor = Cursor(transaction_set)
    notes = Notes(transaction_set)
    bht = cursor.take_if("BHT")
    if bht is None:
        return None
    beginning = BEGINNING.read(bht, notes, "")
    strays, levels = read_levels(remaining(cursor), PARENTS, notes)
    sources = tuple(_source(level, notes) for level in levels)
    return ClaimStatuses(
        beginning=beginning,
        sources=sources,
        other=tuple(strays),
        delimiters=transaction_set.delimiters,
        findings=notes.findings,
    )


def _source(level: Level, notes: Notes) -> StatusSource:
    loop = LoopReader(level.body, notes, "2100A")
    return StatusSource(
        name=loop.first(NAME),
        contacts=loop.all(CONTACT),
        receivers=tuple(_receiver(child, notes) for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _receiver(level: Level, notes: Notes) -> StatusReceiver:
    loop = LoopReader(level.body, notes, "2000B")
    return StatusReceiver(
        name=loop.first(NAME),
        trace=loop.first(TRACE),
        statuses=loop.all(STATUS_INFORMATION),
        providers=tuple(_provider(child, notes) for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _provider(level: Level, notes: Notes) -> StatusProvider:
    loop = LoopReader(level.body, notes, "2000C")
    return StatusProvider(
        name=loop.first(NAME),
        trace=loop.first(TRACE),
        statuses=loop.all(STATUS_INFORMATION),
        subscribers=tuple(_member(child, notes, "D") for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _member(level: Level, notes: Notes, letter: str) -> StatusMember:
    head, claims = split(level.body, "TRN")
    loop = LoopReader(head, notes, f"2000{letter}")
    return StatusMember(
        demographics=loop.first(DEMOGRAPHICS),
        name=loop.first(NAME),
        claims=tuple(_claim(segments, notes, letter) for segments in claims),
        dependents=tuple(_member(child, notes, "E") for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _claim(segments: list[Segment], notes: Notes, letter: str) -> ClaimInquiry:
    (trn, *head), lines = split(segments, "SVC")
    loop = LoopReader(head, notes, f"2200{letter}")
    return ClaimInquiry(
        trace=TRACE.read(trn, notes, loop.loop),
        statuses=loop.all(STATUS_INFORMATION),
        references=loop.all(REFERENCE),
        amounts=loop.all(AMOUNT),
        dates=read_periods(loop),
        lines=tuple(_line(each, notes, letter) for each in lines),
        other=loop.rest(),
        order=loop.order,
    )


def _line(segments: list[Segment], notes: Notes, letter: str) -> LineInquiry:
    svc, *body = segments
    loop = LoopReader(body, notes, f"{_LINE_LOOPS[notes.set_id]}{letter}")
    return LINE.read(
        svc,
        notes,
        loop.loop,
        statuses=loop.all(STATUS_INFORMATION),
        references=loop.all(REFERENCE),
        dates=read_periods(loop),
        other=loop.rest(),
        order=loop.order,
    )
