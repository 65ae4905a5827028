"""F42: three random faults at random moments, seed by seed; a seed that fails comes again.

RCM_FAULT_SEED=17 make test-long      that seed alone
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from random import Random

import pytest

from cli.stack import WORKERS
from rcm.doorbell import TASK, make_celery
from tests.faults.rig import Rig, running_rig
from tests.scale import scaled

SEEDS = 200
FAULTS_PER_SEED = 3
Fault = Callable[[Rig, Random], None]


def kill_a_group(rig: Rig, random: Random) -> None:
    os.killpg(rig.service.pid(random.choice([*WORKERS, "relay"])), signal.SIGKILL)


def stop_a_worker(rig: Rig, random: Random) -> None:
    os.kill(rig.service.pid(random.choice(list(WORKERS))), signal.SIGTERM)


def freeze_workers(rig: Rig, random: Random) -> None:
    groups = [rig.service.pid(name) for name in WORKERS]
    for group in groups:
        os.killpg(group, signal.SIGSTOP)
    time.sleep(3 * random.random())
    for group in groups:
        os.killpg(group, signal.SIGCONT)


def empty_the_broker(rig: Rig, _: Random) -> None:
    with rig.servers.broker() as broker:
        broker.flushall()


def restart_the_broker(rig: Rig, random: Random) -> None:
    for _ in range(random.randint(1, 5)):
        rig.servers.kill_valkey()
        rig.servers.start_valkey()


def freeze_the_broker(rig: Rig, random: Random) -> None:
    rig.servers.signal_valkey(signal.SIGSTOP)
    time.sleep(2 * random.random())
    rig.servers.signal_valkey(signal.SIGCONT)


def let_the_broker_refuse(rig: Rig, random: Random) -> None:
    with rig.servers.broker() as broker:
        broker.config_set("maxmemory", "1")
        time.sleep(2 * random.random())
        broker.config_set("maxmemory", "0")


def cut_the_broker(rig: Rig, _: Random) -> None:
    rig.servers.valkey.cut()


def ring_again(rig: Rig, random: Random) -> None:
    app = make_celery(rig.servers.env["RCM_REDIS_URL"])
    for row in rig.service.rows("SELECT id, queue FROM job ORDER BY created_at DESC LIMIT 20"):
        for _ in range(random.randint(1, 5)):
            app.send_task(TASK, args=[str(row.id)], queue=row.queue)
    app.close()


def throw_rubbish(rig: Rig, random: Random) -> None:
    with rig.servers.broker() as broker:
        broker.lpush(f"rcm:{random.choice(['intake', 'post', 'send'])}", random.randbytes(40))


def stop_the_database(rig: Rig, _: Random) -> None:
    rig.servers.stop_postgres_at_once()
    rig.servers.start_postgres()


def cut_the_database(rig: Rig, _: Random) -> None:
    rig.servers.postgres.cut()


def lose_a_commit(rig: Rig, random: Random) -> None:
    rig.servers.postgres.lose_answer_to(b"COMMIT", after=random.randint(0, 9))


FAULTS: tuple[Fault, ...] = (
    kill_a_group, stop_a_worker, freeze_workers, empty_the_broker, restart_the_broker,
    freeze_the_broker, let_the_broker_refuse, cut_the_broker, ring_again, throw_rubbish,
    stop_the_database, cut_the_database, lose_a_commit,
)  # fmt: skip


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with running_rig(tmp_path_factory.mktemp("random")) as rig:
        yield rig


def seeds() -> range:
    """The seed that is named, or all of this run."""
    named = os.environ.get("RCM_FAULT_SEED")
    return range(int(named), int(named) + 1) if named else range(scaled(SEEDS))


@pytest.mark.long
@pytest.mark.parametrize("seed", seeds())
def test_three_random_faults_lose_and_double_nothing(rig: Rig, seed: int) -> None:
    random = Random(seed)
    chosen = random.sample(FAULTS, FAULTS_PER_SEED)
    print(f"RCM_FAULT_SEED={seed}: {', '.join(fault.__name__ for fault in chosen)}", flush=True)
    rig.work(10_000 + seed, random.randint(1, 4))
    for fault in chosen:
        time.sleep(random.random())
        fault(rig, random)
    took = rig.ends_well()
    print(f"RCM_FAULT_SEED={seed}: settled {took} ms after the last", flush=True)
