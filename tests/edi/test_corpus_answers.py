"""Real acknowledgments and eligibility files, where they lie beside the repository."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edi.acknowledgment_277ca import read_277ca, write_277ca
from edi.acknowledgment_ta1 import acknowledge_interchange, read_ta1
from edi.delimiters import Delimiters
from edi.eligibility_270 import read_270, write_270
from edi.eligibility_271 import read_271, write_271
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import ReadError
from edi.guides import FileType
from edi.money import read_quantity, write_quantity
from edi.reader import read_interchanges
from edi.segment import Segment
from edi.writer import SetWriter
from tests.edi.agreement_277ca import assert_both_roads_agree
from tests.edi.x12_texts import without_places

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
INDEX = CORPUS / "index.tsv"
Reader = Callable[[TransactionSet], Any]
Writer = Callable[[Any, Delimiters], SetWriter]
ROADS: dict[str, tuple[Reader, Writer]] = {
    "270": (read_270, write_270),
    "271": (read_271, write_271),
    "277": (read_277ca, write_277ca),
    "277CA": (read_277ca, write_277ca),
}
TYPES = {*ROADS, "TA1"}
#: Refused, with the reason. ISA16 is the repetition separator too, or ISA is not of fixed width.
REFUSED = {
    "271-oopfactory-5010-example-3-1-3.edi": "X12-DELIMITER-CLASH",
    "271-oopfactory-5010-validationfordependentbenefitinfo.edi": "X12-DELIMITER-CLASH",
    "271-oopfactory-5010-validationfordependentname.edi": "X12-DELIMITER-CLASH",
    "271-oopfactory-5010-validationforreceivername.edi": "X12-DELIMITER-CLASH",
    "271-oopfactory-5010-validationforsource.edi": "X12-DELIMITER-CLASH",
    "271-oopfactory-5010-validationforsourcename.edi": "X12-DELIMITER-CLASH",
    "277CA-oopfactory-5010-fromlatitude81uk.edi": "X12-ISA-WIDTH",
    "TA1-uhin-ta1.edi": "X12-ISA-WIDTH",
}
ENVELOPE_CODES = {"X12-SE01-COUNT", "X12-SE02-NUMBER", "X12-VERSION"}

pytestmark = pytest.mark.skipif(not INDEX.exists(), reason="the corpus is not here")


def _rows() -> list[dict[str, str]]:
    if not INDEX.exists():
        return [{"file": "absent", "type": "271"}]
    with INDEX.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["type"] in TYPES]


ROWS = _rows()
READ = [row for row in ROWS if row["file"] not in REFUSED and row["type"] in ROADS]
of_each_file = pytest.mark.parametrize("row", READ, ids=[row["file"] for row in READ])


def interchanges(row: dict[str, str]) -> tuple[Interchange, ...]:
    return read_interchanges((CORPUS / row["file"]).read_bytes())


def sets(row: dict[str, str]) -> Iterator[tuple[TransactionSet, FunctionalGroup, Interchange]]:
    for interchange in interchanges(row):
        for group in interchange.groups:
            for transaction_set in group.sets:
                yield transaction_set, group, interchange


def is_another_guide(transaction_set: TransactionSet) -> bool:
    """The 277 of a claim status inquiry, which is no 277CA."""
    return transaction_set.file_type is FileType.STATUS_RESPONSE


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_a_real_file_is_read_or_refused(row: dict[str, str]) -> None:
    refused = ""
    try:
        for interchange in interchanges(row):
            acknowledge_interchange(interchange)
            read_ta1(interchange)
        for transaction_set, _, _ in sets(row):
            ROADS[row["type"]][0](transaction_set)
    except ReadError as refusal:
        refused = refusal.finding.code
    another = "277CA-NOT-277CA" if row["type"] == "277" else ""
    assert refused == REFUSED.get(row["file"], another)


@of_each_file
def test_a_file_that_is_read_has_sets(row: dict[str, str]) -> None:
    assert list(sets(row))


@of_each_file
def test_what_a_real_file_says_is_written_and_read_back(row: dict[str, str]) -> None:
    read, write = ROADS[row["type"]]
    for transaction_set, _, _ in sets(row):
        if is_another_guide(transaction_set):
            continue
        value = read(transaction_set)
        written = write(value, transaction_set.delimiters).segments()
        value_again = read(_with_inner(transaction_set, written))
        assert without_places(replace(value_again, findings=())) == without_places(
            replace(value, findings=())
        )
        if {finding.code for finding in value.findings} <= ENVELOPE_CODES:
            separator = transaction_set.delimiters.element
            ours = [tuple(each.split(separator)) for each in written]
            theirs = [each.elements for each in _inner(transaction_set)]
            assert [_plain(each) for each in ours] == [_plain(each) for each in theirs]


@of_each_file
def test_both_roads_agree_on_a_real_277ca(row: dict[str, str]) -> None:
    for transaction_set, group, interchange in sets(row):
        is_whole = interchange.is_complete  # Another ends within a level that has no name yet.
        if transaction_set.file_type is FileType.CLAIM_ACKNOWLEDGMENT and is_whole:
            assert_both_roads_agree(transaction_set, group, interchange)


def test_the_ta1_of_the_corpus_accepts() -> None:
    (row,) = (row for row in ROWS if row["file"] == "TA1-staedi-x12-interchange-ack.edi")
    (interchange,) = interchanges(row)
    (acknowledgment,) = read_ta1(interchange)
    assert (acknowledgment.control_number, acknowledgment.is_accepted) == ("000000050", True)
    assert acknowledgment.findings == ()


def _inner(transaction_set: TransactionSet) -> tuple[Segment, ...]:
    segments = transaction_set.segments
    return segments[1 : -1 if segments[-1].id == "SE" else None]


def _with_inner(transaction_set: TransactionSet, inner: tuple[str, ...]) -> TransactionSet:
    separator = transaction_set.delimiters.element
    segments = tuple(Segment(tuple(each.split(separator))) for each in inner)
    return replace(transaction_set, segments=(transaction_set.segments[0], *segments))


def _plain(elements: tuple[str, ...]) -> tuple[str, ...]:
    """The elements with their decimals in shortest form, and none at the end that is empty."""
    plain = [
        write_quantity(read_quantity(each)) if re.fullmatch(r"[0-9]*\.[0-9]+", each) else each
        for each in elements
    ]
    while not plain[-1]:
        plain.pop()
    return tuple(plain)
