"""Until when work has to be done: business days of US banks."""

from datetime import date

import pytest

from rcm.worklists.deadlines import DEADLINES, due_on
from rcm.worklists.items import ItemKind

MONDAY = date(2026, 11, 23)  # Thanksgiving is on the Thursday.
WEDNESDAY = date(2026, 11, 25)
FRIDAY = date(2026, 11, 27)


def test_every_kind_has_a_deadline_and_says_where_it_is_from() -> None:
    assert set(DEADLINES) == set(ItemKind)
    assert all(each.days > 0 and each.why.endswith(".") for each in DEADLINES.values())


@pytest.mark.parametrize(
    ("kind", "opened", "due"),
    [
        (ItemKind.REJECTED, MONDAY, date(2026, 11, 24)),
        (ItemKind.REJECTED, WEDNESDAY, FRIDAY),
        (ItemKind.REJECTED, FRIDAY, date(2026, 11, 30)),
        (ItemKind.REJECTED, date(2026, 11, 28), date(2026, 11, 30)),  # Opened on a Saturday.
        (ItemKind.HELD, WEDNESDAY, date(2026, 11, 30)),
        (ItemKind.SUSPENSE, MONDAY, FRIDAY),
        (ItemKind.REMITTANCE, date(2026, 12, 31), date(2027, 1, 4)),  # The year turns.
        (ItemKind.FILE, date(2027, 7, 2), date(2027, 7, 6)),  # 4 July is a Sunday.
        (ItemKind.FOLLOW_UP, MONDAY, date(2026, 12, 3)),
        (ItemKind.DENIED, MONDAY, date(2026, 12, 23)),
        (ItemKind.DENIED, date(2026, 11, 25), date(2026, 12, 24)),  # The 30th day is Christmas.
        (ItemKind.ELIGIBILITY, MONDAY, date(2026, 11, 24)),
    ],
)
def test_work_is_due_on_a_day_on_which_banks_are_open(
    kind: ItemKind, opened: date, due: date
) -> None:
    assert due_on(kind, opened) == due


@pytest.mark.parametrize(
    ("visit", "due"),
    [
        (date(2026, 12, 2), date(2026, 12, 1)),
        (date(2026, 11, 30), FRIDAY),
        (FRIDAY, WEDNESDAY),
        (date(2026, 11, 24), MONDAY),
        (MONDAY, MONDAY),  # Today.
        (date(2026, 11, 2), date(2026, 11, 24)),  # It has been: as without a visit.
    ],
)
def test_eligibility_is_due_before_the_visit(visit: date, due: date) -> None:
    assert due_on(ItemKind.ELIGIBILITY, MONDAY, visit=visit) == due
