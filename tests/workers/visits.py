"""Visits to a partner whose folder is hostile, and what each leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from rcm import jobs
from rcm.parties.model import TradingPartner
from tests.folder_mailbox import FolderMailbox
from tests.harness import Practice
from workers.handlers import make_handlers
from workers.mailbox import Mailbox, MailboxError, RemoteFile, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one file."""

    at: Literal["read", "rename"]
    step: Step  # As the error names it.
    permanent: bool = False
    is_lost: bool = False


class FaultyMailbox(FolderMailbox):
    """A folder with faults by file name; after one that loses the session nothing answers."""

    def __init__(self, root: Path, faults: Mapping[str, Fault], sizes: Mapping[str, int]) -> None:
        super().__init__(root)
        self._faults = faults
        self._sizes = sizes
        self._is_lost = False
        self.shortened_to: list[int] = []

    def list(self, folder: str) -> Sequence[RemoteFile]:
        rows = super().list(folder)
        return [replace(row, size=self._sizes.get(row.name, row.size)) for row in rows]

    def read(self, path: str, *, bytes_max: int) -> bytes:
        self._fail("read", path)
        return super().read(path, bytes_max=bytes_max)

    def rename(self, old: str, new: str) -> None:
        self._fail("rename", old)
        super().rename(old, new)

    def shorten(self, seconds: int) -> None:
        self.shortened_to.append(seconds)

    def _fail(self, at: Literal["read", "rename"], path: str) -> None:
        if self._is_lost:
            raise MailboxError("Lost.", step=at, cure="None.", is_lost=True)
        fault = self._faults.get(path.rpartition("/")[2])
        if fault is not None and fault.at == at:
            self._is_lost = fault.is_lost
            raise MailboxError(
                "No.",
                step=fault.step,
                cure="None.",
                permanent=fault.permanent,
                is_lost=fault.is_lost,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """A practice, and its partner's folder."""

    practice: Practice
    faults: dict[str, Fault] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)  # As the listing says.
    sessions: list[tuple[int, FaultyMailbox]] = field(default_factory=list)  # Seconds, mailbox.

    def put(self, name: str, body: bytes) -> Path:
        """Let the partner offer a file."""
        path = self.practice.account / "from_payer" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path

    @contextmanager
    def open_mailbox(self, partner: TradingPartner, seconds: int) -> Iterator[Mailbox]:
        del partner  # There is one.
        mailbox = FaultyMailbox(self.practice.account, self.faults, self.sizes)
        self.sessions.append((seconds, mailbox))
        yield mailbox

    def run(self, kind: str, *, now: datetime | None = None) -> tuple[str, str | None]:
        """Run the waiting job of this kind, once; returns its state and its error code."""
        clock = self.practice.tools.clock if now is None else lambda: now
        tools = replace(self.practice.tools, clock=clock)
        ((job_id,),) = self.practice.rows(
            "UPDATE job SET next_run_at = now() WHERE kind = :kind AND state = 'ready'"
            " RETURNING id",
            kind=kind,
        )
        handlers = make_handlers(tools, self.open_mailbox)
        replace(self.practice.runner, handlers=handlers).run(job_id)
        ((state, code),) = self.practice.rows(
            "SELECT state, last_error_code FROM job WHERE id = :id", id=job_id
        )
        return state, code

    def collect(self, *, now: datetime | None = None) -> tuple[str, str | None]:
        """Visit the partner once; what waits for a retry is tried now."""
        with self.practice.unit_of_work() as session:
            jobs.add(session, "collect_files", ref_id=self.practice.partner_id)
        return self.run("collect_files", now=now)

    def fetched(self) -> list[str]:
        """The names of the files that are ours."""
        rows = self.practice.rows("SELECT name FROM file WHERE direction = 'inbound' ORDER BY 1")
        return [name for (name,) in rows]

    def reasons(self) -> list[str]:
        """Why files are not fetched."""
        rows = self.practice.rows("SELECT reason FROM unfetched ORDER BY 1")
        return [reason for (reason,) in rows]
