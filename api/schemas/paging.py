"""Lists: one page, the cursor of the next, and counts of the whole."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from rcm.limits import PAGE_MAX
from rcm.reading.pages import Page, Position, SortValue

PAGE_USUAL = 50

Item = TypeVar("Item", bound=BaseModel)


#: Of the values in cursors, by the letter that stands before them.
_READ: dict[str, Callable[[str], SortValue]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": int,
    "s": str,
    "-": lambda _: None,
}
_BIGINT = range(-(2**63), 2**63)


def write_cursor(position: Position) -> str:
    """Return an opaque cursor that stands for `position`."""
    match position.value:
        case datetime() as at:
            told = "t" + at.isoformat()
        case date() as day:
            told = "d" + day.isoformat()
        case int() as number:
            told = f"n{number}"
        case str() as text:
            told = "s" + text
        case None:
            told = "-"
    parts = json.dumps([position.sort, told, str(position.id)])
    return base64.urlsafe_b64encode(parts.encode("ascii")).decode("ascii")


def read_cursor(text: object) -> Position | None:
    """Return the position that a cursor stands for. Raises ValueError."""
    if text is None:
        return None
    try:
        sort, told, row_id = json.loads(base64.urlsafe_b64decode(str(text)))
        value = _READ[told[:1]](told[1:])
        position = Position(value=value, id=UUID(row_id), sort=str(sort))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("no list made this cursor") from None
    match value:
        case datetime() if value.tzinfo is None:
            raise ValueError("no list made this cursor")
        case int() if value not in _BIGINT:
            raise ValueError("no list made this cursor")
        case str() if "\0" in value or not value.isprintable():
            raise ValueError("no list made this cursor")
        case _:
            return position


Cursor = Annotated[
    Position | None, BeforeValidator(read_cursor), WithJsonSchema({"type": "string"})
]


class PageQuery(BaseModel):
    """Which page. A parameter that is unknown is refused: a misspelt filter must not be ignored."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    limit: int = Field(default=PAGE_USUAL, ge=1, le=PAGE_MAX, description="Rows of one page.")
    cursor: Cursor = Field(
        default=None, description="`next_cursor` of the page before; none for the first page."
    )


class PageOut(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(description="Of the next page; null on the last.")
    total: int = Field(description="Rows of the filtered list.")
    facets: dict[str, dict[str, int]] = Field(
        description="Counts by value, with every other filter applied."
    )
    as_of: datetime


def page_values(page: Page[Any], *, facet: str, as_of: datetime) -> dict[str, Any]:
    """Return the members of a PageOut, its items still as the query gave them."""
    return list_values(
        page.items, page.following, total=page.total, facets={facet: page.facets}, as_of=as_of
    )


def list_values(
    items: Sequence[Any],
    following: Position | None,
    *,
    total: int,
    facets: dict[str, dict[str, int]],
    as_of: datetime,
) -> dict[str, Any]:
    """Return the members of a PageOut with any number of facets."""
    return {
        "items": items,
        "next_cursor": write_cursor(following) if following else None,
        "total": total,
        "facets": facets,
        "as_of": as_of,
    }
