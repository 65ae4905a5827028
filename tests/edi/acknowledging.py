"""A file of every transaction, damaged by hand, and our 999 for it."""

from collections.abc import Sequence

import pytest

from edi.acknowledge_group import acknowledge
from edi.acknowledgment_999 import FunctionalAcknowledgment, SegmentError, read_999, write_999
from edi.delimiters import STANDARD
from edi.envelope import FunctionalGroup, Interchange
from edi.guide import validate_guides, validate_with_guide
from edi.guides import Guide
from edi.reader import read_interchanges
from edi.writer import write_interchange
from tests.edi.x12_texts import GOLDEN, envelope

BODIES = {
    "837P": (GOLDEN / "837p-whole.edi").read_bytes(),
    "837I": (GOLDEN / "837i-whole.edi").read_bytes(),
    "837D": (GOLDEN / "837d-whole.edi").read_bytes(),
    "835": (GOLDEN / "835-two-claims.edi").read_bytes(),
    "270": (GOLDEN / "270-subscriber-and-dependent.edi").read_bytes(),
    "271": (GOLDEN / "271-rich.edi").read_bytes(),
    "276": (GOLDEN / "276-three-claims.edi").read_bytes(),
    "277": (GOLDEN / "277-three-claims.edi").read_bytes(),
    "277CA": (GOLDEN / "277ca-four-claims.edi").read_bytes(),
}
of_every_kind = pytest.mark.parametrize("kind", BODIES)


def answers(body: bytes) -> list[FunctionalAcknowledgment]:
    """Our 999s for a file: each is read back as it was meant, legal, and the same again."""
    found = []
    for interchange in read_interchanges(body):
        for group in interchange.groups:
            answer = acknowledged(group, interchange)
            around = envelope(Guide.ACKNOWLEDGMENT, 8)
            written = write_interchange(around, [("999", write_999(answer, STANDARD))])
            assert written == write_interchange(around, [("999", write_999(answer, STANDARD))])
            (back,) = read_interchanges(written)
            (set_of_999,) = back.sets()
            assert read_999(set_of_999) == answer
            assert validate_guides(written) == ()
            found.append(answer)
    return found


def answer(body: bytes) -> FunctionalAcknowledgment:
    """The 999 for a file of one group."""
    (only,) = answers(body)
    return only


def lines(body: bytes) -> list[str]:
    """The segments of a file, without their terminators."""
    return [each.strip() for each in body.decode().split("~") if each.strip()]


def joined(segments: Sequence[str]) -> bytes:
    """The file of these segments."""
    return "".join(f"{each}~\n" for each in segments).encode()


def numbered(segments: list[str]) -> bytes:
    """Close the only set again: SE01 counts what is there now."""
    first = next(at for at, each in enumerate(segments) if each.startswith("ST*"))
    last = next(at for at, each in enumerate(segments) if each.startswith("SE*"))
    number = segments[last].split("*")[2]
    segments[last] = f"SE*{last - first + 1}*{number}"
    return joined(segments)


def position(segments: list[str], at: int) -> int:
    """Where a segment stands in its set, ST being 1."""
    return at - next(n for n, each in enumerate(segments) if each.startswith("ST*")) + 1


def found(segments: list[str], segment_id: str) -> int:
    """Where the first segment with this id stands in the file."""
    return next(at for at, each in enumerate(segments) if each.split("*")[0] == segment_id)


def beginning(kind: str) -> str:
    """The segment behind ST."""
    return "BPR" if kind == "835" else "BHT"


def rejected(body: bytes) -> tuple[SegmentError, ...]:
    """The errors of a file whose only set has segments in error."""
    said = answer(body)
    (verdict,) = said.sets
    assert (verdict.code, verdict.reasons) == ("R", ("5",))
    assert (said.code, said.sets_received, said.sets_accepted) == ("R", 1, 0)
    return verdict.errors


def with_element(segments: list[str], at: int, element: int, value: str) -> None:
    """Give an element another value."""
    elements = segments[at].split("*")
    elements += [""] * (element + 1 - len(elements))
    elements[element] = value
    segments[at] = "*".join(elements)


def acknowledged(group: FunctionalGroup, interchange: Interchange) -> FunctionalAcknowledgment:
    """The 999 of a group by envelope and guide."""
    findings = {
        each.control_number: validate_with_guide(each, group, interchange) for each in group.sets
    }
    return acknowledge(group, findings, interchange)
