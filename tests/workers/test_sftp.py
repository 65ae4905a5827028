"""The SFTP mailbox: whom it trusts, what it says when a step fails, and that it always ends."""

from __future__ import annotations

import ast
import base64
import io
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from sandbox.keys import new_key_pair
from sandbox.sftp_folder import ConfinedFolder
from tests.workers.sftp_places import SandboxPlace, fails, sandbox_place
from workers.mailbox import MailboxError, deliver
from workers.sftp import SftpSettings, open_sftp

WORKERS = Path(__file__).parents[2] / "workers"
BODY = bytes(range(256)) * 256  # 64 KiB: two requests.
TRUST = {"AutoAddPolicy", "WarningPolicy", "Transport"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[SandboxPlace]:
    with sandbox_place(tmp_path) as each:
        yield each


def connect(settings: SftpSettings, *, seconds: int = 30) -> None:
    open_sftp(settings, deadline_seconds=seconds).close()


# Trust


def test_a_changed_host_key_is_refused_before_any_login(place: SandboxPlace) -> None:
    shown = paramiko.PKey.from_type_string(*_key(place.settings.host_keys[0])).fingerprint
    with fails("host key", permanent=True) as caught:
        connect(replace(place.settings, host_keys=(new_key_pair()[1],)))
    assert shown in str(caught.value)
    assert place.server.login_attempts == 0


def test_a_host_key_of_another_type_is_refused_before_any_login(place: SandboxPlace) -> None:
    key = paramiko.ECDSAKey.generate()
    with fails("host key", permanent=True):
        connect(replace(place.settings, host_keys=(f"{key.get_name()} {key.get_base64()}",)))
    assert place.server.login_attempts == 0


@pytest.mark.parametrize(
    "pinned", [(), ("ssh-ed25519",), ("ssh-ed25519 rubbish",), ("ssh-none AAAA",), ("",)]
)
def test_without_a_readable_pinned_key_no_host_is_known(
    place: SandboxPlace, pinned: tuple[str, ...]
) -> None:
    with fails("host key", permanent=True):
        connect(replace(place.settings, host_keys=pinned))
    assert place.server.login_attempts == 0


def test_either_of_two_pinned_keys_will_do(place: SandboxPlace) -> None:
    other, right = new_key_pair()[1], place.settings.host_keys[0]
    connect(replace(place.settings, host_keys=(other, right)))
    connect(replace(place.settings, host_keys=(right, other)))


def test_a_refused_login_is_permanent_and_tried_once(place: SandboxPlace) -> None:
    with fails("login", permanent=True):
        connect(replace(place.settings, private_key=new_key_pair()[0]))
    assert place.server.login_attempts == 1
    with fails("login", permanent=True):
        connect(replace(place.settings, username="nobody"))
    assert place.server.login_attempts == 2


@pytest.mark.parametrize("key", ["", "rubbish", "-----BEGIN OPENSSH PRIVATE KEY-----\n"])
def test_an_unreadable_private_key_is_refused(place: SandboxPlace, key: str) -> None:
    with fails("login", permanent=True):
        connect(replace(place.settings, private_key=key))


@pytest.mark.parametrize(("option", "only"), [("ciphers", "aes128-cbc"), ("digests", "hmac-sha1")])
def test_weak_algorithms_are_refused(option: str, only: str) -> None:
    host_private, host_public = new_key_pair()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            transport = paramiko.Transport(listener.accept()[0])
            setattr(transport.get_security_options(), option, (only,))
            transport.add_server_key(
                paramiko.Ed25519Key.from_private_key(io.StringIO(host_private))
            )
            with suppress(paramiko.SSHException, EOFError):
                transport.start_server(server=paramiko.ServerInterface())
            transport.close()

        thread = threading.Thread(target=serve)
        thread.start()
        with fails("port", permanent=True):
            connect(_settings(listener.getsockname()[1], host_public))
        thread.join()


def test_only_this_module_decides_whom_to_trust() -> None:
    for path in WORKERS.rglob("*.py"):
        if "paramiko" not in path.read_text():
            continue  # Its Transport is another library's.
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                {node.attr} if isinstance(node, ast.Attribute)
                else {node.id} if isinstance(node, ast.Name)
                else {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom)
                else set()
            )  # fmt: skip
            assert not names & TRUST, f"{path.name} uses {names & TRUST}"


def test_settings_hide_the_private_key(place: SandboxPlace) -> None:
    assert "PRIVATE KEY" not in repr(place.settings)


# Ways to fail


def test_a_name_that_does_not_exist(place: SandboxPlace) -> None:
    with fails("name", permanent=False):
        connect(replace(place.settings, host="no..host"))


def test_a_closed_port(place: SandboxPlace) -> None:
    place.server.close()
    with fails("port", permanent=False):
        connect(place.settings)


def test_a_port_that_speaks_something_else(place: SandboxPlace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        with fails("port", permanent=False):
            connect(replace(place.settings, port=listener.getsockname()[1]))
        thread.join()


def test_a_file_that_grows_while_it_is_read_is_not_taken(place: SandboxPlace) -> None:
    path = place.root / "in/growing"
    path.write_bytes(BODY)

    def grow_and_tell_the_time() -> int:
        with path.open("ab") as file:
            file.write(b"more")
        return time.monotonic_ns()

    with (
        fails("read", permanent=False),
        open_sftp(
            place.settings, deadline_seconds=30, monotonic_ns=grow_and_tell_the_time
        ) as mailbox,
    ):
        mailbox.read("in/growing", bytes_max=1_000_000)


# Details that were measured or promised


def test_a_server_without_posix_rename_is_served(
    place: SandboxPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(ConfinedFolder, "posix_rename")
    with place.open() as mailbox:
        deliver(mailbox, folder="out", name="a.837", body=BODY, attempt="1")
    assert (place.root / "out/a.837").read_bytes() == BODY


def test_small_requests_are_not_held_back(place: SandboxPlace) -> None:
    with open_sftp(place.settings, deadline_seconds=30) as mailbox:
        transport = mailbox._client.get_transport()
        assert transport is not None
        assert isinstance(transport.sock, socket.socket)
        assert transport.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_paramiko_logs_nothing(place: SandboxPlace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with place.open() as mailbox:
        mailbox.write("in/Canary.835", b"x")
        with pytest.raises(MailboxError) as caught:
            mailbox.read("in/Canary.835", bytes_max=0)
    assert caplog.text == ""
    assert "Canary" not in f"{caught.value!r} {caught.value.cure}"


@pytest.mark.parametrize("module", ["workers.sftp", "sandbox.sftp_server"])
def test_each_side_alone_silences_paramiko(module: str) -> None:
    ask = "logging.getLogger('paramiko.transport.sftp').isEnabledFor(logging.ERROR)"
    code = f"import logging, {module}; print({ask})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_no_thread_stays_behind(place: SandboxPlace) -> None:
    before = set(threading.enumerate())
    with place.open() as mailbox:
        mailbox.list("in")
    with fails("login", permanent=True):
        connect(replace(place.settings, username="nobody"))
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive(), thread.name


def _key(line: str) -> tuple[str, bytes]:
    kind, text = line.split()[:2]
    return kind, base64.b64decode(text)


def _settings(port: int, host_key: str) -> SftpSettings:
    return SftpSettings(
        host="127.0.0.1",
        port=port,
        username="clinic",
        private_key=new_key_pair()[0],
        host_keys=(host_key,),
    )
