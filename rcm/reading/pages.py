"""One page of a list, newest first, by position: rows that arrive meanwhile repeat nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

Item = TypeVar("Item")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last row of a page: the next page begins after it."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some rows of a list, and how many there are in all.

    `facets` counts by value with every other filter applied, so that each value can be chosen.
    """

    items: tuple[Item, ...]
    following: Position | None  #: None: this is the last page.
    facets: dict[str, int]
    total: int  #: Of the filtered list.


def page_of(
    query: Select[*Columns],
    *,
    at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
    after: Position | None,
    limit: int,
) -> Select[*Columns]:
    """Return `query` for the page after `after`, with one row more than fits."""
    if after is not None:
        query = query.where(tuple_(at, row_id) < tuple_(after.at, after.id))
    return query.order_by(at.desc(), row_id.desc()).limit(limit + 1)


def following(
    rows: Sequence[Any], limit: int, *, at: str = "created_at"
) -> tuple[Sequence[Any], Position | None]:
    """Split the rows of `page_of` into the page and the position of the next one."""
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Position(at=getattr(last, at), id=last.id)


def total_of(facets: dict[str, int], chosen: Sequence[str]) -> int:
    """Return how many rows the facets count for the chosen values; none chosen means all.

    >>> total_of({"paid": 2, "held": 1}, ["paid", "denied"]), total_of({"paid": 2}, [])
    (2, 2)
    """
    return sum(count for value, count in facets.items() if not chosen or value in chosen)


def equal(
    *pairs: tuple[InstrumentedAttribute[Any], object | None],
) -> list[ColumnElement[bool]]:
    """Return the conditions of those pairs of column and value that have a value."""
    return [column == value for column, value in pairs if value is not None]
