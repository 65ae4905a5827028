"""Bad lines: a server that stalls is left at the deadline; an upload cut anywhere is one file."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from tests.workers.sftp_places import SandboxPlace, fails, sandbox_place
from tests.workers.tcp_proxy import TcpProxy
from workers.mailbox import MailboxError, deliver
from workers.sftp import open_sftp

BODY = bytes(range(256)) * 256  # 64 KiB: two requests.


@pytest.fixture
def place(tmp_path: Path) -> Iterator[SandboxPlace]:
    with sandbox_place(tmp_path) as each:
        yield each


def test_a_server_that_says_nothing_is_left_at_the_deadline(place: SandboxPlace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = replace(place.settings, port=listener.getsockname()[1])
        began = time.monotonic()
        with fails("timeout", permanent=False):
            open_sftp(settings, deadline_seconds=1)
    assert time.monotonic() - began < 10  # paramiko alone would wait 15 s for the banner.


@pytest.mark.parametrize("limit", [30, 700, 1400, 2100, 2800])
def test_a_server_that_stalls_is_left_at_the_deadline(place: SandboxPlace, limit: int) -> None:
    began = time.monotonic()
    with (
        TcpProxy(place.server.port, direction="down", limit=limit, then="stall") as line,
        fails("timeout", permanent=False),
        place.open(port=line.port, seconds=1) as mailbox,
    ):
        for n in range(100):
            mailbox.write(f"in/{n}", b"x")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_stall_in_a_transfer_ends_at_the_deadline(
    place: SandboxPlace, direction: Literal["up", "down"]
) -> None:
    (place.root / "in/big").write_bytes(BODY * 100)
    began = time.monotonic()
    with (
        TcpProxy(place.server.port, direction=direction, limit=1_000_000, then="stall") as line,
        fails("timeout", permanent=False),
        place.open(port=line.port, seconds=2) as mailbox,
    ):
        mailbox.read("in/big", bytes_max=len(BODY) * 100)
        mailbox.write("out/big", BODY * 100)
    assert time.monotonic() - began < 12  # One silence alone may last 30 s.


def test_the_clock_that_was_passed_ends_a_transfer(place: SandboxPlace) -> None:
    (place.root / "in/big").write_bytes(BODY * 50)
    ticks = iter(range(0, 10**12, 10**9))  # Each look at the clock takes a second.
    with (
        fails("timeout", permanent=False),
        open_sftp(place.settings, deadline_seconds=50, monotonic_ns=lambda: next(ticks)) as mailbox,
    ):
        mailbox.read("in/big", bytes_max=len(BODY) * 50)  # 100 requests.


def test_a_session_may_be_shortened_and_never_prolonged(place: SandboxPlace) -> None:
    began = time.monotonic()
    with (
        TcpProxy(place.server.port, direction="down", limit=10_000, then="stall") as line,
        fails("timeout", permanent=False) as caught,
        place.open(port=line.port, seconds=30) as mailbox,
    ):
        mailbox.shorten(2)
        mailbox.shorten(600)
        for n in range(1000):
            mailbox.write(f"in/{n}", b"x")
    assert caught.value.is_lost
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("direction", ["up", "down"])
def test_an_upload_cut_anywhere_ends_as_one_file(
    place: SandboxPlace, direction: Literal["up", "down"]
) -> None:
    def send(port: int | None = None) -> None:
        with place.open(port=port) as mailbox:
            deliver(mailbox, folder="out", name="a.837", body=BODY, attempt="1")
            mailbox.list("out")

    delivered = place.root / "out/a.837"
    with TcpProxy(place.server.port, direction=direction, limit=1 << 40, then="cut") as line:
        send(line.port)
        total = line.passed[direction]
    was_there = set()
    for limit in (*range(0, total, max(1, total // 20)), *range(total - 600, total, 60)):
        delivered.unlink(missing_ok=True)
        with TcpProxy(place.server.port, direction=direction, limit=limit, then="cut") as line:
            with pytest.raises(MailboxError) as caught:
                send(line.port)
            assert not caught.value.permanent
        was_there.add(delivered.exists())
        send()
        assert [path.name for path in (place.root / "out").iterdir()] == ["a.837"]
        assert delivered.read_bytes() == BODY
    assert was_there == {True, False}  # Before the rename, and after it with the reply lost.


def test_a_lost_connection_is_said_once_and_for_all(place: SandboxPlace) -> None:
    with place.open() as mailbox:
        place.server.close()
        with fails("list", permanent=False) as first:
            mailbox.list("in")
        with fails("stat", permanent=False) as caught:
            mailbox.stat("in/a")
        assert "lost" in str(caught.value)
        assert first.value.is_lost
        assert caught.value.is_lost
    mailbox.close()
