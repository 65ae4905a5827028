"""Listing and stat over SFTP, read from the wire by us, since paramiko's trust the server.

One file name that is not UTF-8 ends paramiko's listing of the whole folder; a server that never
says "end" fills its list without bound. Here names are escaped and entries are counted.
"""

from __future__ import annotations

import stat
from collections.abc import Callable

import paramiko
from paramiko import sftp

from workers.mailbox import ENTRIES_MAX, RemoteFile

SIZE, OWNER, MODE, TIMES, EXTENDED = 1, 2, 4, 8, 0x80000000  # draft-ietf-secsh-filexfer-02, 5
EXTENSIONS_MAX = 16  #: Attribute pairs of one entry; known servers send none.


class Wire(paramiko.SFTPClient):
    """paramiko's SFTP client with two requests of our own."""

    _request: Callable[..., tuple[int, paramiko.Message]]  # paramiko's; its stubs leave it out.

    def look(self, path: str) -> RemoteFile | None:
        """Return the row of `path`, links not followed; None when it is no regular file.

        Raises FileNotFoundError when nothing has that name.
        """
        kind, reply = self._request(sftp.CMD_LSTAT, path)
        if kind != sftp.CMD_ATTRS:
            raise paramiko.SFTPError("no attributes")
        return _read_row(path.rpartition("/")[2], reply)

    def entries(self, folder: str) -> list[RemoteFile | None]:
        """Return a row for each regular file of `folder` and None for each other entry.

        Stops after ENTRIES_MAX + 1 of them: the caller sees that there are too many.
        """
        kind, reply = self._request(sftp.CMD_OPENDIR, folder or ".")
        if kind != sftp.CMD_HANDLE:
            raise paramiko.SFTPError("no handle")
        handle = reply.get_binary()
        rows: list[RemoteFile | None] = []
        try:
            while len(rows) <= ENTRIES_MAX:
                kind, reply = self._request(sftp.CMD_READDIR, handle)
                if kind != sftp.CMD_NAME:
                    raise paramiko.SFTPError("no names")
                rows += _read_rows(reply, entries_max=ENTRIES_MAX + 1 - len(rows))
        except EOFError:
            pass  # So says the server after the last entry; a lost connection is another error.
        self._request(sftp.CMD_CLOSE, handle)
        return rows


def _read_rows(reply: paramiko.Message, *, entries_max: int) -> list[RemoteFile | None]:
    rows: list[RemoteFile | None] = []
    for _ in range(min(reply.get_int(), entries_max)):
        name = reply.get_binary().decode("utf-8", "backslashreplace")
        reply.get_binary()  # The line of `ls -l`: for people.
        row = _read_row(name, reply)
        if name not in {".", ".."}:
            rows.append(row)
    return rows


def _read_row(name: str, reply: paramiko.Message) -> RemoteFile | None:
    flags = reply.get_int()
    size = reply.get_int64() if flags & SIZE else None
    if flags & OWNER:
        reply.get_int(), reply.get_int()
    mode = reply.get_int() if flags & MODE else stat.S_IFREG  # Few servers keep it to themselves.
    modified = (reply.get_int(), reply.get_int())[1] if flags & TIMES else 0
    extensions = reply.get_int() if flags & EXTENDED else 0
    if extensions > EXTENSIONS_MAX:
        raise paramiko.SFTPError("too many attributes")
    for _ in range(extensions):
        reply.get_binary(), reply.get_binary()
    if not stat.S_ISREG(mode):
        return None
    if size is None:
        raise paramiko.SFTPError("a file without a size")
    return RemoteFile(name=name, size=size, modified=modified)
