"""Patterns are a shortcut: whether they are used changes no verdict."""

import pytest

from edi.delimiters import STANDARD, Delimiters
from edi.findings import Finding
from edi.guide import validate_with_guide, walk
from edi.guide.catalog import find_map
from edi.guide.load import load_guide
from edi.guide.pattern import pattern_of
from edi.guide.walk import Walker
from tests.corpus.mutations import mutant
from tests.edi.guide.agreement import sets_of
from tests.edi.guide.test_same_verdict import bodies

MUTANTS = 600


def verdicts(visits: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Finding, ...]]:
    """Judge damaged files with patterns from so many visits of a place on."""
    monkeypatch.setattr(walk, "_VISITS", visits)
    walk.walker_of.cache_clear()
    files = bodies()
    found = [
        validate_with_guide(*around)
        for seed in range(MUTANTS)
        for around in sets_of(mutant(files[seed % len(files)], seed, files))
    ]
    walk.walker_of.cache_clear()
    return found


def test_a_pattern_changes_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    with_patterns = verdicts(1, monkeypatch)
    assert with_patterns == verdicts(10**9, monkeypatch)
    assert any(with_patterns)
    assert not all(with_patterns)


@pytest.mark.parametrize(
    ("segment", "is_legal"),
    [
        ("NM1*QC*1*CANARY*ADA****MI*W1", True),
        ("NM1*QC*1*CANARY*ADA****MI", False),  # P0809
        ("NM1*QC*1*CANARY*ADA*****W1", False),
        ("NM1*QC*1*CANARY ", False),
        ("NM1*QC*1*CANARY*", False),
        ("NM1*XX*1*CANARY", False),
        ("DTM*232*20260210", False),
    ],
)
def test_a_pattern_fits_what_is_legal(segment: str, *, is_legal: bool) -> None:
    file = find_map("00501", ["005010X221A1"], "HP")
    assert file is not None
    loaded = load_guide(file)
    node = next(
        each for each in loaded.guide.segments if each.id == "NM1" and each.name == "Patient Name"
    )
    assert pattern_of(loaded.rule(node), STANDARD, "00501").fits(segment) is is_legal


@pytest.mark.parametrize("delimiters", [STANDARD, Delimiters(element="-", component=".")])
@pytest.mark.parametrize(
    "key", [("005010X222A1", "HC"), ("005010X223A2", "HC"), ("005010X221A1", "HP")]
)
def test_every_place_has_a_pattern(key: tuple[str, str], delimiters: Delimiters) -> None:
    """Also with delimiters that numbers and ranges are written with."""
    file = find_map("00501", [key[0]], key[1])
    assert file is not None
    walker = Walker(load_guide(file), delimiters)
    for node in walker.loaded.guide.segments:
        assert not pattern_of(walker.loaded.rule(node), delimiters, "00501").fits("")
