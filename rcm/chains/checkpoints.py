"""Signed checkpoints: a copy of every link in a folder outside the database.

One file for each chain, a line for each link, only ever appended to. Who owns the database can
rewrite a chain whole; not these lines, and not their signatures.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rcm.chains.model import Chain, ChainedRow, Link, hash_of, read_link, read_rows, statement
from rcm.disk import sync_folder
from rcm.failpoint import failpoint
from rcm.settings import Settings
from rcm.signing import PublicKey, SigningKey, load_public_key, load_signing_key

_BLOCK = 64 * 1024


class CheckpointDiffersError(Exception):
    """The chain in the database is not the one that was signed: nothing more is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A line of the file."""

    link: Link
    statement: Mapping[str, Any]
    written_at: datetime
    is_signed: bool  #: By a key that we know.

    @property
    def rows(self) -> tuple[ChainedRow, ...]:
        """What the link covers; read only where something differs: most of the time is there."""
        return read_rows(self.statement)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no checkpoint."""

    number: int


class CheckpointFile:
    """The file of a chain while nobody else writes to it: where it ends, and how it goes on."""

    def __init__(self, descriptor: int, key: SigningKey) -> None:
        self._descriptor = descriptor
        self._key = key
        self._last = self._mend()

    @property
    def follows(self) -> int:
        """The number of the newest link that is signed here; 0: none is."""
        return int(self._last["statement"]["n"]) if self._last else 0

    def append(self, links: Sequence[tuple[Link, Sequence[ChainedRow]]], *, now: datetime) -> int:
        """Sign links: those after the newest one here, which must be the first of `links`.

        Returns how many were signed. Raises CheckpointDiffersError.
        """
        if self._last is not None:
            if not links or links[0][0].hash.hex() != self._last["hash"]:
                raise CheckpointDiffersError
            links = links[1:]
        for link, rows in links:
            told = statement(link, rows)
            if hash_of(told) != link.hash:
                raise CheckpointDiffersError
            self._last = _signed(told, self._key, now)
            line = json.dumps(self._last, separators=(",", ":")).encode() + b"\n"
            half = len(line) // 2
            _write(self._descriptor, line[:half])
            failpoint("chain.half_signed")
            _write(self._descriptor, line[half:])
        if links:
            os.fsync(self._descriptor)
        return len(links)

    def _mend(self) -> Mapping[str, Any] | None:
        """Drop a line that was cut off while it was written; return the last whole one."""
        line, cut = _end_of(self._descriptor)
        if cut:
            os.ftruncate(self._descriptor, os.fstat(self._descriptor).st_size - cut)
        if not line:
            return None
        try:
            last: Mapping[str, Any] = json.loads(line)
            int(last["statement"]["n"])
            str(last["hash"])
        except (ValueError, KeyError, TypeError):
            raise CheckpointDiffersError from None
        return last


class CheckpointWriter:
    """Signs links into a folder; our public key is kept beside them."""

    def __init__(self, folder: Path, key: SigningKey) -> None:
        self._folder = folder
        self._key = key

    @contextmanager
    def open(self, chain: Chain) -> Iterator[CheckpointFile]:
        """Give the file of a chain, alone. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        public = self._folder / f"{self._key.public.name}.pub"
        if not public.exists():
            _put(public, self._key.public.pem())
        path = file_of(self._folder, chain)
        is_new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if is_new:
                sync_folder(self._folder)
            yield CheckpointFile(descriptor, self._key)
        finally:
            os.close(descriptor)  # Which ends the lock.


def checkpoint_writer(settings: Settings) -> CheckpointWriter | None:
    """Return what signs here; None where no key is named. Raises KeyFileError."""
    if settings.signing_key_file is None or settings.checkpoint_folder is None:
        return None
    return CheckpointWriter(settings.checkpoint_folder, load_signing_key(settings.signing_key_file))


class Witness:
    """The checkpoints of a chain as they are at this moment: what is appended later is not read.

    Make it before the snapshot of the database: then every link that it names is in there.
    """

    def __init__(self, folder: Path, chain: Chain, keys: Iterable[Path] = ()) -> None:
        self._file = file_of(folder, chain)
        named = list(keys) or sorted(folder.glob("*.pub"))
        self._keys = {key.name: key for key in map(load_public_key, named)}
        self._size = self._file.stat().st_size if self._file.exists() else 0

    def __iter__(self) -> Iterator[Checkpoint | BadLine]:
        """Stream the lines, first to last; one that is being written is left out."""
        if not self._size:
            return
        with self._file.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if file.tell() > self._size or not line.endswith(b"\n"):
                    return
                yield _read(line, self._keys) or BadLine(number)


def signed_at(folder: Path, chain: Chain) -> datetime | None:
    """Return when the newest checkpoint was written; None where there is none to be read."""
    try:
        descriptor = os.open(file_of(folder, chain), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        line, _ = _end_of(descriptor)
        return datetime.fromisoformat(json.loads(line)["written_at"]) if line else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    finally:
        os.close(descriptor)


def _end_of(descriptor: int) -> tuple[bytes, int]:
    """Return the last whole line, and how many bytes of one that was cut off follow it."""
    end = os.fstat(descriptor).st_size
    tail = b""
    while end > len(tail) and tail.count(b"\n") < 2:
        start = max(0, end - len(tail) - _BLOCK)
        tail = os.pread(descriptor, end - len(tail) - start, start) + tail
    whole, _, cut = tail.rpartition(b"\n")
    return whole.rpartition(b"\n")[2], len(cut)


def file_of(folder: Path, chain: Chain) -> Path:
    """Return where the checkpoints of a chain are."""
    return folder / f"{chain}.jsonl"


def _message(hexadecimal: str, written_at: str) -> bytes:
    return f"rcm checkpoint 1\n{hexadecimal}\n{written_at}\n".encode()


def _signed(told: Mapping[str, Any], key: SigningKey, now: datetime) -> dict[str, Any]:
    hexadecimal, written_at = hash_of(told).hex(), now.isoformat()
    return {
        "statement": told,
        "hash": hexadecimal,
        "written_at": written_at,
        "key": key.public.name,
        "signature": key.sign(_message(hexadecimal, written_at)).hex(),
    }


def _read(line: bytes, keys: Mapping[str, PublicKey]) -> Checkpoint | None:
    try:
        told = json.loads(line)
        link = read_link(told["statement"])
        if told["hash"] != link.hash.hex():  # By which we go on signing: it is as good as signed.
            return None
        written_at = datetime.fromisoformat(told["written_at"])
        key = keys.get(told["key"])
        signature = bytes.fromhex(told["signature"])
    except (ValueError, KeyError, TypeError):
        return None
    message = _message(link.hash.hex(), told["written_at"])
    is_signed = key is not None and key.has_signed(signature, message)
    return Checkpoint(
        link=link, statement=told["statement"], written_at=written_at, is_signed=is_signed
    )


def _write(descriptor: int, body: bytes) -> None:
    while body:
        body = body[os.write(descriptor, body) :]


def _put(path: Path, body: bytes) -> None:
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(body)
    partial.replace(path)
    sync_folder(path.parent)
