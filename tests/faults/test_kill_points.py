"""Workers killed at named points, again and again, and a broker emptied: all is there, once."""

import time
from pathlib import Path

import pytest
import redis

import cli.supervisor
from rcm.db import snapshot
from rcm.failpoint import ARMED, FOLDER, POINTS, counts
from rcm.proof import verify
from tests.e2e.books import journal_money, ledger_money
from tests.faults.service import Service, running_service

FILES = 100
KILLS = 5
SECONDS_MAX = 300
#: Point, and at every how many arrivals it kills: not in the same job three times running.
EVERY = {
    "sweep.claimed": 3,
    "number.taken": 3,
    "batch.charged": 2,
    "deliver.uncertain": 2,
    "deliver.uploaded": 2,
    "deliver.renamed": 2,
    "collect.chunk": 7,
    "collect.stored": 4,
    "collect.archived": 3,
    "read.told": 4,
    "post.posted": 2,
    "job.done": 9,
}


def kills(spent: Path) -> dict[str, int]:
    """How often each point has killed so far."""
    return {name: counts(spent, name)[1] for name in EVERY}


def agree(service: Service) -> None:
    """The ledger is what the payer decided, once; and it is proven from the raw files."""
    stack = service.stack
    for by in ("claim", "line"):
        assert ledger_money(stack, by) == journal_money(stack, by)
    with snapshot(stack.unit_of_work) as session:
        assert verify(session, stack.tools).differences == ()


@pytest.fixture(autouse=True)
def _no_pause_before_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start at once what was killed on purpose."""
    monkeypatch.setattr(cli.supervisor, "BACKOFF_SECONDS", (0,))


def test_twelve_points_kill_five_times_each_over_a_hundred_files(tmp_path: Path) -> None:
    spent = tmp_path / "spent"
    spent.mkdir()
    arms = ";".join(f"{name}={every}:kill:{KILLS}" for name, every in EVERY.items())
    with running_service(tmp_path / "data", fault_env={ARMED: arms, FOLDER: str(spent)}) as service:
        is_flushed, batches, began = False, 0, time.monotonic()
        while time.monotonic() - began < SECONDS_MAX:
            batches += 1
            service.post(2, seed=1_000 + batches)
            service.exchange()
            service.wait(seconds_max=1)
            files = service.count("file")
            if not is_flushed and files > FILES // 3:
                with redis.Redis.from_url(service.stack.servers.redis_url) as broker:
                    is_flushed = bool(broker.flushall())
            if files >= FILES and kills(spent) == dict.fromkeys(EVERY, KILLS):
                break
        service.settle(seconds_max=180)
        assert kills(spent) == dict.fromkeys(EVERY, KILLS), "every point has killed"
        assert is_flushed
        assert service.count("file") >= FILES
        service.check()
        agree(service)
        print(f"{service.count('file')} files, {batches} batches, {service.retried} retried")


def test_the_points_are_of_the_table() -> None:
    assert EVERY.keys() <= POINTS.keys()
    assert len(EVERY) == 12
