"""Where many tests begin: made once through the product, from then on put back as it was.

What the product wrote is kept as rows and files and copied in again: the same bytes, in a fraction
of the time, in every process of the run. Whoever tests how it is written posts it by hand instead.
"""

import fcntl
import hashlib
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, text

from rcm.backup.store import (
    LEFT_OUT,
    Table,
    copy_out,
    copying_in,
    go_on_after,
    tables,
    without_triggers,
)

_MIGRATIONS_OWN = ("alembic_version", "deployment")
_CHANGES = Table(name="change", columns=("id", "kind", "about_id", "at"))  #: In no backup.
Rows = Mapping[Table, Sequence[bytes]]
Files = Mapping[Path, bytes]
T = TypeVar("T")
_KNOWN: dict[URL, list[Table]] = {}


def empty_database(owner: Engine) -> None:
    """Empty every table, as the owner, who lets no trigger run meanwhile.

    Row by row, children first: a test leaves few rows, and TRUNCATE makes each table anew.
    """
    with owner.begin() as connection:
        names = [*LEFT_OUT, *(table.name for table in reversed(_tables(connection)))]
        filled = _filled(connection, [name for name in names if name not in _MIGRATIONS_OWN])
        if not filled:
            return
        with quietly(connection):
            connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in filled))


@contextmanager
def quietly(connection: Connection) -> Iterator[None]:
    """Let no trigger run in this transaction; where the owner may, not those of foreign keys."""
    if connection.scalar(_MAY):
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
    else:  # On a server that RCM_TEST_... names: it costs two changes of each table.
        with without_triggers(connection):
            yield


_MAY = text("SELECT has_parameter_privilege('session_replication_role', 'SET')")


def _tables(connection: Connection) -> list[Table]:
    """What a foreign key names comes before what names it; asked once for each database."""
    key = connection.engine.url
    if key not in _KNOWN:
        _KNOWN[key] = tables(connection)
    return _KNOWN[key]


def _filled(connection: Connection, names: Sequence[str]) -> list[str]:
    wanted = ", ".join(f"EXISTS (SELECT FROM {name})" for name in names)
    row = connection.execute(text(f"SELECT {wanted}")).one()
    return [name for name, is_filled in zip(names, row, strict=True) if is_filled]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one step has made: its rows and files, and what it returned."""

    added: Sequence[tuple[Table, bytes]]
    changed: Sequence[str]  #: Tables of which `added` holds all rows: some were others before.
    files: Files
    returned: Any


class Stages:
    """The steps that were made in this run. Each starts where its caller says it does."""

    def __init__(self, owner: Engine, kept: Path) -> None:
        self._owner = owner
        self._kept = kept  #: Where every process of this run finds what another has made.
        self._made: dict[str, Stage] = {}

    def reach(self, name: str, make: Callable[[], T], folder: Path) -> T:
        """Return what `make` returned when it was first asked for, all that it did being done.

        What stands beside it in the database or in `folder` stays as it is.
        """
        if name not in self._made:
            with alone(self._kept / hashlib.sha256(name.encode()).hexdigest()) as file:
                if not file.exists():
                    rows, files = rows_of(self._owner), _files(folder)
                    returned = make()
                    made = _stage(rows, rows_of(self._owner), files, _files(folder), returned)
                    file.write_bytes(pickle.dumps(made))
                    self._made[name] = made
                    return returned
                self._made[name] = pickle.loads(file.read_bytes())
        stage = self._made[name]
        with self._owner.begin() as connection, quietly(connection):
            for table in stage.changed:
                connection.exec_driver_sql(f"DELETE FROM {table}")
            for kept, lines in stage.added:
                with copying_in(connection, kept) as copy:
                    copy.write(lines)
            # The numbers may have been given in the database of another process.
            go_on_after(connection, [kept for kept, _ in stage.added])
        for path, body in stage.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(body)
        found: T = stage.returned
        return found


@contextmanager
def alone(file: Path) -> Iterator[Path]:
    """Let one process at a time see whether a file is there, and make it."""
    lock = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(lock)


def rows_of(owner: Engine) -> Rows:
    """Return the rows of each table that has any, as COPY writes them."""
    with owner.begin() as connection:
        found = [*_tables(connection), _CHANGES]
        filled = set(_filled(connection, [each.name for each in found]))
        return {each: list(copy_out(connection, each)) for each in found if each.name in filled}


def _files(folder: Path) -> Files:
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _stage(
    before: Rows,
    after: Rows,
    had: Mapping[Path, bytes],
    has: Mapping[Path, bytes],
    returned: object,
) -> Stage:
    """Return what came; a row that went, because it was changed, makes its table be put anew."""
    added, changed = [], []
    for table, rows in after.items():
        known = set(before.get(table, ()))
        if not known <= set(rows):
            changed.append(table.name)
            known = set()
        if came := [row for row in rows if row not in known]:
            added.append((table, b"".join(came)))
    assert before.keys() <= after.keys(), "a step that empties a table cannot be kept"
    return Stage(
        added=added,
        changed=changed,
        files={path: body for path, body in has.items() if had.get(path) != body},
        returned=returned,
    )
