"""A masked file names nobody, and says otherwise what the file said."""

import re
from collections import Counter
from pathlib import Path

import pytest

from edi.annotation import annotate
from edi.elements import is_npi, read_date
from edi.findings import ReadError
from edi.judge import judge
from edi.stand_ins import StandIns, mask_file
from tests.edi.guide.agreement import CORPUS

GOLDEN = Path("tests/edi/golden")
SAMPLES = sorted(GOLDEN.glob("*.edi"))
OTHERS = sorted(CORPUS.glob("*.edi"))
KEY = b"a key"


def verdict(body: bytes) -> Counter[tuple[object, ...]]:
    """What is wrong with a file, and where."""
    try:
        return Counter((found.code, found.place) for found in judge(body))
    except ReadError as refusal:
        return Counter([(refusal.finding.code, refusal.finding.place)])


@pytest.mark.skipif(not OTHERS, reason="the files of others are not here")
def test_a_masked_file_of_others_is_judged_as_the_file_was() -> None:
    for path in OTHERS:
        body = path.read_bytes()
        masked = mask_file(body, KEY)
        assert len(masked) == len(body), path.name
        assert verdict(masked) == verdict(body), path.name


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_masked_sample_names_nobody_and_changes_nothing_that_may_be_shown(path: Path) -> None:
    body = path.read_bytes()
    masked = mask_file(body, KEY)
    assert masked.count(b"\n") == body.count(b"\n")
    assert b"CANARY" not in masked
    assert verdict(masked) == verdict(body)
    accounts = {"CLM01", "CLP01", "CLP07", "TRN02", "REF02"}
    for before, after in zip(annotate(body).segments, annotate(masked).segments, strict=True):
        for old, new in zip(before.elements, after.elements, strict=True):
            if old.value != new.value:
                assert old.is_private or old.position in accounts, old.position


def test_names_numbers_addresses_and_birth_dates_are_replaced() -> None:
    body = (GOLDEN / "837p-whole.edi").read_bytes()
    masked = mask_file(body, KEY)
    for private in (b"*ANN*", b"*M1~", b"4 WREN LANE", b"ROUND ROCK", b"19400131", b"123456789~"):
        assert private in body
        assert private not in masked
    for shown in (b"CEDAR PRACTICE", b"1234567893", b"*870.5*", b"ABK:S72001A", b"*TX*"):
        assert masked.count(shown) == body.count(shown) > 0


def test_the_same_key_gives_the_same_stand_ins_in_every_file() -> None:
    claims = b"".join((GOLDEN / "837p-whole.edi").read_bytes().splitlines(keepends=True))
    assert mask_file(claims, KEY) == mask_file(claims, KEY)
    assert mask_file(claims, KEY) != mask_file(claims, b"another key")
    names = re.findall(rb"NM1\*(?:IL|QC)\*1\*CANARY\*ANN", claims)
    masked = re.findall(rb"NM1\*(?:IL|QC)\*1\*([A-Z]+)\*([A-Z]+)", mask_file(claims, KEY))
    kept = StandIns(KEY)
    assert names
    assert (kept.of("CANARY", "NM103").encode(), kept.of("ANN", "NM104").encode()) in masked


def test_providers_are_replaced_only_if_asked_and_keep_a_true_check_digit() -> None:
    body = (GOLDEN / "837p-whole.edi").read_bytes()
    masked = mask_file(body, KEY, with_providers=True)
    assert b"CEDAR PRACTICE" not in masked
    npis = re.findall(rb"\*XX\*(\d{10})", masked)
    assert npis
    assert all(is_npi(each.decode()) for each in npis)
    assert b"1234567893" not in npis


def test_a_day_of_birth_moves_back_within_its_year_and_stays_a_day() -> None:
    kept = StandIns(KEY)
    for born in ("19400131", "20240229", "19991231"):
        day = read_date(kept.of(born, "DMG02"))
        assert day is not None
        assert born[:4] + "0101" <= f"{day:%Y%m%d}" <= born


@pytest.mark.parametrize(
    "text", ["CANARY", "Canary-Ada", "W12 345", "ÉLODIE", "ÉLODIE".encode().decode("latin-1")]
)
def test_a_stand_in_has_the_length_and_the_form_of_the_value(text: str) -> None:
    made = StandIns(KEY).of(text)
    assert len(made) == len(text)
    for old, new in zip(text, made, strict=True):
        assert old.isascii() == new.isascii()
        if old.isascii():
            assert old.isdigit() == new.isdigit()
            assert (old.isupper(), old.islower()) == (new.isupper(), new.islower())
            assert (old != new) is old.isalnum()
    assert made.encode("latin-1")


def test_bytes_that_are_no_segment_are_replaced_whole() -> None:
    body = (GOLDEN / "835-two-claims.edi").read_bytes() + b"CANARY ADA, 12 HARBOR WAY"
    assert b"CANARY" not in mask_file(body, KEY)
    assert b"HARBOR WAY" not in mask_file(body, KEY)
