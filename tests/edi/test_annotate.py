"""The annotation of any file: every byte has a place, and the masked form names nobody."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from edi.annotation import Annotated, annotate, index_segments, loop_words, window
from edi.annotation.codes import decode
from edi.annotation.pins import (
    element_error_words,
    place_of_status,
    segment_error_words,
    status_words,
)
from edi.delimiters import STANDARD
from edi.findings import ReadError
from edi.reader import read_interchanges
from tests.claims import CHILD, SUBSCRIBER, batch, claim, upload
from tests.edi.claims_837 import WHOLE
from tests.edi.test_corpus_answers import CORPUS
from tests.edi.x12_texts import GOLDEN

CLAIM_FILE = upload(batch(claim(), claim(patient=CHILD)))
GUIDE_FILES = Path(__file__).parent / "guide"
ODD = replace(
    STANDARD, element="|", component="\x1d", repetition="\x1e", terminator="'", line_end="\r\n"
)
SAMPLES = {
    "837": CLAIM_FILE,
    "837-whole": upload(batch(WHOLE)),
    "837-odd": upload(batch(claim(), WHOLE), delimiters=ODD),
    **{each.name: each.read_bytes() for each in sorted(GOLDEN.iterdir())},
    **{f"guide-{each.name}": each.read_bytes() for each in sorted(GUIDE_FILES.glob("*.edi"))},
}
CORPUS_FILES = sorted(each for each in CORPUS.glob("*") if each.is_file())
PUBLIC = {"SPRINGFIELD"}  #: Where the practice is, too.
PATIENTS = {"IL", "QC", "03", "74"}


def masked(annotated: Annotated) -> str:
    """Everything that somebody sees who may not see patients."""
    shown = [segment.masked_text for segment in annotated.segments]
    shown += [each.shown for segment in annotated.segments for each in segment.elements]
    shown += [segment.gloss for segment in annotated.segments]
    shown += [loop_words(loop) for loop in annotated.index.loops]
    return "\n".join(shown)


def private_places(body: bytes) -> dict[tuple[int, int], str]:
    """Names, member ids, streets and birth dates of patients, by offset of the segment and element.

    Found by the reader, without the annotation.
    """
    found: dict[tuple[int, int], str] = {}
    for interchange in read_interchanges(body):
        for transaction_set in interchange.sets():
            entity = ""
            for segment in transaction_set.segments:
                if segment.id in {"HL", "CLM", "CLP", "LX", "SBR", "EB"}:
                    entity = ""
                if segment.id in {"NM1", "N1"}:
                    entity = segment.get(1)
                elements: tuple[int, ...] = ()
                if entity in PATIENTS:
                    elements = {"NM1": (3, 4, 5, 9), "N3": (1, 2), "N4": (1, 3)}.get(segment.id, ())
                if segment.id == "DMG":
                    elements = (2,)
                found |= {
                    (segment.offset, each): segment.get(each)
                    for each in elements
                    if segment.get(each).strip()
                }
    return found


def assert_covered(body: bytes, annotated: Annotated) -> None:
    """Fail where a byte belongs to no segment, or to two."""
    at = 0
    for segment in annotated.segments:
        assert segment.start == at
        at = segment.end
        assert segment.text.encode("latin-1") in body[segment.start : segment.end]
    assert at == len(body)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_byte_stands_in_one_segment(name: str) -> None:
    body = SAMPLES[name]
    annotated = annotate(body)
    assert_covered(body, annotated)
    assert not annotated.index.findings
    assert all(each.is_placed for each in annotated.segments)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_masked_form_names_no_patient(name: str) -> None:
    text = masked(annotate(SAMPLES[name]))
    assert "canary" not in text.lower()
    for value in {*private_places(SAMPLES[name]).values(), SUBSCRIBER.member_id}:
        # Shorter ones stand in other words too, as the state IL does.
        assert len(value) < 6 or value in PUBLIC or value not in text


@pytest.mark.skipif(not CORPUS_FILES, reason="the corpus does not lie beside the repository")
@pytest.mark.parametrize("path", CORPUS_FILES, ids=lambda path: path.name)
def test_real_files_are_covered_and_masked(path: Path) -> None:
    body = path.read_bytes()
    annotated = annotate(body)
    assert_covered(body, annotated)
    shown = {
        (annotated.index.starts[segment.number - 1], each.element): each
        for segment in annotated.segments
        for each in segment.elements
    }
    try:
        private = private_places(body)
    except ReadError:
        assert annotated.index.findings  # It says where reading stopped.
        return
    for place in private:
        assert shown[place].is_private
        assert "•" in shown[place].shown


def test_damaged_files_are_covered_and_masked() -> None:
    chance = random.Random(4)
    noise = b"*~:^\n\r AZ09.-\x00\xff"
    for name in ("837-whole", "837d-whole.edi", "271-rich.edi", "835-two-claims.edi"):
        for _ in range(60):
            body = bytearray(SAMPLES[name])
            for _ in range(chance.randrange(1, 6)):
                at = chance.randrange(len(body))
                match chance.randrange(3):
                    case 0:
                        body[at] = chance.choice(noise)
                    case 1:
                        del body[at : at + chance.randrange(1, 200)]
                    case _:
                        body[at:at] = bytes(chance.choice(noise) for _ in range(3))
            annotated = annotate(bytes(body))
            assert_covered(bytes(body), annotated)
            text = masked(annotated).lower()
            assert "canary" not in text, [each for each in text.split("\n") if "canary" in each]


@pytest.mark.parametrize(
    "body", [b"", b"CANARY ADA", b"ISA*00*CANARY~", b"\xef\xbb\xbf \r\n", b"\x00" * 40_000]
)
def test_what_is_no_x12_is_shown_as_bytes(body: bytes) -> None:
    annotated = annotate(body)
    assert_covered(body, annotated)
    assert "canary" not in masked(annotated).lower()
    assert annotated.index.findings or not body


def test_a_claim_file_has_loops_names_and_meanings() -> None:
    annotated = annotate(CLAIM_FILE)
    loops = annotated.index.loops
    by_id = {each.id: each for each in reversed(annotated.segments)}
    subscriber = next(each for each in annotated.segments if each.gloss == "Who is insured")
    assert loop_words(loops[subscriber.loop]) == "Subscriber"
    assert loops[subscriber.loop].id == "2010BA"
    member = next(each for each in subscriber.elements if each.position == "NM109")
    assert (member.name, member.is_private, member.shown) == (
        "Subscriber Primary Identifier", True, "••••",
    )  # fmt: skip
    assert [each.shown for each in subscriber.elements[:3]] == ["IL", "1", "CA••••"]
    assert subscriber.elements[0].meaning == "The insured person"
    assert by_id["SV1"].gloss == "Service, 125.00"
    assert by_id["DTP"].elements[2].meaning.startswith("2026-")
    words = [loop_words(each) for each in loops]
    assert words[2] == "Set 0001, 837P"
    assert [number for _, number in annotated.index.claims] == [
        each.number for each in annotated.segments if each.id == "CLM"
    ]


@pytest.mark.parametrize(
    ("status", "entity", "segment_id", "element"),
    [
        ("535", "", "CLM", 5),  # Claim frequency.
        ("500", "85", "N4", 3),  # ZIP code of the billing provider.
        ("132", "85", "REF", 2),
        ("562", "85", "NM1", 9),
        ("481", "", "CLM", 0),  # The format of the claim: no one place.
        ("122", "", "CLM", 0),
        ("673", "", "CLM", 0),  # Patient reason for visit, which an 837P has not.
    ],
)
def test_a_status_is_pinned_to_what_it_is_about(
    status: str, entity: str, segment_id: str, element: int
) -> None:
    annotated = annotate(CLAIM_FILE)
    _, claim_number = annotated.index.claims[0]
    pinned = place_of_status(annotated.index, claim_number, status, entity)
    segment = annotated.segments[pinned.segment - 1]
    assert (segment.id, pinned.element) == (segment_id, element)


def test_statuses_and_errors_are_told_as_their_lists_have_them() -> None:
    assert status_words("A7", "535") == "The claim frequency is missing or wrong"
    assert status_words("A7", "481") == status_words("A7", "999")
    assert element_error_words("I13").startswith("The guide does not use it")
    assert segment_error_words("I9").startswith("The guide does not use it")
    assert decode("EB01", "8", "ID").startswith("Inactive")
    body = SAMPLES["837d-whole.edi"].replace(b"SBR*P*", b"NM1*DD*1*HARBOR*DORA~SBR*P*", 1)
    assert "Assistant surgeon" in [loop_words(each) for each in annotate(body).index.loops]


def test_an_unknown_segment_is_hidden_and_said_to_have_no_place() -> None:
    body = CLAIM_FILE.replace(b"CLM*", b"ZZZ*CANARY*1~CLM*", 1)
    stray = next(each for each in annotate(body).segments if each.id == "ZZZ")
    assert not stray.is_placed
    assert stray.masked_text == "ZZZ*••••*••••"


def test_a_value_in_the_place_of_a_segment_id_is_hidden() -> None:
    body = CLAIM_FILE.replace(b"CLM*", b"CANARY ADA*1~CLM*", 1)
    assert "CANARY" not in masked(annotate(body))


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("837i-whole.edi", "SV2*0450*HC:99213:::::CANARY*100*UN*1~"),
        ("837-whole", "SV1*HC:99213:::::CANARY*100*UN*1***1~"),
        ("270-subscriber-and-dependent.edi", "EQ**HC:99213:::::CANARY~"),
        ("271-rich.edi", "EB*1*IND*30**********HC:99213:::::CANARY~"),
    ],
)
def test_the_description_of_a_procedure_is_hidden_though_it_is_one_word(
    name: str, segment: str
) -> None:
    segment_id = segment.split("*", 1)[0].encode()
    body = SAMPLES[name].replace(segment_id + b"*", segment.encode() + segment_id + b"*", 1)
    assert "CANARY" not in masked(annotate(body))


def test_segments_are_numbered_and_placed_as_the_reader_does() -> None:
    for body in SAMPLES.values():
        annotated = annotate(body)
        by_start = {annotated.index.starts[each.number - 1]: each for each in annotated.segments}
        for interchange in read_interchanges(body):
            for transaction_set in interchange.sets():
                for segment in transaction_set.segments:
                    assert by_start[segment.offset].id == segment.id


def test_a_window_equals_the_same_part_of_the_whole() -> None:
    body = SAMPLES["837-odd"]
    index = index_segments(body)
    whole = annotate(body).segments
    assert tuple(window(index, lambda a, b: body[a:b], first=11, limit=7)) == whole[10:17]
    assert tuple(window(index, lambda a, b: body[a:b], first=len(whole) + 1, limit=7)) == ()
