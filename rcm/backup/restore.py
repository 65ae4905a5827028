"""Reading a backup back into an empty database: all of it, compared row by row, or nothing."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from rcm import jobs
from rcm.backup import store
from rcm.backup.frames import BackupError, Frame, read_frames
from rcm.backup.store import Table
from rcm.db import SCHEMA_VERSION, schema_version
from rcm.migrations import upgrade
from rcm.parties.store import partner_ids
from rcm.tools import Tools

Frames = Iterator[tuple[Frame, bytes]]
Progress = Callable[[str, int], None]  #: Table, its rows.


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored."""

    taken_at: datetime
    rows: Mapping[str, int]  #: By table.
    partners_paused: int


def restore_backup(owner_url: str, tools: Tools, path: Path, progress: Progress) -> Restored:
    """Restore the backup `path` into the empty database of `owner_url` (rcm_owner).

    What the partners got and sent since the backup is not in it, so afterwards every partner is
    paused, its control numbers leave a gap, and a job fetches what lies in its archive again.
    Raises BackupError; the database is empty then as before, but for its schema.
    """
    try:
        with path.open("rb") as file:
            frames = read_frames(file, tools.keys)
            head = _head(frames, tools)
            _refuse_filled(owner_url)
            upgrade(owner_url, deployment=tools.deployment, revision=str(head["schema_version"]))
            engine = create_engine(owner_url, poolclass=NullPool, hide_parameters=True)
            with engine.begin() as connection, store.without_triggers(connection):
                rows = _restore(connection, frames, progress)
    except OSError as reason:
        raise BackupError(f"{path} cannot be read: {reason.strerror}") from None
    except (SQLAlchemyError, psycopg.Error) as reason:
        raise BackupError(f"the database refused the rows: {type(reason).__name__}") from None
    upgrade(owner_url, deployment=tools.deployment)
    with Session(engine) as session, session.begin():
        paused = store.pause_partners(session.connection())
        store.skip_control_numbers(session.connection())
        for partner_id in partner_ids(session):
            jobs.add(session, "fetch_archived", ref_id=partner_id)
    return Restored(
        taken_at=datetime.fromisoformat(str(head["taken_at"])), rows=rows, partners_paused=paused
    )


def _head(frames: Frames, tools: Tools) -> Mapping[str, object]:
    _, body = next(frames)
    head: dict[str, object] = json.loads(body)
    if head["deployment"] != tools.deployment:
        raise BackupError(f"the backup is of a {head['deployment']} deployment, this is another")
    if str(head["schema_version"]) > SCHEMA_VERSION:
        raise BackupError("the backup is of a later version of this service: install that first")
    return head


def _refuse_filled(owner_url: str) -> None:
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        if schema_version(connection) is None:
            return
        filled = [
            name
            for name, rows in store.count_rows(connection, store.tables(connection)).items()
            if rows
        ]
    if filled:
        raise BackupError(
            f"the database is not empty ({filled[0]} has rows): make a new one to restore into"
        )


def _restore(connection: Connection, frames: Frames, progress: Progress) -> dict[str, int]:
    restored: list[Table] = []
    counts: dict[str, int] = {}
    for kind, body in frames:
        if kind is Frame.END:
            if json.loads(body) != counts:
                raise BackupError("the backup does not hold the rows that its end names")
            break
        if kind is not Frame.TABLE:
            raise BackupError("the backup's parts are out of order: take another one")
        named = json.loads(body)
        table = Table(name=named["table"], columns=tuple(named["columns"]))
        end = _restore_rows(connection, table, frames)
        if _read_again(connection, table) != end:
            raise BackupError(f"the rows of {table.name} are not those that were backed up")
        restored.append(table)
        counts[table.name] = int(str(end["rows"]))
        progress(table.name, counts[table.name])
    store.go_on_after(connection, restored)
    return counts


def _restore_rows(connection: Connection, table: Table, frames: Frames) -> Mapping[str, object]:
    with store.copying_in(connection, table) as copy:
        kind, body = next(frames)
        while kind is Frame.ROWS:
            copy.write(body)
            kind, body = next(frames)
    if kind is not Frame.TABLE_END:
        raise BackupError("the backup's parts are out of order: take another one")
    end: dict[str, object] = json.loads(body)
    return end


def _read_again(connection: Connection, table: Table) -> Mapping[str, object]:
    """Read what was written: a row lies where it was put, so the same text must come out."""
    digest, rows = hashlib.sha256(), 0
    for row in store.copy_out(connection, table):
        digest.update(row)
        rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}
