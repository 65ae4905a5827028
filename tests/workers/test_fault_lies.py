"""F22 to F25: servers that lie about sizes, hold half a file, and refuse to rename or archive.

Nothing is posted short or twice, nothing that was not read is moved, and what lasts is told.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import paramiko
import pytest
from paramiko.sftp import SFTP_FAILURE, SFTP_OK, SFTP_PERMISSION_DENIED

from rcm.access import Actor, Role
from rcm.crypto import sha256
from rcm.reading.alerts import alerts
from sandbox.sftp_folder import ConfinedFolder
from tests.conftest import NOW
from tests.harness import Practice
from tests.rcm.partner_files import file_835, payment, remit
from tests.workers.journeys import Journey, interchange, journey
from tests.workers.sftp_places import sandbox_place

PAID = 12_345  #: Cents of the remittance that the tests receive.


@pytest.fixture
def there(practice: Practice, tmp_path: Path) -> Iterator[Journey]:
    with sandbox_place(tmp_path / "partner") as place:
        yield journey(practice, place)


def era(number: int = 1) -> bytes:
    """A remittance for a claim of another system: its money is posted to suspense."""
    return file_835(remit(payment("OTHER", PAID, PAID), trace=f"T{number}"), number=number)


def read(there: Journey) -> None:
    """Read and post whatever was received; visits stay undone."""
    for (job_id,) in there.practice.rows(
        "SELECT id FROM job WHERE state = 'ready' AND kind IN ('read_file')"
    ):
        there.run(job_id)
    for (job_id,) in there.practice.rows(
        "SELECT id FROM job WHERE state = 'ready' AND kind = 'post_remittance'"
    ):
        there.run(job_id)


def posted(there: Journey) -> list[int]:
    """What came to cash, in cents, by remittance."""
    rows = there.practice.rows(
        "SELECT sum(amount_cents)::bigint FROM posting WHERE account = 'cash:in-transit'"
        " GROUP BY remittance_id"
    )
    return [cents for (cents,) in rows]


# F22


def lying(change: Callable[[paramiko.SFTPAttributes], object]) -> Callable[..., object]:
    """Return the server's row of a file, changed on its way."""
    true = ConfinedFolder.lstat

    def lstat(self: ConfinedFolder, path: str) -> object:
        row = true(self, path)
        if isinstance(row, paramiko.SFTPAttributes) and path.endswith(".835"):
            change(row)
        return row

    return lstat


def add(row: paramiko.SFTPAttributes, count: int) -> None:
    assert row.st_size is not None
    row.st_size += count


