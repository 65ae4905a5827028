"""How a worker starts: a database that is away is waited for, one that is not its own refused."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from cli.stack import environment
from rcm.crypto import KeyFileError
from rcm.db import SCHEMA_VERSION, SchemaVersionError, UnitOfWork, UnsafeRoleError
from rcm.doorbell import TASK, Doorbell, make_celery
from rcm.jobs import Runner
from rcm.settings import Settings
from tests.rcm.job_probes import promise, row, runner
from workers.app import OfProcess, check_server, make_runner, make_worker


def test_a_process_that_began_without_the_database_works_once_it_is_back(
    unit_of_work: UnitOfWork, settings: Settings
) -> None:
    asked: list[Doorbell] = []

    def make(_: Settings, bell: Doorbell) -> Runner:
        asked.append(bell)
        if len(asked) == 1:
            raise OperationalError("SELECT 1", None, ConnectionError())
        return runner(unit_of_work, lambda _: None)

    run_job = make_worker(settings, make).tasks[TASK]
    job_ids = [promise(unit_of_work), promise(unit_of_work, "read_file")]
    with pytest.raises(OperationalError):
        run_job(str(job_ids[0]))
    assert row(unit_of_work, job_ids[0]).state == "ready"
    for job_id in job_ids:
        run_job(str(job_id))
        assert row(unit_of_work, job_id).state == "done"
    assert len(asked) == 2, "once it is there it stays"


@pytest.fixture
def newer(owner: Engine) -> Iterator[None]:
    """Another version has migrated the database."""
    change = text("UPDATE alembic_version SET version_num = :version")
    with owner.begin() as connection:
        connection.execute(change, {"version": "9999"})
    yield
    with owner.begin() as connection:
        connection.execute(change, {"version": SCHEMA_VERSION})


@pytest.mark.usefixtures("newer")
def test_a_worker_refuses_a_database_of_another_version(settings: Settings) -> None:
    with pytest.raises(SchemaVersionError, match="start the version that migrated it"):
        check_server(settings, concurrency=1)


@pytest.mark.usefixtures("newer")
def test_a_process_that_an_old_worker_replaces_after_an_upgrade_says_why_it_is_idle(
    settings: Settings, unit_of_work: UnitOfWork, caplog: pytest.LogCaptureFixture
) -> None:
    job_id = promise(unit_of_work)
    of_process = OfProcess(
        lambda: make_runner(settings, Doorbell(make_celery("redis://127.0.0.1:1")))
    )
    of_process.begin()
    assert "start the version that migrated it; this process takes no work" in caplog.text
    with pytest.raises(SchemaVersionError):
        of_process.runner()
    assert row(unit_of_work, job_id).state == "ready"


def test_a_worker_refuses_to_be_the_owner(settings: Settings) -> None:
    owner = settings.model_copy(update={"database_url": settings.database_owner_url})
    with pytest.raises(UnsafeRoleError):
        check_server(owner, concurrency=1)


def test_a_worker_refuses_a_signing_key_that_is_none(settings: Settings, tmp_path: Path) -> None:
    wrong = {"signing_key_file": tmp_path / "nowhere", "checkpoint_folder": tmp_path}
    with pytest.raises(KeyFileError, match="RCM_SIGNING_KEY_FILE cannot be read"):
        check_server(settings.model_copy(update=wrong), concurrency=1)


def test_a_worker_waits_for_a_database_that_is_away(settings: Settings) -> None:
    url = type(settings.database_url)("postgresql+psycopg://127.0.0.1:1/x")
    check_server(settings.model_copy(update={"database_url": url}), concurrency=2)


@pytest.mark.parametrize("module", ["workers.app", "workers.relay"])
@pytest.mark.parametrize(
    ("named", "value", "words"),
    [
        ("RCM_DATABASE_URL", None, "rcm: RCM_DATABASE_URL: Field required"),
        ("RCM_KEY_FILE", "/nowhere/seal.key", "rcm: RCM_KEY_FILE"),
        ("RCM_DEPLOYMENT", "production", "rcm: the database is of a sandbox deployment"),
    ],
)
def test_what_is_refused_at_the_start_is_said_in_words(
    settings: Settings, module: str, named: str, value: str | None, words: str
) -> None:
    left_out = {named, "RCM_SIGNING_KEY_FILE", "RCM_CHECKPOINT_FOLDER"}  # These settings name none.
    env = {name: told for name, told in environment(settings).items() if name not in left_out}
    ended = subprocess.run(
        [sys.executable, "-m", module],
        env=env | ({named: value} if value else {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
