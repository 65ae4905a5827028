"""What the viewer calls segments, elements and loops: the words of the guide of each file."""

import pytest

from edi.annotation import annotate, loop_words
from tests.edi.test_annotate import SAMPLES


@pytest.mark.parametrize(
    ("name", "segment_id", "loop", "position", "named"),
    [
        ("270-subscriber-and-dependent.edi", "EQ", "2110C", "EQ05-1", "Diagnosis Code Pointer"),
        ("271-rich.edi", "EB", "2110C", "EB14-1", "Diagnosis Code Pointer"),
        ("276-three-claims.edi", "SVC", "2210D", "SVC01-8", "Product/Service ID"),
        ("277-three-claims.edi", "STC", "2200D", "STC02", "Date"),
        ("837d-whole.edi", "DN2", "2300", "DN206", "Code List Qualifier Code"),
        ("837d-whole.edi", "HI", "2300", "HI01-2", "Industry Code"),
    ],
)
def test_what_pyx12_has_no_map_for_is_named_by_ours(
    name: str, segment_id: str, loop: str, position: str, named: str
) -> None:
    """None of these elements, or the whole segment, is in the edition before or in pyx12's 277."""
    body = SAMPLES[name].replace(b"SVC*HC:99213:25*", b"SVC*HC:99213:25::::WORDS:99215*")
    annotated = annotate(body)
    assert any(
        (segment.id, annotated.index.loops[segment.loop].id, element.position, element.name)
        == (segment_id, loop, position, named)
        for segment in annotated.segments
        for element in segment.elements
    )


def test_every_element_of_a_legal_file_has_a_name_and_every_loop_words() -> None:
    for name, body in SAMPLES.items():
        annotated = annotate(body)
        unnamed = [
            each.position
            for segment in annotated.segments
            for each in segment.elements
            if not each.name
        ]
        assert unnamed == [], name
        assert not [w for w in map(loop_words, annotated.index.loops) if w.startswith("Loop ")]


def test_what_a_guide_of_ours_does_not_have_is_said_to_have_no_place() -> None:
    body = SAMPLES["837d-whole.edi"].replace(b"LX*1~", b"CRC*07*Y*01~LX*1~", 1)
    stray = next(each for each in annotate(body).segments if each.id == "CRC")
    assert (stray.is_placed, stray.name != "") == (False, True)
    of_another_edition = body.replace(b"005010X224A2", b"004010X097A1")
    assert all(each.is_placed for each in annotate(of_another_edition).segments)


def test_military_service_is_hidden() -> None:
    body = SAMPLES["271-rich.edi"]
    (served,) = (each for each in annotate(body).segments if each.id == "MPI")
    assert served.masked_text == "MPI" + "".join(
        f"*{'••••' * bool(e.value)}" for e in served.elements
    )
    assert all(each.is_private for each in served.elements if each.value)
