"""Denied money by reason, payer or category: the largest first, and what part of all it is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from edi.codes import CodeList, words_of
from rcm.db import ReadSession
from rcm.reading.links import PageLink
from rcm.reading.work_items import PAYER, WorkItemFilter, chosen_items
from rcm.rows import PayerRow, WorkItemRow
from rcm.worklists.items import ItemKind

By = Literal["carc", "payer", "category"]

_COLUMNS: dict[str, ColumnElement[str]] = {
    "carc": WorkItemRow.reason.expression,
    "payer": PAYER,
    "category": WorkItemRow.category.expression,
}
_FILTERS = {"carc": "reason", "payer": "payer", "category": "category"}
_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialFigure:
    """What was denied for one reason, by one payer, or in one category."""

    key: str
    label: str
    words: str
    amount_cents: int  #: Open: nobody has settled it.
    count: int
    total_cents: int  #: Open and done.
    total_count: int
    cumulative_share: Decimal  #: Of the open money: its own and that of all before it.
    link: PageLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Denials:
    """Denied money, the largest first."""

    definition: str
    items: tuple[DenialFigure, ...]
    amount_cents: int
    count: int
    total_cents: int
    total_count: int


def denials(session: ReadSession, *, by: By) -> Denials:
    """Denied money of work items, open and in all."""
    key = _COLUMNS[by].label("key")
    is_open = WorkItemRow.state == "open"
    amount = WorkItemRow.amount_cents
    opened = cast(func.coalesce(func.sum(amount).filter(is_open), 0), BigInteger)
    figures: tuple[Any, ...] = (
        key,
        func.min(PayerRow.name).label("payer_name"),
        opened.label("amount_cents"),
        func.count().filter(is_open).label("count"),
        cast(func.sum(amount), BigInteger).label("total_cents"),
        func.count().label("total_count"),
    )
    query = chosen_items(select(*figures), WorkItemFilter(kinds=[ItemKind.DENIED]))
    rows = session.execute(query.group_by(key)).mappings().all()
    ordered = sorted(rows, key=lambda row: (-row["amount_cents"], -row["total_cents"], row["key"]))
    whole = sum(row["amount_cents"] for row in rows)
    items = []
    so_far = 0
    for row in ordered:
        so_far += row["amount_cents"]
        share = Decimal(so_far) / whole if whole else Decimal(0)
        name = row["key"]
        items.append(
            DenialFigure(
                key=name,
                label=(row["payer_name"] or name) if by == "payer" else name,
                words=words_of(CodeList.ADJUSTMENT_REASON, name.partition("-")[2])
                if by == "carc"
                else "",
                amount_cents=row["amount_cents"],
                count=row["count"],
                total_cents=row["total_cents"],
                total_count=row["total_count"],
                cumulative_share=share.quantize(_SHARE),
                link=PageLink(page="worklists", filter={"kind": "denied", _FILTERS[by]: name}),
            )
        )
    return Denials(
        definition="Money that payers denied and a person works: the amount of each denial by its "
        "largest reason. Open: not settled by an answer or by a person yet.",
        items=tuple(items),
        amount_cents=whole,
        count=sum(row["count"] for row in rows),
        total_cents=sum(row["total_cents"] for row in rows),
        total_count=sum(row["total_count"] for row in rows),
    )
