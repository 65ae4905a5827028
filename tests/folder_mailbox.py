"""A mailbox in a local folder, to test the rules of visits and deliveries without a server."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Self

from workers.mailbox import ENTRIES_MAX, RemoteFile, Step
from workers.mailbox_checks import (
    not_a_file,
    prove_free,
    prove_listable,
    prove_readable,
    prove_unchanged,
    prove_written,
    refusal,
)


class FolderMailbox:
    """The Mailbox whose `/` is the folder `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def list(self, folder: str) -> Sequence[RemoteFile]:
        with _step("list"), os.scandir(self._local(folder)) as entries:
            seen = list(islice(entries, ENTRIES_MAX + 1))
            files = [entry for entry in seen if entry.is_file(follow_symlinks=False)]
            rows = [_row(entry.name, entry.stat(follow_symlinks=False)) for entry in files]
        prove_listable(len(seen))
        return sorted(rows, key=lambda row: row.name)

    def read(self, path: str, *, bytes_max: int) -> bytes:
        before = prove_readable(self.stat(path), bytes_max=bytes_max)
        with _step("read"), self._local(path).open("rb") as file:
            body = file.read(before.size + 1)  # One byte more: it may have grown.
        prove_unchanged(before, body, self.stat(path))
        return body

    def write(self, path: str, body: bytes) -> None:
        prove_free(self.stat(path), step="write")
        with _step("write"), self._local(path).open("xb") as file:
            file.write(body)
        prove_written(body, self.stat(path))

    def rename(self, old: str, new: str) -> None:
        prove_free(self.stat(new), step="rename")
        with _step("rename"):
            self._local(old).rename(self._local(new))

    def stat(self, path: str) -> RemoteFile | None:
        local = self._local(path)
        with _step("stat"):
            try:
                found = local.lstat()
            except FileNotFoundError:
                return None
        if not stat.S_ISREG(found.st_mode):
            raise not_a_file()
        return _row(local.name, found)

    def remove(self, path: str) -> None:
        with _step("remove"):
            self._local(path).unlink(missing_ok=True)

    def shorten(self, seconds: int) -> None:
        pass  # A disk answers.

    def close(self) -> None:
        pass  # Nothing is held open.

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _local(self, path: str) -> Path:
        inside = os.path.normpath("/" + path).lstrip("/")  # `..` ends at the root, as in a chroot.
        return self._root / inside


def _row(name: str, found: os.stat_result) -> RemoteFile:
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return RemoteFile(name=text, size=found.st_size, modified=int(found.st_mtime))


@contextmanager
def _step(step: Step) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refusal(error, step) from None
