"""Which map is for which group, and the lists that all maps share: data elements and codes.

The maps, lists and index are those that pyx12 installs (BSD licence), read with lxml, and our own
in `edi/maps` for the guides that it lacks.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from lxml import etree

OWN_MAPS = Path(__file__).parents[1] / "maps"
_GUIDE = len("005010X222")  #: What stands before the letters of an addendum.
#: pyx12's lists of these codes end years ago: ours decide, above the guide.
OPEN_LISTS = frozenset({"remark_code", "claim_status", "claim_status_cat"})


class DataElement(NamedTuple):
    """A row of the dictionary of data elements."""

    data_type: str
    length_min: int
    length_max: int


class MapFile(NamedTuple):
    """A map, and the version that it is for where that is not the one it was written for."""

    file: Path
    version: str = ""


def find_map(
    interchange_version: str, versions: Iterable[str], functional_id: str
) -> MapFile | None:
    """Return the map for ISA12, the first known of `versions` (GS08, ST03), and GS01."""
    for version in versions:
        found = _index().get((interchange_version, version, functional_id))
        if found is not None:
            return found
    return None


def map_file(name: str) -> Path:
    """Return the map of this name: ours where there is one, else pyx12's."""
    own = OWN_MAPS / name
    return own if own.exists() else _folder() / name


def read_map(found: MapFile) -> etree._Element:
    """Return the root of a map; GS08 and ST03 ask for its version."""
    root = parse(found.file)
    if found.version:
        for segment in root.iter("segment"):
            if segment.get("xid") in {"GS", "ST"}:
                for code in segment.iterfind("element/valid_codes/code"):
                    if (code.text or "").startswith(found.version[:_GUIDE]):
                        code.text = found.version
    return root


@cache
def element_numbers(found: MapFile) -> Mapping[tuple[str, int, int], str]:
    """Return X12's number of each data element by segment id, element and component (0: none)."""
    numbers: dict[tuple[str, int, int], str] = {}
    for segment in read_map(found).iter("segment"):
        name = text_of(segment, "xid")
        for each in segment:
            if each.tag == "element":
                numbers.setdefault((name, _position(each), 0), text_of(each, "data_ele"))
            elif each.tag == "composite":
                for part in each.iterfind("element"):
                    at = (name, _position(each), _position(part))
                    numbers.setdefault(at, text_of(part, "data_ele"))
    return numbers


def _position(node: etree._Element) -> int:
    return int(text_of(node, "seq"))


def parse(file: Path) -> etree._Element:
    """Return the root of an XML file of the maps."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    return etree.parse(file, parser).getroot()


def text_of(node: etree._Element, name: str) -> str:
    """Return what the maps write as an attribute or as a child; "" where it is neither."""
    return str(node.get(name) or node.findtext(name) or "")


@cache
def data_elements() -> Mapping[str, DataElement]:
    """Return the dictionary by number: 782 is an amount."""
    return {
        each.get("ele_num", ""): DataElement(
            each.get("data_type", ""), int(each.get("min_len", "")), int(each.get("max_len", ""))
        )
        for each in parse(_folder() / "dataele.xml").iter("data_ele")
    }


@cache
def external_codes() -> Mapping[str, frozenset[str]]:
    """Return the lists that several guides share, by name: states, countries, services."""
    return {
        each.findtext("id", ""): frozenset(
            code.text or "" for code in each.iterfind("version/code")
        )
        for each in parse(_folder() / "codes.xml").iter("codeset")
    }


@cache
def _index() -> Mapping[tuple[str, str, str], MapFile]:
    index: dict[tuple[str, str, str], MapFile] = {}
    for folder, is_own in ((_folder(), False), (OWN_MAPS, True)):
        for version in parse(folder / "maps.xml").iter("version"):
            for each in version.iterfind("map"):
                key = (version.get("icvn", ""), each.get("vriic", ""), each.get("fic", ""))
                if key[0] in {"00401", "00501"} and key[1] and each.text:
                    version_asked = key[1] if is_own else ""
                    index.setdefault(key, MapFile(map_file(each.text), version_asked))
    return index


def _folder() -> Path:
    spec = find_spec("pyx12")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "map"
