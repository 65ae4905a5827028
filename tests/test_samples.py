"""The samples are what they say: readable encounters of many kinds, of people who never lived."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from edi.elements import is_npi
from rcm.encounters.read import read_encounter
from samples.encounters import KINDS, encounters

TODAY = date(2026, 11, 23)
COUNT = 200
WRONG_ON_PURPOSE = "held: wrong NPI"


def values_of(document: object, key: str) -> Iterator[Any]:
    """Yield every value under `key`, at any depth."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name == key:
                yield value
            yield from values_of(value, key)
    elif isinstance(document, list):
        for value in document:
            yield from values_of(value, key)


@pytest.mark.parametrize("seed", [1, 2, 835])
def test_every_sample_is_read(seed: int) -> None:
    made = encounters(COUNT, seed=seed, today=TODAY)
    read = [read_encounter(json.dumps(encounter).encode()) for _, encounter in made]
    assert len({(each.source, each.external_id) for each in read}) == COUNT
    assert {kind for kind, _ in made} == set(KINDS)
    assert len(KINDS) >= 8


@pytest.mark.parametrize("seed", [1, 2, 835])
def test_patients_and_subscribers_are_named_canary(seed: int) -> None:
    for _, encounter in encounters(COUNT, seed=seed, today=TODAY):
        people = [encounter["patient"]]
        people += values_of(encounter, "subscriber")
        assert {person["last_name"] for person in people} == {"Canary"}


@pytest.mark.parametrize("seed", [1, 2, 835])
def test_npis_have_true_check_digits_except_where_one_must_not(seed: int) -> None:
    for kind, encounter in encounters(COUNT, seed=seed, today=TODAY):
        are_true = [is_npi(npi) for npi in values_of(encounter, "npi")]
        assert are_true
        assert all(are_true) is (kind != WRONG_ON_PURPOSE), kind


def test_the_same_seed_and_day_give_the_same_encounters() -> None:
    first = encounters(COUNT, seed=7, today=TODAY)
    assert first == encounters(COUNT, seed=7, today=TODAY)
    assert first != encounters(COUNT, seed=8, today=TODAY)
