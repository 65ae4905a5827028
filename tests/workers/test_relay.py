"""The relay rings for what waits, but not into a queue that has enough to do."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from celery import Celery

from rcm import jobs
from rcm.db import UnitOfWork
from rcm.doorbell import Doorbell, make_celery
from rcm.settings import Settings
from workers.relay import MESSAGES_MAX, ring_once

QUEUE = "intake"


@pytest.fixture
def app(settings: Settings) -> Iterator[Celery]:
    app = make_celery(settings.redis_url.get_secret_value())
    empty(app)
    yield app
    empty(app)
    app.close()


def empty(app: Celery) -> None:
    with app.connection_for_write() as connection:
        connection.default_channel.queue_purge(QUEUE)  # type: ignore[attr-defined]  # Of Redis.


def test_a_queue_tells_how_many_messages_wait(app: Celery) -> None:
    bell = Doorbell(app)
    assert bell.waiting(QUEUE) == 0
    bell([(UUID(int=n), "read_file") for n in range(3)])
    assert bell.waiting(QUEUE) == 3


def test_a_broker_that_is_away_holds_nothing_back() -> None:
    assert Doorbell(make_celery("redis://127.0.0.1:1")).waiting(QUEUE) == 0


@pytest.mark.usefixtures("clean_database")
def test_a_long_backlog_is_not_rung_for_again_and_again(
    app: Celery, unit_of_work: UnitOfWork
) -> None:
    bell = Doorbell(app)
    with unit_of_work() as session:
        for n in range(MESSAGES_MAX + 20):
            jobs.add(session, "read_file", ref_id=UUID(int=n + 1))
    for _ in range(9):  # The first two rounds ring for all: a round looks at a hundred.
        ring_once(unit_of_work, bell, again_seconds=0)
    assert MESSAGES_MAX <= bell.waiting(QUEUE) < 2 * MESSAGES_MAX
    empty(app)
    assert ring_once(unit_of_work, bell, again_seconds=0) == 100  # What was lost is rung for.
