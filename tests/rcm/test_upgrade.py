"""An upgrade with work in flight: what is held is ended, what waits is the new version's."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from cli.embedded import Servers, erase_servers, running_servers
from cli.main import cli
from cli.stack import environment
from rcm import jobs
from rcm.db import (
    PROMISED,
    SCHEMA_VERSION,
    UnitOfWork,
    WrongDeploymentError,
    make_engine,
    make_unit_of_work,
    schema_version,
)
from rcm.jobs import QUEUES, Runner, Work
from rcm.migrations import DatabaseBusyError, upgrade
from rcm.schema_fence import SchemaFence
from rcm.settings import Deployment, Settings
from rcm.tools import Tools
from rcm.waiting import poll
from tests.rcm.job_probes import expire, promise, row, runner
from workers import relay

#: The way from here changes a table that jobs write to, so it has to wait for them.
OLDER, CHANGED = "0010", "ledger_entry"
SECONDS_MAX = 30


@pytest.fixture
def servers_of_before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A cluster as an older version left it."""
    folder = tmp_path_factory.mktemp("before")
    try:
        with running_servers(folder, prefix="RCM_NO_SUCH_") as running:
            upgrade(running.owner_url, deployment=Deployment.SANDBOX, revision=OLDER)
            yield running
    finally:
        erase_servers(folder)


@pytest.fixture
def before(servers_of_before: Servers) -> Iterator[Engine]:
    engine = make_engine(servers_of_before.app_url, pool_size=10)
    yield engine
    engine.dispose()


class Slow:
    """A handler that holds a table, or nothing but its lease, until it is let go."""

    def __init__(self, table: str | None = None) -> None:
        self.table = table
        self.holds, self.may_end = threading.Event(), threading.Event()

    def __call__(self, work: Work) -> None:
        if self.table is None:
            self._wait()
            return
        with work.finish() as session:
            session.execute(text(f"LOCK TABLE {self.table} IN ROW EXCLUSIVE MODE"))
            self._wait()

    @contextmanager
    def letting_go(self) -> Iterator[None]:
        """Let it go at the end of the block, also where a test fails in it."""
        try:
            yield
        finally:
            self.may_end.set()

    def _wait(self) -> None:
        self.holds.set()
        assert self.may_end.wait(SECONDS_MAX)


def version_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return schema_version(connection)


def promise_many(unit_of_work: UnitOfWork, count: int) -> list[UUID]:
    with unit_of_work() as session:
        for part in range(count):
            jobs.add(session, "read_file", ref_part=part)
        return [UUID(str(job_id)) for job_id, _ in session.info[PROMISED]]


def run_all(of_now: Runner) -> None:
    """Run what a relay would ring for."""
    for queue in QUEUES:
        with of_now.unit_of_work() as session:
            found = poll(session, queue, again_seconds=0)
        for job_id, _ in found:
            of_now.run(job_id)


def test_an_upgrade_with_jobs_queued_and_running_loses_none(
    servers_of_before: Servers, before: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    owner_url = servers_of_before.owner_url
    unit_of_work = make_unit_of_work(before)
    of_before = replace(runner(unit_of_work, lambda _: None), fence=SchemaFence(OLDER))
    ran: Counter[UUID] = Counter()
    of_now = runner(unit_of_work, lambda work: ran.update([work.job.id]))
    queued = promise_many(unit_of_work, 20)
    in_table, in_hand = Slow(CHANGED), Slow()
    posts, reads = promise(unit_of_work, "post_remittance"), promise(unit_of_work, "batch_claims")
    orphan = promise(unit_of_work, "check_coverages")
    _abandon(unit_of_work, orphan)
    with ThreadPoolExecutor() as pool, in_table.letting_go(), in_hand.letting_go():
        held = [
            pool.submit(replace(of_before, handlers={kind: slow}).run, job_id)
            for kind, slow, job_id in (
                ("post_remittance", in_table, posts),
                ("batch_claims", in_hand, reads),
            )
        ]
        assert in_table.holds.wait(SECONDS_MAX)
        assert in_hand.holds.wait(SECONDS_MAX)
        with pytest.raises(DatabaseBusyError, match="nothing was changed"):
            upgrade(owner_url, deployment=Deployment.SANDBOX, tries=1)
        assert version_of(before) == OLDER
        in_table.may_end.set()
        upgrade(owner_url, deployment=Deployment.SANDBOX)
        assert version_of(before) == SCHEMA_VERSION
        of_before.run(queued[0])
        left = row(unit_of_work, queued[0])
        assert (left.state, left.attempts) == ("ready", 0), "it is the new version's"
        assert "takes no work any more" in caplog.text
        in_hand.may_end.set()
        for each in held:
            each.result(SECONDS_MAX)
    assert {row(unit_of_work, each).state for each in (posts, reads)} == {"done"}
    run_all(of_now)
    assert ran == Counter([*queued, orphan]), "each once, and none that was done"
    with unit_of_work() as session:
        states = session.execute(text("SELECT state, count(*) FROM job GROUP BY 1")).all()
    assert [tuple(each) for each in states] == [("done", 23)]


def test_the_database_of_another_deployment_is_not_migrated(
    servers_of_before: Servers, before: Engine
) -> None:
    with pytest.raises(WrongDeploymentError):
        upgrade(servers_of_before.owner_url, deployment=Deployment.PRODUCTION)
    assert version_of(before) == OLDER


def _abandon(unit_of_work: UnitOfWork, job_id: UUID) -> None:
    """Leave a job as a worker does that was killed with it."""
    with unit_of_work() as session:
        session.execute(
            text(
                "UPDATE job SET state = 'running', attempts = 1, lease_token = gen_random_uuid(),"
                " lease_owner = 'killed' WHERE id = :id"
            ),
            {"id": job_id},
        )
    expire(unit_of_work, job_id)


@pytest.fixture
def newer(owner: Engine) -> Iterator[None]:
    """Another version has migrated the database."""
    _set_version(owner, "9999")
    yield
    _set_version(owner, SCHEMA_VERSION)


def _set_version(owner: Engine, version: str) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :version"), {"version": version}
        )


@pytest.mark.usefixtures("newer")
def test_a_command_of_this_version_refuses_a_newer_database(settings: Settings) -> None:
    answer = CliRunner().invoke(cli, ["health"], env=environment(settings))
    assert "start the version that migrated it" in str(answer.exception)


@pytest.mark.usefixtures("newer")
def test_a_relay_that_finds_a_newer_database_begins_nothing(
    unit_of_work: UnitOfWork,
    settings: Settings,
    tools: Tools,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    job_id = promise(unit_of_work)
    with unit_of_work() as session:
        session.execute(text("UPDATE job SET nudged_at = NULL"))
    monkeypatch.setattr(relay, "POLL_SECONDS", 0.01)
    over = threading.Event()
    rung: list[object] = []
    threads = [
        threading.Thread(
            target=relay.serve,
            args=(unit_of_work, tools, rung.append, over, settings.lease_seconds),
        ),
        threading.Thread(
            target=relay.ring_from_a_worker,
            args=(settings, None, over),
            kwargs={"every_seconds": 0.01},
        ),
    ]
    for thread in threads:
        thread.start()
    over.wait(1)
    over.set()
    for thread in threads:
        thread.join()
    assert rung == []
    assert row(unit_of_work, job_id).nudged_at is None
    said = [line for line in caplog.messages if "takes no work any more" in line]
    assert len(said) == len(threads), "once a minute, not at every look"
