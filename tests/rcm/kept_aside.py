"""What tests of quarantine share: who decides, what is fixed, and what became of it."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from edi.claim_837 import Address, BillingProvider
from rcm.access import Actor
from rcm.db import snapshot
from rcm.decisions.model import (
    Decision,
    ReplayIn,
)
from rcm.decisions.quarantine import (
    replay_file,
    replay_remittance,
)
from rcm.decisions.store import decisions_about
from rcm.parties.model import Practice as PracticeParty
from rcm.parties.store import save_practice
from rcm.proof import verify
from tests.harness import Practice
from tests.rcm.partner_files import (
    Sent,
    adjust,
    payment,
    remit,
)

STRANGER = "1193000514"  # An NPI that is none of our practices' yet.


def paid(claim: Sent, cents: int = 8_000) -> Any:  # noqa: ANN401 - a claim payment
    rest = adjust("CO", "45", claim.charge_cents - cents)
    return payment(claim.number, claim.charge_cents, cents, rest)


def to_stranger(claim: Sent, **more: Any) -> Any:  # noqa: ANN401 - a remittance
    said = remit(paid(claim), **more)
    assert said.payee is not None
    return replace(said, payee=replace(said.payee, id=STRANGER))


def replay(practice: Practice, client: Actor, file_id: UUID, **asked: Any) -> None:  # noqa: ANN401
    with practice.unit_of_work() as session:
        replay_file(session, practice.tools, file_id, ReplayIn(**asked), client)
    practice.drain()


def judge_again(practice: Practice, client: Actor, remittance_id: UUID) -> None:
    with practice.unit_of_work() as session:
        replay_remittance(session, practice.tools, remittance_id, "", client)
    practice.drain()


def add_practice(practice: Practice, npi: str) -> None:
    address = Address(line1="1 ELM STREET", city="AUSTIN", state="TX", zip_code="787010123")
    provider = BillingProvider(
        npi=npi, name="NEW PRACTICE", tax_id="112233445", taxonomy="207Q00000X", address=address,
        contact_name="DESK", contact_phone="5125550100",
    )  # fmt: skip
    with practice.unit_of_work() as session:
        save_practice(session, PracticeParty(id=uuid4(), provider=provider))


def set_partner(practice: Practice, change: str) -> None:
    with practice.unit_of_work() as session:
        session.execute(text(f"UPDATE trading_partner SET {change}"))


def state_of(practice: Practice, file_id: UUID) -> str:
    ((state,),) = practice.rows("SELECT state FROM file WHERE id = :id", id=file_id)
    return str(state)


def remittance_of(practice: Practice, file_id: UUID) -> tuple[UUID, str]:
    ((found, state),) = practice.rows(
        "SELECT id, state FROM remittance WHERE file_id = :id", id=file_id
    )
    return found, state


def items(practice: Practice) -> list[tuple[str, str, str]]:
    rows = practice.rows("SELECT kind, state, reason FROM work_item ORDER BY opened_at, reason")
    return [tuple(row) for row in rows]


def decisions(practice: Practice, **about: UUID) -> list[Decision]:
    with practice.unit_of_work() as session:
        return list(decisions_about(session, practice.tools.keys, **about))


def proven(practice: Practice) -> int:
    """The cash of the ledger, which the files prove."""
    with snapshot(practice.unit_of_work) as session:
        proof = verify(session, practice.tools)
    assert proof.differences == ()
    return proof.in_transit_cents
