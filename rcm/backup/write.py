"""Writing a backup: every row of one moment, sealed; the file appears whole or not at all."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from rcm.backup import store
from rcm.backup.frames import BackupError, Frame, FrameWriter
from rcm.backup.store import Table
from rcm.db import ReadSession, schema_version
from rcm.disk import sync_folder
from rcm.limits import BACKUP_FRAME_BYTES_MAX
from rcm.tools import Tools

Progress = Callable[[str, int, int], None]  #: Table, its rows so far, its rows in all.
_PIECE_BYTES = BACKUP_FRAME_BYTES_MAX // 2  #: A row is never longer than the rest: one sealed MiB.


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a backup holds."""

    taken_at: datetime
    rows: Mapping[str, int]  #: By table.
    size: int  #: Bytes.


def write_backup(session: ReadSession, tools: Tools, path: Path, progress: Progress) -> Written:
    """Write every row that `session` sees to `path`, mode 0600; an existing file is refused.

    Give it a `snapshot`, so that all rows are of one moment. Work goes on meanwhile. Raises
    BackupError.
    """
    if path.exists():
        raise BackupError(f"{path} exists: a backup is never overwritten")
    partial = path.with_name(f"{path.name}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as reason:
        raise BackupError(f"{partial} cannot be written: {reason.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            written = _write(session.connection(), tools, file, progress)
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, path)  # Unlike a rename, it refuses a file that came there meanwhile.
    except OSError as reason:
        raise BackupError(f"{path} cannot be written: {reason.strerror}") from None
    except SQLAlchemyError as reason:
        raise BackupError(f"the database could not be read: {type(reason).__name__}") from None
    finally:
        partial.unlink(missing_ok=True)
    with suppress(OSError):  # Some file systems cannot; the bytes are there.
        sync_folder(path.parent)
    return written


def _write(connection: Connection, tools: Tools, file: BinaryIO, progress: Progress) -> Written:
    frames = FrameWriter(file, tools.keys, tools.randomness.uuid())
    taken_at = tools.clock()
    head = {
        "schema_version": schema_version(connection),
        "deployment": tools.deployment,
        "taken_at": taken_at.isoformat(),
    }
    frames.write(Frame.HEAD, json.dumps(head).encode())
    found = store.tables(connection)
    expected = store.count_rows(connection, found)
    for table in found:
        named = {"table": table.name, "columns": table.columns}
        frames.write(Frame.TABLE, json.dumps(named).encode())
        end = _write_rows(connection, table, frames, progress, expected[table.name])
        frames.write(Frame.TABLE_END, json.dumps(end).encode())
    frames.write(Frame.END, json.dumps(expected).encode())
    return Written(taken_at=taken_at, rows=expected, size=file.tell())


def _write_rows(
    connection: Connection, table: Table, frames: FrameWriter, progress: Progress, expected: int
) -> dict[str, object]:
    digest, piece, rows = hashlib.sha256(), bytearray(), 0
    for row in store.copy_out(connection, table):
        digest.update(row)
        piece += row
        rows += 1
        if len(piece) >= _PIECE_BYTES:
            frames.write(Frame.ROWS, bytes(piece))
            piece.clear()
            progress(table.name, rows, expected)
    if piece:
        frames.write(Frame.ROWS, bytes(piece))
    progress(table.name, rows, expected)
    return {"rows": rows, "sha256": digest.hexdigest()}
