"""What a move says when it is counted: something missing before it, or one too many."""

from array import array
from typing import NamedTuple

from edi.guide.moves import Move
from edi.guide.nodes import LoopNode, SegmentNode

Named = SegmentNode | LoopNode | None  #: What a finding about a segment names.


class Arrival(NamedTuple):
    """Where the walk is after a segment, and what is wrong with that."""

    node: SegmentNode  #: The last place that was found.
    is_found: bool  #: The segment has a place, and its elements can be looked at.
    codes: tuple[tuple[str, Named], ...] = ()  #: Of IK304.
    missing: tuple[SegmentNode, ...] = ()


def count(counts: "array[int]", move: Move) -> Arrival | None:
    """Count a move; return what is wrong with it, None where nothing is."""
    missing = tuple(each.node for each in move.required if not counts[each.counter])
    codes: tuple[tuple[str, Named], ...] = ()
    loop = move.loop
    if loop is None:
        counts[move.counter] += 1
        if move.node.usage == "N":
            codes = (("2", None),)
        elif counts[move.counter] > move.node.max_use:
            codes = (("5", move.node),)
    else:
        if loop.usage == "N":
            codes = (("2", None),)
        else:
            own, end = move.loop_counter, move.below_end
            counts[own + 1 : end] = array("I", bytes(4 * (end - own - 1)))
            counts[own] += 1
            if counts[own] > loop.repeat:
                codes = (("4", loop),)
        counts[move.counter] += 1
    if codes or missing:
        return Arrival(move.node, is_found=True, codes=codes, missing=missing)
    return None
