"""My day: six counters, each the list behind its link in figures; and where to start."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, cast, func, select

from rcm.access import Actor
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.reading.links import FilterValue, PageLink
from rcm.reading.work_items import WorkItem, WorkItemFilter, chosen_items, work_items
from rcm.rows import RemittanceRow, WorkItemRow
from rcm.worklists.items import ItemKind

SOON = timedelta(days=7)
START_HERE = 6
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Some of the open work in figures, and the list that it is."""

    count: int
    amount_cents: int
    oldest_at: datetime | None
    link: PageLink


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDay:
    """What waits, what comes first, and the cash of this week."""

    counters: dict[str, Counter]
    start_here: tuple[WorkItem, ...]
    open_items: int
    due_today: int  #: Today or overdue.
    cash_this_week_cents: int


def my_day(session: ReadSession, keys: Keys, actor: Actor, *, is_mine: bool, today: date) -> MyDay:
    """The day of `actor`, or of everybody."""
    begin = [str(actor.id)] if is_mine else []
    asked: dict[str, tuple[ItemKind, date | None]] = {
        "rejections": (ItemKind.REJECTED, None),
        "held": (ItemKind.HELD, None),
        "denials_due": (ItemKind.DENIED, today + SOON + _DAY),
        "to_post": (ItemKind.REMITTANCE, None),
        "unmatched": (ItemKind.SUSPENSE, None),
        "coverage": (ItemKind.ELIGIBILITY, None),
    }
    counters = {}
    for name, (kind, before) in asked.items():
        chosen = WorkItemFilter(kinds=[kind], state="open", assignees=begin, due_before=before)
        told: dict[str, FilterValue] = {"kind": kind.value}
        if before is not None:
            told["due_before"] = before.isoformat()
        if is_mine:
            told["assignee"] = "me"
        counters[name] = _count(session, chosen, PageLink(page="worklists", filter=told))
    mine = WorkItemFilter(state="open", assignees=begin)
    late = WorkItemFilter(state="open", assignees=begin, due_before=today + _DAY)
    everywhere = PageLink(page="worklists")
    first = work_items(session, keys, mine, sort="due", after=None, limit=START_HERE)
    return MyDay(
        counters=counters,
        start_here=first.items,
        open_items=first.counted.total,
        due_today=_count(session, late, everywhere).count,
        cash_this_week_cents=_cash(session, today),
    )


def _count(session: ReadSession, chosen: WorkItemFilter, link: PageLink) -> Counter:
    figures: tuple[Any, ...] = (
        func.count().label("count"),
        cast(func.coalesce(func.sum(WorkItemRow.amount_cents), 0), BigInteger).label("cents"),
        func.min(WorkItemRow.opened_at).label("oldest_at"),
    )
    row = session.execute(chosen_items(select(*figures), chosen)).one()
    return Counter(count=row[0], amount_cents=row.cents, oldest_at=row.oldest_at, link=link)


def _cash(session: ReadSession, today: date) -> int:
    monday = today - today.weekday() * _DAY
    total = session.scalar(
        select(cast(func.coalesce(func.sum(RemittanceRow.payment_cents), 0), BigInteger)).where(
            RemittanceRow.state == "posted",
            RemittanceRow.payment_date >= monday,
            RemittanceRow.payment_date < monday + 7 * _DAY,
        )
    )
    return total or 0
