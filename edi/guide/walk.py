"""A transaction set along its guide: every segment to its place, and every fault on the way."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from edi.delimiters import Delimiters
from edi.guide.catalog import MapFile
from edi.guide.check import Fault, faults_of, joined
from edi.guide.counting import Arrival, count
from edi.guide.load import LoadedGuide, load_guide
from edi.guide.moves import Key, Move, find_move
from edi.guide.nodes import SegmentNode
from edi.guide.numbering import Numbering, segment_faults
from edi.guide.pattern import Pattern, pattern_of, repeat_max
from edi.guide.report import Report
from edi.segment import Segment

_GROUP = ("ISA_LOOP", "GS_LOOP")
_END = ("GE", "1", "1")  #: What follows a set, to the walk.
_NUMBERED = frozenset({"HL", "LX", "CLM"})
_MAP_WITH_LINES = "837"  #: The id of the maps whose service lines are counted.
_NO_PLACE = (("1", None),)
_VISITS = 24  #: A place that is met so often is worth a pattern, which takes a while to make.


@dataclass(slots=True)
class Walker:
    """The tables of a guide, for files with the same delimiters. They grow as places are met.

    They hold codes of the guide, and nothing of a file.
    """

    loaded: LoadedGuide
    delimiters: Delimiters
    table: list[dict[Key, Move]] = field(init=False)
    patterns: list[Pattern | None] = field(init=False)
    visits: list[int] = field(init=False)
    #: The element that qualifies a segment, by its id; negative: by its first component.
    places: dict[str, int] = field(init=False)
    codes: dict[str, frozenset[str]] = field(default_factory=dict)  #: That may stand there.

    def __post_init__(self) -> None:
        guide = self.loaded.guide
        self.table = [{} for _ in guide.segments]
        self.patterns = [None] * len(guide.segments)
        self.visits = [0] * len(guide.segments)
        self.places = {
            segment_id: -element if component else element
            for segment_id, [(element, component)] in (
                each for each in guide.qualifiers.items() if len(each[1]) == 1
            )
        }
        for each in guide.segments:
            if each.qualifier is not None:
                known = self.codes.get(each.id, frozenset())
                self.codes[each.id] = known | each.qualifier.codes

    def run(self, segments: Sequence[Segment], report: Report) -> None:
        """Report every fault of the segments from ST to SE, in their order."""
        guide = self.loaded.guide
        counters = guide.counters
        counts = array("I", bytes(4 * len(counters)))
        counts[counters[_GROUP]] = counts[counters[*_GROUP, "GS"]] = 1
        node = next(each for each in guide.segments if each.path == (*_GROUP, "GS"))
        numbering = Numbering(has_lines=guide.id == _MAP_WITH_LINES)
        table, patterns, places = self.table, self.patterns, self.places
        separator, component = self.delimiters.element, self.delimiters.component
        for segment in segments:
            elements: Sequence[str] = segment.elements
            segment_id = elements[0]
            at = places.get(segment_id, 0)
            if not -len(elements) < at < len(elements):
                at = 0
            value = "" if not at else elements[at] if at > 0 else elements[-at].split(component)[0]
            move = table[node.index].get((segment_id, value))
            if move is None:
                elements = self.normal(elements)
                segment_id = elements[0]
                move = self.sought(node, elements)
            numbers: tuple[str, ...] = ()
            if segment_id in _NUMBERED:
                numbers = numbering.faults(self.normal(elements), component)
            if move is None:
                self.tell(segment, Arrival(node, is_found=False, codes=_NO_PLACE), numbers, report)
                continue
            node = move.node
            wrong = None
            if not move.is_plain:
                wrong = count(counts, move)
            elif counts[move.counter] < node.max_use:
                counts[move.counter] += 1
            else:
                wrong = count(counts, move)
            if wrong is None and not numbers:
                pattern = patterns[node.index]
                if pattern is not None and pattern.fits(separator.join(segment.elements)):
                    continue
            self.tell(segment, wrong or Arrival(node, is_found=True), numbers, report)
        self.end(node, counts, segments[-1], report)

    def end(self, node: SegmentNode, counts: "array[int]", last: Segment, report: Report) -> None:
        """Report what is missing where the set ends."""
        move = self.sought(node, _END)
        if move is None:
            report.segment("1", last, self.loop_of(node))
            return
        wrong = count(counts, move)
        if wrong is not None:
            self.tell_place(last, wrong, report)

    def sought(self, node: SegmentNode, elements: Sequence[str]) -> Move | None:
        """Return the move of a normal segment, made and kept; None where it has no place."""
        segment_id = elements[0]
        places = self.loaded.guide.qualifiers.get(segment_id)
        if places is None:
            return None
        values = {}
        for element, part in places:
            if element < len(elements):
                parts = elements[element].split(self.delimiters.component)
                text = parts[0] if part else joined(parts, self.delimiters.component)
                if text in self.codes[segment_id]:
                    values[element, part] = text
        if len(places) > 1:
            return find_move(self.loaded.guide, node, segment_id, values)
        moves, key = self.table[node.index], (segment_id, next(iter(values.values()), ""))
        if key not in moves:
            found = find_move(self.loaded.guide, node, segment_id, values)
            if found is None:
                return None
            moves[key] = found
        return moves[key]

    def first_repetition(self, elements: Sequence[str]) -> Sequence[str]:
        """Return a segment with the first repetition of each of its elements."""
        separator = self.delimiters.repetition
        if not separator or not any(separator in each for each in elements):
            return elements
        return [each.split(separator, 1)[0] for each in elements]

    def normal(self, elements: Sequence[str]) -> Sequence[str]:
        """Return what is looked for in the guide: no repetitions, no blanks before the id."""
        first = self.first_repetition(elements)
        return (first[0].lstrip(), *first[1:]) if first[0].startswith(" ") else first

    def loop_of(self, node: SegmentNode) -> str:
        """Return the id of the loop that a segment stands in."""
        return self.loaded.guide.loops[node.parent].id

    def tell(
        self, segment: Segment, arrival: Arrival, numbers: Sequence[str], report: Report
    ) -> None:
        """Report what is wrong with one segment: its form, its place, its elements."""
        loop = self.loop_of(arrival.node)
        first = self.first_repetition(segment.elements)
        for code in (*segment_faults(first, self.delimiters.component), *numbers):
            report.segment(code, segment, loop)
        self.tell_place(segment, arrival, report)
        if arrival.is_found:
            for fault in self.faults(arrival.node, segment.elements):
                report.element(fault, segment, loop)
            self.tell_repetitions(arrival.node, segment, report)

    def tell_place(self, segment: Segment, arrival: Arrival, report: Report) -> None:
        """Report what is wrong with where a segment stands."""
        for code, named in arrival.codes:
            report.segment(code, segment, self.loop_of(arrival.node), named)
        for each in arrival.missing:
            report.segment("3", segment, self.loop_of(each), each, segment_id=each.id)

    def faults(self, node: SegmentNode, elements: tuple[str, ...]) -> Iterator[Fault]:
        """Yield the faults of a segment's elements, and of each repetition of them."""
        elements = (elements[0].lstrip(), *elements[1:])
        rule, version = self.loaded.rule(node), self.loaded.guide.interchange_version
        self.visits[node.index] += 1
        if self.visits[node.index] == _VISITS:
            self.patterns[node.index] = pattern_of(rule, self.delimiters, version)
        separator, component = self.delimiters.repetition, self.delimiters.component
        if not separator or not any(separator in each for each in elements):
            yield from faults_of(rule, elements, component, version)
            return
        repeated = [each.split(separator) for each in elements]
        for k in range(max(map(len, repeated))):
            given = [each[k] if k < len(each) else each[0] for each in repeated]
            yield from faults_of(rule, given, component, version)

    def tell_repetitions(self, node: SegmentNode, segment: Segment, report: Report) -> None:
        """Report elements that repeat more often than they may."""
        separator = self.delimiters.repetition
        if not separator or not any(separator in each for each in segment.elements):
            return
        allowed = {each.at: repeat_max(node.id, each) for each in self.loaded.rule(node).elements}
        for at, element in enumerate(segment.elements[1:], start=1):
            if element.count(separator) >= allowed.get(at, 1):
                report.repetition(at, segment, self.loop_of(node))


@lru_cache(maxsize=64)
def walker_of(found: MapFile, delimiters: Delimiters) -> Walker:
    """Return the tables of a map for files with these delimiters, kept for the process."""
    return Walker(load_guide(found), delimiters)
