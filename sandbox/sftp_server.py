"""An SFTP server to practice on: logins by key only, each confined to a folder of its own.

paramiko's log is silenced for the process: it repeats file names, and tracebacks of every client
that hangs up.
"""

from __future__ import annotations

import base64
import io
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import paramiko
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)

from sandbox.sftp_folder import ConfinedFolder

ACCEPT_SECONDS = 0.1  #: How soon `close` is seen by the thread that accepts connections.
END_SECONDS = 5  #: How long `close` waits for that thread.

logging.getLogger("paramiko").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One user name: what it sees as `/`, and the keys that open it (`ssh-ed25519 AAAA...`)."""

    folder: Path
    public_keys: tuple[str, ...]


class SftpServer:
    """Listens on `host` from construction to `close`; a thread for each connection.

    `host_key` is OpenSSH private text. `port` 0 takes a free one; read `port` afterwards.
    `on_change` is called after each rename and after each file written was closed, in the
    connection's thread and before the client has its answer: it must return at once and not raise
    (`threading.Event().set` is right).
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        *,
        host_key: str,
        host: str = "127.0.0.1",
        port: int = 0,
        on_change: Callable[[], None] | None = None,
    ) -> None:
        self.login_attempts = 0  #: Keys and passwords offered so far, right or wrong.
        self._accounts = dict(accounts)
        self._host_key = paramiko.Ed25519Key.from_private_key(io.StringIO(host_key))
        self._on_change = on_change or _nothing
        self._connections: list[paramiko.Transport] = []
        self._closing = threading.Event()
        self._listener = socket.create_server((host, port), backlog=64)
        self._listener.settimeout(ACCEPT_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="sftp-accept", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End every connection and stop listening. May be called again."""
        self._closing.set()
        self._thread.join(END_SECONDS)
        self._listener.close()
        for connection in self._connections:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except TimeoutError:
                continue
            self._connections = [each for each in self._connections if each.is_active()]
            with suppress(OSError, EOFError, paramiko.SSHException):  # Hung up meanwhile.
                self._connections.append(self._serve(sock))

    def _serve(self, sock: socket.socket) -> paramiko.Transport:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = paramiko.Transport(sock)
        connection.add_server_key(self._host_key)

        def confine(login: paramiko.ServerInterface) -> ConfinedFolder:
            account = self._accounts[connection.get_username() or ""]
            return ConfinedFolder(login, account.folder, self._on_change)

        connection.set_subsystem_handler("sftp", paramiko.SFTPServer, sftp_si=confine)
        connection.start_server(event=threading.Event(), server=_Login(self._accounts, self._count))
        return connection

    def _count(self) -> None:
        self.login_attempts += 1


class _Login(paramiko.ServerInterface):
    """Lets in who holds a key of the account; every other way in, and every shell, is refused."""

    def __init__(self, accounts: Mapping[str, Account], count: Callable[[], None]) -> None:
        self._accounts = accounts
        self._count = count

    def get_allowed_auths(self, username: str) -> str:
        del username
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self._count()
        account = self._accounts.get(username)
        lines = account.public_keys if account else ()
        if key.asbytes() in {base64.b64decode(line.split()[1]) for line in lines}:
            return AUTH_SUCCESSFUL
        return AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        del username, password
        self._count()
        return AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        del chanid
        if kind == "session":
            return OPEN_SUCCEEDED
        return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


def _nothing() -> None:
    pass
