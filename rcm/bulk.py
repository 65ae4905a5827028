"""Many rows in one statement whose text does not depend on how many they are.

What is only inserted is copied; what may be there already, is changed or is looked for goes as
arrays, one for each column. So the driver has no text of megabytes to split, the server has one
statement to plan, and a trigger for statements runs once.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Table,
    Text,
    Update,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from rcm.rows.base import Base

_Row = Mapping[str, Any]
_GIVEN = "given_"  #: SQLAlchemy keeps the names of columns for itself.


def table_of(row_type: type[Base]) -> Table:
    """Return the table of a row: what the ORM does for single objects only gets in the way here."""
    table = row_type.__table__
    assert isinstance(table, Table)
    return table


def copy_rows(session: Session, row_type: type[Base], rows: Sequence[_Row]) -> None:
    """Insert rows, all with the same columns, in this transaction. Raises as `execute` does."""
    if not rows:
        return
    names = tuple(rows[0])
    statement, wrap = _copy(row_type, names)
    connection = session.connection()
    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copying:
            for row in rows:
                values = [row[name] for name in names]
                for at in wrap:
                    values[at] = Jsonb(values[at])
                copying.write_row(values)
    except psycopg.Error as reason:
        if driver.closed:
            connection.invalidate()
        raise DBAPIError.instance(
            f"COPY {row_type.__tablename__}", None, reason, psycopg.Error, hide_parameters=True
        ) from None


@cache
def _copy(row_type: type[Base], names: tuple[str, ...]) -> tuple[sql.Composed, tuple[int, ...]]:
    """Return the statement, and the places of what has to be wrapped as JSON."""
    table = table_of(row_type)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    return statement, tuple(
        at for at, name in enumerate(names) if isinstance(table.c[name].type, JSONB)
    )


def update_rows(session: Session, row_type: type[Base], rows: Sequence[_Row]) -> None:
    """Change rows by their `id`, the other columns of each as given. All change the same ones."""
    if rows:
        session.execute(_update(row_type, tuple(rows[0])), arrays(row_type, rows))


@cache
def _update(row_type: type[Base], names: tuple[str, ...]) -> Update:
    table = table_of(row_type)
    given = given_rows(row_type, names).subquery("given")
    changed = {name: given.c[name] for name in names if name != "id"}
    return update(table).where(table.c.id == given.c.id).values(changed)


def given_rows(row_type: type[Base], names: Sequence[str]) -> Select[Any]:
    """Return the query of the rows that `arrays` gives, for an insert that may meet others."""
    table = table_of(row_type)
    of_rows = func.unnest(
        *(bindparam(_GIVEN + name, type_=ARRAY(_carrier(table.c[name]))) for name in names)
    )
    given = of_rows.table_valued(*names, name="told").render_derived()
    return select(
        *(
            given.c[name]
            if _carrier(table.c[name]) is table.c[name].type
            else cast(given.c[name], table.c[name].type).label(name)
            for name in names
        )
    )


def arrays(row_type: type[Base], rows: Sequence[_Row]) -> dict[str, list[Any]]:
    """Return the columns of rows, for `given_rows`."""
    table = table_of(row_type)
    return {_GIVEN + name: _values(table.c[name], [row[name] for row in rows]) for name in rows[0]}


def _carrier(column: ColumnElement[Any]) -> Any:  # noqa: ANN401  # Any type of SQLAlchemy.
    """Arrays cannot hold arrays that differ in length: those travel as text, and so does JSON."""
    return Text() if isinstance(column.type, ARRAY | JSONB) else column.type


def _values(column: ColumnElement[Any], values: list[Any]) -> list[Any]:
    if isinstance(column.type, JSONB):
        return [json.dumps(value) for value in values]
    if isinstance(column.type, ARRAY):
        return [_array(value) for value in values]
    return values


def _array(values: Sequence[bytes]) -> str:
    r"""Return bytes as PostgreSQL writes an array of them.

    >>> _array([b"a", b"bc"])
    '{"\\\\x61","\\\\x6263"}'
    """
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


def among(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Tell whether a column is one of these values, however many."""
    expression: Callable[[Any], ColumnElement[bool]] = column.__eq__
    return expression(any_(literal(list(values), ARRAY(column.type))))
