"""One transaction set 277CA to a ClaimAcknowledgment."""

from edi.acknowledgment_277ca.model import (
    LINE,
    PARENTS,
    AcknowledgedBatch,
    AcknowledgedClaim,
    AcknowledgedLine,
    AcknowledgedPatient,
    AcknowledgedProvider,
    ClaimAcknowledgment,
    Reporter,
    Totals,
)
from edi.claim_status import STATUS_INFORMATION
from edi.cursor import Cursor
from edi.envelope import TransactionSet
from edi.findings import ReadError, error
from edi.guides import FileType
from edi.hierarchy import Level, read_levels
from edi.loops import LoopReader, remaining, split
from edi.notes import Notes
from edi.party_segments import (
    AMOUNT,
    BEGINNING,
    NAME,
    QUANTITY,
    REFERENCE,
    TRACE,
    Trace,
    read_periods,
)
from edi.segment import Segment

_NO_TRACE = Trace()


def read_277ca(transaction_set: TransactionSet) -> ClaimAcknowledgment:
    """Return what the set says; whatever is wrong with it is a finding.

    Raises ReadError only where the set is no 277CA at all: its guide is another (the 277 of a
    claim status inquiry has the same ST01), or it has no BHT.
    """
    cursor = Cursor(transaction_set)
    notes = Notes(transaction_set)
    bht = cursor.take_if("BHT")
    if transaction_set.file_type is not FileType.CLAIM_ACKNOWLEDGMENT or bht is None:
        place = transaction_set.segments[0].place(transaction_set=cursor.set_number)
        message = "The transaction set is no claim acknowledgment of the guide 005010X214."
        cure = "Read it as what it is, or ask the sender for a 277CA."
        raise ReadError(error("277CA-NOT-277CA", message, cure=cure, place=place))
    strays, levels = read_levels(remaining(cursor), PARENTS, notes)
    beginning = BEGINNING.read(bht, notes, "")
    reporters = tuple(_reporter(level, notes) for level in levels)
    return ClaimAcknowledgment(
        beginning=beginning,
        reporters=reporters,
        other=tuple(strays),
        delimiters=transaction_set.delimiters,
        findings=notes.findings,
    )


def _reporter(level: Level, notes: Notes) -> Reporter:
    loop = LoopReader(level.body, notes, "2000A")
    return Reporter(
        name=loop.first(NAME),
        trace=loop.first(TRACE) or _NO_TRACE,
        dates=read_periods(loop),
        batches=tuple(_batch(child, notes) for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _batch(level: Level, notes: Notes) -> AcknowledgedBatch:
    loop = LoopReader(level.body, notes, "2000B")
    return AcknowledgedBatch(
        receiver=loop.first(NAME),
        trace=loop.first(TRACE) or _NO_TRACE,
        statuses=loop.all(STATUS_INFORMATION),
        totals=Totals(quantities=loop.all(QUANTITY), amounts=loop.all(AMOUNT)),
        providers=tuple(_provider(child, notes) for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _provider(level: Level, notes: Notes) -> AcknowledgedProvider:
    loop = LoopReader(level.body, notes, "2000C")
    return AcknowledgedProvider(
        name=loop.first(NAME),
        trace=loop.first(TRACE) or _NO_TRACE,
        statuses=loop.all(STATUS_INFORMATION),
        references=loop.all(REFERENCE),
        totals=Totals(quantities=loop.all(QUANTITY), amounts=loop.all(AMOUNT)),
        patients=tuple(_patient(child, notes) for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _patient(level: Level, notes: Notes) -> AcknowledgedPatient:
    head, claims = split(level.body, "TRN")
    loop = LoopReader(head, notes, "2000D")
    return AcknowledgedPatient(
        name=loop.first(NAME),
        claims=tuple(_claim(segments, notes) for segments in claims),
        other=loop.rest(),
        order=loop.order,
    )


def _claim(segments: list[Segment], notes: Notes) -> AcknowledgedClaim:
    (trn, *head), lines = split(segments, "SVC")
    loop = LoopReader(head, notes, "2200D")
    statuses = loop.all(STATUS_INFORMATION)
    if not statuses:
        message = "The claim has no status: nothing is said about it."
        notes.error("277CA-NO-STATUS", message, trn, 0, loop.loop)
    return AcknowledgedClaim(
        trace=TRACE.read(trn, notes, loop.loop),
        statuses=statuses,
        references=loop.all(REFERENCE),
        dates=read_periods(loop),
        lines=tuple(_line(each, notes) for each in lines),
        other=loop.rest(),
        order=loop.order,
    )


def _line(segments: list[Segment], notes: Notes) -> AcknowledgedLine:
    svc, *body = segments
    loop = LoopReader(body, notes, "2220D")
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
