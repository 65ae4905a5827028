"""What passes by itself is tried for an hour and more; a bug is given up soon."""

import pytest
from sqlalchemy import text

from rcm.db import UnitOfWork
from rcm.jobs import KINDS, TRANSIENT_ATTEMPTS_MAX, Handler, TransientJobError, Work
from tests.rcm.job_probes import make_due, promise, row, runner

PATIENT = ("read_file", "post_remittance")


def raising(sql_state: str) -> Handler:
    """A handler whose database fails in this way."""

    def handler(work: Work) -> None:
        with work.transaction() as session:
            session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{sql_state}'; END $$"))

    return handler


def away(_: Work) -> None:
    raise TransientJobError("SFTP-TIMEOUT")


def cut(work: Work) -> None:
    with work.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def parse(_: Work) -> None:
    raise IndexError


def attempts(unit_of_work: UnitOfWork, kind: str, handler: Handler) -> int:
    """How often the job is tried before it is dead."""
    job_id = promise(unit_of_work, kind)
    while row(unit_of_work, job_id).state == "ready":
        make_due(unit_of_work, job_id)
        runner(unit_of_work, handler).run(job_id)
    job = row(unit_of_work, job_id)
    assert job.state == "dead"
    return int(job.attempts)


@pytest.mark.parametrize("kind", PATIENT)
@pytest.mark.parametrize(
    "handler",
    [raising("40P01"), raising("55P03"), raising("40001"), cut, away],
    ids=["deadlock", "lock timeout", "serialization", "connection lost", "partner away"],
)
def test_what_passes_by_itself_is_worth_many_tries(
    unit_of_work: UnitOfWork, kind: str, handler: Handler
) -> None:
    assert attempts(unit_of_work, kind, handler) == TRANSIENT_ATTEMPTS_MAX == 12


@pytest.mark.parametrize("kind", PATIENT)
@pytest.mark.parametrize(
    "handler", [raising("22012"), raising("23505"), parse], ids=["divide", "unique", "bug"]
)
def test_a_bug_is_tried_as_often_as_the_kind_says(
    unit_of_work: UnitOfWork, kind: str, handler: Handler
) -> None:
    assert attempts(unit_of_work, kind, handler) == KINDS[kind].attempts_max
