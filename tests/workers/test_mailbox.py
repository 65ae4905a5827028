"""One table of behaviour for every mailbox: a folder, the sandbox's server, OpenSSH."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rcm.parties.names import is_safe_name
from tests.workers.sftp_places import Place, any_place, fails
from workers.mailbox import (
    ENTRIES_MAX,
    Mailbox,
    archive,
    deliver,
    join,
)

BODY = b"ISA*00*CANARY~" * 8000  # More than three chunks.


@pytest.fixture(params=["folder", "sandbox", "sshd"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with any_place(request.param, tmp_path) as each:
        yield each


@pytest.fixture
def mailbox(place: Place) -> Iterator[Mailbox]:
    with place.open() as each:
        yield each


def test_what_is_written_is_listed_and_read_back(place: Place, mailbox: Mailbox) -> None:
    mailbox.write("in/b.837", BODY)
    mailbox.write("in/a.837", b"")
    rows = mailbox.list("in")
    assert [(row.name, row.size) for row in rows] == [("a.837", 0), ("b.837", len(BODY))]
    assert rows[1].modified == int((place.root / "in/b.837").stat().st_mtime)
    assert mailbox.read("in/b.837", bytes_max=len(BODY)) == BODY
    assert mailbox.read("in/a.837", bytes_max=0) == b""
    assert mailbox.stat("in/b.837") == rows[1]
    assert (place.root / "in/b.837").read_bytes() == BODY


def test_only_regular_files_are_listed(place: Place, mailbox: Mailbox) -> None:
    (place.root / "in/folder").mkdir()
    (place.root / "in/link").symlink_to("/etc/hostname")
    (place.root / "in/file").write_bytes(b"x")
    assert [row.name for row in mailbox.list("in")] == ["file"]
    with fails("stat", permanent=True):
        mailbox.read("in/link", bytes_max=1000)
    with fails("stat", permanent=True):
        mailbox.stat("in/folder")


def test_one_bad_name_hides_no_other_file(place: Place, mailbox: Mailbox) -> None:
    for name in (b"\xfc.835", b"a\nb.835", b"good.835"):
        Path(os.fsdecode(os.fsencode(place.root / "in") + b"/" + name)).write_bytes(b"x")
    names = [row.name for row in mailbox.list("in")]
    assert names == ["\\xfc.835", "a\nb.835", "good.835"]
    assert [name for name in names if is_safe_name(name)] == ["good.835"]


def test_an_absent_file_is_none_and_its_removal_is_done(mailbox: Mailbox) -> None:
    assert mailbox.stat("in/none") is None
    assert mailbox.stat("nowhere/none") is None
    mailbox.remove("in/none")
    with fails("read", permanent=False):
        mailbox.read("in/none", bytes_max=1)


def test_removal_removes_the_file(place: Place, mailbox: Mailbox) -> None:
    mailbox.write("in/a", b"x")
    mailbox.remove("in/a")
    assert list((place.root / "in").iterdir()) == []


def test_a_missing_folder_is_named_as_such(mailbox: Mailbox) -> None:
    with fails("folder", permanent=True):
        mailbox.list("nowhere")
    with fails("folder", permanent=True):
        mailbox.write("nowhere/a", b"x")
    mailbox.write("in/a", b"x")
    with fails("rename", permanent=False):
        mailbox.rename("in/a", "nowhere/a")


def test_nothing_is_overwritten(place: Place, mailbox: Mailbox) -> None:
    mailbox.write("in/a", b"one")
    mailbox.write("in/b", b"two")
    with fails("write", permanent=True):
        mailbox.write("in/a", b"three")
    with fails("rename", permanent=True):
        mailbox.rename("in/b", "in/a")
    assert (place.root / "in/a").read_bytes() == b"one"
    assert (place.root / "in/b").read_bytes() == b"two"


def test_a_file_over_the_cap_is_not_read(mailbox: Mailbox) -> None:
    mailbox.write("in/a", b"12345")
    assert mailbox.read("in/a", bytes_max=5) == b"12345"
    with fails("read", permanent=True):
        mailbox.read("in/a", bytes_max=4)


def test_a_thousand_small_files_come_through(place: Place, mailbox: Mailbox) -> None:
    for n in range(1000):
        (place.root / f"in/{n:04}").write_bytes(b"%d" % n)
    names = [row.name for row in mailbox.list("in")]
    assert [mailbox.read(join("in", name), bytes_max=9) for name in names] == [
        b"%d" % n for n in range(1000)
    ]


def test_a_folder_may_hold_so_many_entries_and_no_more(place: Place, mailbox: Mailbox) -> None:
    for n in range(ENTRIES_MAX):
        (place.root / f"in/{n}").touch()
    assert len(mailbox.list("in")) == ENTRIES_MAX
    (place.root / "in/more").mkdir()
    with fails("list", permanent=True):
        mailbox.list("in")


def test_delivery_twice_is_one_file(place: Place, mailbox: Mailbox) -> None:
    for _ in range(2):
        deliver(mailbox, folder="out", name="a.837", body=BODY, attempt="1")
    assert [path.name for path in (place.root / "out").iterdir()] == ["a.837"]
    assert (place.root / "out/a.837").read_bytes() == BODY


def test_delivery_begins_anew_after_half_an_upload(place: Place, mailbox: Mailbox) -> None:
    mailbox.write("out/a.837.tmp-1", BODY[:1000])
    mailbox.write("out/b.837.tmp-1", BODY[:1000])
    deliver(mailbox, folder="out", name="a.837", body=BODY, attempt="2")
    names = sorted(path.name for path in (place.root / "out").iterdir())
    assert names == ["a.837", "b.837.tmp-1"]  # Another's is not ours to remove.
    assert (place.root / "out/a.837").read_bytes() == BODY


@pytest.mark.parametrize("other", [b"short", BODY[::-1]], ids=["other size", "other bytes"])
def test_delivery_never_replaces_other_content(
    place: Place, mailbox: Mailbox, other: bytes
) -> None:
    mailbox.write("out/a.837", other)
    with fails("rename", permanent=True):
        deliver(mailbox, folder="out", name="a.837", body=BODY, attempt="1")
    assert (place.root / "out/a.837").read_bytes() == other


def test_archive_moves_once_and_keeps_both_of_a_name(place: Place, mailbox: Mailbox) -> None:
    def move(unique: str, body: bytes) -> None:
        archive(mailbox, seen, body, folder="in", archive_folder="archive", unique=unique)

    mailbox.write("in/a.835", b"one")
    (seen,) = mailbox.list("in")
    move("1", b"one")
    move("1", b"one")
    mailbox.write("in/a.835", b"two")
    (seen,) = mailbox.list("in")
    move("2", b"two")
    kept = {path.name: path.read_bytes() for path in (place.root / "archive").iterdir()}
    assert kept == {"a.835": b"one", "a.835.2": b"two"}
    assert list((place.root / "in").iterdir()) == []


def test_archive_leaves_what_came_in_the_place_of_what_was_read(
    place: Place, mailbox: Mailbox
) -> None:
    mailbox.write("in/a.835", b"one")
    (seen,) = mailbox.list("in")
    (place.root / "in/a.835").write_bytes(b"another")
    with fails("rename", permanent=False):
        archive(mailbox, seen, b"one", folder="in", archive_folder="archive", unique="1")
    assert (place.root / "in/a.835").read_bytes() == b"another"
    assert list((place.root / "archive").iterdir()) == []


def test_archive_says_when_it_cannot(place: Place, mailbox: Mailbox) -> None:
    mailbox.write("in/a.835", b"one")
    (seen,) = mailbox.list("in")
    with fails("rename", permanent=False):
        archive(mailbox, seen, b"one", folder="in", archive_folder="nowhere", unique="1")
    assert (place.root / "in/a.835").read_bytes() == b"one"
