"""Liveness answers whatever else is away; readiness asks database, schema and broker."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from api.app import make_app
from rcm.db import SCHEMA_VERSION, make_engine, make_unit_of_work
from rcm.doorbell import Broker
from rcm.settings import Settings
from tests.serving import Served, client_of, serving


@pytest.fixture(scope="module")
def lonely(settings: Settings) -> Iterator[Served]:
    """An API whose surroundings a test may take away."""
    with serving(make_app(settings)) as served:
        yield served


def ask(served: Served, path: str) -> tuple[int, dict[str, str]]:
    with client_of(served.url) as stranger:
        answer = stranger.get(f"/api/v1/{path}")
    assert "canary" not in answer.text.lower()
    return answer.status_code, answer.json()


def test_a_process_that_can_serve_is_ready(lonely: Served) -> None:
    assert ask(lonely, "health") == (200, {"status": "ok"})
    assert ask(lonely, "health/ready") == (200, {"status": "ready", "broker": "ok"})


def test_without_the_database_it_is_alive_and_not_ready(lonely: Served) -> None:
    engine = make_engine("postgresql+psycopg://127.0.0.1:1/Canary", pool_size=1)
    service = lonely.app.state.service
    lonely.app.state.service = replace(service, unit_of_work=make_unit_of_work(engine))
    try:
        assert ask(lonely, "health") == (200, {"status": "ok"})
        status, problem = ask(lonely, "health/ready")
    finally:
        lonely.app.state.service = service
    assert (status, problem["code"]) == (503, "DATABASE-AWAY")


def test_without_the_broker_it_serves_and_says_so(lonely: Served) -> None:
    service = lonely.app.state.service
    lonely.app.state.service = replace(service, broker=Broker("redis://127.0.0.1:1"))
    try:
        answer = ask(lonely, "health/ready")
    finally:
        lonely.app.state.service = service
    assert answer == (200, {"status": "degraded", "broker": "away"})


def test_on_a_database_of_another_version_it_is_not_ready(lonely: Served, owner: Engine) -> None:
    change = text("UPDATE alembic_version SET version_num = :version")
    with owner.begin() as connection:
        connection.execute(change, {"version": "9999"})
    try:
        status, problem = ask(lonely, "health/ready")
    finally:
        with owner.begin() as connection:
            connection.execute(change, {"version": SCHEMA_VERSION})
    assert (status, problem["code"]) == (503, "SCHEMA-DIFFERS")
    assert ask(lonely, "health/ready")[0] == 200
