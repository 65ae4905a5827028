"""A partner's door, open or failing in one way, and jobs that wait before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any
from uuid import UUID, uuid5

from rcm import jobs
from rcm.db import PROMISED
from rcm.exchange import store
from rcm.jobs import Runner
from rcm.parties.model import TradingPartner
from tests.conftest import NOW
from tests.folder_mailbox import FolderMailbox
from tests.harness import Practice
from workers.handlers import make_handlers
from workers.mailbox import Mailbox, MailboxError

_NAMES = UUID("0b3c7a51-6a52-4f0e-8f0c-0e5f6b0f2a77")
BROKEN = MailboxError("The connection was refused.", step="port", cure="Check the port.")
LOST = MailboxError("The connection was lost.", step="read", cure="None.", is_lost=True)
SLOW = MailboxError("No answer.", step="timeout", cure="None.", is_lost=True)
REFUSED = MailboxError("The login was refused.", step="login", cure="Check.", permanent=True)
STRANGER = MailboxError("Another key.", step="host key", cure="Ask.", permanent=True)
WEAK = MailboxError("Only unsafe algorithms.", step="port", cure="Ask.", permanent=True)
NO_FOLDER = MailboxError("Missing.", step="folder", cure="Check.", permanent=True)
FULL = MailboxError("Refused.", step="write", cure="It is tried again.")


@dataclass(slots=True, kw_only=True)
class Door:
    """Where jobs meet the partner; `failure` is what they meet, `opened` how often they knocked."""

    practice: Practice
    failure: MailboxError | None = None
    opened: int = 0
    meanwhile: Callable[[], object] | None = None  #: Happens while a mailbox is open.
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def open_mailbox(self, _: TradingPartner, __: int) -> Iterator[Mailbox]:
        with self.lock:
            self.opened += 1
        if self.meanwhile is not None:
            self.meanwhile()
        if self.failure is not None:
            raise self.failure
        yield FolderMailbox(self.practice.account)

    @property
    def runner(self) -> Runner:
        handlers = make_handlers(self.practice.tools, self.open_mailbox)
        return replace(self.practice.runner, handlers=handlers)

    def visit(self, part: int = 0) -> UUID:
        """Promise a visit beside those that wait; returns its job."""
        with self.practice.unit_of_work() as session:
            jobs.add(session, "collect_files", ref_id=self.practice.partner_id, ref_part=part)
            ((job_id, _),) = session.info[PROMISED]
        return UUID(str(job_id))

    def freeze(self, n: int, body: bytes = b"ISA*00*CANARY~") -> tuple[UUID, UUID]:
        """Freeze a file and promise its delivery; returns the file and the job."""
        return freeze(self.practice, n, body)

    def run(self, job_id: UUID) -> Any:  # noqa: ANN401 - a row of any columns
        """Run a job now, whatever it waits for; returns its row, with the seconds it waits then."""
        self.practice.rows(
            "UPDATE job SET next_run_at = now() WHERE id = :id RETURNING 1", id=job_id
        )
        self.runner.run(job_id)
        return self.row(job_id)

    def row(self, job_id: UUID) -> Any:  # noqa: ANN401 - a row of any columns
        (row,) = self.practice.rows(
            "SELECT state, last_error_code AS code, attempts,"
            " extract(epoch FROM next_run_at - now())::int AS wait FROM job WHERE id = :id",
            id=job_id,
        )
        return row

    def breaker(self) -> Any:  # noqa: ANN401 - a row of any columns
        """How the breaker stands, with the seconds until one is let through."""
        (row,) = self.practice.rows(
            "SELECT standing, code, extract(epoch FROM until - now())::int AS wait, openings"
            " FROM partner_breaker"
        )
        return row

    def forget(self) -> None:
        """Let the partner be met as if for the first time."""
        self.practice.rows(
            "UPDATE partner_breaker SET standing = 'closed', last = '', until = NULL,"
            " opened_at = NULL, openings = 0, refusals = 0 RETURNING 1"
        )

    def let_pass(self) -> None:
        """Let the breaker's wait be over."""
        self.practice.rows("UPDATE partner_breaker SET until = now() RETURNING 1")


def freeze(practice: Practice, n: int, body: bytes) -> tuple[UUID, UUID]:
    """Freeze `body` under the control number `n` and promise its delivery: (file, job)."""
    file_id = uuid5(_NAMES, str(n))
    with practice.unit_of_work() as session:
        store.add_outbound(
            session,
            practice.tools.keys,
            file_id,
            partner_id=practice.partner_id,
            name=f"{n:09d}_837P.x12",
            file_type="837P",
            body=body,
            interchange_number=n,
            group_number=n,
            now=NOW,
        )
        jobs.add(session, "deliver_file", ref_id=file_id)
        ((job_id, _),) = session.info[PROMISED]
    return file_id, UUID(str(job_id))
