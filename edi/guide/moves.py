"""From one place in a guide to the next: what a segment there means, worked out once.

The rules are those of pyx12's walker, which X12 errors are expected to follow: a segment is sought
among what may follow in its loop, then in the loops around it. Where a search ends depends on the
place, the segment id and its qualifier alone, so that it is a table; only whether something is
missing or too often depends on what was counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from edi.guide.nodes import Guide, LoopNode, SegmentNode

Key = tuple[str, str]  #: Segment id, and the value that qualifies it; "" where none does.


class Required(NamedTuple):
    """Something the guide requires that was passed by: missing, unless it was counted before."""

    counter: int
    node: SegmentNode  #: That a finding names: of a loop its first segment.


class Move(NamedTuple):
    """Where a segment leads, and what is then counted."""

    node: SegmentNode
    counter: int
    required: tuple[Required, ...]
    loop: LoopNode | None  #: Begun by the segment.
    loop_counter: int
    below_end: int  #: Counters behind the loop's own, up to here, start again.
    is_plain: bool  #: Nothing can be wrong with it but that it is one too many.


@dataclass(slots=True)
class _Search:
    """One search: its segment, and what was passed by so far."""

    guide: Guide
    segment_id: str
    values: Mapping[tuple[int, int], str]
    counted: frozenset[int]  #: Counters that cannot be 0.
    passed: list[Required] = field(default_factory=list)

    def unsure(self, passed: Iterable[Required]) -> tuple[Required, ...]:
        """Return those that may not have been counted: where we stand, and around it, all was."""
        return tuple(each for each in passed if each.counter not in self.counted)

    def fits(self, node: SegmentNode) -> bool:
        if node.id != self.segment_id:
            return False
        told_by = node.qualifier
        return told_by is None or self.values.get(told_by[:2]) in told_by.codes

    def begins(self, loop: LoopNode) -> bool:
        """Tell whether the segment begins a loop; note a required loop that it does not."""
        if not loop.children:
            return False
        first = loop.children[0]
        if isinstance(first, LoopNode):
            return any(isinstance(each, LoopNode) and self.begins(each) for each in loop.children)
        if self.fits(first):
            return True
        if loop.usage == "R":
            self.passed.append(Required(self.guide.counters[loop.path], first))
        return False

    def entered(self, loop: LoopNode) -> Move | None:
        """Return the move into a loop, or into the first that fits below it."""
        first = loop.children[0] if loop.children else None
        if isinstance(first, SegmentNode) and self.fits(first):
            counters = self.guide.counters
            own = counters[loop.path]
            return Move(
                node=first,
                counter=counters[first.path],
                required=self.unsure(self.passed),
                loop=loop,
                loop_counter=own,
                below_end=self.guide.counters_end[own],
                is_plain=False,
            )
        for child in loop.children:
            found = self.entered(child) if isinstance(child, LoopNode) else None
            if found is not None:
                return found
        return None

    def reached(self, node: SegmentNode) -> Move:
        """Return the move to a segment inside its loop.

        What shares its position may still follow. What has its id and its loop's is taken for it.
        """
        parent = self.guide.loops[node.parent]
        required = self.unsure(
            each
            for each in self.passed
            if each.node.pos != node.pos
            and (each.node.id, self.guide.loops[each.node.parent].id) != (node.id, parent.id)
        )
        return Move(
            node=node,
            counter=self.guide.counters[node.path],
            required=required,
            loop=None,
            loop_counter=0,
            below_end=0,
            is_plain=not required and node.usage != "N",
        )

    def in_loop(self, loop: LoopNode, pos: int) -> Move | None:
        """Return the move to the first child at or behind a position that fits."""
        for child in loop.children:
            if child.pos < pos:
                continue
            if isinstance(child, LoopNode):
                if self.begins(child):
                    return self.entered(child)
            elif self.fits(child):
                if loop.parent is not None and self.begins(loop):
                    return self.entered(loop)
                return self.reached(child)
            elif child.usage == "R":
                self.passed.append(Required(self.guide.counters[child.path], child))
        return None


def find_move(
    guide: Guide, start: SegmentNode, segment_id: str, values: Mapping[tuple[int, int], str]
) -> Move | None:
    """Return where a segment leads from `start`; None where the guide has no place for it.

    `values` are its qualifiers, by element and component.
    """
    loop, pos = guide.loops[start.parent], start.pos
    search = _Search(guide, segment_id, values, _counted(guide, start))
    while True:
        found = search.in_loop(loop, pos)
        if found is not None or loop.parent is None:
            return found
        loop, pos = guide.loops[loop.parent], loop.pos


def _counted(guide: Guide, start: SegmentNode) -> frozenset[int]:
    """Return the counters of a place and of the loops around it that their first segment began.

    Not of the interchange: the walk begins inside it.
    """
    found = {guide.counters[start.path]}
    loop = guide.loops[start.parent]
    while loop.parent is not None and len(loop.path) > 1:
        if loop.usage != "N" and isinstance(loop.children[0], SegmentNode):
            found.add(guide.counters[loop.path])
        loop = guide.loops[loop.parent]
    return frozenset(found)
