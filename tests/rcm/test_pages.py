"""The list kit: any order, both ways, with gaps, while rows arrive; figures of what was chosen."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Engine,
    MetaData,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Session

from api.schemas.paging import Cursor, read_cursor, write_cursor
from rcm.reading.groups import count_groups
from rcm.reading.pages import (
    CursorMisfitError,
    Position,
    SortValue,
    between,
    read_page,
    sort_of,
)

ROWS = Table(
    "sorted_rows",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("cents", BigInteger),
    Column("day", Date),
    Column("name", Text),
)
SORTS = {"cents": ROWS.c.cents, "day": ROWS.c.day, "name": ROWS.c.name}
ID = UUID(int=1)


def made(random: Random) -> dict[str, Any]:
    return {
        "id": UUID(int=random.getrandbits(128)),
        "cents": random.randrange(5),
        "day": random.choice([None, date(2026, 11, 1), date(2026, 11, 2)]),
        "name": random.choice("abc"),
    }


@pytest.fixture
def session(owner: Engine) -> Iterator[Session]:
    with Session(owner) as session:
        session.execute(
            text("CREATE TEMP TABLE sorted_rows (id uuid, cents bigint, day date, name text)")
        )
        random = Random(1)
        session.execute(insert(ROWS), [made(random) for _ in range(40)])
        yield session
        session.rollback()


@pytest.mark.parametrize("name", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_pages_are_in_order_and_repeat_nothing_while_rows_arrive(
    session: Session, name: str
) -> None:
    sort = sort_of(name, SORTS, ROWS.c.id, gaps=["day"])
    random = Random(2)
    first = set(session.scalars(select(ROWS.c.id)))
    seen: list[Any] = []
    after: Position | None = None
    while True:
        rows, after = read_page(session, select(ROWS), sort, after=after, limit=7)
        seen += rows
        if after is None:
            break
        after = read_cursor(write_cursor(after))
        session.execute(insert(ROWS), [made(random)])
    ids = [row.id for row in seen]
    assert len(ids) == len(set(ids))
    assert first <= set(ids)
    values = [getattr(row, name.removeprefix("-")) for row in seen]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=name.startswith("-"))
    assert values == [*known, *[None] * (len(values) - len(known))]


@pytest.mark.parametrize(
    "position",
    [
        Position(value=1, id=ID, sort="-cents"),
        Position(value="1", id=ID, sort="cents"),
        Position(value=None, id=ID, sort="cents"),
        Position(value=datetime(2026, 11, 1, tzinfo=UTC), id=ID, sort="day"),
    ],
)
def test_a_cursor_that_another_list_made_is_refused(session: Session, position: Position) -> None:
    asked = "day" if position.sort == "day" else "cents"
    sort = sort_of(asked, SORTS, ROWS.c.id, gaps=["day"])
    with pytest.raises(CursorMisfitError):
        read_page(session, select(ROWS), sort, after=position, limit=7)


@pytest.mark.parametrize(
    "value", [datetime(2026, 11, 1, 5, 6, 7, 8, tzinfo=UTC), date(2026, 11, 1), -5, "Ä b", None]
)
def test_a_cursor_is_read_as_it_was_written(value: SortValue) -> None:
    position = Position(value=value, id=ID, sort="-x")
    assert read_cursor(write_cursor(position)) == position


class Asked(BaseModel):
    cursor: Cursor = None


@pytest.mark.parametrize(
    "position",
    [
        Position(value=2**63, id=ID),
        Position(value="\0", id=ID),
        Position(value="\ud800", id=ID),
        Position(value=datetime(2026, 11, 1), id=ID),  # noqa: DTZ001  # On purpose.
    ],
)
def test_a_forged_cursor_is_refused(position: Position) -> None:
    with pytest.raises(ValidationError):
        Asked.model_validate({"cursor": write_cursor(position)})


@pytest.mark.parametrize(
    "cursor", ["", "é", "W10=", "WzEsMiwzXQ==", "bnVsbA==", "eyJhIjogMX0=", "WyIiLCJ4IiwiIl0="]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValidationError):
        Asked.model_validate({"cursor": cursor})


def test_each_facet_counts_with_every_filter_but_its_own(session: Session) -> None:
    every = session.execute(select(ROWS).where(*between(ROWS.c.cents, 1, 3))).all()
    chosen = {"name": ["a", "b"], "cents": ["2"]}
    counted = count_groups(
        session,
        select(ROWS).where(*between(ROWS.c.cents, 1, 3)),
        facets={"name": ROWS.c.name, "cents": ROWS.c.cents},
        chosen=chosen,
        sums={"cents": ROWS.c.cents},
    )
    listed = [row for row in every if row.name in "ab" and row.cents == 2]
    assert counted.total == len(listed) > 0
    assert counted.totals == {"cents": 2 * len(listed)}
    names = [row.name for row in every if row.cents == 2]
    assert counted.facets["name"] == {name: names.count(name) for name in sorted(set(names))}
    cents = [str(row.cents) for row in every if row.name in "ab"]
    assert counted.facets["cents"] == {one: cents.count(one) for one in sorted(set(cents))}
