"""Both roads agree: our readers and pyx12 find the same segments, loops, values and verdicts."""

import io
import json
import logging
from collections import Counter
from dataclasses import replace

import pytest
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from edi import pyx12_reader
from edi.findings import Finding, Severity
from edi.pyx12_reader import read_segments
from edi.pyx12_validator import validate_with_pyx12
from tests.edi.agreement import assert_both_roads_agree
from tests.edi.x12_texts import GOLDEN, sole_set

GOLDEN_835 = (GOLDEN / "835-two-claims.edi").read_bytes()
GOLDEN_999 = (GOLDEN / "999-partial.edi").read_bytes()


def findings(body: bytes) -> tuple[Finding, ...]:
    return validate_with_pyx12(*sole_set(body))


def codes(body: bytes) -> list[str]:
    return [finding.code for finding in findings(body)]


def changed(old: bytes, new: bytes, body: bytes = GOLDEN_835) -> bytes:
    """The file with one text replaced and SE01 as it then has to be."""
    assert old in body
    lines = body.replace(old, new).splitlines(keepends=True)
    first = next(at for at, line in enumerate(lines) if line.startswith(b"ST*"))
    last = next(at for at, line in enumerate(lines) if line.startswith(b"SE*"))
    lines[last] = b"SE*%d*0001~\n" % (last - first + 1)
    return b"".join(lines)


@pytest.mark.parametrize("body", [GOLDEN_835, GOLDEN_999])
def test_golden_files_are_legal(body: bytes) -> None:
    assert findings(body) == ()


@pytest.mark.parametrize("body", [GOLDEN_835, GOLDEN_999])
def test_both_roads_agree(body: bytes) -> None:
    assert_both_roads_agree(*sole_set(body))


WRONG = {
    "code": (b"*CANARY*CARL", b"*CANARY*CARL*\x01CANARY"),
    "missing segment": (b"PER*BL*HELP DESK*TE*8005551212~\n", b""),
    "missing element": (b"CLP*PCN0001*1*200", b"CLP**1*200"),
    "too long": (b"CLP*PCN0001", b"CLP*CANARY" + b"9" * 40),
    "unknown segment": (b"LX*1~\n", b"LX*1~\nZZZ*CANARY~\n"),
    "too many segments": (b"DTM*050*20260215~\n", b"DTM*050*20260215~\n" * 2),
    "not a code": (b"CLP*PCN0001*1*", b"CLP*PCN0001*CANARY*"),
    "not a date": (b"DTM*232*20260210", b"DTM*232*2026CANARY"),
    "too many elements": (b"REF*6R*L1~", b"REF*6R*L1*CANARY*CANARY*CANARY~"),
    "pair of elements": (b"*W000000009~", b"~"),
    "trailing elements": (b"REF*6R*L1~", b"REF*6R*L1**~"),
    "not used": (b"*MI*W000000001~", b"*MI*W000000001*CANARY~"),
    "bad remark": (b"LQ*HE*N130", b"LQ*XX*CANARY"),
    "hidden spaces": (b"N1*PR*SUNRISE HEALTH PLAN", b"N1*PR*SUNRISE HEALTH PLAN CANARY  "),
}


@pytest.mark.parametrize(("old", "new"), WRONG.values(), ids=WRONG.keys())
def test_verdict_is_that_of_pyx12_itself(old: bytes, new: bytes) -> None:
    """Errors that pyx12 has no element for are code 8 to it; we keep their own code."""
    body = changed(old, new)
    parameters = ParamsBase()
    parameters.set("exclude_external_codes", "remark_code,claim_status,claim_status_cat")
    out = io.StringIO()
    source = io.StringIO(body.decode())
    assert not x12n_document(parameters, source, None, None, fd_json=out)
    theirs: Counter[tuple[int, str]] = Counter()
    for found in json.loads(out.getvalue())["interchanges"][0]["groups"][0]["transactions"][0][
        "segments"
    ]:
        line = found["cur_line"]
        theirs.update((line, each["err_cde"]) for each in found["errors"])
        for element in found["elements"]:
            theirs.update((line, each["err_cde"]) for each in element["errors"])
    ours = Counter(
        (finding.place.segment_number, finding.code.rpartition("-")[2])
        for finding in findings(body)
    )
    assert ours.total() > 0
    homeless = Counter({key: n for key, n in theirs.items() if key[1] == "8" and key not in ours})
    assert theirs - homeless == ours - (ours - theirs)
    assert (ours - theirs).total() == homeless.total()


