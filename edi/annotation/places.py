"""Walk a guide's map along the segments of a file: in which loop each stands, broken or not."""

from collections import Counter
from dataclasses import dataclass

from edi.annotation.guide_maps import (
    LoopName,
    SegmentName,
    envelope_names,
    guide_map,
    kind_of_set,
    names_by_segment,
)
from edi.guides import FileType, file_type

#: The segments of the envelope, and how deep: they are recognised wherever they stand.
_DEPTHS = {"ISA": 0, "TA1": 1, "GS": 1, "ST": 2, "SE": 2, "GE": 1, "IEA": 0}
_OPENS = frozenset({"ISA", "GS", "ST"})
#: A new person, or nobody: whoever was named before is not spoken of any more.
_FORGETS = frozenset(
    {"ISA", "GS", "ST", "SE", "HL", "CLM", "CLP", "LX", "SBR", "EB", "SVD", "SVC", "PLB"}
)


#: The element that tells a loop from its siblings, by the segment that begins it.
_VALUES = {"CLM": 1, "CLP": 1, "LX": 1, "AK2": 2, "TRN": 2}


#: Loops that are about one claim each: of 837, 835, and of 277 and 277CA.
CLAIM_LOOPS = frozenset({"2300", "2100", "2200D", "2200E"})


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """One loop as it stands in a file: from its first segment to where another begins."""

    number: int  #: In the file, from 0.
    parent: int | None
    depth: int
    id: str  #: 2010BA; ISA, GS and ST for the envelope.
    kind: FileType
    first: int  #: Number of its first segment in the file, from 1.
    qualifier: str  #: Of the segment that begins it: NM101, HL03.
    value: str = ""  #: A number that tells it from its siblings: ST02, CLM01, LX01.
    nth: int = 1  #: Of its set, among the loops with the same id.


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a segment stands, and what is known of it."""

    loop: Loop
    name: SegmentName | None  #: None: nobody knows this segment.
    is_placed: bool  #: The guide has it in this loop, as far as we know the guide.
    entity: str  #: Whom N3, N4, PER and the like are about: NM101 or N101 before them.


class Walk:
    """The state of the walk; `step` is called for each segment, in order."""

    def __init__(self) -> None:
        self.loops: list[Loop] = []
        self._counts: Counter[str] = Counter()  # Of the open set, by loop id.
        self._open: list[tuple[Loop, LoopName]] = []
        self._kind = FileType.UNKNOWN
        self._is_known = False  # The map is of the guide itself, not of another edition.
        self._version = ""  # GS08.
        self._entity = ""

    def step(self, elements: tuple[str, ...], component: str, number: int) -> Spot:
        """Return where the segment with this number stands, and move there."""
        segment_id = elements[0]
        if segment_id in _FORGETS:
            self._entity = ""
        elif segment_id in {"NM1", "N1"} and len(elements) > 1:
            self._entity = elements[1]
        if segment_id in _DEPTHS or not self._open:
            name, is_placed = self._envelope(elements, number), True
        else:
            name = self._body(elements, component, number)
            is_placed = name is not None or not self._is_known
            name = name or names_by_segment(self._kind).get(segment_id)
        return Spot(self._open[-1][0], name, is_placed, self._entity)

    def _envelope(self, elements: tuple[str, ...], number: int) -> SegmentName | None:
        segment_id = elements[0]
        if segment_id == "GS":
            self._version = _at(elements, 8)
        if segment_id == "ST":
            self._counts.clear()
            version = _at(elements, 3) or self._version
            set_id = _at(elements, 1)
            known = file_type(set_id, version)
            self._kind = kind_of_set(set_id, version, known)
            self._is_known = known is not FileType.UNKNOWN
        depth = _DEPTHS.get(segment_id, 0)
        if segment_id in _OPENS or not self._open:
            self._cut(depth)
            named = guide_map(self._kind) if segment_id == "ST" else LoopName(segment_id, "")
            value = _at(elements, {"ISA": 13, "GS": 6, "ST": 2}.get(segment_id, 0))
            self._enter(named, number, id_=segment_id, qualifier=_at(elements, 1), value=value)
        else:
            self._cut(depth + 1)
        if segment_id in {"ST", "SE"}:
            found = (each for each in guide_map(self._kind).segments if each.id == segment_id)
            return next(found, None) or names_by_segment(FileType.REMITTANCE).get(segment_id)
        return envelope_names().get(segment_id)

    def _body(self, elements: tuple[str, ...], component: str, number: int) -> SegmentName | None:
        segment_id = elements[0]
        for depth in range(len(self._open), 0, -1):
            named = self._open[depth - 1][1]
            for below in named.begins.get(segment_id, ()):
                if below.segments[0].fits(elements, component):
                    return self._begin(depth, below, elements, number)
            fitting = [
                each for each in named.inner.get(segment_id, ()) if each.fits(elements, component)
            ]
            if fitting:
                self._cut(depth)
                return fitting[0]
        for below in _descendants(guide_map(self._kind), segment_id):
            # Out of its place, or in a loop whose first segments are missing.
            if below.segments[0].fits(elements, component):
                return self._begin(min(len(self._open), 3), below, elements, number)
        return None

    def _begin(
        self, depth: int, below: LoopName, elements: tuple[str, ...], number: int
    ) -> SegmentName:
        self._cut(depth)
        qualifier = _at(elements, 3 if elements[0] == "HL" else 1)
        value = _at(elements, _VALUES.get(elements[0], 0))
        self._enter(below, number, id_=below.id, qualifier=qualifier, value=value)
        return below.segments[0]

    def _enter(self, named: LoopName, number: int, *, id_: str, qualifier: str, value: str) -> None:
        self._counts[id_] += 1
        loop = Loop(
            number=len(self.loops),
            parent=self._open[-1][0].number if self._open else None,
            depth=len(self._open),
            id=id_,
            kind=self._kind,
            first=number,
            qualifier=qualifier,
            value=value,
            nth=self._counts[id_],
        )
        self.loops.append(loop)
        self._open.append((loop, named))

    def _cut(self, depth: int) -> None:
        if depth and len(self._open) > depth:
            del self._open[depth:]
        elif not depth:
            self._open.clear()


def _at(elements: tuple[str, ...], at: int) -> str:
    return elements[at] if 0 < at < len(elements) else ""


def _descendants(loop: LoopName, segment_id: str) -> list[LoopName]:
    found = list(loop.begins.get(segment_id, ()))
    for below in loop.loops:
        found.extend(_descendants(below, segment_id))
    return found
