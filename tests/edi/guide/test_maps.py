"""Our own maps: in pyx12's format, taken by pyx12 through `map_path`, and right about files."""

import io
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from edi.findings import Finding
from edi.guide import validate_guides
from edi.guide.catalog import OWN_MAPS
from tests.claims import batch, claim, upload
from tests.edi.guide.agreement import CORPUS, assert_same_verdict, sets_of
from tests.edi.x12_texts import GOLDEN

ROOT = Path(__file__).parents[3]
REGRESSIONS = ROOT / "tests" / "regressions" / "x12"
OWN = sorted(each for each in OWN_MAPS.glob("*.xml") if each.name != "maps.xml")
FILES = {
    "270": (Path(__file__).parent / "270.edi").read_bytes(),
    "271": (GOLDEN / "271-rich.edi").read_bytes(),
    "276": (Path(__file__).parent / "276.edi").read_bytes(),
    "277": (Path(__file__).parent / "277.edi").read_bytes(),
    "837D": (Path(__file__).parent / "837d.edi").read_bytes(),
    "837P A2": upload(batch(claim())).replace(b"005010X222A1", b"005010X222A2"),
}
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the files of others are not here")
#: By kind of file: what is damaged, and what is then found.
WRONG = [
    ("270", b"HL*3*2*22*0", b"HL*3*2*24*0", "GUIDE-SEGMENT-1", ("HL", 0, "2100B")),
    ("270", b"NM1*PR*2*", b"NM1*QQ*2*", "GUIDE-SEGMENT-1", ("NM1", 0, "2000A")),
    ("270", b"EQ*30^98", b"EQ*30^Z9", "GUIDE-ELEMENT-7", ("EQ", 1, "2110C")),
    ("270", b"DMG*D8*19800229", b"DMG*D8*19800230", "GUIDE-ELEMENT-8", ("DMG", 2, "2100C")),
    ("270", b"BHT*0022*13", b"BHT*0022*11", "GUIDE-ELEMENT-7", ("BHT", 2, "HEADER")),
    ("271", b"BHT*0022*11", b"BHT*0022*12", "GUIDE-ELEMENT-7", ("BHT", 2, "HEADER")),
    ("271", b"NM1*IL*1*", b"NM1*IL*2*", "GUIDE-ELEMENT-7", ("NM1", 2, "2100C")),
    ("276", b"TRN*1*ASK0001A~\n", b"", "GUIDE-SEGMENT-1", ("REF", 0, "2100D")),
    ("276", b"SVC*HC:99213:25*100*", b"SVC*HC:99213:25**", "GUIDE-ELEMENT-1", ("SVC", 2, "2210D")),
    ("276", b"DMG*D8*20150704*M~\n", b"", "GUIDE-SEGMENT-3", ("DMG", 0, "2000E")),
    ("277", b"*08*", b"*09*", "GUIDE-ELEMENT-7", ("BHT", 2, "HEADER")),
    ("277", b"STC*F1:65*20260228*", b"STC*F1*20260228*", "GUIDE-ELEMENT-1", ("STC", 1, "2200D")),
    ("837D", b"TOO*JP*12*M:O", b"TOO*JP*12*M:X", "GUIDE-ELEMENT-7", ("TOO", 3, "2400")),
    ("837D", b"SV3*AD:D2150*100*", b"SV3*AD:D2150**", "GUIDE-ELEMENT-1", ("SV3", 2, "2400")),
    ("837D", b"LX*2~\n", b"", "GUIDE-SEGMENT-1", ("SV3", 0, "2400")),
    ("837D", b"**11:B:1*", b"**ZZ:B:1*", "GUIDE-ELEMENT-7", ("CLM", 5, "2300")),
    ("837P A2", b"*Y*A*Y*Y~", b"*Y*D*Y*Y~", "GUIDE-ELEMENT-7", ("CLM", 7, "2300")),
]  # fmt: skip


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_a_map_has_the_format_of_pyx12(path: Path) -> None:
    etree.XMLSchema(etree.parse(_theirs() / "map.xsd")).assertValid(etree.parse(path))


def test_the_maps_are_those_that_their_texts_make() -> None:
    script = ROOT / "scripts" / "make_maps.py"
    subprocess.run([sys.executable, str(script), "--check"], check=True)


@pytest.mark.parametrize("kind", FILES)
def test_a_legal_file_has_no_finding(kind: str) -> None:
    assert validate_guides(FILES[kind]) == ()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.edi")), ids=lambda path: path.stem)
def test_every_golden_file_is_legal(path: Path) -> None:
    assert validate_guides(path.read_bytes()) == ()


def test_a_spend_down_is_asked_of_a_subscriber_only() -> None:
    """The golden 270 once had AMT in 2110D. No other description of the 270 has it there."""
    body = (REGRESSIONS / "a-spend-down-of-a-dependent.edi").read_bytes()
    found = [(each.code, *_place(each)) for each in validate_guides(body)]
    assert found == [("GUIDE-SEGMENT-1", "AMT", 0, "2110D")] * 2
    for around in sets_of(body):
        assert_same_verdict(around)


#: Whose secondary numbers may be what in 837D, as 837P and 837I have it.
NUMBERS = [
    ("2310A", "NM1*DN*1*A~", ("0B", "1G", "G2"), "LU"),
    ("2310C", "NM1*77*2*A~N3*1 A~N4*AUSTIN*TX*787011234~", ("0B", "G2", "LU"), "1G"),
]


