"""Every failpoint kills, again and again, over a thousand files: nothing lost, nothing twice."""

import time
from pathlib import Path
from uuid import uuid4

import pytest

import cli.supervisor
from rcm.failpoint import ARMED, FOLDER, POINTS, counts
from tests.faults.service import Service, running_service
from tests.rcm.answer_files import file_ta1
from tests.scale import scaled

KILLS, FILES = 25, 1_000
ROUNDS = 8
#: What every process passes all the time kills more seldom, so that something gets done between.
HOT = {
    "commit.before": 61, "commit.after": 67, "job.claimed": 11, "job.step": 13, "job.ended": 12,
    "job.done": 11, "lease.renewed": 5, "events.recorded": 5, "items.opened": 5, "files.stored": 7,
    "ledger.entered": 5, "deliver.written": 3, "collect.chunk": 7, "collect.read": 7,
    "inbox.added": 7, "collect.received": 6, "collect.stored": 6, "collect.archived": 5,
    "call.acted": 9, "call.kept": 9, "call.committed": 9, "encounter.stored": 3,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_pause_before_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.supervisor, "BACKOFF_SECONDS", (0,))


def stir(service: Service, seed: int) -> None:
    """Let all happen that has a point: claims, questions, ticks, a job that cannot be done."""
    service.post(2, seed=seed)
    service.call("POST", "/eligibility-checks/batch", json={"not_checked_in_days": 1})
    account = service.stack.places.clearinghouse / "accounts" / "practice"
    number = 900_000 + seed  # The sandbox sends no TA1 by itself.
    answered = service.rows("SELECT interchange_number FROM file WHERE state = 'sent' LIMIT 1")
    ta1 = account / "from_payer" / f"{number:09d}_TA1.x12"
    ta1.write_bytes(file_ta1(answered[0][0] if answered else 77, "A", "000", number=number))
    partner = service.stack.partner_id
    with service.stack.unit_of_work() as session:
        session.connection().exec_driver_sql("DELETE FROM cron_tick")
        session.connection().exec_driver_sql(
            "INSERT INTO schedule (partner_id, cron, is_paused, set_at)"
            f" VALUES ('{partner}', '* * * * *', false, now() - interval '2 minutes')"
            " ON CONFLICT (partner_id) DO UPDATE SET set_at = excluded.set_at"
        )
        session.connection().exec_driver_sql(
            "INSERT INTO job (id, kind, ref_id, dedupe_key, queue, state, attempts_max,"
            " next_run_at, created_at) VALUES"
            f" ('{uuid4()}', 'read_file', '{uuid4()}', '{uuid4()}', 'intake',"
            " 'ready', 3, now(), now())"
        )
    service.retry_failed(kind="chain_rows")  # Killed three times, it is left alone for a while.
    service.exchange()
    service.wait(seconds_max=2)


def forget_what_cannot_be_done(service: Service) -> None:
    with service.stack.unit_of_work() as session:
        session.connection().exec_driver_sql(
            "UPDATE job SET state = 'done' WHERE kind = 'read_file'"
            " AND NOT EXISTS (SELECT FROM file WHERE id = job.ref_id)"
        )


@pytest.mark.long
@pytest.mark.parametrize("n", range(ROUNDS))
def test_every_point_kills_again_and_again(tmp_path: Path, n: int) -> None:
    points = list(POINTS)[n::ROUNDS]
    spent = tmp_path / "spent"
    spent.mkdir()
    kills, files = scaled(KILLS), scaled(FILES) // ROUNDS
    arms = ";".join(f"{name}={HOT.get(name, 2)}:kill:{kills}" for name in points)
    wanted = dict.fromkeys(points, kills)
    began, seed = time.monotonic(), 0
    with running_service(tmp_path / "data", fault_env={ARMED: arms, FOLDER: str(spent)}) as service:
        while time.monotonic() - began < 600 + 120 * kills:
            seed += 1
            stir(service, 100_000 * (n + 1) + seed)
            done = {name: counts(spent, name)[1] for name in points}
            if done == wanted and service.count("file") >= files:
                break
        forget_what_cannot_be_done(service)
        service.settle(seconds_max=300)
        service.check()
        took = round(time.monotonic() - began)
        print(
            f"round {n}: {sum(done.values())} kills at {len(points)} points,"
            f" {service.count('file')} files, {service.retried} jobs tried again, {took} s",
            flush=True,
        )
        assert done == wanted, "every point was reached, and has killed"
