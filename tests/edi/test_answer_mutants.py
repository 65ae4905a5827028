"""Damaged TA1s, 277CAs, 270s and 271s: read, or refused with a place; nothing else happens."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from edi.acknowledgment_277ca import read_277ca, write_277ca
from edi.acknowledgment_ta1 import acknowledge_interchange, read_ta1
from edi.delimiters import STANDARD, Delimiters
from edi.eligibility_270 import read_270, write_270
from edi.eligibility_271 import read_271, write_271
from edi.envelope import TransactionSet
from edi.findings import ReadError, WriteError
from edi.guides import Guide
from edi.reader import read_interchanges
from edi.segment import Segment
from edi.writer import SetWriter
from tests.edi.x12_texts import GOLDEN, set_of, sole_set

Roads = tuple[Callable[[TransactionSet], Any], Callable[[Any, Delimiters], SetWriter]]
ROADS: dict[str, Roads] = {
    "277ca-four-claims.edi": (read_277ca, write_277ca),
    "270-subscriber-and-dependent.edi": (read_270, write_270),
    "271-rich.edi": (read_271, write_271),
    "ta1-beside-999.edi": (read_277ca, write_277ca),  # Refuse the 999; the TA1 is read anyway.
}
MUTANTS = 400  #: Of each file.
NOISE = b"*~:^\n\r AZ09.-\x00\xff"
of_each_file = pytest.mark.parametrize("name", ROADS)


def read_everything(name: str, body: bytes) -> None:
    """Fail where anything but ReadError comes out, or WriteError of writing what was read."""
    read, write = ROADS[name]
    message = ""
    try:
        for interchange in read_interchanges(body):
            read_ta1(interchange)
            acknowledge_interchange(interchange)
            for transaction_set in interchange.sets():
                write(read(transaction_set), interchange.delimiters)
    except (ReadError, WriteError) as refusal:
        message = str(refusal)
    assert "CANARY" not in message


def mutant(body: bytes, chance: random.Random) -> bytes:
    """Damage bytes, segments or elements, once to three times."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(body))
        lines = body.split(b"~")
        line = chance.randrange(len(lines))
        match chance.randrange(7):
            case 0:
                body = body[:at] + body[at + 1 :]
            case 1:
                body = body[:at] + bytes([chance.choice(NOISE)]) + body[at:]
            case 2:
                body = body[:at] + bytes([chance.choice(NOISE)]) + body[at + 1 :]
            case 3:
                body = b"~".join(lines[:line] + lines[line + 1 :])
            case 4:
                body = b"~".join(lines[: line + 1] + lines[line:])
            case 5:
                chance.shuffle(lines)
                body = b"~".join([body.split(b"~")[0], *lines])
            case _:
                elements = lines[line].split(b"*")
                chance.shuffle(elements)
                lines[line] = b"*".join(elements)
                body = b"~".join(lines)
    return body


@of_each_file
def test_a_mutant_is_read_or_refused(name: str) -> None:
    body = (GOLDEN / name).read_bytes()
    chance = random.Random(f"mutants of {name}")
    for _ in range(MUTANTS):
        read_everything(name, mutant(body, chance))


@of_each_file
def test_a_file_cut_at_any_byte_is_read_or_refused(name: str) -> None:
    body = (GOLDEN / name).read_bytes()
    for length in range(len(body)):
        read_everything(name, body[:length])


@pytest.mark.parametrize(
    "segment",
    [("HL", "1", "", "22", "0"), ("EB",), ("NM1",), ("LS",), ("AAA",), ("MSG", "X" * 50_000)],
)
def test_fifty_thousand_of_anything_are_read_in_one_pass(segment: tuple[str, ...]) -> None:
    transaction_set, _, _ = sole_set((GOLDEN / "271-rich.edi").read_bytes())
    many = (Segment(segment),) * (50 if len(segment[-1]) > 1000 else 50_000)
    for at in (12, 25):
        segments = transaction_set.segments
        longer = (*segments[:at], *many, *segments[at:])
        read_271(
            TransactionSet(
                set_id="271",
                control_number="0001",
                version=Guide.ELIGIBILITY,
                segments=longer,
                delimiters=STANDARD,
            )
        )


def test_a_segment_of_fifty_thousand_elements_is_one_finding() -> None:
    transaction_set = set_of(
        write_271(read_271(sole_set((GOLDEN / "271-rich.edi").read_bytes())[0]), STANDARD),
        Guide.ELIGIBILITY,
        "271",
    )
    long = Segment(("EB", *("X",) * 50_000))
    segments = (*transaction_set.segments[:-1], long, transaction_set.segments[-1])
    response = read_271(
        TransactionSet(
            set_id="271",
            control_number="0001",
            version=Guide.ELIGIBILITY,
            segments=segments,
            delimiters=STANDARD,
        )
    )
    codes = [finding.code for finding in response.findings]
    assert sorted(codes) == ["X12-AMOUNT", "X12-QUANTITY", "X12-QUANTITY", "X12-UNREAD"]
