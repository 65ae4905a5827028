"""SQL of backups: which tables there are, their rows out and in, and what must be set after."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Literal

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

#: What is worth nothing in another life of the database, and why.
LEFT_OUT: Mapping[str, str] = {
    "alembic_version": "the migrations write it",
    "deployment": "the migrations write it",
    "session": "who was signed in signs in again",
    "sign_in_attempt": "counts of the last minutes",
    "change": "tells open pages what to read again; they read everything",
}
NUMBERS_SKIPPED = 1_000  #: Control numbers that may have been used since the backup.


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, and the columns whose values are kept."""

    name: str
    columns: tuple[str, ...]


def driver(connection: Connection) -> psycopg.Connection:
    """Return psycopg's own connection, in the same transaction: only it can COPY."""
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def tables(connection: Connection) -> list[Table]:
    """Every table that is backed up; what a foreign key names comes before what names it.

    Which transaction wrote a row (`pg_current_xact_id`) means nothing in another life of the
    database: such a column takes its default again.
    """
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(_COLUMNS):
        columns.setdefault(table, []).append(column)
    needs: dict[str, set[str]] = {name: set() for name in columns if name not in LEFT_OUT}
    for table, named in connection.execute(_FOREIGN_KEYS):
        if table in needs and named in needs:
            needs[table].add(named)
    return [
        Table(name=name, columns=tuple(columns[name]))
        for name in TopologicalSorter(needs).static_order()
    ]


_COLUMNS = text("""
    SELECT c.relname, a.attname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
        AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') NOT LIKE '%pg_current_xact_id%'
    ORDER BY c.relname, a.attnum
""")
_FOREIGN_KEYS = text("""
    SELECT k.conrelid::regclass::text, k.confrelid::regclass::text FROM pg_constraint k
    WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND k.conrelid <> k.confrelid
    ORDER BY 1, 2
""")


def count_rows(connection: Connection, found: Sequence[Table]) -> dict[str, int]:
    """Return how many rows each table has."""
    with driver(connection).cursor() as cursor:
        counts = {}
        for table in found:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))
            row = cursor.execute(query).fetchone()
            assert row is not None
            counts[table.name] = row[0]
    return counts


def copy_out(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table as COPY text, in the order in which they lie."""
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, table.columns)), sql.Identifier(table.name)
    )
    with driver(connection).cursor() as cursor, cursor.copy(query) as copy:
        for row in copy:
            yield bytes(row)


@contextmanager
def without_triggers(connection: Connection) -> Iterator[None]:
    """Let no trigger of ours run: what they wrote is in the backup. For rcm_owner.

    Keys, checks and foreign keys are checked as ever.
    """
    found = tables(connection)
    _set_triggers(connection, found, "DISABLE")
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # No table may change before.
    _set_triggers(connection, found, "ENABLE")


def _set_triggers(
    connection: Connection, found: Sequence[Table], verb: Literal["DISABLE", "ENABLE"]
) -> None:
    for table in found:
        query = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
        driver(connection).execute(query.format(sql.Identifier(table.name), sql.SQL(verb)))


@contextmanager
def copying_in(connection: Connection, table: Table) -> Iterator[psycopg.Copy]:
    """Take COPY text as the rows of a table."""
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with driver(connection).cursor() as cursor, cursor.copy(query) as copy:
        yield copy


def go_on_after(connection: Connection, found: Sequence[Table]) -> None:
    """Let identity columns go on where the rows end."""
    with driver(connection).cursor() as cursor:
        for table, column in connection.execute(_IDENTITIES).all():
            if table not in {each.name for each in found}:
                continue
            query = sql.SQL(
                "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 0) + 1, false)"
                " FROM {}"
            ).format(
                sql.Literal(table),
                sql.Literal(column),
                sql.Identifier(column),
                sql.Identifier(table),
            )
            cursor.execute(query)


_IDENTITIES = text("""
    SELECT attrelid::regclass::text, attname FROM pg_attribute
    WHERE attidentity <> '' AND attrelid IN (
        SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')
""")


def pause_partners(connection: Connection) -> int:
    """Pause every trading partner; returns how many were not paused."""
    return connection.execute(
        text(
            "UPDATE trading_partner SET is_paused = true, version = version + 1 WHERE NOT is_paused"
        )
    ).rowcount


def skip_control_numbers(connection: Connection) -> None:
    """Leave out the control numbers that may have been used since the backup: reuse is for ever."""
    connection.execute(
        text("UPDATE control_number SET last = last + :skipped"), {"skipped": NUMBERS_SKIPPED}
    )
