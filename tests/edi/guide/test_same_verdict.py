"""Our walk of the guides says what pyx12 says: on every file we have, and on damaged ones."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from edi.guide import validate_with_guide
from edi.pyx12_validator import validate_with_pyx12
from scripts.conformance import MARK, PAGE, table, verdicts_of
from tests.claims import batch, claim, upload
from tests.corpus.mutations import mutant, naming
from tests.edi.guide.agreement import CORPUS, assert_same_verdict, is_judged, sets_of
from tests.edi.x12_texts import GOLDEN
from tests.scale import scaled

FILES = sorted(CORPUS.glob("*.edi"))
#: Small files of guides that there are maps of, to damage.
KINDS = (
    "837P-*x222*", "837I-*x223*", "837D-*", "835-*", "27[01]-*", "27[67]-*", "277CA-*", "999-*",
)  # fmt: skip
BYTES_MAX = 8_000
needs_corpus = pytest.mark.skipif(not FILES, reason="the files of others are not here")


@cache
def bodies() -> tuple[bytes, ...]:
    """Files whose sets have a map: our own, and those of others where they are here."""
    own = [path.read_bytes() for path in sorted(GOLDEN.glob("*.edi"))]
    own.append(upload(batch(claim(), claim(patient_control_number="PCN2"))))
    others = [path.read_bytes() for kind in KINDS for path in sorted(CORPUS.glob(kind))]
    small = [body for body in (*own, *others) if len(body) < BYTES_MAX]
    return tuple(body for body in small if any(is_judged(each) for each in sets_of(body)))


def judge_mutants(seeds: Sequence[int]) -> None:
    """Compare both verdicts on a mutant of each seed."""
    files = bodies()
    judged = 0
    for seed in seeds:
        body = files[seed % len(files)]
        with naming(seed, "guides"):
            for around in sets_of(mutant(body, seed, files)):
                assert_same_verdict(around)
                judged += 1
    assert judged > len(seeds) // 3, "most mutants are still X12"


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        (b"*HC:99213*", b"*HC:99213:::::::9*", "GUIDE-ELEMENT-3", ("SV1", 1)),
        (b"D8*20260227", b"RD8*20260227-20260227-1", "GUIDE-ELEMENT-8", ("DTP", 3)),
    ],
)
def test_what_pyx12_cannot_finish_is_found(
    old: bytes, new: bytes, code: str, place: tuple[str, int]
) -> None:
    (around,) = sets_of(upload(batch(claim())).replace(old, new))
    (found,) = validate_with_guide(*around)
    assert (found.code, found.place.segment_id, found.place.element) == (code, *place)
    assert [each.code for each in validate_with_pyx12(*around)] == ["PYX12-UNFINISHED"]


@needs_corpus
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_verdict_on_a_file_is_that_of_pyx12(path: Path) -> None:
    found = verdicts_of(path)
    assert found.ours == found.theirs


@needs_corpus
def test_the_table_of_files_is_current() -> None:
    """Behind the test of each file: their verdicts are kept."""
    assert PAGE.read_text(encoding="utf-8").partition(MARK)[2] == table()


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.edi")))
def test_the_verdict_on_our_own_file_is_that_of_pyx12(name: str) -> None:
    for around in sets_of((GOLDEN / name).read_bytes()):
        assert_same_verdict(around)


def test_the_verdict_on_a_mutant_is_that_of_pyx12() -> None:
    judge_mutants(range(100))


@pytest.mark.long
def test_the_verdict_on_two_thousand_mutants_is_that_of_pyx12() -> None:
    judge_mutants(range(scaled(2_000)))
