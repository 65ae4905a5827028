"""The three places where the tests of mailboxes run: a folder, the sandbox's server, OpenSSH."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sandbox.keys import new_key_pair
from sandbox.sftp_server import Account, SftpServer
from tests.folder_mailbox import FolderMailbox
from workers.mailbox import Mailbox, MailboxError
from workers.sftp import SftpSettings, open_sftp

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
FOLDERS = ("in", "out", "archive")


@dataclass(frozen=True, kw_only=True)
class Place:
    root: Path  # What the partner's disk holds; paths of the mailbox are below it.
    open: Callable[[], Mailbox]


@dataclass(frozen=True, kw_only=True)
class SandboxPlace:
    """A sandbox server with one account, and the settings that reach it."""

    root: Path
    server: SftpServer
    settings: SftpSettings

    def open(self, *, port: int | None = None, seconds: int = 30) -> Mailbox:
        """Open the account's mailbox; `port` goes through a proxy."""
        settings = replace(self.settings, port=port or self.settings.port)
        return open_sftp(settings, deadline_seconds=seconds)


def fails(
    step: str, *, permanent: bool
) -> AbstractContextManager[pytest.ExceptionInfo[MailboxError]]:
    """Expect a MailboxError of this kind, with a cure."""

    def is_it(error: MailboxError) -> bool:
        return error.step == step and error.permanent is permanent and error.cure != ""

    return pytest.raises(MailboxError, match=f"^{step}: ", check=is_it)


def make_root(folder: Path) -> Path:
    for name in FOLDERS:
        (folder / "root" / name).mkdir(parents=True)
    return folder / "root"


@contextmanager
def sandbox_place(folder: Path) -> Iterator[SandboxPlace]:
    root = make_root(folder)
    host_private, host_public = new_key_pair()
    private, public = new_key_pair()
    accounts = {"clinic": Account(folder=root, public_keys=(public,))}
    with SftpServer(accounts, host_key=host_private) as server:
        settings = SftpSettings(
            host="127.0.0.1",
            port=server.port,
            username="clinic",
            private_key=private,
            host_keys=(host_public,),
        )
        yield SandboxPlace(root=root, server=server, settings=settings)


@contextmanager
def openssh_place(folder: Path) -> Iterator[Place]:
    with openssh(folder) as (root, settings):
        yield Place(root=root, open=lambda: open_sftp(settings, deadline_seconds=30))


@contextmanager
def openssh(folder: Path, *, config_lines: str = "") -> Iterator[tuple[Path, SftpSettings]]:
    """OpenSSH with an account, and the settings that reach it."""
    if SSHD is None:
        pytest.skip("sshd is not installed")
    root = make_root(folder)
    host_private, host_public = new_key_pair()
    private, public = new_key_pair()
    host_key = folder / "host_key"
    host_key.touch(mode=0o600)
    host_key.write_text(host_private)
    (folder / "authorized_keys").write_text(public + "\n")
    config = folder / "sshd_config"
    # PAM, since without it sshd refuses users whose password is locked: many have none.
    config.write_text(
        f"HostKey {host_key}\nAuthorizedKeysFile {folder / 'authorized_keys'}\n"
        "StrictModes no\nUsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        "PermitRootLogin prohibit-password\nPidFile none\nLogLevel QUIET\n"
        f"Subsystem sftp internal-sftp\nForceCommand internal-sftp -d {root}\n{config_lines}"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # Compiled in; its service makes it.
    with one_sshd_per_connection([SSHD, "-i", "-f", str(config)]) as port:
        settings = SftpSettings(
            host="127.0.0.1",
            port=port,
            username=pwd.getpwuid(os.geteuid()).pw_name,
            private_key=private,
            host_keys=(host_public,),
        )
        yield root, settings


@contextmanager
def one_sshd_per_connection(command: list[str]) -> Iterator[int]:
    """Listen ourselves, as inetd does: no port to guess, no daemon to leave behind."""
    children: list[subprocess.Popen[bytes]] = []

    def accept() -> None:
        with suppress(OSError):  # Shut down at the end.
            while True:
                sock, _ = listener.accept()
                with sock:
                    ends = sock.fileno()
                    children.append(
                        subprocess.Popen(
                            command, stdin=ends, stdout=ends, stderr=subprocess.DEVNULL
                        )
                    )

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for child in children:
                end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=10)  # Its client has hung up.
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextmanager
def any_place(kind: str, folder: Path) -> Iterator[Place]:
    match kind:
        case "folder":
            root = make_root(folder)
            yield Place(root=root, open=lambda: FolderMailbox(root))
        case "sandbox":
            with sandbox_place(folder) as place:
                yield Place(root=place.root, open=place.open)
        case _:
            with openssh_place(folder) as place:
                yield place
