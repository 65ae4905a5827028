"""Which line of a claim a service is: what says it in full first, and never a guess."""

from dataclasses import replace
from datetime import date

import pytest

from edi.money import Cents, Thousandths
from edi.remittance_835.model import Procedure, QualifiedDate, ServicePayment
from rcm.remittance.match_line import match_lines
from tests.rcm.partner_files import NUMBER, known, payment, service

FIRST = known().lines[0]
SECOND = replace(FIRST, line=2, modifiers=("25",))
THIRD = replace(FIRST, line=3, service_from=date(2026, 11, 3))
FOURTH = replace(FIRST, line=4, procedure="36415", charge_cents=Cents(1_200))
LINES = (FIRST, SECOND, THIRD, FOURTH)
PAID = service(10_000, 10_000)
DAY = (QualifiedDate("472", date(2026, 11, 2)),)
SEPARATE = Procedure(qualifier="HC", code="99213", modifiers=("25",))
OTHER = Procedure(qualifier="HC", code="36415")
FULL, LESS = "CODE-MODIFIERS-DAY-CHARGE-UNITS", "CODE-MODIFIERS-DAY-CHARGE"


def match(*services: ServicePayment) -> list[tuple[int | None, str]]:
    told = payment(NUMBER, 10_000, 10_000, services=services)
    either_way = [
        match_lines(told, replace(known(), lines=lines)) for lines in (LINES, LINES[::-1])
    ]
    assert either_way[0] == either_way[1]
    return [(found.line, found.rule) for found in either_way[0]]


@pytest.mark.parametrize(
    ("billed", "expected"),
    [
        (replace(PAID, line_control_number=f"{NUMBER}02"), (2, "6R")),
        (replace(PAID, dates=DAY), (1, FULL)),
        (replace(PAID, procedure=SEPARATE), (2, FULL)),
        (PAID, (None, "GROUP")),  # Two lines fit.
        (replace(PAID, dates=DAY, charge_cents=Cents(-10_000)), (1, FULL)),  # A reversal.
        (replace(PAID, dates=DAY, units=Thousandths(-1_000)), (1, FULL)),  # Of units too.
        (replace(PAID, dates=DAY, units=Thousandths(3_000)), (1, LESS)),
        (replace(PAID, dates=DAY, charge_cents=Cents(9_999)), (None, "GROUP")),
        (
            replace(
                PAID,
                dates=DAY,
                procedure=Procedure(qualifier="HC", code="99212"),
                original_procedure=PAID.procedure,
            ),
            (1, FULL),
        ),
        (
            replace(PAID, procedure=replace(OTHER, modifiers=("XU",)), charge_cents=Cents(1_200)),
            (4, "CODE-CHARGE"),
        ),
        (replace(PAID, procedure=OTHER, charge_cents=Cents(900)), (4, "CODE")),
        (replace(PAID, procedure=replace(OTHER, code="80053")), (None, "GROUP")),  # Bundled.
    ],
)  # fmt: skip
def test_a_line_is_found_by_its_number_or_by_what_was_billed(
    billed: ServicePayment, expected: tuple[int | None, str]
) -> None:
    assert match(billed) == [expected]


def test_a_weak_rule_looks_only_at_the_lines_that_are_left() -> None:
    sure = replace(PAID, line_control_number=f"{NUMBER}01")
    also = replace(PAID, line_control_number=f"{NUMBER}02")
    assert match(sure, also, PAID) == [(1, "6R"), (2, "6R"), (3, FULL)]
