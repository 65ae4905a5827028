"""A file of any size, a part at a time: what is in memory is one part, however long the file is.

The envelope is checked as `edi.reader` checks it, and every segment has its number and offset. A
transaction set comes whole where it is not larger than a part. A larger one is cut in front of a
claim or a level of an HL tree, and its later parts begin with what they need of the earlier ones:
ST, BPR and TRN of an 835, the levels above in any other. `fresh` tells the two apart.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from edi.delimiters import ISA_LENGTH
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Place, ReadError, error, warning
from edi.reading import STRUCTURE, Reading, group_of
from edi.room import CLAIMS_MAX, CURE, HEADERS, Room
from edi.segment import Segment
from edi.window import Bytes, Source

PART_SEGMENTS = 10_000  #: A set that has more of them comes in parts.
_LEVELS_FACTOR = 5  #: Levels are larger than claims: such a part is cut later.
_TORN_FACTOR = 20  #: Without a place to cut, a part is torn here.
_NO_LIMIT = 1 << 62
_CUTS = frozenset({"LX", "CLP", "PLB"})
_LEAVES = frozenset({"23"})  #: HL03: no level to cut at, since claims may stand right above.
_CONTEXT = frozenset({"ST", "BPR", "TRN"})
_BOM = "\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Segments of one transaction set: all of them, or those that fit into a part."""

    interchange: Interchange  #: Its ISA; no groups.
    group: FunctionalGroup  #: Its GS; no sets.
    transaction_set: TransactionSet  #: Its findings are those of the envelope, in the last part.
    fresh: int  #: How many of its first segments stood in earlier parts already.
    begins: bool  #: ST is fresh.
    ends: bool  #: No other part of the set follows.
    is_torn: bool  #: The set was cut where it should not be: only its envelope can be judged.

    @property
    def is_whole(self) -> bool:
        """The part is the whole set."""
        return self.begins and self.ends

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Those that no earlier part had."""
        return self.transaction_set.segments[self.fresh :]


def stream_interchanges(
    file: Bytes, *, part_segments: int | None = PART_SEGMENTS
) -> Iterator[Part | Interchange]:
    """Yield the parts of each interchange, then the interchange, with its findings and no sets.

    `part_segments` None: no set is cut. Raises ReadError where the file does not begin with an
    interchange; whatever else is wrong is a finding.
    """
    source = Source(file)
    room = Room(segments=_NO_LIMIT, headers=dict.fromkeys(HEADERS, _NO_LIMIT))
    is_led = source.skip(_BOM) | source.skip_blanks()
    if not source.look(1):
        raise ReadError(error("X12-EMPTY", "The file is empty.", place=Place(byte_offset=0)))
    last: Interchange | None = None
    while source.look(1):
        try:
            reading = _PartReading(source, room, part_segments)
        except ReadError as refusal:
            if last is None:
                raise
            message = "There are bytes after the last interchange that are not an interchange."
            cure = "Ask the sender what they are: they were not read."
            place = refusal.finding.place
            trailing = error("X12-DATA-AFTER-IEA", message, cure=cure, place=place)
            last = replace(last, findings=(*last.findings, trailing))
            break
        if last is not None:
            yield last
        yield from reading.parts()
        last = reading.read_so_far
        if is_led:
            is_led = False
            message = "Blank bytes or a BOM stand before the ISA."
            stripped = warning("X12-LEADING-BYTES", message, place=Place(byte_offset=0))
            last = replace(last, findings=(*last.findings, stripped))
        source.skip_blanks()
    if last is not None:
        yield last


class _PartReading(Reading):
    """One interchange being read in parts; lives only inside `stream_interchanges`."""

    def __init__(self, source: Source, room: Room, part_segments: int | None) -> None:
        isa = source.look(ISA_LENGTH)
        super().__init__(isa, 0, room, source.offset)
        self.source = source
        self.text, self.base = source.window(self.delimiters.terminator)
        self.limit = part_segments
        self.fresh = 0
        self.is_torn = False
        self.ready: list[Part] = []
        self.header = self.read_so_far = self.interchange()

    def parts(self) -> Iterator[Part]:
        segments = self.segments()
        self.begin(next(segments))
        self.header = self.interchange()
        limit = self.limit or _NO_LIMIT
        for segment in segments:
            open_set = self.open_set
            is_cut = open_set is not None and len(open_set.segments) >= limit
            if open_set is not None and not is_cut and segment.elements[0] not in STRUCTURE:
                open_set.segments.append(segment)  # Nearly always.
                continue
            if self.is_end(segment):
                break
            if is_cut:
                yield from self.release(segment)
            self.take(segment)
            yield from self.passed_on()
        self.read_so_far = self.finish()
        yield from self.passed_on()
        self.source.put_back(self.text[self.position :])

    def segments(self) -> Iterator[Segment]:
        """Yield every segment up to the end of the file."""
        while True:
            yield from super().segments()
            if self.is_stopped:
                return
            self.text, self.base = self.source.window(self.delimiters.terminator)
            self.position = 0
            if self.source.lost_at is not None:
                self.number += 1
                place = Place(segment_number=self.number, byte_offset=self.source.lost_at)
                message = "A segment is longer than 1 MiB: it was not read."
                found = error("X12-SEGMENT-LENGTH", message, cure=CURE, place=place)
                self.findings.decide(found)
                self.source.lost_at = None
            elif not self.text:
                return

    def close_set(self, trailer: Segment | None) -> None:
        """Close the set, and pass it on."""
        super().close_set(trailer)
        group = self.open_group
        if group is not None and group.sets:
            self.ready.append(self.part(group.sets.pop(), group.header, ends=True))
        self.fresh, self.is_torn = 0, False

    def release(self, following: Segment) -> Iterator[Part]:
        """Pass on what was read of the open set, where it can be cut before a segment."""
        open_set, group = self.open_set, self.open_group
        assert open_set is not None
        segments = open_set.segments
        is_remittance = segments[0].get(1) == "835"
        limit = self.limit or _NO_LIMIT
        if len(segments) >= limit * _TORN_FACTOR:
            kept, self.is_torn = segments[:1], True
        elif is_remittance and following.id in _CUTS:
            kept = _first_of_each(segments)
        elif (
            not is_remittance
            and len(segments) >= limit * _LEVELS_FACTOR
            and following.id == "HL"
            and following.get(3) not in _LEAVES
        ):
            kept = _levels_above(segments, following)
        else:
            return
        if group is not None:
            yield self.part(self.set_of(segments, group.header), group.header, ends=False)
        ids = Counter(segment.id for segment in segments[self.fresh :])
        open_set.claims.update({name: ids[name] for name in CLAIMS_MAX})
        open_set.released += len(segments) - len(kept)
        open_set.segments = list(kept)
        self.fresh = len(kept)

    def passed_on(self) -> Iterator[Part]:
        if self.ready:
            yield from self.ready
            self.ready.clear()

    def part(self, transaction_set: TransactionSet, gs: Segment, *, ends: bool) -> Part:
        return Part(
            interchange=self.header,
            group=group_of(gs),
            transaction_set=transaction_set,
            fresh=self.fresh,
            begins=self.fresh == 0,
            ends=ends,
            is_torn=self.is_torn,
        )


def _first_of_each(segments: Sequence[Segment]) -> list[Segment]:
    found: dict[str, Segment] = {}
    for segment in segments:
        if segment.id in _CONTEXT:
            found.setdefault(segment.id, segment)
        elif segment.id in _CUTS:
            break
    return list(found.values())


def _levels_above(segments: Sequence[Segment], level: Segment) -> list[Segment]:
    """Return what stands before the first level, and the levels that `level` stands under."""
    bodies: list[list[Segment]] = [[]]
    for segment in segments:
        if segment.id == "HL":
            bodies.append([])
        bodies[-1].append(segment)
    above: list[list[Segment]] = []
    parent = level.get(2)
    for body in reversed(bodies[1:]):
        if parent and body[0].get(1) == parent:
            above.append(body)
            parent = body[0].get(2)
    return [segment for body in (bodies[0], *reversed(above)) for segment in body]
