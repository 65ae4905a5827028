"""Workers killed in the middle of their jobs and a broker emptied: the same money in the end."""

import contextlib
import os
import signal
import threading
from pathlib import Path

import redis

from cli.driving import post_encounters, settle
from cli.embedded import erase_servers
from cli.stack import WORKERS, Stack, running_stack
from rcm.failpoint import ARMED, FOLDER
from rcm.proof import verify
from samples.encounters import encounters
from tests.e2e.books import client, journal_money, ledger_money, raw_books
from tests.e2e.broker import stopped_workers, waiting_messages

COUNT = 12
POINTS = (
    "deliver.sent",
    "collect.stored",
    "read.told",
    "post.posted",
)


def agree(stack: Stack) -> None:
    """The ledger is what the payer decided, once; and it is proven from the raw files."""
    for by in ("claim", "line"):
        journal = journal_money(stack, by)
        assert journal
        assert ledger_money(stack, by) == journal
    assert raw_books(stack).claims == journal_money(stack, "claim")
    with stack.unit_of_work() as session:
        proof = verify(session, stack.tools)
    assert proof.differences == ()
    assert not [account for account in proof.balances if account.startswith("suspense:")]


def test_a_worker_killed_inside_each_job_and_one_flushall_lose_nothing(tmp_path: Path) -> None:
    data, spent = tmp_path / "data", tmp_path / "spent"
    spent.mkdir()
    armed = {ARMED: ";".join(POINTS), FOLDER: str(spent)}
    try:
        with (
            running_stack(data, lease_seconds=2, restart=True, worker_env=armed) as stack,
            client(stack) as http,
        ):
            made = encounters(COUNT, seed=11, today=stack.tools.today())
            post_encounters(http, made, lambda: None)
            with redis.Redis.from_url(stack.servers.redis_url) as broker:
                broker.flushall()
            settle(http, stack.partner_id, COUNT, lambda _: None, seconds_max=120)
            assert sorted(file.name for file in spent.iterdir()) == sorted(POINTS)
            agree(stack)
    finally:
        erase_servers(data)


def test_the_whole_worker_killed_at_a_random_moment_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    try:
        with (
            running_stack(data, lease_seconds=2, restart=True) as stack,
            client(stack) as http,
        ):
            over = threading.Event()
            killed: set[int] = set()  # Each group counts once: later it may be dead already.

            def kill_workers() -> None:
                for wait in (0.3, 1.1, 1.9):
                    if over.wait(wait):
                        return
                    for name in WORKERS:
                        with contextlib.suppress(KeyError, ProcessLookupError):  # Dead already.
                            group = stack.supervisor.pids()[name]
                            os.killpg(group, signal.SIGKILL)
                            killed.add(group)

            keeper = threading.Thread(target=stack.supervisor.wait, args=(over,))
            killer = threading.Thread(target=kill_workers)
            keeper.start()
            killer.start()
            try:
                made = encounters(COUNT, seed=12, today=stack.tools.today())
                post_encounters(http, made, lambda: None)
                settle(http, stack.partner_id, COUNT, lambda _: None, seconds_max=120)
            finally:
                killer.join()
                over.set()
                keeper.join()
            assert killed, "a kill met a living worker"
            agree(stack)
    finally:
        erase_servers(data)


def test_without_a_relay_and_with_an_emptied_broker_the_cycle_still_ends(tmp_path: Path) -> None:
    data = tmp_path / "data"
    try:
        with running_stack(data, lease_seconds=2) as stack, client(stack) as http:
            os.killpg(stack.supervisor.pids()["relay"], signal.SIGKILL)
            with stopped_workers(stack):
                made = encounters(COUNT, seed=13, today=stack.tools.today())
                post_encounters(http, made, lambda: None)
                http.post(f"/partners/{stack.partner_id}/exchange").raise_for_status()
                assert waiting_messages(stack)
                with redis.Redis.from_url(stack.servers.redis_url) as broker:
                    broker.flushall()
            settle(http, stack.partner_id, COUNT, lambda _: None, seconds_max=120)
            agree(stack)
    finally:
        erase_servers(data)
