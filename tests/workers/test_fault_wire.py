"""Servers that lie on the wire: banners, error codes, listings and attributes of every odd kind.

Whatever they say, the mailbox answers with rows or with one MailboxError that has a cure, in time.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import paramiko
import pytest

from sandbox.sftp_folder import ConfinedFolder
from tests.harness import Practice
from tests.workers.journeys import interchange, journey
from tests.workers.sftp_places import SandboxPlace, sandbox_place
from workers.mailbox import Mailbox, MailboxError
from workers.sftp import open_sftp

BANNERS: dict[str, bytes] = {
    "nothing": b"",
    "a line end": b"\r\n",
    "HTTP": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "SMTP": b"220 mail.example ESMTP\r\n",
    "FTP": b"220 (vsFTPd 3.0.5)\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "SSH 1": b"SSH-1.5-1.2.27\r\n",
    "no version": b"SSH-\r\n",
    "half a version": b"SSH-2.0",
    "UTF-16": "SSH-2.0-x\r\n".encode("utf-16"),
    "NUL": b"\0" * 100,
    "binary": bytes(range(256)) * 256,
    "a long version": b"SSH-2.0-" + b"x" * 100_000 + b"\r\n",
    "many lines before it": b"Welcome.\r\n" * 10_000 + b"SSH-2.0-x\r\n",
    "a version and rubbish": b"SSH-2.0-OpenSSH_9.9\r\n" + b"\xff" * 5_000,
    "a packet that is too long": b"SSH-2.0-OpenSSH_9.9\r\n\x7f\xff\xff\xff" + b"\0" * 100,
    "names of Canary": b"Canary, Ada 1980-01-01\r\n" * 3,
}
SILENT = ("nothing", "half a version", "many lines before it", "a packet that is too long")
CODES = (*range(10), 99, 4_294_967_295)  #: SFTP status codes: known, of later drafts, of none.
LIES: dict[str, dict[str, Any]] = {
    "no size": {"st_size": None},
    "the largest size": {"st_size": 2**64 - 1},
    "a size of 2**63": {"st_size": 2**63},
    "no mode": {"st_mode": None},
    "a mode of nothing": {"st_mode": 0},
    "a device": {"st_mode": 0o020644},
    "no times": {"st_mtime": None, "st_atime": None},
    "the last second": {"st_mtime": 2**32 - 1, "st_atime": 0},
    "an odd owner": {"st_uid": 2**32 - 1, "st_gid": 2**32 - 1},
}
ODD_NAMES = (
    "", ".", "..", "../good.835", "../../etc/passwd", "/etc/passwd", "in/good.835", "a\0b.835",
    "x" * 5_000, "good.835\n", " good.835", "good.835/", "\u202e538.doog", "~", "-rf.835",
)  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Iterator[SandboxPlace]:
    with sandbox_place(tmp_path / "partner") as each:
        yield each


@pytest.mark.parametrize(
    ("banner", "then"),
    [
        *(pytest.param(banner, "hangs up", id=name) for name, banner in BANNERS.items()),
        *(pytest.param(BANNERS[name], "is silent", id=f"{name}, silence") for name in SILENT),
    ],
)
def test_whatever_answers_at_the_port_is_one_error_in_time(
    place: SandboxPlace, banner: bytes, then: str
) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            sock, _ = listener.accept()
            with sock, suppress(OSError):
                sock.sendall(banner)
                if then == "is silent":
                    over.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        settings = replace(place.settings, port=listener.getsockname()[1])
        began = time.monotonic()
        with pytest.raises(MailboxError) as caught:
            open_sftp(settings, deadline_seconds=1)
        assert time.monotonic() - began < 10
        over.set()
        thread.join()
    assert caught.value.step in {"port", "timeout"}
    assert caught.value.permanent is banner.startswith(b"SSH-1")  # Too old to be safe.
    assert caught.value.cure
    assert "Canary" not in f"{caught.value} {caught.value.cure}"


def error_of(ask: Callable[[], object]) -> MailboxError | None:
    """Return the error that an act ends in; any other than a MailboxError is a fault of ours."""
    try:
        ask()
    except MailboxError as error:
        return error
    return None


def acts(mailbox: Mailbox) -> dict[str, tuple[str, Callable[[], object]]]:
    """What a mailbox can be asked, and the server's part that answers."""
    return {
        "list": ("list_folder", lambda: mailbox.list("in")),
        "stat": ("lstat", lambda: mailbox.stat("in/a.835")),
        "read": ("open", lambda: mailbox.read("in/a.835", bytes_max=1000)),
        "write": ("open", lambda: mailbox.write("out/new", b"x")),
        "rename": ("posix_rename", lambda: mailbox.rename("in/a.835", "archive/a.835")),
        "remove": ("remove", lambda: mailbox.remove("in/a.835")),
    }


