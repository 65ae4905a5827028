"""All that we find wrong with a file: its envelope, its guide, its money, and what is above it."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from edi.checks import run_checks
from edi.claim_837 import read_837p
from edi.envelope import Interchange, TransactionSet
from edi.findings import Finding, ReadError, note
from edi.guide import validate_with_guide
from edi.guides import FileType
from edi.remittance_835.read import read_835
from edi.remittance_835.running import RunningBalance
from edi.streaming import Part, stream_interchanges


def judge(body: bytes, *, with_guide: bool = True) -> list[Finding]:
    """Return every finding of a file. Raises ReadError where it is not X12 at all."""
    judging = Judging(with_guide=with_guide)
    parts = stream_interchanges(BytesIO(body), part_segments=None)
    return [found for each in parts for found in judging.findings(each)]


class Judging:
    """A file being judged, as its parts come."""

    def __init__(self, *, with_guide: bool = True) -> None:
        self._with_guide = with_guide
        self._balance = RunningBalance()

    def findings(self, each: Part | Interchange) -> Iterator[Finding]:
        """Yield what is wrong with this part, or with the envelope; each has its byte offset.

        A set that came in parts is not checked against its guide, which a note says.
        """
        if isinstance(each, Interchange):
            yield from each.findings
            return
        transaction_set = each.transaction_set
        for found in self._of_part(each):
            yield anchored(found, transaction_set)

    def _of_part(self, part: Part) -> Iterator[Finding]:
        transaction_set = part.transaction_set
        yield from transaction_set.findings
        by_guide: tuple[Finding, ...] = ()
        if self._with_guide and part.is_whole:
            by_guide = validate_with_guide(transaction_set, part.group, part.interchange)
            yield from by_guide
        elif self._with_guide and part.ends:
            message = "The set is large and was read in parts: guide and levels were not checked."
            place = transaction_set.segments[0].place(
                transaction_set=transaction_set.control_number
            )
            yield note("X12-GUIDE-UNCHECKED", message, cure="Ask for smaller sets.", place=place)
        if not part.is_torn:
            yield from self._typed(part)
            yield from run_checks(
                transaction_set,
                said={(each.code, each.place.segment_number) for each in by_guide},
                fresh=part.fresh,
                is_whole=part.is_whole,
            )

    def _typed(self, part: Part) -> Iterator[Finding]:
        """Yield what the reader of this type finds, and whether its money adds up."""
        transaction_set = replace(part.transaction_set, findings=())
        try:
            match transaction_set.file_type:
                case FileType.REMITTANCE:
                    yield from self._remittance(part, transaction_set)
                case FileType.CLAIM_PROFESSIONAL:
                    read_837p(transaction_set)
                case _:
                    pass
        except ReadError as refusal:
            yield refusal.finding

    def _remittance(self, part: Part, transaction_set: TransactionSet) -> Iterator[Finding]:
        if part.begins:
            self._balance = RunningBalance()
        remittance = read_835(transaction_set)
        first = part.segments[0].number if part.segments else 0
        for found in remittance.findings:
            if part.begins or found.place.segment_number >= first:
                yield found
        yield from self._balance.take(remittance)
        if part.ends:
            yield from self._balance.finish()


def anchored(finding: Finding, transaction_set: TransactionSet) -> Finding:
    """Return the finding with the offset of its segment, where only its number or id is known."""
    place, segments = finding.place, transaction_set.segments
    if place.byte_offset >= 0 or not segments:
        return finding
    if place.segment_number:
        at = bisect_left(segments, place.segment_number, key=lambda segment: segment.number)
        if at == len(segments) or segments[at].number != place.segment_number:
            return finding
        return replace(finding, place=replace(place, byte_offset=segments[at].offset))
    named = [segment for segment in segments if segment.id == place.segment_id]
    segment = named[0] if len(named) == 1 else segments[0]
    place = replace(place, byte_offset=segment.offset, segment_number=segment.number)
    if len(named) != 1:  # Which of them is meant is not known: the set as a whole.
        place = replace(place, segment_id=segment.id, element=0, component=0)
    return replace(finding, place=place)
