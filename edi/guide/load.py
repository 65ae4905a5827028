"""A map in pyx12's XML to a `Guide`, once for each process; its elements when first needed."""

import re
from functools import cache

from lxml import etree

from edi.guide.catalog import (
    OPEN_LISTS,
    MapFile,
    data_elements,
    external_codes,
    read_map,
    text_of,
)
from edi.guide.nodes import (
    UNLIMITED,
    CompositeRule,
    ElementRule,
    Guide,
    LoopNode,
    Path,
    Qualifier,
    SegmentNode,
    SegmentRule,
    SyntaxNote,
)

_REFERENCE = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?$")
_PAIR = re.compile("[0-9]{2}")
_NOTE = re.compile(r"([PRCLE])((?:[0-9]{2})+)")


class LoadedGuide:
    """A guide, and the XML that its elements are read from when a segment is first met."""

    def __init__(self, found: MapFile) -> None:
        self._sources: list[etree._Element] = []  # By the index of the segment.
        self._loops: list[LoopNode | None] = []
        self._segments: list[SegmentNode] = []
        self._rules: dict[int, SegmentRule] = {}
        root = read_map(found)
        self._root(root)
        isa = next(each for each in self._segments if each.id == "ISA")
        paths = sorted({each.path for each in (*self._segments, *self._loops) if each})
        self.guide = Guide(
            id=root.get("xid", ""),
            interchange_version=_interchange_version(self.rule(isa)),
            loops=tuple(each for each in self._loops if each is not None),
            segments=tuple(self._segments),
            counters={path: at for at, path in enumerate(paths)},
            counters_end=_ends(paths),
            qualifiers=_qualifiers(self._segments),
        )

    def rule(self, node: SegmentNode) -> SegmentRule:
        """Return the elements of a segment."""
        found = self._rules.get(node.index)
        if found is None:
            found = self._rules[node.index] = _segment_rule(self._sources[node.index])
        return found

    def _root(self, source: etree._Element) -> None:
        self._loops.append(None)
        self._loops[0] = LoopNode(
            index=0, id=source.get("xid", ""), name="", usage="", pos=0, repeat=UNLIMITED,
            path=(), parent=None, children=self._children(source, 0, ()),
        )  # fmt: skip

    def _loop(self, source: etree._Element, parent: int, above: Path) -> LoopNode:
        index = len(self._loops)
        self._loops.append(None)
        path = (*above, source.get("xid", ""))
        loop = LoopNode(
            index=index,
            id=path[-1],
            name=text_of(source, "name"),
            usage=text_of(source, "usage"),
            pos=int(text_of(source, "pos")),
            repeat=_times(text_of(source, "repeat")),
            path=path,
            parent=parent,
            children=self._children(source, index, path),
        )
        self._loops[index] = loop
        return loop

    def _children(
        self, source: etree._Element, index: int, path: Path
    ) -> tuple[LoopNode | SegmentNode, ...]:
        """Return loops before segments where they share a position, as pyx12 tries them."""
        loops = [self._loop(each, index, path) for each in source.iterfind("loop")]
        sources = source.findall("segment")
        positions = [loop.pos for loop in loops] + [int(text_of(each, "pos")) for each in sources]
        segments = [
            self._segment(each, index, path, is_alone=positions.count(pos) == 1 or not path)
            for each, pos in zip(sources, positions[len(loops) :], strict=True)
        ]
        return tuple(sorted((*loops, *segments), key=lambda child: child.pos))

    def _segment(
        self, source: etree._Element, parent: int, above: Path, *, is_alone: bool
    ) -> SegmentNode:
        name = source.get("xid", "")
        told_by = "" if is_alone else _first_code(source)
        node = SegmentNode(
            index=len(self._segments),
            id=name,
            name=text_of(source, "name"),
            usage=text_of(source, "usage"),
            pos=int(text_of(source, "pos")),
            max_use=_times(text_of(source, "max_use")),
            path=(*above, f"{name}[{told_by}]" if told_by else name),
            parent=parent,
            qualifier=_qualifier(source),
        )
        self._segments.append(node)
        self._sources.append(source)
        return node


@cache
def load_guide(found: MapFile) -> LoadedGuide:
    """Return a map, read once for each process."""
    return LoadedGuide(found)


def _times(text: str) -> int:
    return int(text) if text not in {"", ">1", "&gt;1"} else UNLIMITED


def _ends(paths: list[Path]) -> tuple[int, ...]:
    """Return, for each of these sorted paths, the index of the first that is not below it."""
    ends = [len(paths)] * len(paths)
    around: list[int] = []
    for at, path in enumerate(paths):
        while around and path[: len(paths[around[-1]])] != paths[around[-1]]:
            ends[around.pop()] = at
        around.append(at)
    return tuple(ends)


