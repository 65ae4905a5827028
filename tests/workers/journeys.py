"""Jobs that meet a real SFTP server, over a line that can be bad: nothing of ours is pretended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from rcm import jobs
from rcm.db import PROMISED
from rcm.parties.model import TradingPartner
from tests.harness import Practice
from tests.workers.doors import Door
from tests.workers.sftp_places import SandboxPlace
from workers.mailbox import Mailbox
from workers.sftp import open_sftp

KB = 1024


@dataclass(slots=True, kw_only=True)
class Journey(Door):
    """A partner's server, and the port by which it is reached: its own, or a proxy's."""

    place: SandboxPlace
    port: int | None = None
    seconds: int = 30  #: The longest that a session may last here, whatever the job allows it.
    allowed: int = 0  #: What the job allowed the latest one.

    @contextmanager
    def open_mailbox(self, _: TradingPartner, seconds: int) -> Iterator[Mailbox]:
        self.opened += 1
        self.allowed = seconds
        settings = replace(self.place.settings, port=self.port or self.place.settings.port)
        with open_sftp(settings, deadline_seconds=min(seconds, self.seconds)) as mailbox:
            yield mailbox

    def offer(self, name: str, body: bytes) -> Path:
        """Let the partner offer a file."""
        path = self.place.root / "in" / name
        path.write_bytes(body)
        return path

    def at(self, now: datetime) -> None:
        """Let our clock stand there."""
        tools = replace(self.practice.tools, clock=lambda: now)
        self.practice = replace(self.practice, tools=tools)

    def send_again(self, file_id: UUID) -> Any:  # noqa: ANN401 - a row of any columns
        """Let a person try a delivery again that was given up."""
        with self.practice.unit_of_work() as session:
            jobs.add(session, "deliver_file", ref_id=file_id)
            ((job_id, _),) = session.info[PROMISED]
        return self.run(job_id)

    def names(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.place.root / folder).iterdir())

    def state(self, file_id: UUID) -> str:
        ((state,),) = self.practice.rows("SELECT state FROM file WHERE id = :id", id=file_id)
        return str(state)

    def received(self) -> list[tuple[str, bytes]]:
        """Name and SHA-256 of what is ours."""
        rows = self.practice.rows(
            "SELECT name, sha256 FROM file WHERE direction = 'inbound' ORDER BY created_at, name"
        )
        return [(name, bytes(digest)) for name, digest in rows]

    def reasons(self) -> list[str]:
        rows = self.practice.rows("SELECT reason FROM unfetched ORDER BY reason")
        return [reason for (reason,) in rows]


def journey(practice: Practice, place: SandboxPlace) -> Journey:
    """Lead the practice's partner to a server that renames its files into place."""
    practice.rows(
        "UPDATE trading_partner SET outbound_folder = 'out', inbound_folder = 'in',"
        " archive_folder = 'archive', stable_seconds = 0 RETURNING 1"
    )
    return Journey(practice=practice, place=place)


def interchange(number: int, size: int = 64 * KB) -> bytes:
    """An interchange of about `size` bytes; no two numbers have the same bytes."""
    head = (
        f"ISA*00*          *00*          *ZZ*SANDBOXCH      *ZZ*HARBORBILLING  *261123*1500*^*00501"
        f"*{number:09d}*0*T*:~"
    ).encode()
    tail = f"IEA*1*{number:09d}~".encode()
    line = b"REF*9F*CANARY" + b"X" * 49 + b"~"
    return head + line * ((size - len(head) - len(tail)) // len(line)) + tail
