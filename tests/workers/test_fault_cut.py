"""F20 and F21: lines that are cut, stall, drip or vanish, and what is at the end of it.

However a transfer ends, the job says so in time; the next one brings it to one remote file of the
frozen bytes, or to one received file; and a partner that stalls holds up no other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Literal, Self
from uuid import UUID

import pytest

from rcm.crypto import sha256
from tests.harness import Practice
from tests.workers.journeys import KB, Journey, interchange, journey
from tests.workers.sftp_places import openssh, sandbox_place
from tests.workers.tcp_proxy import NEVER, TcpProxy
from tests.workers.test_again import add_partner

Direction = Literal["up", "down"]


@pytest.fixture
def there(practice: Practice, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Journey]:
    """The sandbox's server, or where a test asks for it OpenSSH."""
    with sandbox_place(tmp_path / "partner") as place:
        if getattr(request, "param", "sandbox") == "sandbox":
            yield journey(practice, place)
            return
        with openssh(tmp_path / "sshd") as (root, settings):
            yield journey(practice, replace(place, root=root, settings=settings))


both_servers = pytest.mark.parametrize("there", ["sandbox", "sshd"], indirect=True)


def line(there: Journey, direction: Direction, limit: int) -> TcpProxy:
    return TcpProxy(there.place.settings.port, direction=direction, limit=limit, then="cut")


def nothing() -> None:
    """Happen."""


def measured(there: Journey, direction: Direction, job_id: UUID) -> int:
    """Run a job on a good line; returns how many bytes went in a direction."""
    with line(there, direction, NEVER) as good:
        there.port = good.port
        assert there.run(job_id).state == "done"
        there.port = None
        return good.passed[direction]


def cut_upload(there: Journey, n: int, direction: Direction, limit: int) -> None:
    """Cut one upload after so many bytes, and let it be sent again."""
    body = interchange(n)
    file_id, job_id = there.freeze(n, body)
    with line(there, direction, limit) as bad:
        there.port = bad.port
        row = there.run(job_id)
    there.port = None
    assert row.state == "ready"
    assert str(row.code).startswith("SFTP-")
    assert there.state(file_id) == "uncertain"
    assert there.run(job_id).state == "done"
    assert there.state(file_id) == "sent"
    name = f"{n:09d}_837P.x12"
    assert there.names("out") == [name]  # And nothing temporary.
    remote = there.place.root / "out" / name
    assert sha256(remote.read_bytes()) == sha256(body)
    rows = there.practice.rows(
        "SELECT sha256, interchange_number FROM file WHERE id = :i", i=file_id
    )
    assert [(bytes(digest), number) for digest, number in rows] == [(sha256(body), n)]
    assert there.practice.rows("SELECT 1 FROM control_number") == []  # No number was taken again.
    remote.unlink()
    there.forget()  # Every other meeting failed: that would open the breaker.


def cut_download(there: Journey, n: int, direction: Direction, limit: int) -> None:
    """Cut one visit after so many bytes, and visit again."""
    body = interchange(n)
    source = there.offer("era.835", body)
    job_id = there.visit(n)
    with line(there, direction, limit) as bad:
        there.port = bad.port
        row = there.run(job_id)
    there.port = None
    ours = [digest for _, digest in there.received()]
    # It may be gone only when it is ours; and what is ours is whole.
    assert source.exists() or sha256(body) in ours
    assert set(ours) <= {sha256(interchange(each)) for each in range(1, n + 1)}
    if row.state == "ready":
        assert there.run(job_id).state == "done"
    assert [digest for _, digest in there.received()].count(sha256(body)) == 1
    assert there.names("in") == []
    assert "era.835" in there.names("archive")
    for path in (there.place.root / "archive").iterdir():
        path.unlink()
    there.forget()


def points(total: int, step: int) -> list[int]:
    """Every `step` bytes, and each of the last few packets: there the rename is answered."""
    return sorted({*range(0, total, step), *range(max(0, total - 400), total, 100)})