def _qualifiers(nodes: list[SegmentNode]) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, dict[tuple[int, int], None]] = {}
    for node in nodes:
        places = found.setdefault(node.id, {})
        if node.qualifier is not None:
            places[node.qualifier[:2]] = None
    return {segment_id: tuple(places) for segment_id, places in found.items()}


def _interchange_version(isa: SegmentRule) -> str:
    version = isa.elements[11]
    assert isinstance(version, ElementRule)
    return version.codes[0]


def _child(source: etree._Element, at: int) -> etree._Element | None:
    """Return the element or composite at a position of a segment."""
    for each in source:
        if each.tag in {"element", "composite"} and int(text_of(each, "seq")) == at:
            return each
    return None


def _codes(source: etree._Element) -> tuple[str, ...]:
    return tuple(each.text or "" for each in source.iterfind("valid_codes/code"))


def _is_coded(source: etree._Element | None, *types: str) -> bool:
    """Tell whether this is an element of one of these types, with codes of its own."""
    if source is None or source.tag != "element" or not _codes(source):
        return False
    return data_elements()[text_of(source, "data_ele")].data_type in types


def _first_component(source: etree._Element | None) -> etree._Element | None:
    return source.find("element") if source is not None and source.tag == "composite" else None


def _qualifier(source: etree._Element) -> Qualifier | None:
    """Return what tells a segment from others with its id; None where the id alone does."""
    name = source.get("xid")
    first, second, third = (_child(source, at) for at in (1, 2, 3))
    component = _first_component(first)
    if _is_coded(first, "ID") and first is not None and text_of(first, "usage") == "R":
        found, element, part = first, 1, 0
    elif name == "ENT" and _is_coded(second, "ID"):
        found, element, part = second, 2, 0
    elif (name == "CTX" and _is_coded(component, "AN")) or _is_coded(component, "ID"):
        found, element, part = component, 1, 1
    elif name == "HL" and third is not None and third.tag == "element" and _codes(third):
        found, element, part = third, 3, 0
    else:
        return None
    assert found is not None
    return Qualifier(element, part, frozenset(_codes(found)))


def _first_code(source: etree._Element) -> str:
    """Return the code by which the path of a segment differs from its neighbours'."""
    name = source.get("xid")
    first, second, third = (_child(source, at) for at in (1, 2, 3))
    for found in (first, second if name == "ENT" else None, _first_component(first)):
        if found is not None and _is_coded(found, "ID"):
            return _codes(found)[0]
    if name == "HL" and third is not None and third.tag == "element" and _codes(third):
        return _codes(third)[0]
    return ""


def _segment_rule(source: etree._Element) -> SegmentRule:
    found = [each for each in source if each.tag in {"element", "composite"}]
    found.sort(key=lambda each: int(text_of(each, "seq")))
    notes = [_NOTE.fullmatch(each.text or "") for each in source.iterfind("syntax")]
    return SegmentRule(
        id=source.get("xid", ""),
        elements=tuple(
            _element_rule(each) if each.tag == "element" else _composite_rule(each)
            for each in found
        ),
        notes=tuple(
            SyntaxNote(
                note[1], tuple(int(note[2][at : at + 2]) for at in range(0, len(note[2]), 2))
            )
            for note in notes
            if note is not None
        ),
    )


def _composite_rule(source: etree._Element) -> CompositeRule:
    reference = _REFERENCE.search(source.findtext("refdes") or source.get("xid") or "")
    return CompositeRule(
        at=int(text_of(source, "seq")),
        name=text_of(source, "name"),
        usage=text_of(source, "usage"),
        repeat=int(text_of(source, "repeat") or 1),
        reference=(int(reference[1]), int(reference[2] or 0)) if reference else (0, 0),
        components=tuple(_element_rule(each) for each in source.iterfind("element")),
    )


def _element_rule(source: etree._Element) -> ElementRule:
    number = text_of(source, "data_ele")
    known = data_elements()[number]
    codes = _codes(source)
    valid = source.find("valid_codes")
    external = valid.get("external", "") if valid is not None else ""
    allowed: frozenset[str] | None = None
    if external not in OPEN_LISTS and (codes or external):
        allowed = frozenset(codes)
        if external:
            allowed |= external_codes()[external]
    regex = source.findtext("regex")
    return ElementRule(
        at=int(text_of(source, "seq")),
        name=text_of(source, "name"),
        usage=text_of(source, "usage"),
        number=number,
        data_type=known.data_type,
        length_min=known.length_min,
        length_max=known.length_max,
        codes=codes,
        allowed=allowed,
        pattern=re.compile(regex, re.DOTALL) if regex else None,
    )
