"""The Celery worker: one task, one table. A message carries a job id and nothing else."""

import logging
import os
import resource
import socket
import threading
from collections.abc import Callable
from uuid import UUID

import click
from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_ready
from sqlalchemy.exc import OperationalError

from rcm.chains.checkpoints import checkpoint_writer
from rcm.clock import SystemRandomness
from rcm.connections import WORKER_POOL, of_worker
from rcm.crypto import load_keys
from rcm.db import SchemaVersionError, make_unit_of_work
from rcm.doorbell import TASK, Doorbell, make_celery
from rcm.failpoint import refuse_failpoints
from rcm.jobs import QUEUES, Runner
from rcm.limits import WORKER_BYTES_MAX
from rcm.logs import begin_logs
from rcm.opening import open_database
from rcm.refusals import refusals_in_words
from rcm.settings import Settings, load_settings
from rcm.settings_told import warn_of_unknown
from rcm.tools import make_tools
from workers.broker import harden
from workers.ending import end_in_time
from workers.handlers import connect_to, make_handlers
from workers.relay import ring_from_a_worker

log = logging.getLogger(__name__)


def make_runner(settings: Settings, bell: Doorbell) -> Runner:
    """Return what runs jobs in this process. Refuses an unsafe database role or schema."""
    tools = make_tools(settings)
    engine = open_database(settings, tools.keys, pool_size=WORKER_POOL)
    return Runner(
        unit_of_work=make_unit_of_work(engine, bell),
        handlers=make_handlers(tools, connect_to, connect_to, checkpoint_writer(settings)),
        randomness=SystemRandomness(),
        owner=f"{socket.gethostname()}/{os.getpid()}",
        lease_seconds=settings.lease_seconds,
    )


def check_server(settings: Settings, concurrency: int) -> None:
    """Refuse an unsafe role, another schema, a wrong key, or too few connections for us.

    Only here does a refusal end the worker: what a process of the pool raises at its start, Celery
    logs. A server that is away is waited for.
    """
    checkpoint_writer(settings)
    keys = load_keys(settings.key_file)
    try:
        engine = open_database(settings, keys, pool_size=1, room=of_worker(concurrency))
    except OperationalError:
        log.warning("the database is away: each process asks it at its next job")
    else:
        engine.dispose()  # Before the pool forks: nobody shares a connection.


MakeRunner = Callable[[Settings, Doorbell], Runner]


class OfProcess:
    """What runs the jobs of one process of the pool.

    Made when the process begins; where the database is away at that moment, at the first job after
    it. Celery logs what is raised there and goes on: without this such a process would take jobs
    for as long as it lives, and run none.
    """

    def __init__(self, make: Callable[[], Runner]) -> None:
        self._make = make
        self._made: Runner | None = None

    def begin(self) -> None:
        """Make it anew: nothing of the process that was forked is used again."""
        self._made = None
        try:
            self.runner()
        except OperationalError:
            log.warning("the database is away: it is asked again at the next job")
        except SchemaVersionError as reason:  # An upgrade, while an old worker replaced a process.
            log.error("%s; this process takes no work", reason)  # noqa: TRY400  # Said in words.

    def runner(self) -> Runner:
        """Return it. Raises OperationalError, and what `refuse_unsafe` raises."""
        if self._made is None:
            self._made = self._make()
        return self._made


def make_worker(settings: Settings, make: MakeRunner = make_runner) -> Celery:
    """Return the Celery application of a worker, with its one task. Raises FailpointError.

    `make` is called in each process of the pool. The bench gives one that also measures.
    """
    refuse_failpoints(settings.deployment)
    harden()
    app = make_celery(settings.redis_url.get_secret_value())
    of_process = OfProcess(lambda: make(settings, Doorbell(app)))

    @setup_logging.connect(weak=False)
    def log_as_all(**_: object) -> None:
        begin_logs("worker", settings.log_format)

    @worker_process_init.connect(weak=False)
    def open_process(**_: object) -> None:
        # The engine is made in the child: connections do not survive a fork.
        # A job that takes all the memory fails by itself, before the machine ends somebody else.
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES_MAX, most))
        of_process.begin()

    @worker_ready.connect(weak=False)
    def stop_in_time(**_: object) -> None:
        end_in_time()

    @worker_ready.connect(weak=False)
    def ring_too(**_: object) -> None:
        # In the main process, whose pool has been forked: a thread does not survive a fork.
        threading.Thread(
            target=ring_from_a_worker,
            args=(settings, app, threading.Event()),
            name="relay",
            daemon=True,
        ).start()

    @app.task(name=TASK, shared=False)
    def run_job(job_id: str) -> None:
        """Run one claimed job. May be called any number of times; takes effect once."""
        of_process.runner().run(UUID(job_id))

    assert run_job.name == TASK
    return app


def _known(_context: click.Context, _option: click.Parameter, queues: str) -> str:
    if not set(queues.split(",")) <= set(QUEUES):
        raise click.BadParameter(f"the queues are {', '.join(QUEUES)}")
    return queues


@click.command()
@click.option("--queues", callback=_known, default=",".join(QUEUES), show_default=True)
@click.option("--concurrency", type=click.IntRange(min=1), default=2, show_default=True)
def worker(queues: str, concurrency: int) -> None:
    """Run jobs, as RCM_... settings say, until SIGTERM.

    With a worker for `send,slow,webhook` and one for the other queues, no slow partner holds up
    intake and posting. A partner that stalls holds one process: have more than may stall at once.
    """
    settings = load_settings()
    begin_logs("worker", settings.log_format)  # Celery warns before it asks who logs.
    warn_of_unknown()
    app = make_worker(settings)
    check_server(settings, concurrency)
    run_worker(app, queues, concurrency)


def run_worker(app: Celery, queues: str, concurrency: int) -> None:
    """Serve `queues` with so many processes, until SIGTERM."""
    app.worker_main(
        [
            "--quiet",  # No banner: what it prints is no line of a log.
            "worker",
            "--pool=prefork",
            f"--concurrency={concurrency}",
            f"--queues={queues}",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",  # Nobody listens; and it waits for a broker that is away.
            "--loglevel=INFO",
        ]
    )


if __name__ == "__main__":
    with refusals_in_words():
        worker()