@both_servers
@pytest.mark.parametrize("direction", ["up", "down"])
def test_an_upload_cut_anywhere_is_one_file_in_the_end(
    there: Journey, direction: Direction
) -> None:
    total = measured(there, direction, there.freeze(1, interchange(1))[1])
    (there.place.root / "out/000000001_837P.x12").unlink()
    assert direction == "down" or total > 64 * KB
    for n, limit in enumerate(points(total, total // 5), start=2):
        cut_upload(there, n, direction, limit)


@both_servers
@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_download_cut_anywhere_is_received_once_and_whole(
    there: Journey, direction: Direction
) -> None:
    there.offer("era.835", interchange(1))
    total = measured(there, direction, there.visit(1))
    assert direction == "up" or total > 64 * KB
    for n, limit in enumerate(points(total, total // 5), start=2):
        cut_download(there, n, direction, limit)


@both_servers
@pytest.mark.long
@pytest.mark.parametrize("cut", [cut_upload, cut_download])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_cut_at_every_kilobyte(there: Journey, cut: object, direction: Direction) -> None:
    there.offer("era.835", interchange(1))
    job_id = there.freeze(1, interchange(1))[1] if cut is cut_upload else there.visit(1)
    total = measured(there, direction, job_id)
    for folder in ("in", "out", "archive"):
        for path in (there.place.root / folder).iterdir():
            path.unlink()
    for n, limit in enumerate(points(total, min(KB, total // 40)), start=2):
        (cut_upload if cut is cut_upload else cut_download)(there, n, direction, limit)


def test_a_reply_that_is_lost_after_the_rename_is_resolved_by_looking(there: Journey) -> None:
    body = interchange(7)
    file_id, job_id = there.freeze(7, body)
    with line(there, "down", NEVER) as bad:
        changes = iter([nothing, bad.close])

        def change() -> None:  # First the upload is closed, then the rename is done.
            next(changes, nothing)()

        there.place.server._on_change = change
        there.port = bad.port
        assert there.run(job_id).code == "SFTP-RENAME"
    there.port = None
    there.place.server._on_change = nothing
    remote = there.place.root / "out/000000007_837P.x12"
    assert there.state(file_id) == "uncertain"
    before = remote.stat()
    assert there.run(job_id).state == "done"
    after = remote.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert remote.read_bytes() == body


@pytest.mark.parametrize("then", ["stall", "vanish", "drip"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_no_transfer_lasts_longer_than_its_deadline(
    there: Journey, direction: Direction, then: Literal["stall", "vanish", "drip"]
) -> None:
    there.offer("era.835", interchange(1, 256 * KB))
    body = interchange(1, 256 * KB)
    file_id, delivery = there.freeze(1, body)
    job_id = delivery if direction == "up" else there.visit(1)
    there.seconds = 2
    began = time.monotonic()
    with TcpProxy(there.place.settings.port, direction=direction, limit=40 * KB, then=then) as bad:
        there.port = bad.port
        row = there.run(job_id)
    assert time.monotonic() - began < 20  # One silence alone may last 30 s.
    assert (row.state, row.code) == ("ready", "SFTP-TIMEOUT")
    if direction == "up":
        assert there.allowed == 300 + len(body) // (16 * KB)  # What production allows.
        assert there.state(file_id) == "uncertain"
    assert there.received() == []
    there.port, there.seconds = None, 30
    assert there.run(job_id).state == "done"
    assert (there.received() == []) is (direction == "up")


class Stalled:
    """A partner's meeting that goes on, and says nothing, until the end of a `with`."""

    def __init__(self, there: Journey, seconds: int) -> None:
        self._line = TcpProxy(
            there.place.settings.port, direction="up", limit=40 * KB, then="stall"
        )
        there.port, there.seconds = self._line.port, seconds
        self.job_id = there.freeze(1, interchange(1))[1]
        self._thread = threading.Thread(target=there.runner.run, args=(self.job_id,))
        self._there = there

    def __enter__(self) -> Self:
        self._thread.start()
        while self._line.passed["up"] < 40 * KB:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._thread.join()


@pytest.fixture
def other(there: Journey, tmp_path: Path) -> Iterator[Journey]:
    """Another partner, with a server of its own."""
    other_id = add_partner(there.practice)
    with sandbox_place(tmp_path / "other") as place:
        yield Journey(practice=replace(there.practice, partner_id=other_id), place=place)


def test_a_partner_that_stalls_holds_one_worker_and_no_other_partner(
    there: Journey, other: Journey
) -> None:
    with Stalled(there, seconds=60) as stalled:
        second = there.freeze(2, interchange(2))[1]
        assert there.run(second).code == "BREAKER-BUSY"  # That worker is free again.
        for n in range(11, 14):
            assert other.run(other.freeze(n, interchange(n))[1]).state == "done"
        assert other.run(other.visit()).state == "done"
        assert there.row(stalled.job_id).state == "running"
    assert len(other.names("out")) == 3


@pytest.mark.long
def test_the_others_are_as_fast_while_one_stalls(there: Journey, other: Journey) -> None:
    def p95(first: int) -> float:
        took = []
        for n in range(first, first + 40):
            began = time.monotonic()
            assert other.run(other.freeze(n, interchange(n))[1]).state == "done"
            took.append(time.monotonic() - began)
        return quantiles(took, n=20)[-1]

    before = p95(100)
    with Stalled(there, seconds=600):
        during = p95(200)
    after = p95(300)
    assert during <= 2 * max(before, after) + 0.1  # A machine that tests has other things to do.
