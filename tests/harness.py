"""The service in one process: jobs are run by hand, the partner is a folder beside the sandbox."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from rcm.access import Role, create_api_key, find_api_key
from rcm.clock import SystemRandomness
from rcm.db import UnitOfWork
from rcm.encounters.receive import receive_encounter
from rcm.exchange.now import exchange_now
from rcm.jobs import QUEUES, Runner
from rcm.parties.model import TradingPartner
from rcm.parties.seed import seed_parties
from rcm.tools import Tools
from rcm.waiting import poll
from sandbox.clearinghouse import Clearinghouse
from sandbox.journal import ClaimRow, PaymentRow, read_journal
from tests.folder_mailbox import FolderMailbox
from tests.stages import Stages
from workers.handlers import make_handlers
from workers.mailbox import Mailbox

PARTIES = json.loads(Path("samples/parties.json").read_text(encoding="utf-8"))
NOWHERE = {"host": "127.0.0.1", "port": 1, "private_key": "none", "host_keys": ()}
EVERYTHING = (Role.EHR, Role.MANAGER, Role.INTEGRATION)
TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A seeded organisation with one partner, whose sandbox answers in a folder."""

    unit_of_work: UnitOfWork
    tools: Tools
    partner_id: UUID
    actor_id: UUID
    clearinghouse: Clearinghouse
    account: Path
    journal: Path
    runner: Runner
    stages: Stages | None = None  #: Of a practice that begins as others did.

    def post(self, *encounters: Mapping[str, Any]) -> None:
        """Post encounters as an EHR does."""
        for encounter in encounters:
            with self.unit_of_work() as session:
                body = json.dumps(encounter).encode()
                receive_encounter(session, self.tools, body, actor_id=self.actor_id)

    def drain(self) -> int:
        """Run every job that waits, until none does; returns how many ran."""
        ran = 0
        while True:
            with self.unit_of_work() as session:
                found = [
                    job for queue in QUEUES for job, _ in poll(session, queue, again_seconds=0)
                ]
            if not found:
                return ran
            for job_id in found:
                self.runner.run(job_id)
                ran += 1

    def exchange(self, *, rounds: int = 2) -> None:
        """Send what is ready, let the payer answer, fetch the answers, as often as told."""
        for _ in range(rounds):
            self.drain()
            with self.unit_of_work() as session:
                exchange_now(session, self.partner_id)
            self.drain()
            self.clearinghouse.visit()

    def journal_claims(self) -> list[ClaimRow]:
        """What the payer decided, claim by claim."""
        return [row for row in read_journal(self.journal) if isinstance(row, ClaimRow)]

    def journal_payments(self) -> list[PaymentRow]:
        """What the payer paid."""
        return [row for row in read_journal(self.journal) if isinstance(row, PaymentRow)]

    def rows(self, sql: str, **values: object) -> list[Any]:
        """The rows of a query: tests look at what is, not at what the code says of it."""
        with self.unit_of_work() as session:
            return list(session.execute(text(sql), values))


def make_practice(
    unit_of_work: UnitOfWork, tools: Tools, folder: Path, stages: Stages | None = None
) -> Practice:
    """Seed the sample parties and put a clearinghouse into `folder`.

    With `stages` on the database of all tests, and with its key.
    """

    def seed() -> tuple[UUID, UUID]:
        with unit_of_work() as session:
            partner_id = seed_parties(session, tools, PARTIES, NOWHERE)
            secret = create_api_key(session, tools, "test", roles=EVERYTHING)
            client = find_api_key(session, secret)
        assert client is not None
        return partner_id, client.id

    found = seed() if stages is None else stages.reach("practice", seed, folder)
    return practice_at(unit_of_work, tools, folder, *found, stages=stages)


def practice_at(
    unit_of_work: UnitOfWork,
    tools: Tools,
    folder: Path,
    partner_id: UUID,
    actor_id: UUID,
    *,
    stages: Stages | None = None,
) -> Practice:
    """Return a practice that was seeded before, with its clearinghouse in `folder`."""
    account = folder / "account"
    here = ZoneInfo(tools.time_zone)

    @contextmanager
    def open_mailbox(_partner: TradingPartner, _seconds: int) -> Iterator[Mailbox]:
        yield FolderMailbox(account)

    return Practice(
        unit_of_work=unit_of_work,
        tools=tools,
        partner_id=partner_id,
        actor_id=actor_id,
        clearinghouse=Clearinghouse(
            account=account,
            private=folder / "private",
            journal=folder / "journal",
            now=lambda: tools.clock().astimezone(here),
        ),
        account=account,
        journal=folder / "journal",
        runner=Runner(
            unit_of_work=unit_of_work,
            handlers=make_handlers(tools, open_mailbox),
            randomness=SystemRandomness(),
            owner="test",
        ),
        stages=stages,
    )
