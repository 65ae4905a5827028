"""Until when each kind of work has to be done: one table, in business days of US banks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from rcm.worklists.items import ItemKind

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """How long a kind of work may wait."""

    days: int
    why: str  #: Where the number is from.
    is_business: bool = True  #: Days on which banks are open; else days of the calendar.


#: Of each kind, counted from the organization's date on which the item was opened.
DEADLINES: Mapping[ItemKind, Deadline] = {
    ItemKind.REJECTED: Deadline(
        days=1, why="A rejected claim was never received: filing limits keep running."
    ),
    ItemKind.HELD: Deadline(days=2, why="Charges are submitted one to two days after the visit."),
    ItemKind.ON_HOLD: Deadline(
        days=7, why="Filing limits keep running; a person said why it waits, and looks again."
    ),
    ItemKind.SUSPENSE: Deadline(
        days=3, why="CORE 370: remittance and money meet within three business days."
    ),
    ItemKind.REMITTANCE: Deadline(
        days=1, why="The money is at the bank, and no claim shows it until this is posted."
    ),
    ItemKind.FILE: Deadline(
        days=1, why="Nobody knows what is in it: rejections and money may wait there."
    ),
    ItemKind.ELIGIBILITY: Deadline(
        days=1, why="Without a visit to come, the next business day; else the one before the visit."
    ),
    ItemKind.DENIED: Deadline(
        days=30,
        is_business=False,
        why="Appeal windows are the payer's, 60 to 180 days as a rule; 30 days leave time to act.",
    ),
    ItemKind.FOLLOW_UP: Deadline(
        days=7, why="The other remittance of a payer comes with its next weekly payment."
    ),
}


def due_on(kind: ItemKind, today: date, *, visit: date | None = None) -> date:
    """Return the day until which an item that is opened `today` has to be done.

    Eligibility has to be known before the visit, while the payer still answers the telephone: on
    the business day before it, or today where that has passed. What is counted in days of the
    calendar ends on the business day before, where it would end on a day without banks.

    >>> due_on(ItemKind.REJECTED, date(2026, 11, 25))  # The day before Thanksgiving.
    datetime.date(2026, 11, 27)
    """
    deadline = DEADLINES[kind]
    if kind is ItemKind.ELIGIBILITY and visit is not None and visit >= today:
        return max(today, _open_day(visit - _DAY, -_DAY))
    if not deadline.is_business:
        return _open_day(today + deadline.days * _DAY, -_DAY)
    day = today
    for _ in range(deadline.days):
        day = _open_day(day + _DAY, _DAY)
    return day


def _open_day(day: date, step: timedelta) -> date:
    """Return `day`, or the nearest day in the direction of `step` on which banks are open."""
    while day.weekday() >= _SATURDAY or day in _closed_in(day.year):
        day += step
    return day


@cache
def _closed_in(year: int) -> frozenset[date]:
    """Return the holidays of the Federal Reserve Banks."""
    return frozenset(holidays.financial_holidays("XFED", years=year))