@pytest.mark.parametrize(("loop", "begins", "legal", "illegal"), NUMBERS)
def test_a_secondary_number_of_a_dental_provider_has_a_kind(
    loop: str, begins: str, legal: tuple[str, ...], illegal: str
) -> None:
    for kind in (*legal, illegal):
        body = FILES["837D"].replace(b"LX*1~", f"{begins}REF*{kind}*7~LX*1~".encode(), 1)
        found = {(each.code, each.place.loop) for each in validate_guides(body)}
        assert (("GUIDE-SEGMENT-1", loop) in found or ("GUIDE-ELEMENT-7", loop) in found) == (
            kind == illegal
        ), (kind, found)
        for around in sets_of(body):
            assert_same_verdict(around)


@pytest.mark.parametrize("code", ["77", "B2", "CA", "CE", "CJ", "30", "UC"])
def test_every_service_type_of_x12_may_be_asked_and_told(code: str) -> None:
    """pyx12's own list lacks some of them."""
    for kind, old, new in (
        ("270", b"EQ*30^98", f"EQ*30^{code}"),
        ("271", b"EB*1**30*", f"EB*1**{code}*"),
    ):
        assert old in FILES[kind]
        body = FILES[kind].replace(old, new.encode())
        assert validate_guides(body) == ()
        for around in sets_of(body):
            assert_same_verdict(around)


@pytest.mark.parametrize(("kind", "old", "new", "code", "place"), WRONG)
def test_what_is_wrong_is_found_where_it_is(
    kind: str, old: bytes, new: bytes, code: str, place: tuple[str, int, str]
) -> None:
    assert old in FILES[kind]
    body = FILES[kind].replace(old, new, 1)
    places = [(each.code, *_place(each)) for each in validate_guides(body)]
    assert (code, *place) in places
    for around in sets_of(body):
        assert_same_verdict(around)


def test_the_version_of_the_group_decides_before_that_of_the_set() -> None:
    """Mutant 1583: pyx12 was given the map of ST03, since only we had one of GS08."""
    body = FILES["837D"].replace(b"0001*005010X224A2", b"0001*005010X222A1")
    (found,) = validate_guides(body)
    assert (found.place.segment_id, found.place.element) == ("ST", 3)
    for around in sets_of(body):
        assert_same_verdict(around)


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "837P A2"])
def test_pyx12_takes_the_map_by_map_path(kind: str, tmp_path: Path) -> None:
    """Stock pyx12 judges whole files by our map: legal ones, and one that it forbids."""
    folder = _map_path(tmp_path)
    golden = {
        "837D": "837d-whole.edi",
        "276": "276-three-claims.edi",
        "277": "277-three-claims.edi",
    }
    legal = [FILES[kind], *((GOLDEN / name).read_bytes() for name in [golden.get(kind)] if name)]
    _, old, new, *_ = next(each for each in WRONG if each[0] == kind)
    for body, is_legal in (
        *((each, True) for each in legal),
        (FILES[kind].replace(old, new), False),
    ):
        sole = re.sub(rb"\^\w+", b"", body)  # Stock pyx12 knows no repetitions.
        source = io.StringIO(sole.decode())
        assert x12n_document(ParamsBase(), source, None, None, map_path=str(folder)) == is_legal


@needs_corpus
@pytest.mark.parametrize("kind", ["270", "271", "276", "277", "837D"])
def test_every_good_file_of_others_is_legal(kind: str) -> None:
    judged = 0
    for row in (CORPUS / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, file_type, version, *rest = row.split("\t")
        if file_type == kind and version.startswith("005010") and rest[9] == "good":
            if name not in KNOWN:
                assert validate_guides((CORPUS / name).read_bytes()) == (), name
            judged += 1
    assert judged


#: Files that their index calls good and whose content the guide forbids, with the reason.
KNOWN = {
    "271-oopfactory-5010-example-3-1-3.edi": "its delimiters clash: it is not read",
    "271-edinet-x12.issue88.edi": "a birth date that is no date",
    **dict.fromkeys(
        (
            "271-kartik-271-active-response.edi",
            "271-kartik-271-ls-le-wrapper.edi",
            "271-kartik-271-multiple-eb-segments.edi",
            "271-kartik-271-rejected-subscriber.edi",
        ),
        "GS01 says HS, an inquiry",
    ),
}


def _place(finding: Finding) -> tuple[str, int, str]:
    return finding.place.segment_id, finding.place.element, finding.place.loop


def _theirs() -> Path:
    spec = find_spec("pyx12")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "map"


def _map_path(folder: Path) -> Path:
    """A folder as `map_path` wants it: their lists and control maps, both indexes in one, ours."""
    for name in ("codes.xml", "dataele.xml", "x12.control.00401.xml", "x12.control.00501.xml"):
        shutil.copy(_theirs() / name, folder)
    for path in OWN:
        shutil.copy(path, folder)
    index = etree.parse(_theirs() / "maps.xml")
    for version in etree.parse(OWN_MAPS / "maps.xml").iter("version"):
        index.getroot().append(version)
    index.write(folder / "maps.xml", xml_declaration=True, encoding="utf-8")
    return folder
