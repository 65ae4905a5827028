"""Rows are chained once, in whatever order transactions end, and every link is signed."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from cli.embedded import erase_servers, running_servers
from rcm import jobs
from rcm.chains import store
from rcm.chains.model import ROWS_PER_LINK, Chain
from rcm.chains.service import EVERY, KIND, chain_rows, promise_chaining
from rcm.clock import system_clock
from rcm.db import UnitOfWork, make_engine, make_unit_of_work
from rcm.failpoint import ARMED, FOLDER
from rcm.migrations import upgrade
from rcm.rows import METADATA
from rcm.settings import Deployment, Settings
from tests.harness import Practice
from tests.rcm.chain_probes import ROWS, Books, intrude

CHAINS = list(Chain)


def unsealed(books: Books, chain: Chain) -> int:
    proof = books.verify(chain)
    assert proof.is_true, proof.breaches
    return proof.unchained


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("ledger_entry", {"id", "xid", *store.ENTRY}),
        ("posting", {"entry_id", *store.POSTING}),
        ("audit_event", {"id", "xid", *store.EVENT}),
    ],
)
def test_a_digest_is_over_every_column_but_the_transaction(table: str, columns: set[str]) -> None:
    assert {column.name for column in METADATA.tables[table].columns} == columns


@pytest.mark.parametrize("chain", CHAINS)
def test_what_is_posted_waits_and_is_then_chained_and_signed(books: Books, chain: Chain) -> None:
    books.link()
    with books.unit_of_work() as session:
        books.add(session, 3)
    before = books.verify(chain)
    assert (before.unchained, before.is_true) == (3, True)
    books.link()
    after = books.verify(chain)
    assert (after.rows, after.unchained) == (before.rows + 3, 0)
    assert (after.links, after.checkpoints, after.unsigned_links) == (2, 2, 0)
    assert after.chained_at == after.checkpoint_at == books.clock()


@pytest.mark.parametrize("chain", CHAINS)
def test_nothing_new_makes_no_link(books: Books, chain: Chain) -> None:
    for _ in range(3):
        books.link()
    assert books.verify(chain).links == 1


def test_a_backlog_becomes_links_of_a_thousand(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rcm.chains.service.ROWS_PER_LOOK", 2_500)
    intrude_events(books, 6_200)
    books.link()
    proof = books.verify(Chain.AUDIT)
    assert (proof.is_true, proof.unchained) == (True, 0)
    spans = books.rows(
        "SELECT to_place - from_place + 1 AS rows, is_caught_up FROM chain_link"
        " WHERE chain = 'audit' ORDER BY n"
    )
    assert max(row.rows for row in spans) == ROWS_PER_LINK
    assert [row.is_caught_up for row in spans] == [False] * (len(spans) - 1) + [True]


def intrude_events(books: Books, count: int) -> None:
    """Record many events as the service does, of one transaction."""
    with books.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO audit_event (at, actor_name, action, about, detail)"
                " SELECT :now, 'operator', 'claim.view', 'claim', n::text"
                " FROM generate_series(1, :count) AS n"
            ),
            {"now": books.clock(), "count": count},
        )


def link_all(books: Books) -> None:
    """Link until nothing waits: another transaction, such as autovacuum's, may still be open."""
    deadline = time.monotonic() + 20
    books.link()
    while any(books.verify(chain).unchained for chain in CHAINS) and time.monotonic() < deadline:
        time.sleep(0.1)
        books.link()


@pytest.mark.parametrize("seed", range(3))
def test_transactions_that_end_out_of_order_are_all_chained_exactly_once(
    books: Books, seed: int
) -> None:
    over = threading.Event()

    def post(number: int) -> None:
        random = Random(seed * 100 + number)
        for _ in range(12):
            with books.unit_of_work() as session:
                books.add(session, random.randrange(1, 4))
                session.execute(text("SELECT pg_sleep(:s)"), {"s": random.random() / 25})

    def link() -> None:
        while not over.is_set():
            books.link()

    with ThreadPoolExecutor(6) as pool:
        linking = [pool.submit(link) for _ in range(2)]
        try:
            for done in [pool.submit(post, number) for number in range(4)]:
                done.result()
        finally:
            over.set()
        for done in linking:
            done.result()
    link_all(books)
    for chain in CHAINS:
        proof = books.verify(chain)
        assert proof.breaches == ()
        assert (proof.unchained, proof.unsigned_links) == (0, 0)
        assert proof.links > 3
        ids = books.ids(chain)
        assert len(ids) == len(set(ids))
        assert set(ids) == {str(row.id) for row in books.rows(f"SELECT id FROM {ROWS[chain]}")}


def test_a_transaction_that_began_long_before_is_chained_when_it_ends(books: Books) -> None:
    with books.unit_of_work() as slow:
        books.add(slow)
        for _ in range(3):
            with books.unit_of_work() as session:
                books.add(session)
            books.link()
        assert [books.verify(chain).unchained for chain in CHAINS] == [0, 0]
    assert [books.verify(chain).unchained for chain in CHAINS] == [1, 1]
    link_all(books)
    assert [unsealed(books, chain) for chain in CHAINS] == [0, 0]


