"""The relay: rings for jobs that should be running and are not, and starts what is due.

Any number may run: a job is claimed once, a tick of a schedule inserted once.

With it the broker is disposable: what FLUSHALL, a dead worker or a lost message took away is
rung for again within seconds.
"""

import logging
import signal
import threading
from types import FrameType

import click
from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from rcm.chains.service import promise_chaining
from rcm.db import UnitOfWork, make_engine, make_unit_of_work
from rcm.doorbell import Doorbell, make_celery
from rcm.failpoint import failpoint, refuse_failpoints
from rcm.jobs import QUEUES
from rcm.logs import begin_logs
from rcm.opening import open_database
from rcm.refusals import refusals_in_words
from rcm.schedules.service import fire_due
from rcm.schema_fence import SchemaFence
from rcm.settings import Settings, load_settings
from rcm.settings_told import warn_of_unknown
from rcm.tools import Tools, make_tools
from rcm.waiting import poll

POLL_SECONDS = 2
QUIET_SECONDS = 10  #: Between two looks of a worker (reliability.md 2.1).
#: Of a queue: with so much to do its workers need not be told again. Were they told of every job
#: of a backlog each 30 s, most messages would find theirs done, and keep others from their turn.
MESSAGES_MAX = 100

log = logging.getLogger(__name__)


def ring_once(unit_of_work: UnitOfWork, bell: Doorbell, *, again_seconds: int) -> int:
    """Look at each queue once; returns how many jobs were rung for."""
    rung = 0
    for queue in QUEUES:
        with unit_of_work() as session:
            found = poll(session, queue, again_seconds=again_seconds)
        if not found:
            continue
        failpoint("relay.polled")
        if bell.waiting(queue) >= MESSAGES_MAX:
            continue  # Looked at again in a while, as those that were rung for are.
        bell(found)
        failpoint("relay.rung")
        rung += len(found)
    return rung


def serve(
    unit_of_work: UnitOfWork, tools: Tools, bell: Doorbell, over: threading.Event, lease: int
) -> None:
    """Ring, and start what is due by schedule, until `over` is set.

    A database that is away is waited for; on one of another schema nothing is begun.
    """
    fence = SchemaFence()
    while not over.wait(POLL_SECONDS):
        try:
            with unit_of_work() as session:
                if not fence.is_open(session):
                    continue
                fire_due(session, tools)
            ring_once(unit_of_work, bell, again_seconds=min(30, lease))
            with unit_of_work() as session:  # Last: whatever ails a chain, work is rung for.
                promise_chaining(session, tools.clock)
        except SQLAlchemyError as reason:
            log.warning("the database is away: %s", type(reason).__name__)


def ring_from_a_worker(
    settings: Settings, app: Celery, over: threading.Event, *, every_seconds: int = QUIET_SECONDS
) -> None:
    """Do the relay's ringing more slowly, so that a relay that is away is no outage.

    For a thread of a worker's main process. Its engine is made here, after the pool has forked, and
    holds no connection between two looks: a child that is forked later finds none to share.
    """
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    bell = Doorbell(app)
    unit_of_work = make_unit_of_work(engine, bell)
    fence = SchemaFence()
    while not over.wait(every_seconds):
        try:
            with unit_of_work() as session:
                is_open = fence.is_open(session)
            if is_open:
                ring_once(unit_of_work, bell, again_seconds=min(30, settings.lease_seconds))
        except SQLAlchemyError as reason:
            log.warning("the database is away: %s", type(reason).__name__)
        engine.dispose()


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = load_settings()
    begin_logs("relay", settings.log_format)
    warn_of_unknown()
    refuse_failpoints(settings.deployment)
    tools = make_tools(settings)
    engine = open_database(settings, tools.keys, pool_size=1)
    over = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    bell = Doorbell(make_celery(settings.redis_url.get_secret_value()))
    unit_of_work = make_unit_of_work(engine, bell)
    serve(unit_of_work, tools, bell, over, settings.lease_seconds)


@click.command()
def relay() -> None:
    """Ring for jobs that nobody runs, as RCM_... settings say."""
    main()


if __name__ == "__main__":
    with refusals_in_words():
        main()
