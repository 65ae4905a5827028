"""The vault of bytes: every file as compressed, sealed rows of one MiB of plain bytes each.

The row number is part of what is sealed, and so is being the last: rows can be neither swapped
nor cut off unseen.
"""

import zlib
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from rcm.crypto import Keys, SealError
from rcm.db import ReadSession
from rcm.failpoint import failpoint
from rcm.limits import CHUNK_BYTES, FILE_BYTES_MAX
from rcm.rows import FileChunkRow


def store_bytes(session: Session, keys: Keys, file_id: UUID, body: bytes) -> None:
    """Store the bytes of a file. Raises ValueError above FILE_BYTES_MAX."""
    if len(body) > FILE_BYTES_MAX:
        raise ValueError("a stored file has at most 100 MB")
    starts = range(0, max(len(body), 1), CHUNK_BYTES)
    session.execute(
        insert(FileChunkRow),
        [
            {
                "file_id": file_id,
                "n": n,
                "is_last": n == len(starts) - 1,
                "sealed": keys.seal(
                    zlib.compress(body[start : start + CHUNK_BYTES], level=1),
                    table="file_chunk",
                    row=file_id,
                    column=_column(n, is_last=n == len(starts) - 1),
                ),
            }
            for n, start in enumerate(starts)
        ],
    )
    failpoint("files.stored")


def chunks(session: ReadSession, keys: Keys, file_id: UUID) -> Iterator[bytes]:
    """Yield the plain bytes of a file, one MiB at a time. Raises SealError."""
    n, is_last = 0, False
    while not is_last:
        plain, is_last = read_chunk(session, keys, file_id, n)
        yield plain
        n += 1


def read_chunk(session: ReadSession, keys: Keys, file_id: UUID, n: int) -> tuple[bytes, bool]:
    """Return MiB number `n` of a file, and whether it is the last. Raises SealError.

    A file's bytes never change: each may be read in a transaction of its own.
    """
    row = session.execute(
        select(FileChunkRow.sealed, FileChunkRow.is_last).where(
            FileChunkRow.file_id == file_id, FileChunkRow.n == n
        )
    ).one_or_none()
    if row is None:
        raise SealError("a row of the file's bytes is missing")
    column = _column(n, is_last=row.is_last)
    plain = keys.open(row.sealed, table="file_chunk", row=file_id, column=column)
    return zlib.decompressobj().decompress(plain, CHUNK_BYTES), row.is_last


def read_bytes(session: ReadSession, keys: Keys, file_id: UUID) -> bytes:
    """Return the whole file. For readers that need all of it; others take `chunks`."""
    return b"".join(chunks(session, keys, file_id))


def _column(n: int, *, is_last: bool) -> str:
    return f"sealed/{n}/{'last' if is_last else 'more'}"
