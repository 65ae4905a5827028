"""Which claim a payer speaks of: the first rule that finds exactly one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from edi.money import Cents
from edi.remittance_835.model import Procedure, QualifiedDate, ServicePayment
from rcm.remittance.match import match_claims, match_line
from tests.rcm.partner_files import NUMBER, PARTNER, known, payment, remit, service

OURS = (known(), known("PCNZZZZZZZZZZZZZZ", 2, payer_number="ICN2"))


@pytest.mark.parametrize(
    ("number", "payer_number", "expected"),
    [
        (NUMBER, "", ("CLP01", "certain", 1)),
        (NUMBER, "ICN2", ("CLP01", "certain", 1)),
        (NUMBER.lower(), "", ("CLP01-PLAIN", "likely", 1)),
        (f"{NUMBER[:3]}-{NUMBER[3:]} ", "", ("CLP01-PLAIN", "likely", 1)),
        ("UNKNOWN", "ICN2", ("CLP07", "likely", 2)),
        ("UNKNOWN", "ICN9", None),
        ("UNKNOWN", "", None),
        (NUMBER[:-1], "", None),
        ("0", "ICN2", None),  # The payer had no number: never matched.
    ],
)
def test_a_claim_is_found_by_the_first_rule_that_fits(
    number: str, payer_number: str, expected: tuple[str, str, int] | None
) -> None:
    remittance = remit(payment(number, 10_000, 100, payer_claim_number=payer_number))
    match = match_claims(remittance, OURS, partner_id=PARTNER).get(1)
    assert (match and (match.rule, match.confidence, match.claim.id.int - 100)) == expected


def test_a_payers_number_that_two_claims_have_finds_none() -> None:
    twins = (known("ONE", 1, payer_number="ICN2"), known("TWO", 2, payer_number="ICN2"))
    remittance = remit(payment("UNKNOWN", 10_000, 1, payer_claim_number="ICN2"))
    assert match_claims(remittance, twins, partner_id=PARTNER) == {}


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
    remittance = remit(payment(number, charge, 1, payer_claim_number=payer_number))
    assert bool(match_claims(remittance, OURS, partner_id=partner)) is found


FIRST = known().lines[0]
SECOND = replace(FIRST, line=2, control_number=f"{NUMBER}02", modifiers=("25",))
THIRD = replace(FIRST, line=3, control_number=f"{NUMBER}03", service_from=date(2026, 11, 3))
LINES = (FIRST, SECOND, THIRD)
PAID = service(10_000, 10_000)
DAY = (QualifiedDate("472", date(2026, 11, 2)),)


@pytest.mark.parametrize(
    ("billed", "expected"),
    [
        (replace(PAID, line_control_number=f"{NUMBER}02"), 2),
        (replace(PAID, dates=DAY), 1),
        (replace(PAID, procedure=Procedure(qualifier="HC", code="99213", modifiers=("25",))), 2),
        (PAID, None),  # Two lines fit.
        (replace(PAID, dates=DAY, charge_cents=Cents(-10_000)), 1),  # A reversal.
        (replace(PAID, dates=DAY, charge_cents=Cents(9_999)), None),
        (
            replace(
                PAID,
                dates=DAY,
                procedure=Procedure(qualifier="HC", code="99212"),
                original_procedure=PAID.procedure,
            ),
            1,
        ),
    ],
)
def test_a_line_is_found_by_its_number_or_by_what_was_billed(
    billed: ServicePayment, expected: int | None
) -> None:
    assert match_line(billed, LINES) == expected
    assert match_line(billed, LINES[::-1]) == expected
