"""The whole service over HTTP and SFTP: the ledger, the payer's journal and the raw files agree."""

from collections.abc import Iterator

import httpx
import pytest
import redis
from sqlalchemy import text

from cli.demo import post_encounters, settle
from cli.embedded import erase_servers
from cli.stack import Stack, running_stack
from rcm.proof import verify
from samples.encounters import encounters
from sandbox.journal import PaymentRow, read_journal
from tests.e2e.books import client, journal_money, ledger_money, raw_books
from tests.e2e.leaks import leaks

COUNT = 20


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    data = tmp_path_factory.mktemp("cycle") / "data"
    try:
        with running_stack(data) as running:
            with client(running) as http:
                made = encounters(COUNT, seed=7, today=running.tools.today())
                post_encounters(http, made, lambda: None)
                settle(http, running.partner_id, COUNT, lambda _: None)
            yield running
    finally:
        erase_servers(data)


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


def test_every_received_file_was_judged_by_pyx12_and_is_clean(stack: Stack) -> None:
    with client(stack) as http:
        files = http.get("/files").json()["items"]
    assert {file["conformance"] for file in files} == {"clean"}
    assert {file["file_type"] for file in files} == {"837P", "999", "835"}
    assert {file["state"] for file in files} == {"accepted", "read"}


def test_no_name_of_a_patient_is_anywhere_in_our_data(stack: Stack) -> None:
    with stack.unit_of_work() as session:
        assert session.execute(text("SELECT count(*) FROM patient")).scalar_one() > 0
    found = leaks(stack.places.data)
    assert found == []
    with redis.Redis.from_url(stack.servers.redis_url) as broker:
        for key in broker.scan_iter():
            assert b"canary" not in key.lower()
            assert b"canary" not in (broker.dump(key) or b"").lower()
    sent = list(stack.places.clearinghouse.rglob("*_837P.x12"))
    assert any(b"CANARY" in file.read_bytes() for file in sent), "the search would find a name"


def test_posting_everything_again_changes_nothing(stack: Stack) -> None:
    before = ledger_money(stack, "claim")
    with client(stack) as http:
        made = encounters(COUNT, seed=7, today=stack.tools.today())
        for _, encounter in made:
            answer = http.post("/encounters", json=encounter)
            assert answer.status_code == httpx.codes.OK
        settle(http, stack.partner_id, COUNT, lambda _: None)
    assert ledger_money(stack, "claim") == before
