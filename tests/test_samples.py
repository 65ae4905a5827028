"""The samples are what they say: readable encounters of many kinds, of people who never lived."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from cli.demo import ENCOUNTERS, make_mix
from edi.claim_837 import BillingProvider, Claim
from edi.elements import is_npi
from edi.findings import Severity
from edi.remittance_835.balance import check_balance
from rcm.claims.build import build_claim
from rcm.claims.prove import prove
from rcm.claims.scrub import scrub
from rcm.encounters.read import read_encounter
from rcm.parties.model import Practice
from samples.encounters import HELD, KINDS, encounters
from samples.hostile import CODES, WHOLE_FILE, hostile
from samples.visit import Encounter
from sandbox.adjudicate import RULES, adjudicate, asked_code, choose
from sandbox.courses import COURSES
from sandbox.decision import Kind
from tests.claims import batch, envelope, pyx12_here, upload
from tests.harness import PARTIES, TODAY
from tests.rcm.intake import PAYERS
from tests.sandbox.readings import answers_to, remittances

COUNT = 200
WRONG_ON_PURPOSE = "held: wrong NPI"
PRACTICES = {
    each["npi"]: Practice(
        id=UUID(int=1), provider=TypeAdapter(BillingProvider).validate_python(each)
    )
    for each in PARTIES["practices"]
}


def claim_of(document: Encounter, n: int = 1) -> Claim:
    read = read_encounter(json.dumps(document).encode())
    return build_claim(
        read,
        practice=PRACTICES[read.billing_provider.npi],
        payer=PAYERS[read.coverages[0].payer.id],
        control_number=f"PCN23456789{n:06d}",
    )


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
    assert len(KINDS) >= 27


@pytest.mark.parametrize("seed", [1, 2, 835])
def test_patients_and_subscribers_are_named_canary(seed: int) -> None:
    for _, encounter in encounters(COUNT, seed=seed, today=TODAY):
        people = [encounter["patient"]]
        people += values_of(encounter, "subscriber")
        assert {person["last_name"] for person in people} == {"Canary"}
    for batch_of in hostile(seed=seed, today=TODAY):
        assert {each["patient"]["last_name"] for _, each in batch_of} == {"Canary"}


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


@pytest.mark.parametrize("seed", [1, 2, 835])
def test_what_is_held_is_named_so_and_nothing_else_is_found_wrong(seed: int) -> None:
    for kind, encounter in encounters(len(KINDS) * 2, seed=seed, today=TODAY):
        found = scrub(claim_of(encounter), today=TODAY)
        if kind.startswith(HELD):
            assert {each.severity for each in found} == {Severity.ERROR}, kind
        else:
            assert found == (), kind


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("held: wrong NPI", "CLAIM-NPI"),
        ("held: accident without a state", "CLAIM-ACCIDENT-STATE"),
        ("held: external cause first", "CLAIM-DIAGNOSIS-PRINCIPAL"),
    ],
)
def test_a_kind_that_is_held_is_held_for_what_it_says(kind: str, code: str) -> None:
    made = dict(encounters(len(KINDS), seed=1, today=TODAY))
    assert [each.code for each in scrub(claim_of(made[kind]), today=TODAY)] == [code]
    assert [each for each in KINDS if each.startswith(HELD)] == sorted(
        ["held: wrong NPI", "held: accident without a state", "held: external cause first"],
        key=list(KINDS).index,
    )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith(HELD)])
def test_every_kind_is_a_claim_that_reads_back_and_that_pyx12_finds_nothing_wrong_with(
    kind: str,
) -> None:
    made = dict(encounters(len(KINDS), seed=835, today=TODAY))
    refused, body = prove(batch(claim_of(made[kind])), envelope(), pyx12_here)
    assert refused == {}
    assert body


def test_the_kinds_are_as_different_as_practices_are() -> None:
    claims = [claim_of(made) for _, made in encounters(len(KINDS), seed=1, today=TODAY)]
    lines = [line for claim in claims for line in claim.lines]
    assert {each.billing_provider.npi for each in claims} == set(PRACTICES)
    assert {each.payer.id for each in claims} == set(PAYERS)
    assert {each.patient.relationship for each in claims if each.patient} == {"01", "19", "G8"}
    assert {cause for each in claims for cause in each.related_causes} == {"AA", "EM", "OA"}
    places = {"02", "10", "11", "21", "22", "23", "81"}
    assert {each.place_of_service for each in claims} == places
    assert {each.place_of_service for each in claims if "95" in each.lines[0].modifiers} == {
        "02",
        "10",
    }
    assert {line.unit for line in lines} == {"UN", "MJ"}
    assert {line.drug.unit for line in lines if line.drug} == {"GR", "ML", "UN"}
    assert max(len(each.lines) for each in claims) == 10
    assert max(len(each.diagnoses) for each in claims) == 12
    assert max(len(line.modifiers) for line in lines) == 4
    assert 0 in {line.charge_cents for line in lines}
    assert {line.quantity % 1000 for line in lines} == {0, 500}
    for is_there in (
        [each.dates.admission and each.dates.discharge for each in claims],
        [each.dates.onset and each.dates.initial_treatment for each in claims],
        [each.dates.last_menstrual_period for each in claims],
        [each.prior_authorization for each in claims],
        [each.referral_number for each in claims],
        [each.clia_number for each in claims],
        [each.supervising for each in claims],
        [each.referring for each in claims],
        [each.facility for each in claims],
        [each.patient_paid_cents for each in claims],
        [line.ordering for line in lines],
        [line.is_emergency for line in lines],
        [line.service_to > line.service_from for line in lines],
    ):
        assert any(is_there)


def test_the_payer_answers_every_sample_with_money_that_balances_at_its_claim() -> None:
    for kind, made in encounters(COUNT, seed=3, today=TODAY):
        claim = claim_of(made)
        answer = choose(claim)
        assert answer not in COURSES, kind
        assert adjudicate(claim, answer).lines, kind
        assert asked_code(claim.subscriber.member_id) == RULES[answer].code


def test_the_answers_to_every_sample_are_legal_and_balance() -> None:
    made = [each for kind, each in encounters(len(KINDS), seed=4, today=TODAY) if HELD not in kind]
    answers = answers_to(upload(batch(*(claim_of(each, n) for n, each in enumerate(made)))))
    found = remittances(answers)
    assert sum(len(each.claims) for each in found) == len(made)
    assert [each for one in found for each in check_balance(one).findings()] == []


def test_each_answer_of_the_ordinary_mix_is_asked_for() -> None:
    made = encounters(len(KINDS), seed=3, today=TODAY)
    asked = Counter(choose(claim_of(each)) for _, each in made)
    assert {kind for kind, rule in RULES.items() if rule.weight} <= set(asked)


def test_the_demo_has_a_rejection_a_denial_and_a_held_claim_to_work_on() -> None:
    mix = make_mix("ordinary", TODAY)
    (posted,) = mix.batches
    assert len({made["external_id"] for _, made in posted}) == ENCOUNTERS
    assert len({made["patient"]["external_id"] for _, made in posted}) == ENCOUNTERS
    of_kind = dict(posted)
    assert any(kind.startswith(HELD) for kind in of_kind)
    answers = {kind: choose(claim_of(dict(made))) for kind, made in of_kind.items()}
    assert answers["denied: not necessary"] is Kind.DENIED_NECESSITY
    assert answers["rejected: member id not found"] is Kind.REJECTED_277CA
    alone = {each for each in Kind if RULES[each].weight} | {Kind.DENIED_NECESSITY}
    assert set(answers.values()) == alone | {Kind.REJECTED_277CA}, "no file is refused whole"


def test_there_is_a_hostile_encounter_for_every_other_answer() -> None:
    others = {rule.code: kind.value for kind, rule in RULES.items() if not rule.weight}
    assert dict(CODES) == others
    batches = hostile(seed=5, today=TODAY)
    pairs = [pair for each in batches for pair in each]
    assert [name for name, _ in pairs] == [
        *(name for code, name in CODES.items() if code not in WHOLE_FILE),
        *(CODES[code] for code in WHOLE_FILE),
    ]
    for name, made in pairs:
        claim = claim_of(made)
        assert choose(claim) is Kind(name)
        assert scrub(claim, today=TODAY) == ()
        assert len(claim.lines) == 4
    assert len({made["external_id"] for _, made in pairs}) == len(CODES)


def test_what_is_refused_whole_stands_in_a_batch_of_its_own() -> None:
    together, *alone = hostile(seed=5, today=TODAY)
    whole_file = {
        Kind.REJECTED_999,
        Kind.REJECTED_277CA_BATCH,
        Kind.REJECTED_277CA_PROVIDER,
    }
    assert not {Kind(name) for name, _ in together} & whole_file
    assert [len(each) for each in alone] == [1, 1, 1]
    assert {Kind(name) for ((name, _),) in alone} == whole_file
    assert hostile(seed=5, today=TODAY) == [together, *alone]
    claims = [claim_of(made, n) for n, (_, made) in enumerate(together)]
    refused, body = prove(batch(*claims), envelope(), pyx12_here)
    assert refused == {}
    assert body


def test_no_external_id_of_many_comes_twice() -> None:
    made = encounters(500, seed=9, today=TODAY)
    assert len({each["external_id"] for _, each in made}) == len(made) == 500
    assert made == encounters(500, seed=9, today=TODAY)
