"""F31: files that crash, stop or starve their worker, among good ones, in a real Celery worker."""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cli.spawn import spawn, tail
from cli.stack import environment
from rcm.db import snapshot
from rcm.exchange.service import receive_file
from rcm.settings import Settings
from tests.faults.evidence import Evidence
from tests.faults.invariants import check_invariants
from tests.faults.waiting import eventually
from tests.harness import Practice

GOOD = 30
POISON = {"crash.x12": "PROCESS-DIED", "loop.x12": "PROCESS-DIED", "hungry.x12": "MemoryError"}


@contextmanager
def poisoned(settings: Settings, folder: Path) -> Iterator[None]:
    """Let such a worker and its relay run."""
    env = {name: value for name, value in environment(settings).items() if value != "None"}
    env |= {"RCM_LEASE_SECONDS": "1"}
    with ExitStack() as stack:
        for what in ("worker", "relay"):
            running = spawn(
                (sys.executable, "-m", "tests.faults.poisoned", what),
                env=env, log=folder / f"{what}.log", death_signal=signal.SIGKILL,
            )  # fmt: skip
            stack.callback(running.wait)
            stack.callback(running.terminate)
        eventually(lambda: " ready." in tail(folder / "worker.log"))
        yield


def let_arrive(practice: Practice, *names: str) -> None:
    """Let files of these names arrive, each with other bytes."""
    for name in names:
        with practice.unit_of_work() as session:
            receive_file(
                session, practice.tools, partner_id=practice.partner_id, name=name, modified=0,
                body=f"not X12, {name}".encode(),
            )  # fmt: skip


def delays(practice: Practice, prefix: str) -> list[int]:
    """How long each file of these names took from its arrival to its end, in milliseconds."""
    rows = practice.rows(
        "SELECT (extract(epoch FROM finished_at - job.created_at) * 1000)::int AS took FROM job"
        " JOIN file ON file.id = ref_id WHERE job.state = 'done' AND name LIKE :prefix",
        prefix=f"{prefix}%",
    )
    return [row.took for row in rows]


@pytest.mark.parametrize("good", [GOOD, pytest.param(999, marks=pytest.mark.long)])
def test_f31_poison_is_put_aside_after_three_tries_and_others_hardly_wait(
    practice: Practice, settings: Settings, tmp_path: Path, good: int
) -> None:
    with poisoned(settings, tmp_path):
        let_arrive(practice, *(f"alone-{n}" for n in range(good)))
        eventually(lambda: len(delays(practice, "alone")) == good, seconds_max=60 + good)
        names = [f"beside-{n}" for n in range(good)]
        let_arrive(practice, *names[: good // 2], *POISON, *names[good // 2 :])
        eventually(lambda: len(delays(practice, "beside")) == good, seconds_max=60 + good)
        eventually(
            lambda: not practice.rows("SELECT FROM job WHERE state IN ('ready', 'running')"),
            seconds_max=90,
        )
    failed = practice.rows(
        "SELECT name, job.state, last_error_code, attempts FROM job JOIN file ON file.id = ref_id"
        " WHERE job.state IN ('dead', 'quarantined')"
    )
    assert {row.name: row.last_error_code for row in failed} == POISON
    assert all(row.attempts <= 4 for row in failed), "three that ran, and the one that gave up"
    took = {which: delays(practice, which) for which in ("alone", "beside")}
    with snapshot(practice.unit_of_work) as session:
        evidence = Evidence(
            session=session,
            tools=practice.tools,
            account=practice.account,
            private=practice.account.with_name("private"),
            is_drained=False,
            delays=took,
        )
        check_invariants(evidence)
    print({which: sorted(each)[int(0.95 * len(each))] for which, each in took.items()}, "ms, p95")
