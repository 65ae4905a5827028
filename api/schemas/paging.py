"""Lists: one page, the cursor of the next, and counts of the whole."""

import base64
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from rcm.limits import PAGE_MAX
from rcm.reading.pages import Page, Position

PAGE_USUAL = 50

Item = TypeVar("Item", bound=BaseModel)


def write_cursor(position: Position) -> str:
    """Return an opaque cursor that stands for `position`."""
    text = f"{position.at.isoformat()} {position.id}"
    return base64.urlsafe_b64encode(text.encode("ascii")).decode("ascii")


def read_cursor(text: object) -> Position | None:
    """Return the position that a cursor stands for. Raises ValueError."""
    if text is None:
        return None
    try:
        at_text, _, id_text = base64.urlsafe_b64decode(str(text)).decode("ascii").partition(" ")
        at = datetime.fromisoformat(at_text)
        position = Position(at=at, id=UUID(id_text))
    except ValueError:
        raise ValueError("no list made this cursor") from None
    if at.tzinfo is None:
        raise ValueError("no list made this cursor")
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
    """One page of a list, newest first."""

    items: list[Item]
    next_cursor: str | None = Field(description="Of the next page; null on the last.")
    total: int = Field(description="Rows of the filtered list.")
    facets: dict[str, dict[str, int]] = Field(
        description="Counts by value, with every other filter applied."
    )
    as_of: datetime


def page_values(page: Page[Any], *, facet: str, as_of: datetime) -> dict[str, Any]:
    """Return the members of a PageOut, its items still as the query gave them."""
    return {
        "items": page.items,
        "next_cursor": write_cursor(page.following) if page.following else None,
        "total": page.total,
        "facets": {facet: page.facets},
        "as_of": as_of,
    }
