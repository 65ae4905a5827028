"""The levels of a hierarchical transaction set: HL segments to a tree, with nothing lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from edi.notes import Notes
from edi.segment import Segment

NUMBER_MESSAGE = "The hierarchical levels are not numbered 1, 2, 3."
CHILD_MESSAGE = "HL04 does not say whether there are levels below."


@dataclass(slots=True, kw_only=True)
class Level:
    """An HL segment, what stands under it, and the levels below; lives only while a set is read."""

    header: Segment
    body: list[Segment] = field(default_factory=list)
    children: list["Level"] = field(default_factory=list)


def is_numbered(header: Segment, count: int) -> bool:
    """Tell whether HL01 is the number of the level, counted from 1."""
    return header.get(1) == str(count)


def tells_of_children(header: Segment, *, has_children: bool) -> bool:
    """Tell whether HL04 says so, or is left out."""
    return header.get(4) in {"1" if has_children else "0", ""}


def read_levels(
    segments: Iterable[Segment], parents: Mapping[str, str], notes: Notes
) -> tuple[list[Segment], list[Level]]:
    """Return the segments that stand under no level, and the levels that have no parent.

    `parents` says for each HL03 what its parent's must be, "" for none. A level whose HL02 names
    no such level goes to the nearest one before it, with an error.
    """
    strays: list[Segment] = []
    roots: list[Level] = []
    by_number: dict[str, Level] = {}
    latest: dict[str, Level] = {}
    current: Level | None = None
    count = 0
    for segment in segments:
        if segment.id != "HL":
            (strays if current is None else current.body).append(segment)
            continue
        count += 1
        if not is_numbered(segment, count):
            notes.warn("X12-HL-NUMBER", NUMBER_MESSAGE, segment, 1, "")
        code = segment.get(3)
        siblings = _siblings(segment, roots, by_number, latest, parents, notes)
        if siblings is None:
            strays.append(segment)
            current = None
            continue
        current = latest[code] = by_number[segment.get(1)] = Level(header=segment)
        siblings.append(current)
    for level in by_number.values():
        if not tells_of_children(level.header, has_children=bool(level.children)):
            notes.warn("X12-HL-CHILD", CHILD_MESSAGE, level.header, 4, "")
    return strays, roots


def _siblings(
    segment: Segment,
    roots: list[Level],
    by_number: Mapping[str, Level],
    latest: Mapping[str, Level],
    parents: Mapping[str, str],
    notes: Notes,
) -> list[Level] | None:
    """Return the list that the level belongs to, or None where there is none."""
    code = parents.get(segment.get(3))
    if code is None:
        message = "The guide has no such level; what stands under it was kept but not read."
        notes.error("X12-HL-LEVEL", message, segment, 3, "")
        return None
    if not code:
        return roots
    parent = by_number.get(segment.get(2))
    if parent is None or parent.header.get(3) != code:
        message = "HL02 names no level that this one can stand under."
        notes.error("X12-HL-PARENT", message, segment, 2, "")
        parent = latest.get(code)
    return None if parent is None else parent.children
