"""One page of a list, in any order, by position: rows that arrive meanwhile repeat nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from rcm.db import ReadSession

Item = TypeVar("Item")
Columns = TypeVarTuple("Columns")
SortValue = datetime | date | int | str | None


class CursorMisfitError(Exception):
    """A cursor of another list, or of this one sorted in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last row of a page: the next page begins after it."""

    value: SortValue  #: Of what the list is sorted by. It travels in URLs: never PHI.
    id: UUID
    sort: str = ""  #: As the list was asked to be sorted; empty where it cannot be asked.


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some rows of a list, and how many there are in all.

    `facets` counts by value with every other filter applied, so that each value can be chosen.
    """

    items: tuple[Item, ...]
    following: Position | None  #: None: this is the last page.
    facets: dict[str, int]
    total: int  #: Of the filtered list.


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """How a list is sorted: by one column and then by id, so that no two rows are equal.

    Rows without a value come last, whichever the direction.
    """

    name: str  #: As asked: a leading minus means descending.
    by: ColumnElement[Any] | InstrumentedAttribute[Any]
    row_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]
    has_gaps: bool = False  #: Whether some rows have no value.

    @property
    def is_descending(self) -> bool:
        """Tell whether the greatest comes first."""
        return self.name.startswith("-")

    def order(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Return what to order by."""
        by = self.by.desc() if self.is_descending else self.by.asc()
        row_id = self.row_id.desc() if self.is_descending else self.row_id.asc()
        return (by.nulls_last() if self.has_gaps else by), row_id

    def after(self, position: Position) -> ColumnElement[bool]:
        """Return the condition of the rows after `position`. Raises CursorMisfitError."""
        here, there = tuple_(self.by, self.row_id), tuple_(position.value, position.id)
        if position.sort != self.name or not self._fits(position.value):
            raise CursorMisfitError
        if position.value is None:
            others = self.row_id < position.id if self.is_descending else self.row_id > position.id
            return and_(self.by.is_(None), others)
        further = here < there if self.is_descending else here > there
        return or_(further, self.by.is_(None)) if self.has_gaps else further

    def _fits(self, value: SortValue) -> bool:
        """Tell whether a cursor's value is of the column's type: a stranger may have made it."""
        return self.has_gaps if value is None else type(value) is self.by.type.python_type


def sort_of(
    asked: str,
    columns: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]],
    row_id: ColumnElement[UUID] | InstrumentedAttribute[UUID],
    *,
    gaps: Sequence[str] = (),
) -> Sort:
    """Return how `asked` (a name of `columns`, descending with a leading minus) sorts."""
    name = asked.removeprefix("-")
    return Sort(name=asked, by=columns[name], row_id=row_id, has_gaps=name in gaps)


def read_page(
    session: ReadSession,
    query: Select[*Columns],
    sort: Sort,
    *,
    after: Position | None,
    limit: int,
) -> tuple[Sequence[Row[Any]], Position | None]:
    """The rows of the page after `after`, and where the next page begins.

    Each row is what `query` selects and two columns more. Raises CursorMisfitError.
    """
    if after is not None:
        query = query.where(sort.after(after))
    paged = query.add_columns(sort.by.label("sorted_by"), sort.row_id.label("sorted_id"))
    rows = session.execute(paged.order_by(*sort.order()).limit(limit + 1)).all()
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Position(value=last.sorted_by, id=last.sorted_id, sort=sort.name)


def page_of(
    query: Select[*Columns],
    *,
    at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
    after: Position | None,
    limit: int,
) -> Select[*Columns]:
    """Return `query`, newest first, for the page after `after`, with one row more than fits."""
    if after is not None:
        if after.sort or type(after.value) is not datetime:
            raise CursorMisfitError
        query = query.where(tuple_(at, row_id) < tuple_(after.value, after.id))
    return query.order_by(at.desc(), row_id.desc()).limit(limit + 1)


def following(
    rows: Sequence[Any], limit: int, *, at: str = "created_at"
) -> tuple[Sequence[Any], Position | None]:
    """Split the rows of `page_of` into the page and the position of the next one."""
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Position(value=getattr(last, at), id=last.id)


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


def between(
    column: ColumnElement[Any] | InstrumentedAttribute[Any],
    lowest: object | None,
    highest: object | None,
) -> list[ColumnElement[bool]]:
    """Return the conditions of a range; both ends belong to it, and an absent end is open."""
    ends = [] if lowest is None else [column >= lowest]
    return ends if highest is None else [*ends, column <= highest]
