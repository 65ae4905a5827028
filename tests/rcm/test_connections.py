"""What processes may open is known before they start, and is asked of the server."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import Engine, text

from api.service import start_service
from cli.main import cli
from cli.stack import environment
from rcm import connections
from rcm.connections import TooFewConnectionsError, check_room, plan, room
from rcm.settings import Settings
from workers.app import check_server

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"
RESERVED = 3  #: PostgreSQL's own default, of superuser_reserved_connections.


def test_the_room_is_what_the_server_says(engine: Engine, owner: Engine) -> None:
    with engine.connect() as connection, owner.connect() as other:
        found = room(connection)
        assert found.max_connections == int(
            connection.execute(text("SHOW max_connections")).scalar_one()
        )
        assert found.limit == found.max_connections - found.reserved
        mine = other.execute(text("SELECT count(*) FROM pg_stat_activity WHERE datname = 'rcm'"))
        assert 2 <= mine.scalar_one() <= found.used + 1


def test_what_can_never_be_is_refused_and_what_is_not_now_is_warned_of(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.connect() as connection, caplog.at_level(logging.WARNING):
        found = room(connection)
        check_room(connection, 1)
        assert not caplog.messages
        with pytest.raises(TooFewConnectionsError, match=rf"gives us {found.limit} \("):
            check_room(connection, found.limit + 1)
        busy = replace(found, used=found.limit - 1)
        monkeypatch.setattr(connections, "room", lambda _: busy)
        check_room(connection, 2)
    (warned,) = caplog.messages
    assert f"and {busy.used} are in use" in warned


@pytest.fixture
def limit(engine: Engine, owner: Engine) -> Iterator[int]:
    """What the database lets in: a few more than there are."""

    def allow(count: int) -> None:
        with owner.begin() as connection:
            connection.execute(text(f"ALTER DATABASE rcm CONNECTION LIMIT {count}"))

    with engine.connect() as connection:
        most = room(connection).used + 5
    allow(most)
    yield most
    allow(-1)


def test_processes_that_want_more_than_there_can_be_do_not_start(
    settings: Settings, limit: int
) -> None:
    with pytest.raises(TooFewConnectionsError, match=f"may open {limit + 1} connections"):
        start_service(settings.model_copy(update={"pool_size": limit + 1}))
    with pytest.raises(TooFewConnectionsError, match=f"may open {2 * limit + 1} connections"):
        check_server(settings, concurrency=limit)


def test_the_command_adds_up_and_says_whether_it_fits(settings: Settings) -> None:
    env = environment(settings)
    fits = CliRunner().invoke(cli, ["connections"], env=env)
    assert fits.exit_code == 0, fits.output
    assert "together" in fits.output
    assert " 26 of " in fits.output
    words = ["connections", "--api", "100", "--worker", "8"]
    too_many = CliRunner().invoke(cli, words, env=env)
    assert too_many.exit_code == 1
    assert "1023 of" in too_many.output
    assert "that is too many" in too_many.stderr


def test_the_containers_fit_into_their_server() -> None:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    given = [each for each in services["postgres"]["command"] if "max_connections" in each]
    most = int(given[0].partition("=")[2])
    workers = [2 for name in services if name.startswith("worker-")]
    assert not [each for each in services.values() if "--concurrency" in each.get("command", ())]
    parts = plan(pool_size=10, apis=1, workers=workers, relays=1)
    assert sum(part.total for part in parts) <= most - RESERVED
