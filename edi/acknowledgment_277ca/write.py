"""A ClaimAcknowledgment to the inner segments of a 277CA, in the order of the guide."""

from edi.acknowledgment_277ca.model import (
    LINE,
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
from edi.delimiters import Delimiters
from edi.loops import LoopWriter
from edi.party_segments import (
    AMOUNT,
    BEGINNING,
    NAME,
    QUANTITY,
    REFERENCE,
    TRACE,
    write_periods,
)
from edi.writer import SetWriter


def write_277ca(acknowledgment: ClaimAcknowledgment, delimiters: Delimiters) -> SetWriter:
    """Return the segments between ST and SE; `read_277ca` of them gives the acknowledgment back.

    The levels are numbered 1, 2, 3. Raises WriteError for values that X12 cannot carry.
    """
    loop = LoopWriter(delimiters, acknowledgment.delimiters)
    loop.start(BEGINNING, acknowledgment.beginning)
    loop.raw(acknowledgment.other)
    for reporter in acknowledgment.reporters:
        _reporter(loop, reporter)
    return loop.out


def _child(children: tuple[object, ...]) -> str:
    return "1" if children else "0"


def _reporter(loop: LoopWriter, reporter: Reporter) -> None:
    level = loop.level("20", 0, _child(reporter.batches))
    with loop.ordered(reporter.order):
        loop.add(NAME, reporter.name)
        loop.add(TRACE, reporter.trace)
        write_periods(loop, reporter.dates)
        loop.raw(reporter.other)
    for batch in reporter.batches:
        _batch(loop, batch, level)


def _batch(loop: LoopWriter, batch: AcknowledgedBatch, parent: int) -> None:
    level = loop.level("21", parent, _child(batch.providers))
    with loop.ordered(batch.order):
        loop.add(NAME, batch.receiver)
        loop.add(TRACE, batch.trace)
        loop.all(STATUS_INFORMATION, batch.statuses)
        _totals(loop, batch.totals)
        loop.raw(batch.other)
    for provider in batch.providers:
        _provider(loop, provider, level)


def _provider(loop: LoopWriter, provider: AcknowledgedProvider, parent: int) -> None:
    level = loop.level("19", parent, _child(provider.patients))
    with loop.ordered(provider.order):
        loop.add(NAME, provider.name)
        loop.add(TRACE, provider.trace)
        loop.all(STATUS_INFORMATION, provider.statuses)
        loop.all(REFERENCE, provider.references)
        _totals(loop, provider.totals)
        loop.raw(provider.other)
    for patient in provider.patients:
        _patient(loop, patient, level)


def _totals(loop: LoopWriter, totals: Totals) -> None:
    loop.all(QUANTITY, totals.quantities)
    loop.all(AMOUNT, totals.amounts)


def _patient(loop: LoopWriter, patient: AcknowledgedPatient, parent: int) -> None:
    loop.level("PT", parent, "")  # HL04 is not used at this level.
    with loop.ordered(patient.order):
        loop.add(NAME, patient.name)
        loop.raw(patient.other)
    for claim in patient.claims:
        _claim(loop, claim)


def _claim(loop: LoopWriter, claim: AcknowledgedClaim) -> None:
    loop.start(TRACE, claim.trace)
    with loop.ordered(claim.order):
        loop.all(STATUS_INFORMATION, claim.statuses)
        loop.all(REFERENCE, claim.references)
        write_periods(loop, claim.dates)
        loop.raw(claim.other)
    for line in claim.lines:
        _line(loop, line)


def _line(loop: LoopWriter, line: AcknowledgedLine) -> None:
    loop.start(LINE, line)
    with loop.ordered(line.order):
        loop.all(STATUS_INFORMATION, line.statuses)
        loop.all(REFERENCE, line.references)
        write_periods(loop, line.dates)
        loop.raw(line.other)
