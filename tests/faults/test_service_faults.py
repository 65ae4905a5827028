"""Processes, broker and database taken away from a running service: it ends as if nothing was."""

import os
import pickle
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy.exc import SQLAlchemyError

from cli.stack import WORKERS
from rcm.doorbell import TASK, make_celery
from rcm.exchange.service import receive_file
from rcm.failpoint import counts
from tests.faults.rig import LEASE_SECONDS, Rig, running_rig
from tests.faults.waiting import eventually

LATEST = "SELECT id, queue FROM job ORDER BY created_at DESC LIMIT 20"
RECOVERY_MS_MAX = 60_000  #: P3: after the broker's return.
DISK_BYTES = 17_000_000  #: More than a segment of the log, less than what is to be stored.
POST, SEND = "worker-post", "worker-exchange"


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One service for all these faults: each finds what the one before has left."""
    with running_rig(tmp_path_factory.mktemp("faults")) as rig:
        yield rig


def children(pid: int) -> list[int]:
    """The child processes of a process."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(each) for each in listed.split()]


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Do it in another thread; what it raises is raised here."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(act)
        yield
        done.result()


def test_f11_postgresql_stopped_at_once_in_the_middle_of_a_post(rig: Rig) -> None:
    rig.work(1, 2)
    with meanwhile(rig.service.settle):
        eventually(lambda: counts(rig.folder, "post.posted")[1] == 1)
        rig.servers.stop_postgres_at_once()
        rig.servers.start_postgres()
    rig.ends_well()


def test_f1_f2_a_child_and_then_whole_groups_are_killed(rig: Rig) -> None:
    for seed, names in ((10, (POST,)), (11, (SEND,)), (12, (POST, SEND))):
        rig.work(seed)
        time.sleep(Random(seed).random())
        for name in names:
            pid = rig.service.pid(name)
            eventually(partial(children, pid))  # One that was killed is replaced after a while.
            os.kill(Random(seed).choice(children(pid)), signal.SIGKILL)
    for name in WORKERS:
        rig.work(13)
        os.killpg(rig.service.pid(name), signal.SIGKILL)
    rig.ends_well()


def test_f3_a_worker_dies_between_taking_a_message_and_noting_it(rig: Rig) -> None:
    die = rig.folder / "die"
    die.touch()
    rig.work(20)
    eventually(lambda: not die.exists())
    rig.ends_well()


def test_f4_a_worker_that_is_asked_to_stop_loses_nothing_and_ends_in_time(rig: Rig) -> None:
    for seed, number in ((30, signal.SIGTERM), (31, signal.SIGQUIT)):
        rig.work(seed)
        time.sleep(Random(seed).random())
        before = {name: rig.service.pid(name) for name in WORKERS}
        for pid in before.values():
            os.kill(pid, number)
        for name, pid in before.items():
            eventually(partial(rig.restarted, name, pid), seconds_max=60)
        rig.ends_well()  # Those that follow are up: the next signal is for workers, not for starts.


def test_f4_a_worker_ends_that_is_asked_to_stop_while_the_broker_is_away(rig: Rig) -> None:
    before = {name: rig.service.pid(name) for name in WORKERS}
    eventually(lambda: all(children(pid) for pid in before.values()))
    held = [child for pid in before.values() for child in children(pid)]
    rig.servers.kill_valkey()
    for child in held:
        os.kill(child, signal.SIGSTOP)
    for pid in before.values():
        os.kill(pid, signal.SIGTERM)
    time.sleep(5)  # What Celery does meanwhile must not keep it from ending.
    for child in held:
        os.kill(child, signal.SIGCONT)
    for name, pid in before.items():
        eventually(partial(rig.restarted, name, pid), seconds_max=30)
    rig.servers.start_valkey()
    rig.ends_well()


def test_f5_workers_that_stand_still_for_three_leases_and_go_on(rig: Rig) -> None:
    rig.work(40)
    groups = [rig.service.pid(name) for name in WORKERS]
    for group in groups:
        os.killpg(group, signal.SIGSTOP)
    time.sleep(3 * LEASE_SECONDS)
    for group in groups:
        os.killpg(group, signal.SIGCONT)
    rig.ends_well()


def test_f6_an_emptied_broker_and_no_relay(rig: Rig) -> None:
    relay = rig.service.pid("relay")
    os.killpg(relay, signal.SIGSTOP)
    rig.work(50, 2)
    with rig.servers.broker() as broker:
        broker.flushall()
    took = rig.ends_well()
    os.killpg(relay, signal.SIGCONT)
    assert took < RECOVERY_MS_MAX
    print(f"F6: {took} ms after FLUSHALL, without a relay")


