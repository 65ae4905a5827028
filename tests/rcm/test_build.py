"""An encounter becomes a claim: what is repaired on the way, and what is never touched."""

from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from edi.claim_837 import Person, read_837p
from edi.pyx12_validator import validate_with_pyx12
from rcm.claims.build import (
    CONTROL_NUMBER_ALPHABET,
    CONTROL_NUMBER_LENGTH,
    check_character,
    lost_characters,
    new_control_number,
)
from rcm.clock import SystemRandomness
from rcm.encounters.model import EncounterIn
from tests.claims import batch, upload
from tests.edi.x12_texts import sole_set
from tests.rcm.intake import CONTROL_NUMBER, claim_of, encounter

ADDRESS = {"line1": "1 Calle Peña", "city": "Austin", "state": "TX", "zip": "78705"}
PARENT = {
    "first_name": "Zoë",
    "last_name": "Canary-Núñez",
    "date_of_birth": "1984-02-29",
    "gender": "other",
    "address": ADDRESS,
}
SPOUSE = {"coverages__0__relationship": "spouse", "coverages__0__subscriber": PARENT}
MEDICARE = {"coverages__0__payer": {"id": "04412"}}
OTHER_DOCTOR = {
    "npi": "1193000779",
    "first_name": "Lee",
    "last_name": "Marsh",
    "taxonomy": "207Q00000X",
}


def test_the_patient_is_the_subscriber() -> None:
    claim = claim_of(encounter())
    assert claim.patient is None
    assert claim.subscriber.person.last_name == "CANARY"


def test_a_dependent_follows_the_subscriber() -> None:
    claim = claim_of(encounter(**SPOUSE))
    assert claim.patient is not None
    assert claim.patient.relationship == "01"
    assert claim.subscriber.person == Person(last_name="CANARY-NUNEZ", first_name="ZOE")
    assert claim.patient.person.address is not None
    assert claim.patient.person.birth_date is not None


def test_the_subscriber_of_a_dependent_has_a_name_and_no_more() -> None:
    """Rules-that-bite M12: neither N3, N4 nor DMG in 2010BA; and the guide finds nothing wrong."""
    claim = claim_of(encounter(**SPOUSE))
    transaction_set, group, interchange = sole_set(upload(batch(claim)))
    assert read_837p(transaction_set).claims == (claim,)
    assert validate_with_pyx12(transaction_set, group, interchange) == ()
    ids = [segment.id for segment in transaction_set.segments]
    holder = ids.index("SBR")
    assert ids[holder : holder + 8] == ["SBR", "NM1", "NM1", "HL", "PAT", "NM1", "N3", "N4"]
    assert ids.count("DMG") == 1


@pytest.mark.parametrize(("order", "code"), [(1, "P"), (2, "S"), (3, "T")])
def test_the_order_of_payment_is_the_responsibility(order: int, code: str) -> None:
    claim = claim_of(encounter(coverages__0__order=order))
    assert claim.subscriber.responsibility == code


def test_a_dependent_with_an_id_of_their_own_is_the_subscriber() -> None:
    claim = claim_of(encounter(**SPOUSE, **MEDICARE))
    assert claim.patient is None
    assert claim.subscriber.person.last_name == "CANARY"
    assert claim.subscriber.filing_code == "MB"


@pytest.mark.parametrize(
    ("relationship", "code"), [("spouse", "01"), ("child", "19"), ("other", "G8")]
)
def test_relationships_have_their_codes(relationship: str, code: str) -> None:
    claim = claim_of(encounter(**SPOUSE | {"coverages__0__relationship": relationship}))
    assert claim.patient is not None
    assert claim.patient.relationship == code


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"diagnoses": [{"code": "E11.9"}, {"code": "I10"}]}, "diagnoses", ("E119", "I10")),
        ({"amount_paid_cents": 0}, "patient_paid_cents", None),
        ({"amount_paid_cents": 2_500}, "patient_paid_cents", 2_500),
        ({"total_charge_cents": 1}, "charge_cents", 1),  # As it was said: scrub will tell.
        ({"claim_note": "  fué~ caída*  "}, "note", "FUE CAIDA"),
        (
            {"claim_note": "Wei\u00df\u2013\u0141y Y\u0131ld\u0131z O\u2019Neill"},
            "note",
            "WEISS-LY YILDIZ O'NEILL",
        ),
        ({"prior_authorization": " ab-12 "}, "prior_authorization", "AB-12"),
        ({"patient_authorized_release": False}, "release_of_information", "I"),
        ({"benefits_assigned_to_provider": False}, "benefits_assigned", "N"),
        ({"provider_accepts_assignment": False}, "accepts_assignment", "C"),
        ({"rendering_provider__npi": "1234567893"}, "rendering", None),  # The billing provider.
        (
            {"service_facility": {"npi": "1234567893", "name": "Own house", "address": ADDRESS}},
            "facility",
            None,
        ),
    ],
)
def test_one_change_of_the_encounter_is_one_of_the_claim(
    changes: dict[str, Any], field: str, expected: object
) -> None:
    assert getattr(claim_of(encounter(**changes)), field) == expected


