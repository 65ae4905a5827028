"""Damaged files of every kind: read, or refused with a place; nothing else happens."""

import resource
from collections.abc import Callable
from typing import Any

import pytest

from edi.acknowledgment_277ca import read_277ca, write_277ca
from edi.acknowledgment_999 import read_999, write_999
from edi.acknowledgment_ta1 import acknowledge_interchange, read_ta1
from edi.claim_837 import read_837p, write_837p
from edi.claim_837.filed import read_837, write_837
from edi.claim_status import read_276, read_277, write_276, write_277
from edi.delimiters import STANDARD, Delimiters
from edi.eligibility_270 import read_270, write_270
from edi.eligibility_271 import read_271, write_271
from edi.envelope import TransactionSet
from edi.findings import NOWHERE, Finding, ReadError, WriteError
from edi.guides import Guide
from edi.pyx12_validator import validate_all
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.read import read_835
from edi.remittance_835.write import write_835
from edi.room import MORE
from edi.segment import Segment
from edi.writer import SetWriter
from tests.claims import batch, claim, upload
from tests.corpus.mutations import mutant, naming
from tests.edi.x12_texts import GOLDEN, set_of, sole_set
from tests.scale import SCALE, scaled

Roads = tuple[Callable[[TransactionSet], Any], Callable[[Any, Delimiters], SetWriter]]
ROADS: dict[str, Roads] = {
    "835-two-claims.edi": (read_835, write_835),
    "999-partial.edi": (read_999, write_999),
    "277ca-four-claims.edi": (read_277ca, write_277ca),
    "270-subscriber-and-dependent.edi": (read_270, write_270),
    "271-rich.edi": (read_271, write_271),
    "ta1-beside-999.edi": (read_277ca, write_277ca),  # Refuse the 999; the TA1 is read anyway.
    "ta1-alone.edi": (read_277ca, write_277ca),
    "837P": (read_837p, write_837p),
    "837p-whole.edi": (read_837, write_837),
    "837i-whole.edi": (read_837, write_837),
    "837d-whole.edi": (read_837, write_837),
    "276-three-claims.edi": (read_276, write_276),
    "277-three-claims.edi": (read_277, write_277),
}
MUTANTS = 80  #: Of each file, a thousand in all; 10,000 in `make test-long`.
JUDGED_EACH = 25  #: Every so many of them pyx12 judges too: it is slow.
MEMORY_KIB_MAX = 256 * 1024  #: That all mutants of a file may add to this process.
of_each_file = pytest.mark.parametrize("name", ROADS)


def body_of(name: str) -> bytes:
    if name == "837P":
        return upload(batch(claim(), claim(patient_control_number="PCN2")))
    return (GOLDEN / name).read_bytes()


BODIES = [body_of(name) for name in ROADS]


def read_everything(name: str, body: bytes) -> list[Finding]:
    """Return all findings. Only ReadError may come out, or WriteError of writing what was read."""
    read, write = ROADS[name]
    found: list[Finding] = []
    message = ""
    try:
        for interchange in read_interchanges(body):
            found += interchange.findings
            read_ta1(interchange)
            acknowledge_interchange(interchange)
            for transaction_set in interchange.sets():
                found += transaction_set.findings
                told = read(transaction_set)
                if name.startswith("835"):
                    found += check_balance(told).findings()
                write(told, interchange.delimiters)
    except ReadError as refusal:
        message = str(refusal)
        found.append(refusal.finding)
    except WriteError as refusal:
        message = str(refusal)
    assert "CANARY" not in message
    for finding in found:
        assert "CANARY" not in repr(finding)
    return found


def judge_mutants(name: str, count: int, *, judged_each: int) -> None:
    """Read so many mutants of a file, and every few by pyx12."""
    body = body_of(name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(count):
        damaged = mutant(body, seed, BODIES)
        with naming(seed, name):
            for finding in read_everything(name, damaged):
                assert finding.place != NOWHERE or finding.code == MORE
            if seed % judged_each == 0:
                judge(damaged)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY_KIB_MAX


def judge(body: bytes) -> None:
    """Let pyx12 judge: whatever it raises is a finding."""
    try:
        found = validate_all(body)
    except ReadError:
        return
    assert "CANARY" not in repr(found)


@of_each_file
def test_a_mutant_is_read_or_refused(name: str) -> None:
    judge_mutants(name, MUTANTS, judged_each=JUDGED_EACH)


@pytest.mark.long
@of_each_file
def test_ten_thousand_mutants_are_read_or_refused(name: str) -> None:
    judge_mutants(name, scaled(10_000), judged_each=4)


def cut(name: str, step: int) -> None:
    body = body_of(name)
    for length in range(0, len(body), step):
        read_everything(name, body[:length])


@of_each_file
def test_a_file_cut_anywhere_is_read_or_refused(name: str) -> None:
    cut(name, 1 if name == "835-two-claims.edi" else 11)


@pytest.mark.long
@of_each_file
def test_a_file_cut_at_any_byte_is_read_or_refused(name: str) -> None:
    cut(name, 1)


def test_what_is_missing_at_the_end_of_a_set_without_a_number_has_a_place() -> None:
    damaged = mutant(body_of("837P"), 1658, BODIES)
    (missing,) = [each for each in read_everything("837P", damaged) if "MISSING" in each.code]
    assert missing.place.byte_offset >= 0


@pytest.mark.long
@of_each_file
def test_pyx12_judges_a_file_cut_at_any_byte(name: str) -> None:
    body = body_of(name)
    for length in range(0, len(body), max(1, int(1 / SCALE))):
        judge(body[:length])


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
