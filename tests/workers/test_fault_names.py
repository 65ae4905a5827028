"""F28: listings of 10,000 entries, hostile names, links and twins, seen by a visit.

Nothing is written outside the database, one bad name hides no other file, and each is told.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rcm.crypto import sha256
from tests.harness import Practice
from tests.workers.journeys import Journey, interchange, journey
from tests.workers.sftp_places import openssh, sandbox_place
from tests.workers.test_delivery import HOSTILE_NAMES
from workers.mailbox import ENTRIES_MAX

#: What a Linux file system can hold of them, and some bytes that are no text.
NAMES = (
    *(
        os.fsencode(name)
        for name in HOSTILE_NAMES
        if name not in ("", ".", "..") and not set(name) & {"/", "\0"}
    ),
    b"\xff\xfe.835", b"a\xc0\xafb.835", b"\x80", b"caf\xe9.835", "e\u0301.835".encode(),
    "\u00e9.835".encode(), "\U0001f4b0.835".encode(), b"CON:.835", b"a.835\x01", b"\x7f.835",
)  # fmt: skip


@pytest.fixture(params=["sandbox", "sshd"])
def there(practice: Practice, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Journey]:
    if request.param == "sandbox":
        with sandbox_place(tmp_path / "partner") as place:
            yield journey(practice, place)
        return
    with (
        openssh(tmp_path / "partner") as (root, settings),
        sandbox_place(tmp_path / "unused") as unused,
    ):
        yield journey(practice, replace(unused, root=root, settings=settings))


def lie(there: Journey, name: bytes, body: bytes = b"x") -> None:
    """Let a file lie in the partner's folder, whatever its name."""
    path = os.fsencode(there.place.root / "in") + b"/" + name
    with open(path, "wb") as file:  # noqa: PTH123  # A Path holds text.
        file.write(body)


def files_below(folder: Path) -> set[bytes]:
    return {at + b"/" + name for at, _, names in os.walk(os.fsencode(folder)) for name in names}


def test_hostile_names_are_told_and_hide_no_other_file(there: Journey, tmp_path: Path) -> None:
    body = interchange(1, 1000)
    there.offer("good.835", body)
    for name in NAMES:
        lie(there, name, body)
    before = files_below(tmp_path)
    assert there.run(there.visit()).state == "done"
    assert there.received() == [("good.835", sha256(body))]
    assert there.reasons() == ["NAME"] * len(NAMES)
    moved = os.fsencode(there.place.root)
    assert files_below(tmp_path) == before - {moved + b"/in/good.835"} | {
        moved + b"/archive/good.835"
    }
    ((names,),) = there.practice.rows("SELECT string_agg(name, '/') FROM file")
    assert names == "good.835"


def test_links_and_folders_are_never_followed(there: Journey, tmp_path: Path) -> None:
    secret = tmp_path / "secret.835"
    secret.write_bytes(interchange(1, 1000))
    folder = there.place.root / "in"
    (folder / "link.835").symlink_to(secret)
    (folder / "up.835").symlink_to("..")
    (folder / "loop.835").symlink_to("loop.835")
    (folder / "folder.835").mkdir()
    os.mkfifo(folder / "pipe.835")
    there.offer("good.835", interchange(2, 1000))
    assert there.run(there.visit()).state == "done"
    assert [name for name, _ in there.received()] == ["good.835"]
    assert secret.exists()


def test_a_file_that_becomes_a_link_is_not_read(there: Journey, tmp_path: Path) -> None:
    secret = tmp_path / "secret.835"
    secret.write_bytes(interchange(1, 1000))
    there.offer("a.835", interchange(2, 1000))
    there.offer("b.835", interchange(3, 1000))

    def swap() -> None:
        path = there.place.root / "in/a.835"
        path.unlink()
        path.symlink_to(secret)

    with there.open_mailbox(None, 30) as mailbox:  # type: ignore[arg-type]  # It needs no partner.
        listed = mailbox.list("in")
        assert [row.name for row in listed] == ["a.835", "b.835"]
    swap()
    assert there.run(there.visit()).state == "done"
    assert [name for name, _ in there.received()] == ["b.835"]


@pytest.mark.parametrize("more", [0, 1])
def test_a_folder_of_ten_thousand_is_visited_and_one_more_is_told(
    practice: Practice, tmp_path: Path, more: int
) -> None:
    with sandbox_place(tmp_path / "partner") as place:
        there = journey(practice, place)
        there.offer("good.835", interchange(1, 1000))
        for n in range(ENTRIES_MAX - 1 + more):
            (place.root / f"in/{n:05d}.tmp").touch()
        row = there.run(there.visit())
        if more:
            assert (row.state, row.code) == ("dead", "SFTP-LIST")
            assert there.breaker().standing == "closed"  # It answers: others are sent.
        else:
            assert row.state == "done"
            assert [name for name, _ in there.received()] == ["good.835"]
            assert len(there.reasons()) == ENTRIES_MAX - 1
