"""The exchange of files with a partner: what a mailbox promises, and the ways to use one safely.

`workers.sftp` is the mailbox of production, `tests.folder_mailbox` the one of tests; both are
held to its promises by the functions of `workers.mailbox_checks`, and by one table of tests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

from rcm.failpoint import failpoint
from rcm.parties.names import is_safe_name

ENTRIES_MAX = 10_000  #: Rows of one listing (reliability.md F28); more is a MailboxError.
CHUNK_BYTES = (
    32 * 1024
)  #: One SFTP request; every server must accept it (draft-ietf-secsh-filexfer).
NAMESAKES_MAX = 100  #: Archived files of one name and content.

Step = Literal[
    "name", "port", "host key", "login", "folder",
    "list", "read", "write", "rename", "stat", "remove", "timeout",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """One row of a listing. Two polls that see equal rows saw a file at rest."""

    name: str = field(repr=False)  #: Bytes that are not UTF-8 show as `\xNN`. May be PHI.
    size: int  #: Bytes.
    modified: int  #: Unix seconds, by the server's clock.


class MailboxError(Exception):
    """The step of an exchange that failed, and what a person can do about it.

    `permanent` says that a retry cannot help (and, for a login, may lock the account); `is_lost`
    that the session is over, so that other files must wait too. The message and the cure name no
    file, no user and no text of the partner, so both may be logged and shown.
    """

    def __init__(
        self, message: str, *, step: Step, cure: str, permanent: bool = False, is_lost: bool = False
    ) -> None:
        super().__init__(f"{step}: {message}")
        self.step: Step = step
        self.cure = cure
        self.permanent = permanent
        self.is_lost = is_lost


class Mailbox(Protocol):
    """A partner's folders. Paths use `/`; every method raises MailboxError and nothing else."""

    def list(self, folder: str) -> Sequence[RemoteFile]:
        """Return the regular files of `folder` in name order, at most ENTRIES_MAX."""

    def read(self, path: str, *, bytes_max: int) -> bytes:
        """Return the whole file; its size was the same before, during and after the reading."""

    def write(self, path: str, body: bytes) -> None:
        """Make the new file `path`; an existing one is refused. The size was verified."""

    def rename(self, old: str, new: str) -> None:
        """Give `old` the name `new`; an existing `new` is refused."""

    def stat(self, path: str) -> RemoteFile | None:
        """Return the row of the regular file `path`, None when nothing has that name."""

    def remove(self, path: str) -> None:
        """Remove the file `path`; an absent one is removed already."""

    def shorten(self, seconds: int) -> None:
        """Let the session last `seconds` from its beginning at most; never longer than before."""

    def close(self) -> None:
        """End the session. May be called again."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def join(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`, which may be empty: the folder of the login.

    >>> join("/out/", "claims.837"), join("", "claims.837")
    ('/out/claims.837', 'claims.837')
    """
    return f"{folder.removesuffix('/')}/{name}" if folder else name


def is_stable(before: RemoteFile | None, now: RemoteFile) -> bool:
    """Tell whether two polls saw the same name, size and time. A hint: the IEA is the proof."""
    return before == now


def deadline_seconds(size: int) -> int:
    """Return the seconds that a session moving `size` bytes may last (reliability.md P10).

    >>> deadline_seconds(0), deadline_seconds(16 * 1024 * 60)
    (300, 360)
    """
    return 300 + size // (16 * 1024)


def deliver(
    mailbox: Mailbox, *, folder: str, name: str, body: bytes, attempt: str, is_first: bool = False
) -> None:
    """Put `body` into `folder` as `name`, once, however often this is called.

    The bytes go to `<name>.tmp-<attempt>` and appear under their name by one rename, so the partner
    never sees half a file. When an earlier call lost its reply, the file already there is compared
    with `body` and left alone. A partner may have taken the file before we look: then it is sent
    again, with the same bytes and the same ISA13, which the partner's duplicate check refuses.

    `attempt` names this attempt alone (letters and digits): a process that was thought dead and
    goes on writing never writes into the file of another. What earlier attempts left is removed;
    `is_first` says that there was none. Raises MailboxError; permanent with step "rename" when the
    name holds other content.
    """
    if not is_safe_name(name):
        raise MailboxError(
            "The name of the outbound file is not allowed.",
            step="write",
            permanent=True,
            cure="Correct the partner's file name template: letters, digits, dots, dashes.",
        )
    final = join(folder, name)
    temporary = f"{final}.tmp-{attempt}"
    there = mailbox.stat(final)
    if there is not None and not _holds(mailbox, final, there, body):
        raise MailboxError(
            "The name is taken by a file with other content.",
            step="rename",
            permanent=True,
            cure="Ask the partner what the file is; release the delivery under another name.",
        )
    if not is_first:
        _remove_leftovers(mailbox, folder, f"{name}.tmp-")
    if there is None:
        mailbox.write(temporary, body)
        failpoint("deliver.uploaded")
        mailbox.rename(temporary, final)
        failpoint("deliver.renamed")


def _remove_leftovers(mailbox: Mailbox, folder: str, prefix: str) -> None:
    try:
        left = [each.name for each in mailbox.list(folder) if each.name.startswith(prefix)]
    except MailboxError as error:
        if error.is_lost:
            raise
        return  # Folders that may not be listed are common; they stay there.
    for name in left:
        mailbox.remove(join(folder, name))


def archive(
    mailbox: Mailbox,
    seen: RemoteFile,
    body: bytes,
    *,
    folder: str,
    archive_folder: str,
    unique: str,
) -> None:
    """Move a fetched file out of the partner's way; call it only after the bytes are committed.

    `seen` is the file as it was read, and `body` what was in it: another that was put in its place
    meanwhile stays, or comes back, for the next visit. A source that is gone was archived before,
    or by another worker: nothing to do. When the archive has a file of that name already, `unique`
    is added, and then a number: `<name>.<unique>.2`.
    """
    source = join(folder, seen.name)
    now = mailbox.stat(source)
    if now is None:
        return
    if now != seen:
        raise _replaced()
    target = _free_name(mailbox, join(archive_folder, seen.name), unique)
    try:
        mailbox.rename(source, target)
    except MailboxError as error:
        if error.is_lost or mailbox.stat(source) is not None:
            raise
    moved = mailbox.stat(target)
    # In the moment between the two. Some servers give a new time to what they rename: then we read.
    if moved is None or (moved.size, moved.modified) == (seen.size, seen.modified):
        return
    if not _holds(mailbox, target, moved, body):
        mailbox.rename(target, source)
        raise _replaced()


def _replaced() -> MailboxError:
    return MailboxError(
        "Another file is in the place of the one that was read.",
        step="rename",
        cure="None needed: the next visit fetches it.",
    )


def _free_name(mailbox: Mailbox, target: str, unique: str) -> str:
    numbered = (f"{target}.{unique}.{n}" for n in range(2, NAMESAKES_MAX))
    for name in (target, f"{target}.{unique}", *numbered):
        if mailbox.stat(name) is None:
            return name
    raise MailboxError(
        "The archive is full of files of this name.",
        step="rename",
        permanent=True,
        cure="Clear the archive folder; ask the partner why the file comes again and again.",
    )


def _holds(mailbox: Mailbox, path: str, there: RemoteFile, body: bytes) -> bool:
    if there.size != len(body):
        return False
    try:
        found = mailbox.read(path, bytes_max=len(body))
    except MailboxError as error:
        if error.step == "read" and error.permanent:
            return True  # Write-only folders are common: name and size must do.
        raise
    return hashlib.sha256(found).digest() == hashlib.sha256(body).digest()
