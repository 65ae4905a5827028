"""Delivering, archiving and judging: what happens when replies get lost and names are hostile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rcm.parties.names import is_safe_name
from tests.folder_mailbox import FolderMailbox
from tests.workers.sftp_places import fails
from workers.mailbox import MailboxError, RemoteFile, archive, deliver, is_stable

BODY = b"ISA*00*CANARY~" * 100
HOSTILE_NAMES = (
    "", ".", "..", "../x", "a/../b", "/etc/passwd", "a/b", "a\\b", "..\\x", "~/x", "-rf", ".ssh",
    ".835", "a\x00b", "a\nb", "a\rb", "a\tb", "a\x1b[2Jb", "a\x7fb", "a\u202eb", "a\u200bb",
    "\ufeffa", "a\u0301", "\u00e1", "a\u2028b", "\u0430.835", "\udcffa", "a" * 201, "a.tmp-1",
    "a.835.tmp-9f", "a.TMP-1", "a.part", "a.filepart", "a.PART", "a.tmp", "%2e%2e%2fx",
    "a;rm -rf x", "$(x)", "`x`", "a|b", "a&b", "a>b", "a<b", "a*b", "a?b", "a:b", 'a"b', "a'b",
    "a{b", "a!b", "#a", "=cmd()", "+a", "@a", " a", "a ", "a.", "a\u00a0b", "\uff21", "\u0661",
)  # fmt: skip
SAFE_NAMES = (
    "a", "1", "835_20260105.x12", "ERA (2).835", "20260105T101500_9f_277CA.x12", "a..b",
    "A-b+c=d,e@f_", "partial.835", "temp.txt", "a" * 200,
)  # fmt: skip


class LosesReplies(FolderMailbox):
    """Does what it is told, then says that the connection was lost."""

    def rename(self, old: str, new: str) -> None:
        super().rename(old, new)
        raise MailboxError("The connection was lost.", step="rename", cure="It is tried again.")


class Unreadable(FolderMailbox):
    """Lets nobody read, as many outbound folders do."""

    def read(self, path: str, *, bytes_max: int) -> bytes:
        del path, bytes_max
        raise MailboxError("No.", step="read", permanent=True, cure="None.")


class Changing(FolderMailbox):
    """Changes a file as soon as it has told its size."""

    def __init__(self, root: Path, change: Callable[[Path], object]) -> None:
        super().__init__(root)
        self._path = root / "in/a"
        self._change: Callable[[Path], object] | None = change

    def stat(self, path: str) -> RemoteFile | None:
        row = super().stat(path)
        if self._change:
            self._change(self._path)
            self._change = None
        return row


def test_delivery_after_a_lost_reply_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with fails("rename", permanent=False):
        deliver(LosesReplies(tmp_path), folder="out", name="a.837", body=BODY, attempt="1")
    deliver(LosesReplies(tmp_path), folder="out", name="a.837", body=BODY, attempt="1")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.837"]


def test_in_a_folder_that_cannot_be_read_name_and_size_are_the_proof(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for _ in range(2):
        deliver(Unreadable(tmp_path), folder="out", name="a.837", body=BODY, attempt="1")
    with fails("rename", permanent=True):
        deliver(Unreadable(tmp_path), folder="out", name="a.837", body=b"", attempt="1")


def test_archive_after_a_lost_reply_is_quiet(tmp_path: Path) -> None:
    for name in ("in", "archive"):
        (tmp_path / name).mkdir()
    (tmp_path / "in/a").write_bytes(b"x")
    mailbox = LosesReplies(tmp_path)
    (seen,) = mailbox.list("in")
    archive(mailbox, seen, b"x", folder="in", archive_folder="archive", unique="1")
    assert (tmp_path / "archive/a").read_bytes() == b"x"


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"longer than it was"),
        lambda path: path.write_bytes(b"s"),
        lambda path: os.utime(path, (1, 1)),
        Path.unlink,
    ],
    ids=["grew", "shrank", "replaced by one as long", "gone"],
)
def test_a_file_that_changes_while_it_is_read_is_not_taken(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a").write_bytes(b"before")
    with fails("read", permanent=False):
        Changing(tmp_path, change).read("in/a", bytes_max=1000)


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_a_hostile_name_is_not_safe_and_never_sent(name: str, tmp_path: Path) -> None:
    assert not is_safe_name(name)
    with fails("write", permanent=True):
        deliver(FolderMailbox(tmp_path), folder="", name=name, body=b"x", attempt="1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", SAFE_NAMES)
def test_the_names_of_clearinghouses_are_safe(name: str) -> None:
    assert is_safe_name(name)


def test_a_file_is_stable_when_two_polls_agree() -> None:
    now = RemoteFile(name="a", size=1, modified=10)
    assert is_stable(RemoteFile(name="a", size=1, modified=10), now)
    assert not is_stable(None, now)
    assert not is_stable(RemoteFile(name="a", size=2, modified=10), now)
    assert not is_stable(RemoteFile(name="a", size=1, modified=9), now)


def test_an_error_and_a_row_show_no_file_name() -> None:
    assert "Canary" not in repr(RemoteFile(name="Canary.835", size=1, modified=1))
    with pytest.raises(MailboxError) as caught:
        FolderMailbox(Path("/nowhere/Canary")).list("Canary")
    assert "Canary" not in f"{caught.value!r} {caught.value} {caught.value.cure}"
