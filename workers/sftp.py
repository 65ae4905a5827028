"""The mailbox of production: a partner's folders over SFTP, on paramiko.

Two of paramiko's speed-ups are left out on purpose. Its prefetch hangs on some servers (paramiko
#926, #1788), and its thread never ends when the connection dies; its pipelined writing does not
read the server's answers to the last writes. One request of 32 KiB at a time is slower over a long
line and hides nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Self

import paramiko

from rcm.failpoint import failpoint
from workers.mailbox import CHUNK_BYTES, MailboxError, RemoteFile, Step
from workers.mailbox_checks import (
    not_a_file,
    prove_free,
    prove_listable,
    prove_readable,
    prove_unchanged,
    prove_written,
    refusal,
)
from workers.sftp_wire import Wire
from workers.ssh import (
    CHANNEL_SECONDS,
    WIRE_FAILURES,
    Deadline,
    SftpSettings,
    connect,
    tell_nobody,
    timed_out,
)

__all__ = ["SftpMailbox", "SftpSettings", "open_sftp"]


def open_sftp(
    settings: SftpSettings,
    *,
    deadline_seconds: int,
    monotonic_ns: Callable[[], int] = time.monotonic_ns,
    passed: Callable[[Step], None] = tell_nobody,
) -> SftpMailbox:
    """Connect, check the host key, log in and return the mailbox, open until it is closed.

    The whole session ends `deadline_seconds` after this call, whatever the server does: see
    `workers.mailbox.deadline_seconds`. `passed` is told that name, port and host key are right, as
    soon as each is known. Raises MailboxError.
    """
    deadline = Deadline(deadline_seconds, monotonic_ns=monotonic_ns)
    client = connect(settings, deadline, passed)
    try:
        wire = _open_wire(client)
    except WIRE_FAILURES:
        deadline.release()
        client.close()
        deadline.check()
        raise MailboxError(
            "The server gave no SFTP session.",
            step="login",
            cure="It is tried again; if it persists, ask the partner to allow SFTP.",
        ) from None
    return SftpMailbox(client, wire, deadline)


class SftpMailbox:
    """The Mailbox of one SFTP session. Not for two threads at once."""

    def __init__(self, client: paramiko.SSHClient, wire: Wire, deadline: Deadline) -> None:
        self._client = client
        self._wire = wire
        self._deadline = deadline

    def list(self, folder: str) -> Sequence[RemoteFile]:
        with self._step("list"):
            rows = self._wire.entries(folder)
        prove_listable(len(rows))
        return sorted((row for row in rows if row is not None), key=lambda row: row.name)

    def read(self, path: str, *, bytes_max: int) -> bytes:
        before = prove_readable(self.stat(path), bytes_max=bytes_max)
        body = bytearray()
        with self._step("read"):
            file = self._wire.open(path, "rb")
            while len(body) <= before.size:  # One byte more: the size may be a lie.
                self._deadline.check()
                chunk = file.read(min(CHUNK_BYTES, before.size + 1 - len(body)))
                if not chunk:
                    break
                body += chunk
                failpoint("collect.chunk")
            file.close()
        prove_unchanged(before, bytes(body), self.stat(path))
        return bytes(body)

    def write(self, path: str, body: bytes) -> None:
        prove_free(self.stat(path), step="write")
        with self._step("write"):
            file = self._wire.open(path, "wx")
            for start in range(0, len(body), CHUNK_BYTES):
                self._deadline.check()
                file.write(body[start : start + CHUNK_BYTES])
                failpoint("deliver.written")
            file.close()
        prove_written(body, self.stat(path))

    def rename(self, old: str, new: str) -> None:
        prove_free(self.stat(new), step="rename")
        with self._step("rename"):
            try:
                self._wire.posix_rename(old, new)  # Atomic, where the server knows it.
            except (FileNotFoundError, PermissionError, TimeoutError):
                raise
            except OSError:
                self._wire.rename(old, new)

    def stat(self, path: str) -> RemoteFile | None:
        with self._step("stat"):
            try:
                row = self._wire.look(path)
            except FileNotFoundError:
                return None
        if row is None:
            raise not_a_file()
        return row

    def remove(self, path: str) -> None:
        with self._step("remove"), suppress(FileNotFoundError):
            self._wire.remove(path)

    def shorten(self, seconds: int) -> None:
        self._deadline.shorten(seconds)

    def close(self) -> None:
        self._deadline.release()
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _step(self, step: Step) -> Iterator[None]:
        self._deadline.check()
        try:
            yield
        except WIRE_FAILURES as error:
            raise self._explain(error, step) from None

    def _explain(self, error: Exception, step: Step) -> MailboxError:
        transport = self._client.get_transport()
        is_open = transport is not None and transport.is_active()
        is_late = self._deadline.is_over or isinstance(error, TimeoutError)
        if is_open and not is_late and isinstance(error, OSError):
            return refusal(error, step)  # An answer of the server; the session goes on.
        self.close()  # Answers and requests no longer match.
        if is_late:
            return timed_out("The server did not answer in time.")
        return MailboxError(
            "The connection was lost.", step=step, cure="It is tried again.", is_lost=True
        )


def _open_wire(client: paramiko.SSHClient) -> Wire:
    transport = client.get_transport()
    if transport is None:
        raise paramiko.SSHException("closed")
    channel = transport.open_session(timeout=CHANNEL_SECONDS)
    channel.settimeout(CHANNEL_SECONDS)
    channel.invoke_subsystem("sftp")  # Waits without a limit: the deadline's thread is the limit.
    return Wire(channel)
