"""Nothing is dropped: what is read is written again, from our samples and from real files."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from edi.envelope import TransactionSet
from edi.findings import ReadError, WriteError
from edi.reader import read_interchanges
from edi.segment import Segment
from tests.edi.round_trips import ours, road_of, theirs
from tests.edi.x12_texts import GOLDEN

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
INDEX = CORPUS / "index.tsv"
SAMPLES = sorted(path for path in GOLDEN.glob("*.edi") if not path.name.startswith("ta1"))
TYPES = ("270", "271", "276", "277", "277CA", "835", "837P", "837I", "837D", "999")
#: Said by the index to be good, and yet not what its guide allows: what we change, and why.
MENDED = {
    "271-badx12-x279-error-response-from-payer-to-clinic-not-eligible-for-in.edi": "HL04 again",
    "835-lfh-managed-care.edi": "BPR16 is no day: it was not read",
    "999-aurelian-999-acknowledgment.edi": "an AK5, which is the 997's, goes to the end",
    "837I-oopfactory-4010-spec-4.1.3-twoclaimsforthesameprovider.edi": "HL04 names no child",
    "837P-staedi-sample837-small.edi": "HL04 names a child that is not there",
}
#: Read, and refused by the writer: names with characters that X12 does not have.
NOT_X12_TEXT = {
    "837I-lfh-homeowners.edi",
    "837I-lfh-workers-compensation.edi",
    "837I-oopfactory-4010-spec-4.2.1-homeownerscasualtyclaim.edi",
    "837I-oopfactory-4010-spec-4.2.2-workerscompensation.edi",
}
#: Said to be good; its envelope cannot be read: ISA16 is the repetition separator too.
UNREADABLE = {"271-oopfactory-5010-example-3-1-3.edi", "837I-oopfactory-5010-spec-3.1.1.edi"}


def sets(body: bytes) -> Iterator[TransactionSet]:
    for interchange in read_interchanges(body):
        yield from interchange.sets()


def good_files() -> list[str]:
    if not INDEX.exists():
        return []
    with INDEX.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    wanted = (row for row in rows if row["type"] in TYPES)
    return [row["file"] for row in wanted if row["status"] in {"good", "charges-mismatch"}]


@pytest.mark.parametrize("path", SAMPLES, ids=[path.name for path in SAMPLES])
def test_a_sample_is_written_as_it_was_read(path: Path) -> None:
    for transaction_set in sets(path.read_bytes()):
        road = road_of(transaction_set)
        assert road is not None
        assert ours(transaction_set, road) == theirs(transaction_set)


@pytest.mark.skipif(not INDEX.exists(), reason="the corpus is not here")
def test_every_good_file_of_the_corpus_is_written_as_it_was_read() -> None:
    different: set[str] = set()
    refused: set[str] = set()
    unreadable: set[str] = set()
    files = good_files()
    for name in files:
        try:
            for transaction_set in sets((CORPUS / name).read_bytes()):
                road = road_of(transaction_set)
                if road is not None and ours(transaction_set, road) != theirs(transaction_set):
                    different.add(name)
        except WriteError:
            refused.add(name)
        except ReadError:
            unreadable.add(name)
    assert len(files) >= 150
    assert (different, refused, unreadable) == (set(MENDED), NOT_X12_TEXT, UNREADABLE)


#: Segments that begin no loop: two of them may change places and stay in their loop.
PLAIN = frozenset(
    {
        "AAA", "AMT", "CAS", "CL1", "CN1", "CR1", "CRC", "DMG", "DN1", "DN2", "DTM", "DTP", "HCP",
        "HI", "HSD", "III", "INS", "K3", "LQ", "MEA", "MIA", "MOA", "MSG", "N3", "N4", "NTE", "OI",
        "PER", "PRV", "PWK", "QTY", "REF", "STC",
    }
)  # fmt: skip
DISORDERED = [path for path in SAMPLES if not path.name.startswith("999")]


def rearranged(transaction_set: TransactionSet) -> Iterator[TransactionSet]:
    """The set with two neighbours in each other's place, then with a strange segment inside."""
    segments = transaction_set.segments
    for at, (first, second) in enumerate(pairwise(segments)):
        if first.id in PLAIN and second.id in PLAIN and first.elements != second.elements:
            swapped = (*segments[:at], second, first, *segments[at + 2 :])
            yield replace(transaction_set, segments=swapped)
        if first.id in PLAIN:
            strange = (*segments[: at + 1], Segment(("ZZZ", "1", "2")), *segments[at + 1 :])
            yield replace(transaction_set, segments=strange)


@pytest.mark.parametrize("path", DISORDERED, ids=[path.name for path in DISORDERED])
def test_what_stands_in_no_order_of_a_guide_stays_where_it_stood(path: Path) -> None:
    for transaction_set in sets(path.read_bytes()):
        road = road_of(transaction_set)
        assert road is not None
        for each in rearranged(transaction_set):
            assert ours(each, road) == theirs(each)