@pytest.mark.parametrize(("old", "new"), WRONG.values(), ids=WRONG.keys())
def test_no_value_reaches_a_finding_or_a_log(
    old: bytes, new: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.NOTSET)
    found = findings(changed(old, new))
    assert found
    assert "CANARY" not in repr(found)
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("name", "code", "segment_id", "element", "loop"),
    [
        ("missing segment", "PYX12-SEGMENT-3", "PER", 0, "1000A"),
        ("missing element", "PYX12-ELEMENT-1", "CLP", 1, "2100"),
        ("unknown segment", "PYX12-SEGMENT-1", "ZZZ", 0, "2000"),
        ("too many segments", "PYX12-SEGMENT-5", "DTM", 0, "2100"),
        ("not a code", "PYX12-ELEMENT-7", "CLP", 2, "2100"),
        ("not a date", "PYX12-ELEMENT-8", "DTM", 2, "2100"),
        ("too many elements", "PYX12-ELEMENT-3", "REF", 5, "2110"),
        ("pair of elements", "PYX12-ELEMENT-2", "NM1", 8, "2100"),
    ],
)
def test_a_finding_has_its_place(
    name: str, code: str, segment_id: str, element: int, loop: str
) -> None:
    body = changed(*WRONG[name])
    finding = next(each for each in findings(body) if each.code == code)
    place = finding.place
    assert (place.segment_id, place.element, place.loop) == (segment_id, element, loop)
    assert (place.transaction_set, finding.severity) == ("0001", Severity.ERROR)
    if code != "PYX12-SEGMENT-3":  # A missing segment is placed where it was noticed.
        line = body.split(b"~")[place.segment_number - 1].strip()
        assert line.startswith(segment_id.encode() + b"*")
        assert body[place.byte_offset :].startswith(line)


def test_too_many_components_do_not_stop_the_service() -> None:
    body = changed(b"SVC*HC:99213:25*", b"SVC*HC:99213:25:::::CANARY:::::CANARY*")
    (finding,) = findings(body)  # pyx12 raises IndexError here.
    assert finding.code == "PYX12-UNFINISHED"
    assert finding.place.segment_id == "SVC"
    assert "CANARY" not in repr(finding)


def test_a_guide_without_a_map_is_a_note() -> None:
    transaction_set, group, interchange = sole_set(GOLDEN_835)
    other = replace(group, version="005010X999")
    (finding,) = validate_with_pyx12(
        replace(transaction_set, version="005010X999"), other, interchange
    )
    assert (finding.code, finding.severity) == ("PYX12-NO-MAP", Severity.NOTE)
    (finding,) = validate_with_pyx12(transaction_set, group, replace(interchange, version="00200"))
    assert finding.code == "PYX12-NO-MAP"


def test_what_its_tokeniser_would_lose_is_still_seen() -> None:
    empty = GOLDEN_835.replace(b"LX*1~\n", b"LX*1~~\n")
    assert findings(empty) == ()
    long = changed(b"HELP DESK", b"CANARY" * 2700)  # Over 16,000 bytes.
    assert codes(long) == ["PYX12-ELEMENT-5"]


def test_a_set_without_se_is_validated_to_its_end() -> None:
    cut = GOLDEN_835[: GOLDEN_835.index(b"N1*PE")]
    missing = [each for each in findings(cut) if each.code == "PYX12-SEGMENT-3"]
    assert "N1" in [each.place.segment_id for each in missing]
    assert {each.place.segment_number for each in missing} == {12}


@pytest.mark.parametrize(("count", "expected"), [(1, []), (10, []), (11, ["PYX12-REPETITION"])])
def test_repetitions_are_counted(count: int, expected: list[str]) -> None:
    trigger = b"SITUATIONAL TRIGGER"
    many = b"^".join([trigger] * count)
    assert codes(changed(trigger, many, GOLDEN_999)) == expected


def test_each_repetition_is_checked() -> None:
    assert codes(changed(b"LQ*HE*", b"LQ*HE^CAN*")) == ["PYX12-ELEMENT-7", "PYX12-REPETITION"]


def test_delimiters_in_the_data_are_none_of_ours() -> None:
    """A file that uses other delimiters may hold ours as data."""
    swapped = GOLDEN_835.translate(bytes.maketrans(b"*:^~", b"|\x1d!\x1c"))
    swapped = swapped.replace(b"HELP DESK", b"HELP*DE:S")
    transaction_set, group, interchange = sole_set(swapped)
    assert validate_with_pyx12(transaction_set, group, interchange) == ()
    assert_both_roads_agree(transaction_set, group, interchange)


def test_a_map_is_loaded_once() -> None:
    findings(GOLDEN_835)
    loaded = pyx12_reader._load.cache_info().misses
    findings(GOLDEN_835)
    list(read_segments(*sole_set(GOLDEN_835)))
    assert pyx12_reader._load.cache_info().misses == loaded


def test_a_verdict_does_not_depend_on_the_one_before() -> None:
    bad = changed(*WRONG["missing segment"])
    first = findings(bad)
    assert findings(GOLDEN_835) == ()
    assert findings(bad) == first
