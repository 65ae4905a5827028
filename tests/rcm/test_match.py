"""Which claim a payer speaks of: the first rule that finds exactly one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from edi.money import Cents
from edi.remittance_835.model import ClaimPayment, Name, QualifiedDate, Reference
from rcm.remittance.match import KnownClaim, Match, match_claims
from tests.rcm.partner_files import JOURNEY, NUMBER, PARTNER, index, known, payment, remit

OURS = (known(), known("PCNZZZZZZZZZZZZZZ", 2, payer_number="ICN2"))
DAY = (QualifiedDate("232", date(2026, 11, 2)),)
MEMBER_2 = Name(entity="QC", entity_type="1", last_name="CANARY", id_qualifier="MI", id="member2")


def match(
    *payments: ClaimPayment, ours: tuple[KnownClaim, ...] = OURS, partner: UUID = PARTNER
) -> dict[int, Match]:
    return match_claims(remit(*payments), ours, partner_id=partner, index=index)


def told(number: str, charge: int = 10_000, **more: object) -> ClaimPayment:
    return payment(number, charge, 100, **({"payer_claim_number": ""} | more))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (told(NUMBER), ("CLP01", "certain", 1)),
        (told(NUMBER, payer_claim_number="ICN2"), ("CLP01", "certain", 1)),
        (told(NUMBER.lower()), ("CLP01-PLAIN", "likely", 1)),
        (told(f"{NUMBER[:3]}-{NUMBER[3:]} "), ("CLP01-PLAIN", "likely", 1)),
        (told(NUMBER[:-3]), ("CLP01-PREFIX", "likely", 1)),
        (told(NUMBER[:11]), None),  # So few characters could be anybody's.
        (told("UNKNOWN", payer_claim_number="ICN2"), ("CLP07", "likely", 2)),
        (told("UNKNOWN", payer_claim_number="ICN9"), None),
        (told("UNKNOWN"), None),
        (told("UNKNOWN", references=(Reference("F8", "ICN2"),)), ("REF-F8", "likely", 2)),
        (
            told("UNKNOWN", references=(Reference("EA", "MRN2"),), dates=DAY),
            ("REF-EA", "likely", 2),
        ),
        (told("UNKNOWN", references=(Reference("EA", "MRN2"),)), None),  # Of which day?
        (told("UNKNOWN", patient=MEMBER_2, dates=DAY), ("MEMBER", "likely", 2)),
        (told("UNKNOWN", corrected=MEMBER_2, dates=DAY), ("MEMBER", "likely", 2)),
        (told("UNKNOWN", 9_999, patient=MEMBER_2, dates=DAY), None),
        (told("0", payer_claim_number="ICN2"), None),  # The payer had no number: never matched.
        (told("0", patient=MEMBER_2, dates=DAY), None),
    ],
)
def test_a_claim_is_found_by_the_first_rule_that_fits(
    said: ClaimPayment, expected: tuple[str, str, int] | None
) -> None:
    found = match(said).get(1)
    assert (found and (found.rule, found.confidence, found.claim.id.int - 100)) == expected


def test_a_claim_is_found_by_every_number_it_was_sent_under() -> None:
    again = replace(
        known("NEWNUMBER23456789"), journeys=dict.fromkeys((NUMBER, "NEWNUMBER23456789"), JOURNEY)
    )
    found = match(told(NUMBER), told("NEWNUMBER23456789"), ours=(again,))
    assert {each.rule for each in found.values()} == {"CLP01"}
    assert len(found) == 2


def test_a_payers_number_that_two_claims_have_finds_none() -> None:
    twins = (known("ONE", 1, payer_number="ICN2"), known("TWO", 2, payer_number="ICN2"))
    assert match(told("UNKNOWN", payer_claim_number="ICN2"), ours=twins) == {}
    other_charge = (twins[0], replace(twins[1], charge_cents=Cents(5)))
    assert match(told("UNKNOWN", payer_claim_number="ICN2"), ours=other_charge) == {}


def test_a_person_is_not_paid_twice_by_a_likeness() -> None:
    by_member = told("UNKNOWN", patient=MEMBER_2, dates=DAY)
    adjudicated = replace(OURS[1], is_adjudicated=True)
    assert match(by_member, ours=(OURS[0], adjudicated)) == {}
    assert set(match(told(OURS[1].patient_control_number), by_member)) == {1}
    assert match(by_member, by_member) == {}


@pytest.mark.parametrize(
    ("number", "payer_number", "charge", "partner", "found"),
    [
        ("UNKNOWN", "ICN2", 10_000, PARTNER, True),
        ("UNKNOWN", "ICN2", -10_000, PARTNER, True),  # A reversal.
        ("UNKNOWN", "ICN2", 9_999, PARTNER, False),
        ("UNKNOWN", "ICN2", 10_000, UUID(int=99), False),  # Another payer numbers as it likes.
        (NUMBER.lower(), "", 9_999, PARTNER, False),
        (NUMBER.lower(), "", 10_000, UUID(int=99), False),
        (NUMBER, "", 1, UUID(int=99), True),  # Our own number in full is certain.
    ],
)
def test_less_than_our_full_number_counts_only_with_partner_and_charge(
    number: str, payer_number: str, charge: int, partner: UUID, *, found: bool
) -> None:
    said = told(number, charge, payer_claim_number=payer_number)
    assert bool(match(said, partner=partner)) is found