def test_f7_a_broker_that_is_killed_restarts_empty_and_freezes(rig: Rig) -> None:
    servers = rig.servers
    rig.work(60)
    servers.kill_valkey()
    rig.work(61)  # Accepted without a broker.
    servers.start_valkey()
    for _ in range(5):
        servers.kill_valkey()
        servers.start_valkey()
    rig.work(62)
    servers.signal_valkey(signal.SIGSTOP)
    began = time.monotonic()
    rig.service.post(1, seed=63)
    assert time.monotonic() - began < 30, "no caller waits for a broker"
    servers.signal_valkey(signal.SIGCONT)
    took = rig.ends_well()
    assert took < RECOVERY_MS_MAX
    print(f"F7: {took} ms after the broker's return")


def test_f7_a_line_to_the_broker_that_says_nothing_any_more(rig: Rig) -> None:
    rig.servers.valkey.hold_up()
    rig.service.post(1, seed=70)
    rig.servers.valkey.let_go()
    rig.servers.valkey.cut()
    assert rig.ends_well() < RECOVERY_MS_MAX


def test_f8_a_broker_that_refuses_to_write(rig: Rig) -> None:
    with rig.servers.broker() as broker:
        broker.config_set("maxmemory", "1")
        rig.work(80)
        broker.config_set("maxmemory", "0")
    assert rig.ends_well() < RECOVERY_MS_MAX


def test_f9_every_job_rung_for_five_times_at_once_and_long_after(rig: Rig) -> None:
    rig.work(90)
    app = make_celery(rig.servers.env["RCM_REDIS_URL"])

    def ring() -> None:
        for _ in range(6):
            for row in rig.service.rows(LATEST):
                app.send_task(TASK, args=[str(row.id)], queue=row.queue)
            time.sleep(0.3)

    with ThreadPoolExecutor(5) as pool:
        rung = [pool.submit(ring) for _ in range(5)]
        rig.service.settle()
        for each in rung:
            each.result()
    app.close()
    rig.ends_well()


def test_f10_messages_that_are_none_of_ours(rig: Rig) -> None:
    pids = {name: rig.service.pid(name) for name in WORKERS}
    app = make_celery(rig.servers.env["RCM_REDIS_URL"])
    with rig.servers.broker() as broker:
        for queue in ("intake", "post", "send"):
            app.send_task("os.system", args=["true"], queue=queue)
            app.send_task(TASK, args=["not a job"], queue=queue)
            app.send_task(TASK, args=[], queue=queue)
            app.send_task(TASK, args=[{"a": 1}], queue=queue, serializer="pickle")
            broker.lpush(f"rcm:{queue}", pickle.dumps({"args": ["x"]}), b"{}", b"\xff\x00", b"[1]")
    app.close()
    rig.work(100)
    rig.ends_well()
    assert {name: rig.service.pid(name) for name in WORKERS} == pids, "no worker has died of it"


def test_f12_connections_to_the_database_are_ended_and_cut(rig: Rig) -> None:
    rig.work(110)
    for _ in range(5):
        rig.service.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = current_user AND pid <> pg_backend_pid()"
        )
        time.sleep(0.3)
        rig.servers.postgres.cut()
    rig.ends_well()


def test_f13_replies_to_commits_are_lost_all_along_the_way(rig: Rig) -> None:
    rig.work(120)
    with meanwhile(rig.service.settle):
        for after in (0, 1, 2, 3, 5, 8):
            before = rig.servers.postgres.lost
            rig.servers.postgres.lose_answer_to(b"COMMIT", after=after)
            eventually(partial(rig.has_lost_more, before))
    rig.ends_well()


def test_f17_a_database_whose_disk_is_full_takes_nothing_by_halves(rig: Rig) -> None:
    body = b"ISA" + Random(17).randbytes(24_000_000)
    stack = rig.service.stack

    def receive() -> UUID:
        with stack.unit_of_work() as session:
            return receive_file(
                session, stack.tools, partner_id=stack.partner_id, name="large.x12", modified=0,
                body=body,
            )  # fmt: skip

    rig.servers.stop_postgres_at_once()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_BYTES, hard))
    try:
        rig.servers.start_postgres()  # Its files can be extended no further than this.
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with pytest.raises(SQLAlchemyError, match="could not extend"):
        receive()
    assert rig.service.count("file WHERE name = 'large.x12'") == 0
    rig.work(170)
    rig.servers.stop_postgres_at_once()
    rig.servers.start_postgres()
    file_id = receive()
    rig.ends_well()
    assert rig.service.rows("SELECT state FROM file WHERE id = :id", id=file_id) == [
        ("quarantined",)
    ]
