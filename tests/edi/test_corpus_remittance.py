"""Real files of other people, where they lie beside the repository: none of them is copied here."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from edi.acknowledgment_999 import read_999
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import ReadError
from edi.pyx12_validator import validate_with_pyx12
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.read import read_835
from tests.edi.agreement import assert_both_roads_agree

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
INDEX = CORPUS / "index.tsv"
READERS = {"835": read_835, "999": read_999}

#: Refused, with the reason: ISA06 and ISA08 are not padded; IK5 stands before AK1.
REFUSED = {
    "835-stupidedi-1.edi": "X12-ISA-WIDTH",
    "999-staedi-invalid999.edi": "999-NOT-999",
}
#: The index proves claims and sets, not lines. These are copies of one example, in whose only
#: line the procedure code 24599 stands where the charge belongs.
WRONG_LINES = {
    "835-lfh-tertiary-payment.edi",
    "835-stupidedi-recover.edi",
}

pytestmark = pytest.mark.skipif(not INDEX.exists(), reason="the corpus is not here")


def _rows() -> list[dict[str, str]]:
    if not INDEX.exists():
        return [{"file": "absent", "type": "835"}]
    with INDEX.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["type"] in READERS]


ROWS = _rows()
READ = [row for row in ROWS if row["file"] not in REFUSED]
of_each_file = pytest.mark.parametrize("row", READ, ids=[row["file"] for row in READ])


def sets(row: dict[str, str]) -> Iterator[tuple[TransactionSet, FunctionalGroup, Interchange]]:
    for interchange in read_interchanges((CORPUS / row["file"]).read_bytes()):
        for group in interchange.groups:
            for transaction_set in group.sets:
                yield transaction_set, group, interchange


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_a_real_file_is_read_or_refused(row: dict[str, str]) -> None:
    refused = ""
    try:
        for transaction_set, _, _ in sets(row):
            READERS[row["type"]](transaction_set)
    except ReadError as refusal:
        refused = refusal.finding.code
    assert refused == REFUSED.get(row["file"], "")


@of_each_file
def test_the_proof_is_that_of_the_index(row: dict[str, str]) -> None:
    if row["type"] != "835":
        assert row["balance835"] == ""
        return
    proofs = [check_balance(read_835(transaction_set)) for transaction_set, _, _ in sets(row)]
    claims = [claim for proof in proofs for claim in proof.claims]
    balanced = all(proof.is_set_balanced for proof in proofs)
    balanced = balanced and all(claim.difference_cents == 0 for claim in claims)
    assert balanced == (row["balance835"] == "yes")
    lines_balance = all(line.difference_cents == 0 for each in claims for line in each.services)
    assert lines_balance == (row["file"] not in WRONG_LINES)


@of_each_file
def test_the_verdict_is_that_of_the_index_and_both_roads_agree(row: dict[str, str]) -> None:
    codes: set[str] = set()
    for transaction_set, group, interchange in sets(row):
        found = validate_with_pyx12(transaction_set, group, interchange)
        codes.update(finding.code for finding in found)
        if "PYX12-NO-MAP" not in codes:
            assert_both_roads_agree(transaction_set, group, interchange)
    assert not codes & {"PYX12-UNFINISHED", "PYX12-COUNT"}
    if row["status"] == "envelope-bad" and not codes:
        return  # What is wrong with an envelope is our own reader's work.
    verdict = "no map" if codes == {"PYX12-NO-MAP"} else "rejected" if codes else "accepted"
    assert row["pyx12_verdict"].startswith(verdict)
