"""The Celery worker: one task, one table. A message carries a job id and nothing else."""

import logging
import os
import socket
from uuid import UUID

from celery import Celery
from celery.signals import worker_process_init

from rcm.clock import SystemRandomness
from rcm.db import make_engine, make_unit_of_work, refuse_unsafe
from rcm.doorbell import TASK, Doorbell, make_celery
from rcm.failpoint import refuse_failpoints
from rcm.jobs import Runner
from rcm.settings import Settings, load_settings
from rcm.tools import make_tools
from workers.handlers import connect_to, make_handlers

_POOL_SIZE = 2  #: The job, and the thread that renews its lease.


def make_runner(settings: Settings, bell: Doorbell) -> Runner:
    """Return what runs jobs in this process. Refuses an unsafe database role or schema."""
    refuse_failpoints(settings.deployment)
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=_POOL_SIZE)
    refuse_unsafe(engine, deployment=settings.deployment)
    return Runner(
        unit_of_work=make_unit_of_work(engine, bell),
        handlers=make_handlers(make_tools(settings), connect_to),
        randomness=SystemRandomness(),
        owner=f"{socket.gethostname()}/{os.getpid()}",
        lease_seconds=settings.lease_seconds,
    )


def make_worker(settings: Settings) -> Celery:
    """Return the Celery application of a worker, with its one task."""
    app = make_celery(settings.redis_url.get_secret_value())
    runners: list[Runner] = []

    @worker_process_init.connect(weak=False)
    def open_process(**_: object) -> None:
        # The engine is made in the child: connections do not survive a fork.
        logging.getLogger("kombu").setLevel(logging.WARNING)
        runners[:] = [make_runner(settings, Doorbell(app))]

    @app.task(name=TASK)
    def run_job(job_id: str) -> None:
        """Run one claimed job. May be called any number of times; takes effect once."""
        runners[0].run(UUID(job_id))

    assert run_job.name == TASK
    return app


def main() -> None:
    """Serve every queue with two processes until SIGTERM."""
    app = make_worker(load_settings())
    queues = ",".join(app.amqp.queues)
    app.worker_main(
        [
            "worker",
            "--pool=prefork",
            "--concurrency=2",
            f"--queues={queues}",
            "--without-gossip",
            "--without-mingle",
            "--loglevel=INFO",
        ]
    )


if __name__ == "__main__":
    main()