@pytest.mark.parametrize("act", ["list", "stat", "read", "write", "rename", "remove"])
def test_every_error_code_is_an_answer_or_one_error(
    place: SandboxPlace, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    for code in CODES:
        (place.root / "in/a.835").write_bytes(b"x")
        with place.open() as mailbox, monkeypatch.context() as patch:
            part, ask = acts(mailbox)[act]
            patch.setattr(ConfinedFolder, part, lambda *_, code=code: code)
            if act == "rename":
                patch.setattr(ConfinedFolder, "rename", lambda *_, code=code: code)
            error = error_of(ask)
        if error is not None:
            assert error.cure, code
            assert error.step in {act, "stat", "folder", "timeout"}, code
        assert (place.root / "in/a.835").exists()


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_attributes_of_every_kind_are_rows_or_one_error(
    place: SandboxPlace, monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any]
) -> None:
    (place.root / "in/a.835").write_bytes(b"x" * 100)
    true = {name: getattr(ConfinedFolder, name) for name in ("lstat", "list_folder")}

    def change(row: paramiko.SFTPAttributes) -> paramiko.SFTPAttributes:
        for name, value in lie.items():
            setattr(row, name, value)
        return row

    monkeypatch.setattr(ConfinedFolder, "lstat", lambda *a: change(true["lstat"](*a)))
    monkeypatch.setattr(
        ConfinedFolder, "list_folder", lambda *a: [change(row) for row in true["list_folder"](*a)]
    )
    with place.open() as mailbox:
        for ask in (
            lambda: mailbox.list("in"),
            lambda: mailbox.read("in/a.835", bytes_max=1000),
            lambda: mailbox.write("out/new", b"x"),
        ):
            error = error_of(ask)
            assert error is None or error.cure


def test_names_that_lead_elsewhere_are_never_asked_for(
    practice: Practice, place: SandboxPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = journey(practice, place)
    there.offer("good.835", interchange(1, 1000))
    asked: list[str] = []
    opens, lists = ConfinedFolder.open, ConfinedFolder.list_folder

    def open_(self: ConfinedFolder, path: str, flags: int, attr: paramiko.SFTPAttributes) -> Any:  # noqa: ANN401
        asked.append(path)
        return opens(self, path, flags, attr)

    def list_folder(self: ConfinedFolder, path: str) -> list[paramiko.SFTPAttributes]:
        rows = lists(self, path)
        assert isinstance(rows, list)
        found = (place.root / "in/good.835").stat()
        return rows + [paramiko.SFTPAttributes.from_stat(found, name) for name in ODD_NAMES]

    monkeypatch.setattr(ConfinedFolder, "open", open_)
    monkeypatch.setattr(ConfinedFolder, "list_folder", list_folder)
    assert there.run(there.visit()).state == "done"
    assert asked == ["in/good.835"]
    assert [name for name, _ in there.received()] == ["good.835"]
    assert set(there.reasons()) == {"NAME"}


def test_a_name_that_is_listed_twice_is_fetched_once(
    practice: Practice, place: SandboxPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = journey(practice, place)
    there.offer("good.835", interchange(1, 1000))
    lists = ConfinedFolder.list_folder
    monkeypatch.setattr(ConfinedFolder, "list_folder", lambda *a: lists(*a) * 3)
    assert there.run(there.visit()).state == "done"
    assert [name for name, _ in there.received()] == ["good.835"]
    assert there.names("archive") == ["good.835"]
