"""The implementation guides as trees of loops and segments, with the names of their elements.

The maps are those by which files are judged (`edi.guide.catalog`): pyx12's, and ours of the
guides that it lacks. A set of another edition has the names of this one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from edi.guide.catalog import data_elements, map_file, parse
from edi.guides import FileType

_MAP_OF: Mapping[FileType, str] = {
    FileType.CLAIM_PROFESSIONAL: "837.5010.X222.A1.xml",
    FileType.CLAIM_INSTITUTIONAL: "837Q3.I.5010.X223.A1.xml",
    FileType.CLAIM_DENTAL: "837.5010.X224.A2.xml",
    FileType.REMITTANCE: "835.5010.X221.A1.xml",
    FileType.ELIGIBILITY_INQUIRY: "270.5010.X279.A1.xml",
    FileType.ELIGIBILITY_RESPONSE: "271.5010.X279.A1.xml",
    FileType.STATUS_INQUIRY: "276.5010.X212.xml",
    FileType.STATUS_RESPONSE: "277.5010.X212.xml",
    FileType.CLAIM_ACKNOWLEDGMENT: "277.5010.X214.xml",
    FileType.ACKNOWLEDGMENT: "999.5010X231.A1.xml",
}
_KINDS_BY_ST01 = {
    "837": FileType.CLAIM_PROFESSIONAL,
    "835": FileType.REMITTANCE,
    "270": FileType.ELIGIBILITY_INQUIRY,
    "271": FileType.ELIGIBILITY_RESPONSE,
    "276": FileType.STATUS_INQUIRY,
    "277": FileType.STATUS_RESPONSE,
    "999": FileType.ACKNOWLEDGMENT,
}
_TEXT = "AN"  #: The data type of an element that nobody described.


@dataclass(frozen=True, slots=True)
class ElementName:
    """What an element, or a component, is called and made of."""

    name: str
    data_type: str = _TEXT  #: AN, ID, N0, N2, R, DT, TM.
    codes: frozenset[str] = frozenset()  #: The guide lists them; empty: any.
    components: tuple["ElementName", ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentName:
    """A segment at its place in a guide."""

    id: str
    name: str
    elements: tuple[ElementName, ...] = ()

    def fits(self, elements: tuple[str, ...], component: str) -> bool:
        """Tell whether the qualifier of a segment, HL03 or the first element, is one of ours."""
        at = 3 if self.id == "HL" else 1
        if at > len(self.elements) or at >= len(elements):
            return True
        named, value = self.elements[at - 1], elements[at]
        if named.components:
            named, value = named.components[0], value.split(component, 1)[0]
        return not named.codes or value in named.codes


@dataclass(frozen=True, slots=True, eq=False)
class LoopName:
    """A loop of a guide; its first segment begins it."""

    id: str
    name: str
    parent: "LoopName | None" = None
    segments: list[SegmentName] = field(default_factory=list)
    loops: list["LoopName"] = field(default_factory=list)
    #: The other `segments` by id, and the loops below by the id of the segment that begins them.
    inner: dict[str, list[SegmentName]] = field(default_factory=dict)
    begins: dict[str, list["LoopName"]] = field(default_factory=dict)


def kind_of_set(set_id: str, version: str, known: FileType) -> FileType:
    """Return the guide whose names fit a set best: its own, or that of its ST01.

    >>> kind_of_set("837", "004010X098A1", FileType.UNKNOWN)
    <FileType.CLAIM_PROFESSIONAL: '837P'>
    """
    if known is not FileType.UNKNOWN:
        return known
    if set_id == "837" and version[6:10] in {"X096", "X223"}:
        return FileType.CLAIM_INSTITUTIONAL
    if set_id == "837" and version[6:10] in {"X097", "X224"}:
        return FileType.CLAIM_DENTAL
    return _KINDS_BY_ST01.get(set_id, FileType.UNKNOWN)


@cache
def guide_map(kind: FileType) -> LoopName:
    """Return the ST loop of a guide; of an unknown one the loop is empty."""
    file = _MAP_OF.get(kind)
    if file is None:
        return LoopName("ST_LOOP", "Transaction set")
    (st_loop,) = parse(map_file(file)).xpath("loop/loop/loop[@xid='ST_LOOP']")
    return _loop(st_loop, None)


@cache
def envelope_names() -> Mapping[str, SegmentName]:
    """Return ISA, GS, GE, IEA and TA1 by id."""
    found = parse(map_file(_MAP_OF[FileType.REMITTANCE])).xpath("loop/segment | loop/loop/segment")
    return {each.get("xid"): _segment(each) for each in found}


@cache
def names_by_segment(kind: FileType) -> Mapping[str, SegmentName]:
    """Return a name of each segment wherever it stands, for one that stands where it should not."""
    by_id: dict[str, SegmentName] = {}
    for each in (kind, FileType.CLAIM_PROFESSIONAL, FileType.REMITTANCE):
        for loop in _every_loop(guide_map(each)):
            for segment in loop.segments:
                by_id.setdefault(segment.id, segment)
    return by_id


@cache
def loop_names(kind: FileType) -> Mapping[str, str]:
    """Return what a guide calls each of its loops, by its id."""
    return {loop.id: loop.name for loop in _every_loop(guide_map(kind))}


def _every_loop(loop: LoopName) -> Iterator[LoopName]:
    yield loop
    for below in loop.loops:
        yield from _every_loop(below)


def _loop(node: etree._Element, parent: LoopName | None) -> LoopName:
    loop = LoopName(node.get("xid"), node.findtext("name", ""), parent)
    _fill(loop, node)
    for at, segment in enumerate(loop.segments):
        if at:
            loop.inner.setdefault(segment.id, []).append(segment)
    for below in loop.loops:
        if below.segments:
            loop.begins.setdefault(below.segments[0].id, []).append(below)
    return loop


def _fill(loop: LoopName, node: etree._Element) -> None:
    for child in node:
        if child.tag == "segment":
            loop.segments.append(_segment(child))
        elif child.tag == "loop" and child.get("type") == "wrapper":
            _fill(loop, child)  # Header, detail, footer: no segment begins them.
        elif child.tag == "loop":
            loop.loops.append(_loop(child, loop))


def _segment(node: etree._Element) -> SegmentName:
    elements = tuple(
        _composite(child) if child.tag == "composite" else _element(child)
        for child in node
        if child.tag in {"element", "composite"}
    )
    return SegmentName(node.get("xid"), node.findtext("name", ""), elements)


def _composite(node: etree._Element) -> ElementName:
    components = tuple(_element(child) for child in node.iterchildren("element"))
    name = node.findtext("name", "")
    return ElementName(name, components=components or (ElementName(name),))


def _element(node: etree._Element) -> ElementName:
    codes = frozenset(each.text for each in node.iterfind("valid_codes/code") if each.text)
    if node.find("valid_codes[@external]") is not None:
        codes = frozenset()  # What stands beside a list that guides share is not all of it.
    known = data_elements().get(node.findtext("data_ele", ""))
    return ElementName(node.findtext("name", ""), known.data_type if known else _TEXT, codes)
