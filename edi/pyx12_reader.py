"""pyx12's reading of one transaction set: each segment with its place in the guide's map.

This and `edi.pyx12_validator` are the two doors to pyx12. Its traps, and what is done here:

- its tokeniser stops at an empty segment or one over 16 kB: it is fed segment by segment, as our
  own reader found them, in a synthetic envelope with the delimiters that they were split by, so
  that no value can contain one;
- it ignores the repetition separator: it is given one repetition at a time;
- loading a map takes 200 ms: maps are kept for the life of the process, and never written to;
- its loggers write element values: they are silenced.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyx12.map_if import load_map_file, map_if
from pyx12.map_index import map_index
from pyx12.map_walker import pop_to_parent_loop, walk_tree
from pyx12.params import ParamsBase
from pyx12.x12file import X12Reader

from edi.delimiters import Delimiters
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.guide import catalog
from edi.segment import Segment

logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)  # Its children inherit the level.

#: Its lists of these codes end years ago; ours decide.
_EXCLUDED_CODES = "remark_code,claim_status,claim_status_cat"
_GROUP_LOOP = "/ISA_LOOP/GS_LOOP"
_ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA"})


class NoMapError(LookupError):
    """pyx12 has no map for the guide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One segment as pyx12 saw it. `node` and the errors are pyx12's own objects."""

    segment: Segment  #: Ours; the last one again where only the end of the set was noticed.
    node: Any  #: Of the map; None where the segment has no place in it.
    loop: str  #: The id of the loop the segment stands in, for example 2100.
    walk_errors: tuple[Any, ...]  #: pyx12.error_item.SegError: place, count, missing segments.
    counter_errors: tuple[tuple[str, str], ...]  #: Kind and code: HL, LX, segment identifiers.
    repetitions: tuple[Any, ...]  #: pyx12 segments, the k-th with the k-th repetitions.


def walk(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> Iterator[Step]:
    """Yield a step for each segment from ST to SE, and one for the end of the set.

    Raises NoMapError where pyx12 has no map for the guide, and whatever pyx12 raises.
    """
    guide_map = find_map(transaction_set, group, interchange)
    segments = transaction_set.segments
    source = _Source(transaction_set, interchange.version)
    reader = X12Reader(source)
    reader.check_837_lx = guide_map.id == "837"
    walker = walk_tree()
    walker.forceWalkCounterToLoopStart(_GROUP_LOOP, f"{_GROUP_LOOP}/GS")
    node = guide_map.getnodebypath(f"{_GROUP_LOOP}/GS")
    index = 0
    for theirs in reader:
        errors = reader.pop_errors()
        if theirs.get_seg_id() in _ENVELOPE and theirs.get_seg_id() != "GE":
            continue
        is_end = index == len(segments)
        segment = segments[index - is_end]
        index += 1
        found, _, _, walk_errors = walker.walk_errors(
            node, theirs, reader.get_seg_count(), reader.get_cur_line(), reader.get_ls_id()
        )
        node = node if found is None else found
        yield Step(
            segment=segment,
            node=None if is_end else found,
            loop=pop_to_parent_loop(node).id,
            walk_errors=tuple(walk_errors),
            counter_errors=tuple((kind, code) for kind, code, *_ in errors),
            repetitions=(theirs, *_repeated(segment, theirs, transaction_set.delimiters)),
        )


def read_segments(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the loop path, the segment id and the elements of each segment, as pyx12 reads them.

    A segment without a place in the map has the path "". Raises as `walk` does.
    """
    for step in walk(transaction_set, group, interchange):
        theirs = step.repetitions[0]
        if theirs.get_seg_id() in _ENVELOPE:
            continue
        path = "" if step.node is None else pop_to_parent_loop(step.node).get_path()
        elements = tuple(theirs.get(f"{at:02d}").format() for at in range(1, len(theirs) + 1))
        yield path, theirs.get_seg_id(), elements


def find_map(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> Any:  # noqa: ANN401 - pyx12 has no types
    """Return the map for the set, pyx12's or ours: GS08 decides, then ST03. Raises NoMapError."""
    for version in (group.version, transaction_set.version):
        file = _index().get_filename(interchange.version, version, group.functional_id)
        if file is not None:
            return _load(file)
        own = catalog.find_map(interchange.version, (version,), group.functional_id)
        if own is not None:
            return _load_own(own)
    raise NoMapError(transaction_set.version)


@cache
def _index() -> Any:  # noqa: ANN401 - pyx12 has no types
    return map_index()


@cache
def _load(file: str) -> Any:  # noqa: ANN401 - pyx12 has no types
    return load_map_file(file, _parameters())


@cache
def _load_own(found: catalog.MapFile) -> Any:  # noqa: ANN401 - pyx12 has no types
    """Return a map that pyx12 does not install; the lists beside it are pyx12's."""
    return map_if(catalog.read_map(found), _parameters())


def _parameters() -> Any:  # noqa: ANN401 - pyx12 has no types
    parameters = ParamsBase()  # Not ParamsUnix: that one reads a file of the user.
    parameters.set("exclude_external_codes", _EXCLUDED_CODES)
    return parameters


def _repeated(segment: Segment, first: Any, delimiters: Delimiters) -> Iterator[Any]:  # noqa: ANN401 - pyx12 has no types
    """Yield, for k = 2, 3, ..., the segment with the k-th repetition of its elements."""
    separator = delimiters.repetition
    if not separator or not any(separator in element for element in segment.elements):
        return
    repeated = [element.split(separator) for element in segment.elements]
    for k in range(1, max(map(len, repeated))):
        elements = [each[k] if k < len(each) else each[0] for each in repeated]
        yield type(first)(
            delimiters.element.join(elements),
            delimiters.terminator,
            delimiters.element,
            delimiters.component,
        )


class _Source:
    """A text file, to pyx12: each read gives it one whole segment, however long."""

    closed = False

    def __init__(self, transaction_set: TransactionSet, version: str) -> None:
        delimiters = transaction_set.delimiters
        separator, repetition = delimiters.element, delimiters.repetition
        isa = (
            "ISA", "00", " " * 10, "00", " " * 10, "ZZ", "X".ljust(15), "ZZ", "X".ljust(15),
            "010101", "0000", repetition or "U", version, "000000001", "0", "T",
            delimiters.component,
        )  # fmt: skip
        envelope = (separator.join(isa), separator.join(("GS", "X", "X", "X", "", "", "1")))
        inner = (
            separator.join(
                element.split(repetition)[0] if repetition else element
                for element in segment.elements
            )
            for segment in transaction_set.segments
        )
        self._segments = iter((*envelope, *inner, separator.join(("GE", "1", "1"))))
        self._terminator = delimiters.terminator

    def read(self, size: int) -> str:
        """Return the next segment with its terminator, or "" at the end."""
        del size
        segment = next(self._segments, None)
        return "" if segment is None else segment + self._terminator