def test_lines_are_found_again_by_their_number() -> None:
    line = encounter()["lines"][0]
    claim = claim_of(encounter(lines=[line] * 12))
    assert [each.control_number for each in claim.lines] == [
        f"{CONTROL_NUMBER}{n:02d}" for n in range(1, 13)
    ]


@pytest.mark.parametrize(("place", "expected"), [("11", ""), ("12", "12"), (None, "")])
def test_a_line_names_its_place_only_where_it_differs(place: str | None, expected: str) -> None:
    claim = claim_of(encounter(lines__0__place_of_service=place))
    assert claim.lines[0].place_of_service == expected


def test_a_group_has_a_number_or_a_name() -> None:
    named = encounter(coverages__0__group_number="", coverages__0__plan_name="Blé Plan")
    both = encounter(coverages__0__group_number="G1", coverages__0__plan_name="Blé Plan")
    subscribers = [claim_of(each).subscriber for each in (named, both)]
    assert [(each.group_number, each.group_name) for each in subscribers] == [
        ("", "BLE PLAN"),
        ("G1", ""),
    ]


def test_only_who_renders_or_bills_has_a_taxonomy() -> None:
    """X222A1 has PRV in loops 2000A, 2310B and 2420A, and in no other."""
    claim = claim_of(
        encounter(
            rendering_provider=OTHER_DOCTOR,
            referring_provider=OTHER_DOCTOR,
            supervising_provider=OTHER_DOCTOR,
            lines__0__ordering_provider=OTHER_DOCTOR,
        )
    )
    parties = (claim.rendering, claim.referring, claim.supervising, claim.lines[0].ordering)
    assert [party and party.taxonomy for party in parties] == ["207Q00000X", "", "", ""]


def test_control_numbers_are_unique_and_mean_nothing() -> None:
    numbers = [new_control_number(SystemRandomness()) for _ in range(2_000)]
    assert len(set(numbers)) == 2_000
    assert {len(number) for number in numbers} == {CONTROL_NUMBER_LENGTH}
    used = Counter("".join(number[:-1] for number in numbers))
    assert set(used) == set(CONTROL_NUMBER_ALPHABET)
    assert max(used.values()) < 1.5 * min(used.values())


def test_the_check_character_shows_every_wrong_character_and_every_swap() -> None:
    def is_true(number: str) -> bool:
        return check_character(number[:-1]) == number[-1]

    for _ in range(20):
        number = new_control_number(SystemRandomness())
        assert is_true(number)
        for n, right in enumerate(number):
            for wrong in set(CONTROL_NUMBER_ALPHABET) - {right}:
                assert not is_true(number[:n] + wrong + number[n + 1 :])
        for one, other in combinations(range(len(number)), 2):
            swapped = list(number)
            swapped[one], swapped[other] = number[other], number[one]
            assert is_true("".join(swapped)) == (number[one] == number[other])


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"patient__last_name": "Cánary-Ðß"}, []),  # Accents and case are no loss.
        ({"coverages__0__member_id": "sbx 02-1"}, []),
        ({"coverages__0__member_id": "SBX02~1"}, ["CLAIM-MEMBER-ID-CHANGED"]),
        ({"coverages__0__member_id": "SBX02*1"}, ["CLAIM-MEMBER-ID-CHANGED"]),
        ({"patient__last_name": "Canary 漢"}, ["CLAIM-NAME-CHANGED"]),
        ({"patient__first_name": "A~da"}, ["CLAIM-NAME-CHANGED"]),
    ],
)
def test_what_x12_cannot_carry_is_said(changes: dict[str, str], codes: list[str]) -> None:
    document = EncounterIn.model_validate(encounter(**changes))
    assert [found.code for found in lost_characters(document)] == codes