def test_posting_waits_for_no_link(books: Books) -> None:
    with books.unit_of_work() as linking:
        assert store.try_lock(linking, Chain.AUDIT)
        assert store.try_lock(linking, Chain.LEDGER)
        with books.unit_of_work() as session:
            session.execute(text("SET LOCAL lock_timeout = '200ms'"))
            books.add(session)
        books.link()  # Somebody else is at it: nothing is done.
    assert [books.verify(chain).unchained > 0 for chain in CHAINS] == [True, True]


POINTS = (
    "chain.linked",
    "chain.committed",
    "chain.half_signed",
)
LINK = """
import sys
from pathlib import Path
from rcm.chains.checkpoints import CheckpointWriter
from rcm.chains.service import chain_rows
from rcm.clock import system_clock
from rcm.db import make_engine, make_unit_of_work
from rcm.signing import load_signing_key
url, folder, key = sys.argv[1:]
writer = CheckpointWriter(Path(folder), load_signing_key(Path(key)))
chain_rows(make_unit_of_work(make_engine(url, pool_size=1)), system_clock, writer)
"""


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_while_it_chains_loses_and_doubles_nothing(
    books: Books, settings: Settings, tmp_path: Path, point: str
) -> None:
    books.fill(links=2)
    with books.unit_of_work() as session:
        books.add(session, 5)
    spent = tmp_path / "spent"
    spent.mkdir()
    url = settings.database_url.get_secret_value()
    done = subprocess.run(
        [sys.executable, "-c", LINK, url, str(books.folder), str(tmp_path / "signing.key")],
        env=os.environ | {ARMED: point, FOLDER: str(spent)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    for chain in CHAINS:
        assert books.verify(chain).breaches == ()
    books.link()
    for chain in CHAINS:
        proof = books.verify(chain)
        assert proof.breaches == ()
        assert (proof.unchained, proof.unsigned_links) == (0, 0)
        assert proof.links == proof.checkpoints == 3


def promised(books: Books) -> int:
    with books.unit_of_work() as session:
        promise_chaining(session, books.clock)
    return len(books.rows("SELECT 1 FROM job WHERE kind = :kind AND state = 'ready'", kind=KIND))


def test_the_relay_promises_the_job_when_something_waits(books: Books, practice: Practice) -> None:
    assert promised(books) == 1
    assert promised(books) == 1
    practice.drain()
    assert books.verify(Chain.LEDGER).unchained == 0
    books.wait(minutes=1)
    assert promised(books) == 0
    with books.unit_of_work() as session:
        books.add(session)
    assert promised(books) == 1


def test_the_job_is_not_promised_more_often_than_every_few_seconds(books: Books) -> None:
    books.link()
    with books.unit_of_work() as session:
        books.add(session)
    assert promised(books) == 0
    books.wait(seconds=5)
    assert promised(books) == 1


def test_a_job_that_gave_up_is_left_alone_for_a_while(books: Books) -> None:
    with books.unit_of_work() as session:
        jobs.add(session, KIND)
        dead = "UPDATE job SET state = 'dead', finished_at = now() WHERE kind = :kind"
        session.execute(text(dead), {"kind": KIND})
    assert promised(books) == 0
    with books.unit_of_work() as session:
        session.execute(text("UPDATE job SET finished_at = now() - interval '16 minutes'"))
    assert promised(books) == 1
    assert books.rows("SELECT 1 FROM job WHERE state = 'dead'") == []


def test_after_a_restart_everything_is_looked_at_once(tmp_path: Path) -> None:
    """As after a dump was restored elsewhere: numbers of transactions mean nothing there."""
    folder = tmp_path / "servers"
    try:
        with running_servers(folder, env={}) as servers:
            upgrade(servers.owner_url, deployment=Deployment.SANDBOX)
            with_events(servers.app_url, 2)
        with running_servers(folder, env={}) as servers:
            owner = create_engine(servers.owner_url, poolclass=NullPool)
            with_events(servers.app_url, 3, is_linked=False)
            intrude(owner, "UPDATE audit_event SET xid = 3 WHERE id > 2")
            engine = make_engine(servers.app_url, pool_size=1)
            unit_of_work = make_unit_of_work(engine)
            with unit_of_work() as session:
                promise_chaining(session, lambda: system_clock() + EVERY)
                assert session.execute(text("SELECT kind FROM job")).scalars().all() == [KIND]
            chain_rows(unit_of_work, system_clock, None)
            with unit_of_work() as session:
                found = session.execute(text("SELECT id FROM chained_event ORDER BY place"))
                assert found.scalars().all() == [1, 2, 3, 4, 5]
                assert session.execute(text("SELECT count(*) FROM chain_link")).scalar() == 2
            engine.dispose()
    finally:
        erase_servers(folder)


def with_events(url: str, count: int, *, is_linked: bool = True) -> None:
    engine = make_engine(url, pool_size=1)
    unit_of_work: UnitOfWork = make_unit_of_work(engine)
    with unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO audit_event (at, actor_name, action, about, detail)"
                " SELECT now(), 'operator', 'claim.view', 'claim', ''"
                " FROM generate_series(1, :count)"
            ),
            {"count": count},
        )
    if is_linked:
        chain_rows(unit_of_work, system_clock, None)
    engine.dispose()
