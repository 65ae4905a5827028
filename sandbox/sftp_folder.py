"""What one account of the sandbox's SFTP server can see and do: its own folder, nothing else."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import paramiko
from paramiko.sftp import SFTP_FAILURE, SFTP_OK, SFTP_OP_UNSUPPORTED

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READ_BYTES_MAX = 256 * 1024  #: Of one answer, as OpenSSH has it.

_Args = ParamSpec("_Args")
_Answer = TypeVar("_Answer")

#: One for all folders: a rename looks for its target first, and both must be one step.
_renaming = Lock()


def _answer_errors(request: Callable[_Args, _Answer]) -> Callable[_Args, _Answer | int]:
    """Turn what the operating system refuses into the SFTP code that says so."""

    @wraps(request)
    def answer(*args: _Args.args, **kwargs: _Args.kwargs) -> _Answer | int:
        try:
            return request(*args, **kwargs)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        except ValueError:  # A NUL, or half of a surrogate pair, in a name.
            return SFTP_FAILURE

    return answer


class ConfinedFolder(paramiko.SFTPServerInterface):
    """Serves `root` as `/`. No `..`, absolute path or link leads out; links cannot be made."""

    def __init__(
        self, server: paramiko.ServerInterface, root: Path, on_change: Callable[[], None]
    ) -> None:
        super().__init__(server)
        self._root = root.resolve()
        self._on_change = on_change

    @_answer_errors
    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle:
        del attr  # The rights of a new file are ours to choose.
        local = self._local(path)
        descriptor = os.open(local, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise PermissionError(errno.EACCES, "not a file")
        return _OpenFile(descriptor, flags, self._on_change)

    @_answer_errors
    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes]:
        with os.scandir(self._local(path, last_may_be_link=False)) as entries:
            return [
                paramiko.SFTPAttributes.from_stat(
                    entry.stat(follow_symlinks=False),
                    # A name that is not UTF-8 is shown escaped: paramiko cannot send it.
                    os.fsencode(entry.name).decode("utf-8", "backslashreplace"),
                )
                for entry in entries
            ]

    @_answer_errors
    def lstat(self, path: str) -> paramiko.SFTPAttributes:
        return paramiko.SFTPAttributes.from_stat(self._local(path).lstat())

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        return self.lstat(path)  # A link is shown as a link and never followed.

    @_answer_errors
    def remove(self, path: str) -> int:
        self._inside(path).unlink()
        return SFTP_OK

    @_answer_errors
    def rename(self, oldpath: str, newpath: str) -> int:
        old, new = self._inside(oldpath), self._inside(newpath)
        with _renaming:
            if os.path.lexists(new):
                return SFTP_FAILURE
            old.rename(new)
        self._on_change()
        return SFTP_OK

    @_answer_errors
    def posix_rename(self, oldpath: str, newpath: str) -> int:
        with _renaming:
            self._inside(oldpath).replace(self._inside(newpath))
        self._on_change()
        return SFTP_OK

    @_answer_errors
    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        del attr
        self._inside(path).mkdir(mode=0o700)
        return SFTP_OK

    @_answer_errors
    def rmdir(self, path: str) -> int:
        self._inside(path).rmdir()
        return SFTP_OK

    @_answer_errors
    def chattr(self, path: str, attr: paramiko.SFTPAttributes) -> int:
        """Set the times, as clients do after an upload; rights and owner are not theirs."""
        if attr.st_atime is None or attr.st_mtime is None:
            return SFTP_OP_UNSUPPORTED
        os.utime(self._inside(path), (attr.st_atime, attr.st_mtime), follow_symlinks=False)
        return SFTP_OK

    def _inside(self, path: str) -> Path:
        """Return the local path of something that may be changed: not of the root itself."""
        local = self._local(path)
        if local == self._root:
            raise PermissionError(errno.EACCES, "the root")
        return local

    def _local(self, path: str, *, last_may_be_link: bool = True) -> Path:
        """Return the local path for `path`, or refuse when a link lies on the way to it."""
        local = self._root / self.canonicalize(path).lstrip("/")
        way = local.parent if last_may_be_link and local != self._root else local
        if Path(os.path.realpath(way)) != way:
            raise PermissionError(errno.EACCES, "a link")
        return local


class _OpenFile(paramiko.SFTPHandle):
    def __init__(self, descriptor: int, flags: int, on_change: Callable[[], None]) -> None:
        super().__init__(flags)
        self._descriptor: int | None = descriptor
        self._is_for_writing = flags & (os.O_WRONLY | os.O_RDWR) != 0
        self._on_change = on_change

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
            if self._is_for_writing:
                self._on_change()

    @_answer_errors
    def read(self, offset: int, length: int) -> bytes:
        return os.pread(self._number(), min(length, READ_BYTES_MAX), offset)

    @_answer_errors
    def write(self, offset: int, data: ReadableBuffer) -> int:
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._number(), rest, offset)
            rest, offset = rest[written:], offset + written
        return SFTP_OK

    @_answer_errors
    def stat(self) -> paramiko.SFTPAttributes:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self._number()))

    @_answer_errors
    def chattr(self, attr: paramiko.SFTPAttributes) -> int:
        if attr.st_atime is None or attr.st_mtime is None:
            return SFTP_OP_UNSUPPORTED
        os.utime(self._number(), (attr.st_atime, attr.st_mtime))
        return SFTP_OK

    def _number(self) -> int:
        if self._descriptor is None:
            raise OSError(errno.EBADF, "closed")
        return self._descriptor
