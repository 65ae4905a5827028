"""The promises that every mailbox keeps, as checks, and the words in which it says what failed."""

from __future__ import annotations

from typing import Literal

from workers.mailbox import ENTRIES_MAX, MailboxError, RemoteFile, Step


def prove_listable(entries: int) -> None:
    """Refuse a folder too full to be listed."""
    if entries > ENTRIES_MAX:
        raise MailboxError(
            f"The folder has more than {ENTRIES_MAX} entries.",
            step="list",
            permanent=True,
            cure="Have old files archived, by the partner or by yourself.",
        )


def prove_readable(before: RemoteFile | None, *, bytes_max: int) -> RemoteFile:
    """Return `before` when the file exists and fits, before a byte of it is read."""
    if before is None:
        raise MailboxError(
            "The file is gone.", step="read", cure="None needed: the next poll looks."
        )
    if before.size > bytes_max:
        raise MailboxError(
            f"The file has {before.size} bytes; the limit is {bytes_max}.",
            step="read",
            permanent=True,
            cure="Ask the partner to split the file, or raise the limit.",
        )
    return before


def prove_unchanged(before: RemoteFile, body: bytes, after: RemoteFile | None) -> None:
    """Refuse bytes that were read while the partner was writing, or replaced the file, or lied.

    `body` has a byte more than the size where the file has: a size that is too small would cut off
    what comes after it, which may be a whole interchange.
    """
    if after != before or len(body) != before.size:
        raise MailboxError(
            "The file changed while it was read.",
            step="read",
            cure="None needed: it is read again when it is at rest.",
        )


def prove_written(body: bytes, now: RemoteFile | None) -> None:
    """Refuse an upload whose size on the server is not the size that was sent."""
    if now is None or now.size != len(body):
        raise MailboxError(
            "The file on the server has not the size that was sent.",
            step="write",
            cure="It is sent again; if it persists, ask the partner for the quota.",
        )


def prove_free(there: RemoteFile | None, *, step: Literal["write", "rename"]) -> None:
    """Refuse to put a file where there is one."""
    if there is not None:
        raise MailboxError(
            "A file of that name exists.",
            step=step,
            permanent=True,
            cure="Look at that file with the partner; it is never overwritten.",
        )


def not_a_file() -> MailboxError:
    """Return the error of a name that is a folder, a link or a device."""
    return MailboxError(
        "The name is not that of a regular file.",
        step="stat",
        permanent=True,
        cure="Check the folders in the partner's settings; links are not followed.",
    )


def refusal(error: OSError, step: Step) -> MailboxError:
    """Return what a file system, ours or the partner's, refused; its own words are dropped."""
    if isinstance(error, PermissionError):
        return MailboxError(
            "Permission was refused.",
            step=step,
            permanent=True,
            cure=f"Ask the partner for the right to {step} in this folder.",
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        # Of a missing folder, only a listing and a new file are proof: others may race.
        proof = step in {"list", "write"}
        return MailboxError(
            "The folder is missing." if proof else "The file, or its new folder, is missing.",
            step="folder" if proof else step,
            permanent=proof,
            cure="Check the folder names in the partner's settings.",
        )
    return MailboxError(
        "The server refused without a reason.",
        step=step,
        cure="It is tried again; if it persists, ask the partner for quota and rights.",
    )
