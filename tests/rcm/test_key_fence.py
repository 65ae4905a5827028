"""A process with another sealing key than its database's refuses to start, whatever it is."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.service import start_service
from cli.main import cli
from rcm.crypto import KeyFileError, make_key_file
from rcm.db import UnitOfWork
from rcm.doorbell import Doorbell, make_celery
from rcm.parties.seed import seed_parties
from rcm.settings import Settings
from rcm.tools import Tools
from tests.harness import NOWHERE, PARTIES
from workers import relay
from workers.app import check_server, make_runner

WORDS = "RCM_KEY_FILE is not the key that this database is sealed with"


@pytest.fixture
def other(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same database with another key that is a key, in the environment too."""
    make_key_file(tmp_path / "other.key")
    monkeypatch.setenv("RCM_DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("RCM_REDIS_URL", settings.redis_url.get_secret_value())
    monkeypatch.setenv("RCM_KEY_FILE", str(tmp_path / "other.key"))
    return settings.model_copy(update={"key_file": tmp_path / "other.key"})


def test_nothing_starts_with_another_key(
    other: Settings, settings: Settings, unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path
) -> None:
    start_service(other).close()  # Nothing is sealed yet: the first key is the database's.
    with unit_of_work() as session:
        seed_parties(session, tools, PARTIES, NOWHERE)
    start_service(settings).close()
    check_server(settings, concurrency=1)
    with pytest.raises(KeyFileError, match=WORDS):
        start_service(other)
    with pytest.raises(KeyFileError, match=WORDS):
        check_server(other, concurrency=1)
    with pytest.raises(KeyFileError, match=WORDS):
        make_runner(other, Doorbell(make_celery("redis://127.0.0.1:1")))
    with pytest.raises(KeyFileError, match=WORDS):
        relay.main()
    backup = tmp_path / "backup"
    refused = CliRunner().invoke(cli, ["backup", str(backup)])
    assert isinstance(refused.exception, KeyFileError)
    assert not backup.exists(), "sealed with a key that nobody keeps"


def test_the_right_key_is_not_refused_for_a_row_that_is_damaged(
    settings: Settings, unit_of_work: UnitOfWork, tools: Tools
) -> None:
    with unit_of_work() as session:
        seed_parties(session, tools, PARTIES, NOWHERE)
        seed_parties(
            session, tools, PARTIES | {"partner": PARTIES["partner"] | {"name": "Other"}}, NOWHERE
        )
        session.connection().exec_driver_sql(
            "UPDATE trading_partner SET private_key_sealed = 'x' WHERE name = 'Other'"
        )
    start_service(settings).close()
