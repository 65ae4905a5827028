"""Our 999 for every transaction: segments and elements in error are named where they are."""

import pytest

from tests.edi.acknowledging import (
    BODIES,
    beginning,
    found,
    joined,
    lines,
    numbered,
    of_every_kind,
    position,
    rejected,
    with_element,
)

#: The segment with a procedure or status, and the components that its composite has too many of.
COMPOSITES = {
    "837P": ("SV1", 1), "837I": ("SV2", 2), "837D": ("SV3", 1), "835": ("SVC", 1),
    "270": ("EQ", 2), "271": ("EB", 13), "276": ("SVC", 1), "277": ("SVC", 1), "277CA": ("STC", 1),
}  # fmt: skip


@of_every_kind
def test_a_segment_that_no_guide_has_is_1(kind: str) -> None:
    segments = lines(BODIES[kind])
    at = found(segments, beginning(kind)) + 1
    segments.insert(at, "ZZZ*1")
    (wrong, *_) = rejected(numbered(segments))
    assert (wrong.segment_id, wrong.code) == ("ZZZ", "1")
    assert wrong.position == position(segments, at)


#: A segment that is required, and one that stands once too often, by kind.
REQUIRED = {"837P": "PER", "837I": "PER", "837D": "PER", "835": "TRN"}
AGAIN = {
    "837P": "PER", "837I": "PER", "837D": "PER", "835": "TRN", "270": "N3", "271": "DMG",
    "276": "DMG", "277": "DTP", "277CA": "DTP",
}  # fmt: skip


@of_every_kind
def test_a_required_segment_that_is_missing_is_3(kind: str) -> None:
    segments = lines(BODIES[kind])
    name = REQUIRED.get(kind, "NM1")
    at = found(segments, name)
    del segments[at]
    errors = [(each.segment_id, each.code) for each in rejected(numbered(segments))]
    assert (name, "3") in errors


@of_every_kind
def test_a_loop_that_repeats_too_often_is_4(kind: str) -> None:
    segments = lines(BODIES[kind])
    name = {"835": "N1*PR"}.get(kind, "NM1")
    at = next(n for n, each in enumerate(segments) if each.startswith(name))
    loop = [segments[at]]
    if kind.startswith("837"):
        loop.append(segments[found(segments, "PER")])
    if kind == "835":
        loop += segments[at + 1 : found(segments, "PER") + 1]
    segments[at + len(loop) : at + len(loop)] = loop
    errors = [(each.segment_id, each.code, each.position) for each in rejected(numbered(segments))]
    assert (name.split("*")[0], "4", position(segments, at + len(loop))) in errors


@of_every_kind
def test_a_segment_that_repeats_too_often_is_5(kind: str) -> None:
    segments = lines(BODIES[kind])
    at = found(segments, AGAIN[kind])
    times = 2 if kind.startswith("837") else 1
    segments[at:at] = [segments[at]] * times
    errors = [(each.segment_id, each.code, each.position) for each in rejected(numbered(segments))]
    assert errors == [(AGAIN[kind], "5", position(segments, at + times))]


ELEMENTS: dict[str, tuple[tuple[str, int, str], tuple[str, int, str] | None]] = {
    # IK403: in the transactions with levels, and in the 835; None: it has no such element.
    "1": (("BHT", 2, ""), ("BPR", 3, "")),
    "3": (("BHT", 9, "X"), ("TRN", 9, "X")),
    "4": (("BHT", 5, "1"), ("TRN", 3, "1")),
    "5": (("BHT", 3, "X" * 51), ("TRN", 2, "X" * 51)),
    "6": (("BHT", 3, "BATCH "), ("TRN", 2, "CHECK ")),
    "7": (("BHT", 2, "99"), ("BPR", 3, "Z")),
    "8": (("BHT", 4, "20260231"), ("BPR", 16, "20260231")),
    "9": (("BHT", 5, "2560"), None),
    "10": (("NM1", 6, "DR"), ("N1", 5, "AB")),
    "12": (("BHT", 2, "00^18"), ("N3", 1, "1 MAIN^STREET")),
}
OF_ELEMENTS = [
    (kind, code)
    for kind in BODIES
    for code, (_, of_835) in ELEMENTS.items()
    if kind != "835" or of_835
]


@pytest.mark.parametrize(("kind", "code"), OF_ELEMENTS)
def test_an_element_in_error_has_its_code(kind: str, code: str) -> None:
    of_levels, of_835 = ELEMENTS[code]
    segment_id, element, value = (of_835 or of_levels) if kind == "835" else of_levels
    segments = lines(BODIES[kind])
    at = found(segments, segment_id)
    with_element(segments, at, element, value)
    errors = rejected(joined(segments))
    (wrong,) = [each for each in errors if each.position == position(segments, at)]
    assert (wrong.segment_id, wrong.code) == (segment_id, "8")
    said = {each.code: each for each in wrong.elements}
    assert code in said
    assert all(not each.value for each in wrong.elements)
    if code != "3":  # Behind the last element of the segment there is no data element.
        assert said[code].element == element
        assert said[code].element_reference.isdigit()


@of_every_kind
def test_a_pair_that_is_half_there_is_2(kind: str) -> None:
    segments = lines(BODIES[kind])
    name, qualifier = ("N1*PE", 3) if kind == "835" else ("NM1", 8)
    at = next(n for n, each in enumerate(segments) if each.startswith(name))
    with_element(segments, at, qualifier + 1, "")
    segments[at] = segments[at].rstrip("*")
    errors = rejected(joined(segments))
    assert "2" in {each.code for wrong in errors for each in wrong.elements}


@of_every_kind
def test_a_composite_with_too_many_components_is_3(kind: str) -> None:
    """13 would say it of components; pyx12 and we name the whole element, as too long."""
    segment_id, element = COMPOSITES[kind]
    segments = lines(BODIES[kind])
    at = found(segments, segment_id)
    value = segments[at].split("*")[element] if element < segments[at].count("*") + 1 else "HC:1"
    with_element(segments, at, element, value.ljust(1, "X") + ":X" * 12)
    errors = rejected(joined(segments))
    assert {"3", "13"} & {each.code for wrong in errors for each in wrong.elements}


@pytest.mark.parametrize(
    ("old", "new", "segment_id", "element"),
    [("HL*2*", "HL*9*", "HL", (1, "628")), ("HL*2*1*", "HL*2*7*", "HL", (2, "734"))],
)
def test_a_level_with_a_wrong_number_names_the_number(
    old: str, new: str, segment_id: str, element: tuple[int, str]
) -> None:
    for kind, body in BODIES.items():
        if kind != "835":
            wrong = rejected(body.replace(old.encode(), new.encode(), 1))[0]
            (said,) = wrong.elements
            assert (wrong.segment_id, wrong.code, said.code) == (segment_id, "8", "7"), kind
            assert (said.element, said.element_reference) == element


def test_a_service_line_with_a_wrong_number_names_the_number() -> None:
    (wrong,) = rejected(BODIES["837P"].replace(b"LX*1~", b"LX*7~", 1))[:1]
    (said,) = wrong.elements
    assert (wrong.segment_id, said.element, said.element_reference, said.code) == (
        "LX", 1, "554", "7",
    )  # fmt: skip
