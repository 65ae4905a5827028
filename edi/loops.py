"""One loop being read or written: its segments by what they are, in the order of the guide."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, TypeVar

from edi.cursor import Cursor
from edi.delimiters import Delimiters
from edi.layout import Layout
from edi.notes import Notes
from edi.segment import Segment
from edi.writer import Repeated, SetWriter

T = TypeVar("T")


def remaining(cursor: Cursor) -> Iterator[Segment]:
    """Take every segment up to SE."""
    while not cursor.is_at_end:
        yield cursor.take()


def split(segments: Iterable[Segment], *starts: str) -> tuple[list[Segment], list[list[Segment]]]:
    """Return what stands before the first of these segments, then a list from each to the next.

    >>> a, b = Segment(("NM1", "QC")), Segment(("TRN", "2"))
    >>> split([a, b, a, b], "TRN") == ([a], [[b, a], [b]])
    True
    """
    head: list[Segment] = []
    groups: list[list[Segment]] = []
    for segment in segments:
        if segment.id in starts:
            groups.append([])
        (groups[-1] if groups else head).append(segment)
    return head, groups


def order_of(ranks: list[int]) -> tuple[int, ...]:
    """Return the `LoopReader.order` of segments whose ranks in the order of writing are these.

    >>> order_of([1, 2, 2, 3]), order_of([2, 1, 2])
    ((), (1, 0, 2))
    """
    return () if ranks == sorted(ranks) else tuple(sorted(range(len(ranks)), key=ranks.__getitem__))


class LoopReader:
    """The segments of one loop, taken by what they are; what nobody takes is the rest.

    They are taken in the order in which they are written, so that `order` can tell where each of
    them stood. A reader `after` another goes on counting: both are written as one.
    """

    def __init__(
        self,
        segments: Iterable[Segment],
        notes: Notes,
        loop: str,
        after: "LoopReader | None" = None,
    ) -> None:
        self.notes = notes
        self.loop = loop
        self.taken: list[int] = [] if after is None else after.taken
        self.end: int = 0 if after is None else after.end
        self._left: dict[str, list[tuple[int, Segment]]] = defaultdict(list)
        for segment in segments:
            self._left[segment.id].append((self.end, segment))
            self.end += 1

    @property
    def order(self) -> tuple[int, ...]:
        """Where each segment stood, in the order of taking; none where that is the same."""
        ascending = all(a < b for a, b in pairwise(self.taken))
        return () if ascending else tuple(self.taken)

    def all(self, layout: Layout[T]) -> tuple[T, ...]:
        """Take every segment of this layout."""
        taken = self.raw(layout.segment_id)
        return tuple(layout.read(segment, self.notes, self.loop) for segment in taken)

    def first(self, layout: Layout[T]) -> T | None:
        """Take the first segment of this layout; where there are more, they are the rest."""
        segment = self._take(layout.segment_id)
        return None if segment is None else layout.read(segment, self.notes, self.loop)

    def values(self, layout: Layout[Any]) -> dict[str, Any]:
        """Take the first segment of this layout as fields, none where there is none."""
        segment = self._take(layout.segment_id)
        return {} if segment is None else layout.values(segment, self.notes, self.loop)

    def raw(self, segment_id: str) -> tuple[Segment, ...]:
        """Take every segment with this id, as it stands."""
        return self._all(self._left.pop(segment_id, []))

    def rest(self) -> tuple[Segment, ...]:
        """Take what nobody took, in its order."""
        left = sorted(pair for pairs in self._left.values() for pair in pairs)
        self._left.clear()
        return self._all(left)

    def _all(self, pairs: list[tuple[int, Segment]]) -> tuple[Segment, ...]:
        self.taken.extend(at for at, _ in pairs)
        return tuple(segment for _, segment in pairs)

    def _take(self, segment_id: str) -> Segment | None:
        left = self._left.get(segment_id)
        if not left:
            return None
        at, segment = left.pop(0)
        self.taken.append(at)
        return segment


class LoopWriter:
    """Segments being written in the order of the guide, and the numbers of HL."""

    def __init__(self, delimiters: Delimiters, raw_delimiters: Delimiters) -> None:
        self.out = SetWriter(delimiters)
        self._raw = raw_delimiters
        self._levels = 0

    @contextmanager
    def ordered(self, order: tuple[int, ...]) -> Iterator[None]:
        """Put what is written inside where it stood before (`LoopReader.order`)."""
        start = len(self.out)
        yield
        self.out.arrange(start, order)

    def start(self, layout: Layout[T], value: T) -> None:
        """Write the segment that begins a loop, even where it says nothing."""
        self.out.add(layout.segment_id, *layout.elements(value))

    def add(self, layout: Layout[T], value: T | None) -> None:
        """Write a segment where there is a value, and it says something."""
        elements = [] if value is None else layout.elements(value)
        if any(each.values if isinstance(each, Repeated) else any(each) for each in elements):
            self.out.add(layout.segment_id, *elements)

    def all(self, layout: Layout[T], values: Iterable[T]) -> None:
        """Write a segment for each value."""
        for value in values:
            self.add(layout, value)

    def raw(self, segments: Iterable[Segment]) -> None:
        """Write segments kept as they were read, in our delimiters."""
        repetition, component = self._raw.repetition, self._raw.component
        for segment in segments:
            elements = (
                Repeated(
                    tuple(
                        tuple(each.split(component))
                        for each in (element.split(repetition) if repetition else [element])
                    )
                )
                for element in segment.elements[1:]
            )
            self.out.add(segment.id, *elements)

    def level(self, code: str, parent: int, child: str) -> int:
        """Write an HL segment under `parent` (0 for none), and return its number."""
        self._levels += 1
        self.out.add("HL", str(self._levels), str(parent) if parent else "", code, child)
        return self._levels
