"""What a guide says, as values: loops, segments and elements in the order of its map."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

UNLIMITED = 2**31 - 1  #: What the maps write as ">1".

Path = tuple[str, ...]  #: From the outermost loop. Nodes that share one are counted together.


class ElementRule(NamedTuple):
    """One element, or one component of a composite."""

    at: int  #: Counted from 1, in its segment or composite.
    name: str
    usage: str  #: R required, S situational, N not used.
    number: str  #: X12's number of the data element, for example 782.
    data_type: str  #: AN, ID, N0, N2, R, DT, TM or B.
    length_min: int
    length_max: int
    codes: tuple[str, ...]  #: Those the guide itself lists, in its order.
    allowed: frozenset[str] | None  #: Those and the external ones; None: any value.
    pattern: re.Pattern[str] | None


class CompositeRule(NamedTuple):
    """One element that is made of components."""

    at: int
    name: str
    usage: str
    repeat: int
    reference: tuple[int, int]  #: Element and component that a finding about the whole names.
    components: tuple[ElementRule, ...]


class SyntaxNote(NamedTuple):
    """How the presence of some elements depends on others: P, R, E, C or L."""

    kind: str
    at: tuple[int, ...]


class SegmentRule(NamedTuple):
    """The elements of a segment at its place."""

    id: str
    elements: tuple[ElementRule | CompositeRule, ...]
    notes: tuple[SyntaxNote, ...]


class Qualifier(NamedTuple):
    """The element by whose codes a place is told from others with the same segment id."""

    element: int
    component: int  #: 0: the whole element.
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SegmentNode:
    """A segment at its place in a guide."""

    index: int  #: In `Guide.segments`.
    id: str
    name: str
    usage: str
    pos: int  #: The order of siblings; those that share one may stand in any order.
    max_use: int
    path: Path
    parent: int  #: In `Guide.loops`.
    qualifier: Qualifier | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoopNode:
    """A loop; its first segment begins it. A wrapper has a loop in that place."""

    index: int
    id: str
    name: str
    usage: str
    pos: int
    repeat: int
    path: Path
    parent: int | None
    children: "tuple[LoopNode | SegmentNode, ...]"  #: In the order in which they are tried.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guide:
    """One map: its tree, and what is needed to say more of a segment when one is met."""

    id: str  #: 837, 835W1, 999.
    interchange_version: str  #: ISA12: 00401 or 00501.
    loops: tuple[LoopNode, ...]  #: The first is the root.
    segments: tuple[SegmentNode, ...]
    counters: Mapping[Path, int]  #: A number for each path; what is below a path follows it.
    counters_end: tuple[int, ...]  #: By that number: the first one that is not below it.
    #: Elements and components that tell places apart, by segment id.
    qualifiers: Mapping[str, tuple[tuple[int, int], ...]]
