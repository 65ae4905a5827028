"""The file of a backup: sealed frames in order, of which the last says that it is the last.

Head: `MAGIC`, the backup's id (16 bytes). Each frame: its length (4 bytes, big endian), then
AES-GCM over zlib over one kind byte and the body. Number and being the last are part of what is
sealed, so frames can be neither swapped, nor left out, nor cut off unseen.
"""

import zlib
from collections.abc import Iterator
from enum import Enum
from typing import BinaryIO
from uuid import UUID

from rcm.crypto import Keys, SealError
from rcm.limits import BACKUP_FRAME_BYTES_MAX

MAGIC = b"RCM BACKUP 1\n"
_ID_BYTES = 16
_LENGTH_BYTES = 4
_SEAL_BYTES = 64  #: More than version, nonce and tag take, and zlib adds to what does not shrink.


class BackupError(Exception):
    """A backup cannot be written or read. Says why, and what to do."""


class Frame(Enum):
    """What a frame holds."""

    HEAD = b"H"  #: JSON: of which database, and when.
    TABLE = b"T"  #: JSON: the rows of this table follow.
    ROWS = b"R"  #: A piece of COPY text.
    TABLE_END = b"E"  #: JSON: rows and SHA-256 of that text.
    END = b"Z"  #: JSON: how many rows of each table. Always the last.


class FrameWriter:
    """Seals frames into a file, one after the other."""

    def __init__(self, file: BinaryIO, keys: Keys, backup_id: UUID) -> None:
        self._file, self._keys, self._id = file, keys, backup_id
        self._n = 0
        file.write(MAGIC + backup_id.bytes)

    def write(self, kind: Frame, body: bytes) -> None:
        """Add one frame. `body` has at most BACKUP_FRAME_BYTES_MAX bytes."""
        sealed = self._keys.seal(
            zlib.compress(kind.value + body, level=1),
            table="backup",
            row=self._id,
            column=_column(self._n, is_last=kind is Frame.END),
        )
        self._file.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
        self._n += 1


def read_frames(file: BinaryIO, keys: Keys) -> Iterator[tuple[Frame, bytes]]:
    """Yield every frame, the last one included. Raises BackupError."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError("this is no backup of this service")
    backup_id, n, kind = UUID(bytes=_exactly(file, _ID_BYTES)), 0, None
    while kind is not Frame.END:
        length = int.from_bytes(_exactly(file, _LENGTH_BYTES), "big")
        if length > BACKUP_FRAME_BYTES_MAX + _SEAL_BYTES:
            raise _damaged(n)
        plain = _open(keys, backup_id, n, _exactly(file, length))
        kind = Frame(plain[:1])
        if kind is Frame.END and file.read(1):
            raise BackupError("the backup goes on after its end: it was changed")
        yield kind, plain[1:]
        n += 1


def _open(keys: Keys, backup_id: UUID, n: int, sealed: bytes) -> bytes:
    for is_last in (False, True):
        try:
            column = _column(n, is_last=is_last)
            plain = keys.open(sealed, table="backup", row=backup_id, column=column)
        except SealError:
            continue
        return zlib.decompressobj().decompress(plain, BACKUP_FRAME_BYTES_MAX + 1)
    if n == 0:
        raise BackupError(
            "the backup does not open: RCM_KEY_FILE is not the key it was sealed with"
        )
    raise _damaged(n)


def _damaged(n: int) -> BackupError:
    return BackupError(f"the backup is damaged at its frame {n}: take another one")


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) != count:
        raise BackupError("the backup is cut off: it was not written to its end, or not copied")
    return found


def _column(n: int, *, is_last: bool) -> str:
    return f"frame/{n}/{'last' if is_last else 'more'}"
