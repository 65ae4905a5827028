"""Real servers for every test that needs them: PostgreSQL and Valkey, private and thrown away."""

import gc
import logging
import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from cli.embedded import Servers, erase_servers, running_servers
from cli.embedded.postgres import ADMIN, OWNER
from rcm.access import passwords
from rcm.clock import SystemRandomness
from rcm.conformance.pyx12 import Pyx12
from rcm.crypto import load_keys, make_key_file
from rcm.db import UnitOfWork, make_engine, make_unit_of_work
from rcm.logs import FIELDS
from rcm.migrations import upgrade
from rcm.settings import Deployment, Settings
from rcm.tools import Tools
from tests.stages import Stages, alone, empty_database

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CANARY = "canary"
CLIENTS = ("httpx", "httpcore")  #: A test's own questions: what is asked is no leak of the service.

#: What mostly waits, for leases, pauses and processes: one worker does it all, one after the other,
#: beside the others, which then have the processors to themselves.
WAITING = (
    "tests/faults/test_kill_points.py",
    "tests/faults/test_service_faults.py",
    "tests/e2e/test_drill.py",
    "tests/faults/test_poison.py",
    "tests/faults/test_process_faults.py",
    "tests/faults/test_relays_and_replays.py",
)


@pytest.hookimpl(optionalhook=True)  # Of pytest-xdist, where `-n auto` asks.
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: servers, browsers and pauses leave some of each."""
    return (os.cpu_count() or 1) + 1


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # It has no types.
    """A file of tests stays in one process, which has its own servers; WAITING are as one file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return WAITING[0] if file in WAITING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Hand out tests by file."""
    return ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without walking over all of it again and again; what is there then stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with WAITING; each file stays whole, and the others stay in their order."""
    ranks = {name: rank for rank, name in enumerate(WAITING)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(ranks)))


class Leaks(logging.Handler):
    """Where a patient's name was logged, at any level: message, fields, traceback and stack."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.places: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        beside = [str(getattr(record, name, "")) for name in FIELDS]
        if CANARY in " ".join([self.format(record), *beside]).lower():
            self.places.append(
                f"{record.levelname} {record.name} {record.pathname}:{record.lineno}"
            )


@pytest.fixture(scope="session", autouse=True)
def _leaks() -> Iterator[Leaks]:
    """Watch every logger from before the first server starts."""
    leaks, root = Leaks(), logging.getLogger()
    level = root.level
    root.addHandler(leaks)
    root.setLevel(logging.DEBUG)
    for name in CLIENTS:
        logging.getLogger(name).setLevel(logging.WARNING)
    yield leaks
    root.setLevel(level)
    root.removeHandler(leaks)


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Hash passwords as fast as can be; how slow it is tests/api/test_sign_in.py asks."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        yield


@pytest.fixture(autouse=True)
def _no_phi_in_logs(_leaks: Leaks) -> Iterator[None]:
    """Fail a test that logs a name, in its fixtures or in its call."""
    yield
    places = _leaks.places.copy()
    _leaks.places.clear()
    assert places == [], "a patient's name was logged there"


def hurry(owner_url: str) -> None:
    """Let a commit be told before it is on disk: no test here pulls the plug of this database."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        name = connection.scalar(text("SELECT quote_ident(current_database())"))
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()


def spare(running: Servers, folder: Path) -> None:
    """Let a database of ours do less: no flush to the disk, no triggers where a test is cleared.

    Its owner may empty and fill it without triggers from then on (tests/stages.py).
    """
    password = folder / "secrets" / ADMIN
    if not password.exists():
        return  # Servers that RCM_TEST_... names are left as they are.
    url = make_url(running.owner_url).set(username=ADMIN, password=password.read_text())
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (
            f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}",
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET autovacuum = off",
            "SELECT pg_reload_conf()",
        ):
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One PostgreSQL and one Valkey for the whole run; `RCM_TEST_...` may name others."""
    folder = tmp_path_factory.mktemp("servers")
    try:
        with running_servers(folder, prefix="RCM_TEST_") as running:
            upgrade(running.owner_url, deployment=Deployment.SANDBOX)
            hurry(running.owner_url)
            spare(running, folder)
            yield running
    finally:
        erase_servers(folder)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A folder that all processes of this run share, and no other run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(pytestconfig, "workerinput") else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def settings(servers: Servers, shared: Path) -> Settings:
    """A sandbox deployment on the test servers, with the key of this run."""
    with alone(shared / "seal.key") as key_file:
        if not key_file.exists():
            make_key_file(key_file)
    return Settings.model_validate(
        {
            "database_url": servers.app_url,
            "database_owner_url": servers.owner_url,
            "redis_url": servers.redis_url,
            "key_file": key_file,
        }
    )


@pytest.fixture(scope="session")
def owner(servers: Servers) -> Iterator[Engine]:
    """The database as rcm_owner: for cleaning up, and for playing the intruder."""
    engine = create_engine(servers.owner_url, pool_size=1, max_overflow=9, pool_pre_ping=True)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def stages(owner: Engine, shared: Path) -> Stages:
    """Where many tests begin."""
    return Stages(owner, shared)


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    """The database as the service sees it: as rcm_app."""
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=10)
    yield engine
    engine.dispose()


@pytest.fixture
def clean_database(owner: Engine) -> None:
    """Begin with empty tables."""
    empty_database(owner)


@pytest.fixture
def unit_of_work(engine: Engine, clean_database: None) -> UnitOfWork:  # noqa: ARG001  # First.
    """Transactions on an empty database, without a doorbell."""
    return make_unit_of_work(engine)


@pytest.fixture(scope="session")
def conformance() -> Iterator[Pyx12]:
    """One validator for the whole run."""
    pyx12 = Pyx12()
    yield pyx12
    pyx12.close()


def still_tools(settings: Settings, conformance: Pyx12) -> Tools:
    """Return the tools of a process whose clock stands still at NOW."""
    return Tools(
        keys=load_keys(settings.key_file),
        randomness=SystemRandomness(),
        clock=lambda: NOW,
        deployment=Deployment.SANDBOX,
        time_zone="America/New_York",
        conformance=conformance,
    )


@pytest.fixture
def tools(settings: Settings, conformance: Pyx12) -> Tools:
    """The tools of a process whose clock stands still at NOW."""
    return still_tools(settings, conformance)
