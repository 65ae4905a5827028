"""The whole service over HTTP and SFTP: the ledger, the payer's journal and the raw files agree."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from cli.driving import post_encounters, settle
from cli.embedded import erase_servers
from cli.stack import Stack, running_stack
from rcm.chains.checkpoints import Witness
from rcm.chains.model import Chain
from rcm.chains.verify import verify_chain
from rcm.db import snapshot
from rcm.proof import verify
from samples.encounters import encounters
from sandbox.journal import PaymentRow, read_journal
from tests.e2e.books import client, journal_money, ledger_money, raw_books
from tests.e2e.broker import stopped_workers, waiting_messages
from tests.e2e.leaks import leaks

COUNT = 20
CHAINED_SECONDS_MAX = 30  #: A poll, a wait of five seconds, and a busy machine.


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """A service that has settled every claim, and what waited in its broker at the start."""

    stack: Stack
    messages: list[dict[str, Any]]
    said: list[str]  #: To whoever waited for the start.


@pytest.fixture(scope="module")
def cycle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cycle]:
    data = tmp_path_factory.mktemp("cycle") / "data"
    try:
        said: list[str] = []
        with running_stack(data, say=said.append) as running:
            with client(running) as http:
                made = encounters(COUNT, seed=7, today=running.tools.today())
                with stopped_workers(running):
                    post_encounters(http, made, lambda: None)
                    http.post(f"/partners/{running.partner_id}/exchange").raise_for_status()
                    messages = waiting_messages(running)
                settle(http, running.partner_id, COUNT, lambda _: None)
            yield Cycle(stack=running, messages=messages, said=said)
    finally:
        erase_servers(data)


def test_who_starts_it_is_told_what_is_waited_for(cycle: Cycle) -> None:
    names = ("api", "worker-exchange", "worker-post", "relay", "sandbox")
    assert cycle.said == [
        f"Starting PostgreSQL and Valkey on {cycle.stack.places.data}",
        "Bringing the database to this version",
        f"Starting {', '.join(names)}",
        *(f"  {name} is ready" for name in names),
    ]


@pytest.fixture
def stack(cycle: Cycle) -> Stack:
    return cycle.stack


def test_ledger_journal_and_raw_files_agree_claim_by_claim(stack: Stack) -> None:
    journal = journal_money(stack, "claim")
    assert len(journal) == COUNT - 1, "one encounter is held for its wrong NPI"
    assert raw_books(stack).claims == journal
    assert ledger_money(stack, "claim") == journal


def test_ledger_journal_and_raw_files_agree_line_by_line(stack: Stack) -> None:
    journal = journal_money(stack, "line")
    assert raw_books(stack).lines == journal
    assert ledger_money(stack, "line") == journal


def test_cash_in_transit_is_what_the_payments_say(stack: Stack) -> None:
    books = raw_books(stack)
    paid = {
        row.trace: row.payment_cents
        for row in read_journal(stack.places.journal)
        if isinstance(row, PaymentRow)
    }
    assert books.payments == paid
    with client(stack) as http:
        balances = http.get("/ledger/balances").json()["balances"]
    assert balances["cash:in-transit"] == sum(paid.values()) > 0
    assert sum(balances.values()) == 0
    assert not [account for account in balances if account.startswith("suspense:")]


def test_the_ledger_is_proven_from_the_raw_files(stack: Stack) -> None:
    with stack.unit_of_work() as session:
        proof = verify(session, stack.tools)
    assert proof.differences == ()
    assert proof.entries > COUNT


@pytest.mark.parametrize("chain", list(Chain))
def test_relay_and_worker_chain_and_sign_by_themselves(stack: Stack, chain: Chain) -> None:
    deadline = time.monotonic() + CHAINED_SECONDS_MAX
    while True:
        witness = Witness(stack.places.checkpoints, chain)
        with snapshot(stack.unit_of_work) as session:
            proof = verify_chain(session, chain, witness)
        assert proof.breaches == ()
        if not proof.unchained and not proof.unsigned_links:
            break
        assert time.monotonic() < deadline, proof
        time.sleep(0.5)
    assert proof.rows > 0
    assert proof.links == proof.checkpoints


def test_every_received_file_was_judged_by_pyx12_and_is_clean(stack: Stack) -> None:
    with client(stack) as http:
        files = http.get("/files").json()["items"]
    assert {file["conformance"] for file in files} == {"clean"}
    assert {file["file_type"] for file in files} == {"837P", "999", "277CA", "835"}
    assert {file["state"] for file in files} == {"accepted", "read"}


def test_no_name_of_a_patient_is_anywhere_in_our_data(stack: Stack) -> None:
    with stack.unit_of_work() as session:
        assert session.execute(text("SELECT count(*) FROM patient")).scalar_one() > 0
    found = leaks(stack.places.data)
    assert found == []
    sent = list(stack.places.clearinghouse.rglob("*_837P.x12"))
    assert any(b"CANARY" in file.read_bytes() for file in sent), "the search would find a name"


def test_a_message_carries_the_id_of_a_job_and_nothing_else(cycle: Cycle) -> None:
    assert cycle.messages, "messages waited while the workers stood still"
    for message in cycle.messages:
        (job_id,), named, _ = message["body"]
        assert str(UUID(job_id)) == job_id
        assert named == {}
        assert "canary" not in json.dumps(message).lower()


def test_posting_everything_again_changes_nothing(stack: Stack) -> None:
    before = ledger_money(stack, "claim")
    with client(stack) as http:
        made = encounters(COUNT, seed=7, today=stack.tools.today())
        for _, encounter in made:
            answer = http.post("/encounters", json=encounter)
            assert answer.status_code == httpx.codes.OK
        settle(http, stack.partner_id, COUNT, lambda _: None)
    assert ledger_money(stack, "claim") == before
