"""Write edi/maps/*.xml, in pyx12's map format, from the short texts in edi/maps/source.

The first line of a text says: transaction, version, GS01, and its name. Then one line for each
loop (`loop ID USAGE REPEAT POSITION NAME`) and segment (`ID USAGE MAX POSITION NAME | ELEMENTS`),
indented as they stand in each other. An element is its position, then: `?` situational, `=A|B`
codes, `@list` an external list, `(...)` components, `*N` how often it repeats. One that is not
named is not used. The names of elements are X12's own, from the dictionary that pyx12 installs.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from pyx12.dataele import DataElements

ROOT = Path(__file__).parents[1] / "edi" / "maps"
_ELEMENT = re.compile(r"(\d+)(\?)?(?:=([\w|]+))?(?:@(\w+))?(?:\((.*)\))?(?:\*(\d+))?")
_NAMES = DataElements().dataele

#: Data elements of each segment by position; C... are composites.
SEGMENTS = {
    "AAA": "1073 559 901 889",
    "AMT": "522 782 478",
    "BHT": "1005 353 127 373 337 640",
    "CAS": "1033 1034 782 380 1034 782 380 1034 782 380 1034 782 380 1034 782 380 1034 782 380",
    "CLM": "1028 782 1032 1343 C023 1073 1359 1073 1363 1351 C024 1366 1073 1338 1073 1360 1029"
    " 1073 1383 1514",
    "CN1": "1166 782 332 127 338 799",
    "CUR": "98 100 280 98 100 669 374 373 337 374 373 337 374 373 337 374 373 337 374 373 337",
    "DMG": "1250 1251 1068 1067 C056 1066 26 659 380 1270 1271",
    "DN1": "380 380 1073 352",
    "DN2": "127 1368 380 1250 1251 1270",
    "DTP": "374 1250 1251",
    "EB": "1390 1207 1365 1336 1204 615 782 954 673 380 1073 1073 C003 C004",
    "EQ": "1365 C003 1207 1336 C004",
    "GE": "97 28",
    "GS": "479 142 124 373 337 28 455 480",
    "HCP": "1473 782 782 127 118 127 782 234 235 234 355 380 901 1526 1527",
    "HI": " ".join(["C022"] * 12),
    "HL": "628 734 735 736",
    "HSD": "673 380 355 1167 615 616 678 679",
    "IEA": "I16 I12",
    "III": "1270 1271 1136 933 380 C001 752 752 752",
    "INS": "1073 1069 875 1203 1216 C052 1219 584 1220 1073 1250 1251 1165 19 156 26 1470",
    "ISA": "I01 I02 I03 I04 I05 I06 I05 I07 I08 I09 I65 I11 I12 I13 I14 I15",
    "K3": "449 1333 C001",
    "LE": "447",
    "LQ": "1270 1271",
    "LS": "447",
    "LX": "554",
    "MOA": "954 782 127 127 127 127 127 782 782",
    "MPI": "1201 584 1595 352 1596 1250 1251",
    "MSG": "933 934 1470",
    "N3": "166 166",
    "N4": "19 156 116 26 309 310 1715",
    "NM1": "98 1065 1035 1036 1037 1038 1039 66 67 706 98 1035",
    "NTE": "363 352",
    "OI": "1032 1383 1073 1351 1360 1363",
    "PAT": "1069 1384 584 1220 1250 1251 355 81 1073",
    "PER": "366 93 365 364 365 364 365 364 443",
    "PRV": "1221 128 127 156 C035 1223",
    "PWK": "755 756 757 98 66 67 352 C002 1525",
    "QTY": "673 380 C001 61",
    "REF": "128 127 352 C040",
    "SBR": "1138 1069 127 93 1336 1143 1073 584 1032",
    "SE": "96 329",
    "ST": "143 329 1705",
    "STC": "C043 373 306 782 782 373 591 373 429 C043 C043 933",
    "SV3": "C003 782 1331 C006 1358 380 352 1327 1360 1073 C004",
    "SVC": "C003 782 782 234 380 C003 380",
    "SVD": "67 782 C003 234 380 554",
    "TA1": "I12 I08 I09 I17 I18",
    "TOO": "1270 1271 C005",
    "TRN": "481 127 509 127",
}
COMPOSITES = {
    "C001": "355",
    "C002": "704",
    "C003": "235 234 1339 1339 1339 1339 352 234",
    "C004": "1328 1328 1328 1328",
    "C005": "1369 1369 1369 1369 1369",
    "C006": "1361 1361 1361 1361 1361",
    "C022": "1270 1271 1250 1251 782 380 799 1271 1073",
    "C023": "1331 1332 1325",
    "C024": "1362 1362 1362 156 26",
    "C035": "1222 559 1073",
    "C040": "128 127 128 127 128 127",
    "C043": "1271 1271 98 1270",
    "C052": "1218 1701",
    "C056": "1109 1270 1271",
}
COMPOSITE_NAMES = {
    "C001": "Composite Unit of Measure",
    "C002": "Actions Indicated",
    "C003": "Composite Medical Procedure Identifier",
    "C004": "Composite Diagnosis Code Pointer",
    "C005": "Tooth Surface",
    "C006": "Oral Cavity Designation",
    "C022": "Health Care Code Information",
    "C023": "Health Care Service Location Information",
    "C024": "Related Causes Information",
    "C035": "Provider Specialty Information",
    "C040": "Reference Identifier",
    "C043": "Health Care Claim Status",
    "C052": "Medicare Status Code",
    "C056": "Composite Race or Ethnicity Information",
}
#: Syntax notes of the standard.
NOTES = {
    "CAS": "L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614"
    " L171819 C1817 C1917",
    "CUR": "C0807 C0907 L101112 C1110 C1210 L131415 C1413 C1513 L161718 C1716 C1816 L192021"
    " C2019 C2119",
    "DMG": "P0102 P1011 C1105",
    "DN2": "P0405",
    "EB": "P0910",
    "EQ": "R0102",
    "HCP": "R0113 P0910 P1112",
    "HSD": "P0102 C0605",
    "III": "P0102",
    "INS": "P1112",
    "MPI": "P0607",
    "MSG": "C0302",
    "N4": "E0207 C0605 C0704",
    "NM1": "P0809 C1110 C1203",
    "PAT": "P0506 P0708",
    "PER": "P0304 P0506 P0708",
    "PRV": "P0203",
    "PWK": "P0506",
    "QTY": "R0204 E0204",
    "REF": "R0203",
}
HEADER = """
######################################################################
# A map for pyx12 (https://github.com/azoner/pyx12), in its format.
# Names are those of the X12 dictionary; structure from public facts.
# Written by scripts/make_maps.py from edi/maps/source: edit that.
######################################################################
"""


class Line(NamedTuple):
    """One loop or segment of a text."""

    depth: int
    id: str
    usage: str
    times: str
    position: str
    name: str
    elements: str
    is_loop: bool


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text after its first; two blanks are one step inwards."""
    for raw in text.splitlines()[1:]:
        if not raw.strip():
            continue
        head, _, elements = raw.partition("|")
        words = head.split()
        is_loop = words[0] == "loop"
        segment_id, usage, times, position, *name = words[is_loop:]
        depth = (len(raw) - len(raw.lstrip())) // 2
        yield Line(
            depth, segment_id, usage, times, position, " ".join(name), elements.strip(), is_loop
        )


