"""Our 999 for every transaction: what is right is accepted, sets and groups in error are told."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi.acknowledgment_999 import Context, write_999
from edi.delimiters import STANDARD
from edi.guides import Guide
from edi.reader import read_interchanges
from edi.writer import write_interchange
from tests.edi.acknowledging import (
    BODIES,
    acknowledged,
    answer,
    found,
    joined,
    lines,
    numbered,
    of_every_kind,
    rejected,
    with_element,
)
from tests.edi.x12_texts import envelope

EXPECTED = Path(__file__).parents[3] / "shared" / "data" / "x12" / "expected"


@of_every_kind
def test_what_is_legal_is_accepted(kind: str) -> None:
    said = answer(BODIES[kind])
    (verdict,) = said.sets
    assert (verdict.set_id, verdict.control_number) == (kind[:3], "0001")
    assert (verdict.code, verdict.reasons, verdict.errors) == ("A", (), ())
    assert (said.code, said.sets_included, said.sets_received, said.sets_accepted) == ("A", 1, 1, 1)
    assert said.reasons == ()


SETS: dict[str, tuple[str, Callable[[str], bool] | None, tuple[str, int, str] | None]] = {
    "2 without SE": ("2", lambda each: not each.startswith("SE*"), None),
    "3 another number": ("3", None, ("SE", 2, "0009")),
    "4 a wrong count": ("4", None, ("SE", 1, "7")),
}


@of_every_kind
@pytest.mark.parametrize(("reason", "keeps", "change"), SETS.values(), ids=SETS)
def test_an_envelope_in_error_has_its_reason(
    kind: str,
    reason: str,
    keeps: Callable[[str], bool] | None,
    change: tuple[str, int, str] | None,
) -> None:
    segments = lines(BODIES[kind])
    if change:
        segment_id, element, value = change
        with_element(segments, found(segments, segment_id), element, value)
    segments = [each for each in segments if keeps is None or keeps(each)]
    (verdict,) = answer(joined(segments)).sets
    assert (verdict.code, verdict.reasons, verdict.errors) == ("R", (reason,), ())


@of_every_kind
def test_a_control_number_that_is_none_is_7(kind: str) -> None:
    segments = lines(BODIES[kind])
    with_element(segments, found(segments, "ST"), 2, "0001 ")
    (verdict,) = answer(joined(segments)).sets
    assert (verdict.control_number, verdict.reasons) == ("0001", ("3", "7"))
    assert "ST" not in {each.segment_id for each in verdict.errors}


@of_every_kind
def test_two_sets_with_one_number_are_23(kind: str) -> None:
    segments = lines(BODIES[kind])
    first, last = found(segments, "ST"), found(segments, "SE")
    segments[last + 1 : last + 1] = segments[first : last + 1]
    with_element(segments, found(segments, "GE"), 1, "2")
    said = answer(joined(segments))
    assert [(each.code, each.reasons) for each in said.sets] == [("R", ("23",))] * 2
    assert (said.code, said.sets_included, said.sets_accepted, said.reasons) == ("R", 2, 0, ())


@of_every_kind
@pytest.mark.parametrize(
    ("change", "reason", "included"),
    [((1, "3"), "5", 3), ((1, "9" * 5000), "5", 1), ((2, "99"), "4", 1), (None, "3", 1)],
)
def test_a_group_in_error_has_its_reason(
    kind: str, change: tuple[int, str] | None, reason: str, included: int
) -> None:
    segments = lines(BODIES[kind])
    if change is None:
        segments = [each for each in segments if not each.startswith("GE*")]
    else:
        with_element(segments, found(segments, "GE"), *change)
    said = answer(joined(segments))
    assert (said.code, said.reasons) == ("E", (reason,))
    assert (said.sets_included, said.sets_received, said.sets_accepted) == (included, 1, 1)


UNITS = {
    "837P": Context(name="CLM01", value="PCN1"),
    "837I": Context(name="CLM01", value="PCN3"),
    "837D": Context(name="CLM01", value="PCN4"),
    "835": Context(name="TRN02", value="0012524965"),
    "270": Context(name="TRN02", value="CHECK2"),
    "271": None,
    "276": Context(name="TRN02", value="ASK0001C"),
    "277": Context(name="TRN02", value="ASK0001C"),
    "277CA": None,
}


@pytest.mark.parametrize(("kind", "unit"), [each for each in UNITS.items() if each[1]])
def test_an_error_names_the_claim_or_inquiry_of_its_sender(kind: str, unit: Context) -> None:
    segments = lines(BODIES[kind])
    at = max(n for n, each in enumerate(segments) if each.startswith(("CLP*", "DTP*", "LX*")))
    segments.insert(at + 1, "ZZZ*1")
    (wrong,) = [each for each in rejected(numbered(segments)) if each.segment_id == "ZZZ"]
    assert wrong.contexts == (unit,)


def test_a_level_that_names_nothing_yet_has_no_context() -> None:
    segments = lines(BODIES["276"])
    at = max(n for n, each in enumerate(segments) if each.startswith("HL*"))
    segments.insert(at + 1, "ZZZ*1")
    (wrong,) = [each for each in rejected(numbered(segments)) if each.segment_id == "ZZZ"]
    assert wrong.contexts == ()


def test_a_number_that_x12_could_not_carry_back_is_left_out() -> None:
    segments = lines(BODIES["837P"])
    with_element(segments, found(segments, "CLM"), 1, "PCN\u00e9")
    body = "".join(f"{each}~\n" for each in segments).encode("latin-1")
    errors = answer(body).sets[0].errors
    assert errors == () or all(each.contexts == () for each in errors)


@pytest.mark.parametrize(
    ("guide", "set_id", "functional_id", "reason"),
    [
        ("005010X217", "278", "HI", "1"),
        ("005010X298", "837", "HC", "I6"),
        ("005010X222", "837", "HC", ""),
    ],
)
def test_what_nothing_could_be_checked_of_is_not_accepted(
    guide: str, set_id: str, functional_id: str, reason: str
) -> None:
    body = (
        BODIES["837P"]
        .replace(b"005010X222A1", guide.encode())
        .replace(b"ST*837*", f"ST*{set_id}*".encode())
        .replace(b"GS*HC*", f"GS*{functional_id}*".encode())
    )
    (verdict,) = answer(body).sets
    assert (verdict.code, verdict.reasons) == (("R", (reason,)) if reason else ("A", ()))


def test_the_numbers_and_the_moment_are_the_callers() -> None:
    writer = write_999(answer(BODIES["835"]), STANDARD)
    around = envelope(Guide.ACKNOWLEDGMENT, 4711)
    body = write_interchange(around, [("999", writer)])
    assert around.written_at < datetime.now(UTC)
    assert b"*000004711*" in body
    assert b"IEA*1*000004711~" in body


#: How our 999 differs from the 997 or 999 that pyx12's repository expects, and why.
DIFFERENT = {
    "278-pyx12-mult-isa": "a missing segment is said to be missing where it should stand (theirs: "
    "before that); pyx12 4.0 and we also find the code 18 in BHT02; of groups that have no map "
    "they say nothing",
    "278-pyx12-multiple-trn": "likewise",
    "837I-pyx12-ele": "ST02 ends with a blank, which is wrong (7) and another number than SE02 (3) "
    "in both; the 1 of AK905 says that the group is not supported, which it is",
    "837P-pyx12-837miss": "without SE and GE they count no set; we count the one that began, and "
    "say what it lacks",
    "837P-pyx12-fail-no-iea": "a missing segment is said to be missing where it should stand",
    "837P-pyx12-simple1": "likewise",
}


def their_lines(text: str) -> list[list[str]]:
    """AK and IK lines in the words of the 999, without the versions and values only one has."""
    said = []
    for each in text.replace("\n", "").replace("\r", "").split("~"):
        elements = each.split("*")
        name = {"AK3": "IK3", "AK4": "IK4", "AK5": "IK5"}.get(elements[0], elements[0])
        size = {"AK1": 3, "AK2": 3, "IK4": 4}.get(name)
        if name[:2] in {"AK", "IK"}:
            said.append([name, *elements[1:size]])
    return said


@pytest.mark.skipif(not EXPECTED.exists(), reason="the files of others are not here")
def test_the_pairs_of_pyx12_agree_or_are_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text(encoding="utf-8")
    for path in sorted(EXPECTED.iterdir()):
        body = (EXPECTED.parent / f"{path.stem}.edi").read_bytes()
        ours = [
            line
            for interchange in read_interchanges(body)
            for group in interchange.groups
            for line in their_lines(
                "~".join(write_999(acknowledged(group, interchange), STANDARD).segments())
            )
        ]
        theirs = their_lines(path.read_text(encoding="utf-8"))
        assert (ours == theirs) == (path.stem not in DIFFERENT), f"{path.name}: {ours} {theirs}"
        assert f"`{path.name}`" in page