@pytest.mark.parametrize("count", [-1, -200, 1, 5000], ids=["1 less", "less", "1 more", "more"])
def test_a_size_that_is_not_true_is_not_believed(
    there: Journey, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    there.offer("a.835", era())
    with monkeypatch.context() as patch:
        patch.setattr(ConfinedFolder, "lstat", lying(lambda row: add(row, count)))
        assert there.run(there.visit()).state == "done"
    assert (there.received(), there.reasons()) == ([], ["READ"])
    assert there.names("in") == ["a.835"]
    assert there.run(there.visit()).state == "done"
    read(there)
    assert posted(there) == [PAID]


def test_a_size_that_ends_at_an_interchange_cuts_off_no_other(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = era(1), era(2)
    there.offer("a.835", first + second)
    with monkeypatch.context() as patch:
        patch.setattr(ConfinedFolder, "lstat", lying(lambda row: add(row, -len(second))))
        there.run(there.visit())
    assert there.received() == []
    there.run(there.visit())
    read(there)
    assert posted(there) == [PAID, PAID]


def test_a_file_that_grows_while_it_is_read_is_taken_when_it_is_at_rest(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = era()
    path = there.offer("a.835", whole[:-300])
    rest = [whole[len(whole) - 300 + n : len(whole) - 300 + n + 50] for n in range(0, 300, 50)]

    def grow(_: object) -> None:
        if rest:
            with path.open("ab") as file:
                file.write(rest.pop(0))

    monkeypatch.setattr(ConfinedFolder, "lstat", lying(grow))
    visits = 0
    while not there.received():
        there.run(there.visit(visits))
        visits += 1
        assert visits < 9
    assert there.received() == [("a.835", sha256(whole))]
    read(there)
    assert posted(there) == [PAID]


@pytest.mark.parametrize("looks", [1, 2, 3, 4, 5])
def test_a_file_that_is_replaced_is_read_too(
    there: Journey, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    old, new = era(1), era(2)  # As long as each other.
    path = there.offer("a.835", old)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    seen = []

    def replace(_: object) -> None:
        seen.append(1)
        if len(seen) == looks:
            path.with_suffix(".new").write_bytes(new)
            path.with_suffix(".new").replace(path)

    monkeypatch.setattr(ConfinedFolder, "lstat", lying(replace))
    for n in range(3):
        there.run(there.visit(n))
    assert sha256(new) in [digest for _, digest in there.received()]
    kept = {path.read_bytes() for path in (there.place.root / "archive").iterdir()}
    assert kept <= {old, new}
    assert new in kept
    assert {sha256(body) for body in kept} <= {digest for _, digest in there.received()}
    assert there.names("in") == []


# F23


def test_half_a_file_that_is_completed_later_is_posted_once_and_whole(there: Journey) -> None:
    whole = era()
    for part in (whole[:50], whole[:200], whole[: whole.rindex(b"IEA")], whole[:-1]):
        there.offer("a.835", part)
        there.run(there.visit())
        assert (there.received(), there.reasons()) == ([], ["INCOMPLETE"])
    there.offer("a.835", whole)
    there.run(there.visit())
    there.run(there.visit())
    read(there)
    assert (there.received(), there.reasons()) == ([("a.835", sha256(whole))], [])
    assert posted(there) == [PAID]


# F24


def refuse(monkeypatch: pytest.MonkeyPatch, code: int, *, from_: str = "out") -> None:
    """Let the server refuse to rename what lies in a folder."""
    for name in ("rename", "posix_rename"):
        true = getattr(ConfinedFolder, name)

        def answer(
            self: ConfinedFolder, old: str, new: str, true: Callable[..., int] = true
        ) -> int:
            return code if old.lstrip("/").startswith(from_) else true(self, old, new)

        monkeypatch.setattr(ConfinedFolder, name, answer)


def test_a_rename_that_fails_is_tried_again_and_leaves_one_file(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = interchange(1)
    file_id, job_id = there.freeze(1, body)
    with monkeypatch.context() as patch:
        refuse(patch, SFTP_FAILURE)
        for _ in range(3):
            assert there.run(job_id).code == "SFTP-RENAME"
    assert there.state(file_id) == "uncertain"
    assert there.row(job_id).state == "ready"
    assert len(there.names("out")) == 1  # Of three attempts, the latest.
    assert there.run(job_id).state == "done"
    assert there.names("out") == ["000000001_837P.x12"]
    assert (there.place.root / "out/000000001_837P.x12").read_bytes() == body


def test_a_rename_that_is_denied_is_a_persons_work_and_then_goes(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id, job_id = there.freeze(1, interchange(1))
    with monkeypatch.context() as patch:
        refuse(patch, SFTP_PERMISSION_DENIED)
        row = there.run(job_id)
    assert (row.state, row.code) == ("dead", "SFTP-RENAME")
    assert there.state(file_id) == "uncertain"
    assert there.send_again(file_id).state == "done"
    assert there.state(file_id) == "sent"
    assert there.names("out") == ["000000001_837P.x12"]  # The leftover is gone.


def test_a_rename_that_only_says_that_it_failed_is_seen_through(
    there: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, job_id = there.freeze(1, interchange(1))
    true = ConfinedFolder.posix_rename

    def lie(self: ConfinedFolder, old: str, new: str) -> int:
        assert true(self, old, new) == SFTP_OK
        return SFTP_FAILURE

    with monkeypatch.context() as patch:
        patch.setattr(ConfinedFolder, "posix_rename", lie)
        there.run(job_id)
    assert there.run(job_id).state == "done"
    assert there.names("out") == ["000000001_837P.x12"]


@pytest.mark.parametrize(("is_ours", "state"), [(True, "done"), (False, "dead")])
def test_what_has_the_name_already_is_ours_or_left_alone(
    there: Journey, *, is_ours: bool, state: str
) -> None:
    body = interchange(1)
    found = body if is_ours else body[::-1]
    taken = there.place.root / "out/000000001_837P.x12"
    taken.write_bytes(found)
    inode = taken.stat().st_ino
    file_id, job_id = there.freeze(1, body)
    assert there.run(job_id).state == state
    assert (taken.read_bytes(), taken.stat().st_ino) == (found, inode)
    assert there.state(file_id) == ("sent" if is_ours else "uncertain")


# F25


@pytest.mark.parametrize("code", [SFTP_FAILURE, SFTP_PERMISSION_DENIED])
def test_a_file_that_may_not_be_moved_for_days_is_posted_once_and_told(
    there: Journey, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    there.offer("a.835", era())
    there.offer("b.835", era(2))
    operator = Actor(id=there.practice.actor_id, name="op", roles=frozenset({Role.INTEGRATION}))
    with monkeypatch.context() as patch:
        refuse(patch, code, from_="in")
        for hours in range(0, 80, 8):
            there.at(NOW + timedelta(hours=hours))
            assert there.run(there.visit()).state == "done"
            read(there)
            with there.practice.unit_of_work() as session:
                now = NOW + timedelta(hours=hours)
                told = {each.code for each in alerts(session, operator, now=now)}
            assert ("files_not_put_away" in told) is (hours > 24)
            assert posted(there) == [PAID, PAID]
    assert there.reasons() == ["ARCHIVE", "ARCHIVE"]
    there.run(there.visit())
    assert (there.names("in"), there.reasons()) == ([], [])
    assert there.names("archive") == ["a.835", "b.835"]
    assert posted(there) == [PAID, PAID]
