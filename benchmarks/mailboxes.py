"""1,000 small files over SFTP from the sandbox's server: listed, read, and put away."""

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from signal import SIGTERM
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.spawn import spawn
from sandbox.keys import new_key_pair
from workers.sftp import SftpSettings, open_sftp
from workers.ssh import Deadline, connect

FILES = 1_000
_BYTES = 2_000
_START_SECONDS_MAX = 30
_SESSION_SECONDS = 600
_FROM, _TO = "from_payer", "archive"


def measure_mailboxes(console: Console, folder: Path) -> list[dict[str, Any]]:
    """Measure our mailbox beside paramiko's own client, print and return what they took."""
    rows: list[dict[str, Any]] = []
    for who, fetch in (("rcm", _ours), ("paramiko's SFTPClient", _plain)):
        with console.status(f"{FILES:,} files over SFTP: {who}"), _server(folder) as settings:
            began = time.perf_counter_ns()
            said = fetch(settings)
            took_us = (time.perf_counter_ns() - began) // 1000
        rows.append({"who": who, "files": FILES, "took_us": took_us, "checksum": said})
    table = Table(title=f"{FILES:,} files of {_BYTES:,} bytes over SFTP: read and moved away")
    table.add_column("who")
    for heading in ("files/s", "seconds", "checksum"):
        table.add_column(heading, justify="right")
    for row in rows:
        took = row["took_us"]
        speed = f"{FILES * 1_000_000 // took:,}"
        table.add_row(str(row["who"]), speed, f"{took / 1_000_000:.2f}", str(row["checksum"]))
    console.print(table)
    return rows


def _ours(settings: SftpSettings) -> str:
    """Fetch as the service does: each file's size is proven before, during and after."""
    said = hashlib.sha256()
    with open_sftp(settings, deadline_seconds=_SESSION_SECONDS) as mailbox:
        for each in mailbox.list(_FROM):
            said.update(mailbox.read(f"{_FROM}/{each.name}", bytes_max=_BYTES))
            mailbox.rename(f"{_FROM}/{each.name}", f"{_TO}/{each.name}")
    return said.hexdigest()[:16]


def _plain(settings: SftpSettings) -> str:
    """Fetch with what paramiko gives, over the same connection."""
    said = hashlib.sha256()
    client = connect(settings, Deadline(_SESSION_SECONDS, monotonic_ns=time.monotonic_ns))
    with client, client.open_sftp() as sftp:
        for name in sorted(sftp.listdir(_FROM)):
            with sftp.open(f"{_FROM}/{name}", "rb") as file:
                file.prefetch()
                said.update(file.read())
            sftp.rename(f"{_FROM}/{name}", f"{_TO}/{name}")
    return said.hexdigest()[:16]


@contextmanager
def _server(folder: Path) -> Iterator[SftpSettings]:
    """Run the sandbox in a process of its own, with files to fetch."""
    rmtree(folder, ignore_errors=True)
    waiting = folder / "accounts" / "practice" / _FROM
    for each in (waiting, waiting.with_name(_TO)):
        each.mkdir(parents=True)
    for n in range(FILES):
        (waiting / f"{n:09d}_835.x12").write_bytes(f"{n:09d}".encode() * (_BYTES // 9 + 1))
        with (waiting / f"{n:09d}_835.x12").open("r+b") as file:
            file.truncate(_BYTES)
    private, public = new_key_pair()
    (folder / "key.pub").write_text(public + "\n", encoding="ascii")
    port_file = folder / "port.json"
    argv = [sys.executable, "-m", "sandbox.main", "--folder", str(folder)]
    argv += ["--authorized-keys", str(folder / "key.pub"), "--port-file", str(port_file)]
    server = spawn(argv, env={}, log=folder / "log", death_signal=SIGTERM)
    try:
        until = time.monotonic() + _START_SECONDS_MAX
        while not port_file.exists():
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the sandbox did not start: see {folder / 'log'}")
            time.sleep(0.05)
        told = json.loads(port_file.read_text(encoding="utf-8"))
        yield SftpSettings(
            host="127.0.0.1",
            port=told["port"],
            username="practice",
            private_key=private,
            host_keys=(told["host_key"],),
        )
    finally:
        server.terminate()
        server.wait()