def add(parent: etree._Element, tag: str, text: str) -> None:
    """Add a child that holds a text."""
    etree.SubElement(parent, tag).text = text


def add_element(
    parent: etree._Element, prefix: str, at: int, number: str, said: re.Match[str] | None
) -> None:
    """Add one element or composite; `said` is what the text says of it, None: not used."""
    usage = "N" if said is None else "S" if said[2] else "R"
    parts = COMPOSITES.get(number)
    node = etree.SubElement(parent, "element" if parts is None else "composite")
    node.set("xid", f"{prefix}{at:02d}")
    add(node, "data_ele", number)
    add(node, "name", COMPOSITE_NAMES.get(number) or str(_NAMES[number]["name"]) if parts else
        str(_NAMES[number]["name"]))  # fmt: skip
    add(node, "usage", usage)
    add(node, "seq", f"{at:02d}")
    if said is not None and said[6]:
        add(node, "repeat", said[6])
    if said is None:
        return
    if parts is not None:
        add_components(node, f"{prefix}{at:02d}-", parts.split(), said[5] or "")
    elif said[3] or said[4]:
        codes = etree.SubElement(node, "valid_codes")
        if said[4]:
            codes.set("external", said[4])
        for code in (said[3] or "").split("|"):
            if code:
                add(codes, "code", code)


def add_components(parent: etree._Element, prefix: str, numbers: list[str], text: str) -> None:
    """Add the components of a composite."""
    said = by_position(text.split(","))
    for at, number in enumerate(numbers, start=1):
        add_element(parent, prefix, at, number, said.get(at))


def by_position(words: list[str]) -> dict[int, re.Match[str]]:
    """Return what is said of elements, by position."""
    found = {}
    for word in words:
        match = _ELEMENT.fullmatch(word)
        if match is None:
            message = f"cannot read {word!r}"
            raise SystemExit(message)
        found[int(match[1])] = match
    return found


def write_map(text: str) -> bytes:
    """Return the XML of a text."""
    transaction, version, functional_id, *name = text.splitlines()[0].split()
    root = etree.Element("transaction", xid=transaction)
    add(root, "name", f"{' '.join(name)} {version} {transaction}")
    above = [root]
    frame = (ROOT / "source" / "frame.txt").read_text(encoding="utf-8")
    frame = frame.replace("VERSION", version).replace("GROUP", functional_id)
    body = "\n".join(f"      {line}" for line in text.splitlines()[1:])
    for line in read_lines(frame.replace("      BODY", body)):
        del above[line.depth + 1 :]
        node = etree.SubElement(above[-1], "loop" if line.is_loop else "segment", xid=line.id)
        if line.is_loop:
            kinds = {"HEADER": "wrapper", "DETAIL": "wrapper"}
            node.set("type", kinds.get(line.id, "explicit" if line.id.endswith("_LOOP") else "xx"))
            if node.get("type") == "xx":
                del node.attrib["type"]
            above.append(node)
        add(node, "name", line.name)
        add(node, "usage", line.usage)
        add(node, "pos", line.position)
        add(node, "repeat" if line.is_loop else "max_use", line.times)
        if line.is_loop:
            continue
        for note in NOTES.get(line.id, "").split():
            add(node, "syntax", note)
        said = by_position(line.elements.split())
        for at, number in enumerate(SEGMENTS[line.id].split(), start=1):
            add_element(node, line.id, at, number, said.get(at))
    etree.indent(root)
    root.addprevious(etree.Comment(HEADER))
    return etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="utf-8", pretty_print=True
    )


def main() -> None:
    """Write every map; with --check only tell whether they are current."""
    for source in sorted((ROOT / "source").glob("[0-9]*.txt")):
        target = ROOT / f"{source.stem}.xml"
        made = write_map(source.read_text(encoding="utf-8"))
        if "--check" not in sys.argv:
            target.write_bytes(made)
        elif target.read_bytes() != made:
            message = f"{target.name} is not current: run scripts/make_maps.py"
            raise SystemExit(message)


if __name__ == "__main__":
    main()
