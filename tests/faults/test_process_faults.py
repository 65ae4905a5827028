"""Faults of one process, one connection, one row: each at the place where it hurts most."""

import json
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from rcm.clock import SystemRandomness
from rcm.db import UnitOfWork, make_engine, make_unit_of_work, snapshot
from rcm.exchange.service import receive_file
from rcm.failpoint import ARMED, FOLDER, SLEEP_SECONDS, counts
from rcm.jobs import QUEUES, Runner
from rcm.settings import Settings
from rcm.waiting import poll
from tests.faults.chaos_proxy import ChaosProxy
from tests.faults.evidence import Evidence
from tests.faults.invariants import check_invariants
from tests.faults.waiting import eventually
from tests.faults.worker_proc import WorkerProc
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, adjust, file_835, payment, remit, send, send_first

COMMITS = 6  #: Of a read and a post: claim and end of each job, and of the verdict.


@pytest.fixture
def claim(practice: Practice) -> Sent:
    """One claim that was sent."""
    (sent,) = send_first(practice, encounter())
    return sent


def holds(practice: Practice, **more: Any) -> None:  # noqa: ANN401  # Fields of Evidence.
    """Check every invariant."""
    with snapshot(practice.unit_of_work) as session:
        check_invariants(
            Evidence(
                session=session,
                tools=practice.tools,
                account=practice.account,
                private=practice.account.with_name("private"),
                lease_seconds=1,
                **more,
            )
        )


def bring(practice: Practice, claim: Sent, *, number: int = 1) -> Any:  # noqa: ANN401  # An id.
    """Let an 835 that pays the claim arrive; nobody has read it yet."""
    rest = adjust("CO", "45", claim.charge_cents - 8_000)
    paid = remit(payment(claim.number, claim.charge_cents, 8_000, rest), trace=f"T{number}")
    with practice.unit_of_work() as session:
        return receive_file(
            session,
            practice.tools,
            partner_id=practice.partner_id,
            name=f"{number}.x12",
            modified=0,
            body=file_835(paid, number=number),
        )


def is_done(practice: Practice) -> bool:
    return not practice.rows("SELECT FROM job WHERE state IN ('ready', 'running')")


def post_attempts(practice: Practice) -> int:
    """How often the post was begun."""
    ((attempts,),) = practice.rows("SELECT attempts FROM job WHERE kind = 'post_remittance'")
    return int(attempts)


def paid_once(practice: Practice) -> None:
    """The one payment is posted, once."""
    assert practice.rows("SELECT state FROM remittance") == [("posted",)]
    ((cash,),) = practice.rows(
        "SELECT sum(amount_cents)::bigint FROM posting WHERE account = 'cash:in-transit'"
    )
    assert cash == 8_000


def sleeping(folder: Path, seconds: int) -> dict[str, str]:
    """An environment whose first post stands still for a while, with everything done in it."""
    return {
        ARMED: "post.settled=1:sleep",
        FOLDER: str(folder),
        SLEEP_SECONDS: str(seconds),
    }


def test_f5_a_worker_that_stood_still_for_three_leases_cannot_commit(
    practice: Practice, settings: Settings, claim: Sent, tmp_path: Path
) -> None:
    bring(practice, claim)
    with WorkerProc(settings, practice.account, env=sleeping(tmp_path, 1)) as frozen:
        eventually(lambda: counts(tmp_path, "post.settled")[1])
        frozen.signal(signal.SIGSTOP)
        time.sleep(3)
        # Its transaction holds the claim's lock: whoever takes over waits for it, or for its end.
        with WorkerProc(settings, practice.account):
            eventually(lambda: post_attempts(practice) > 1, seconds_max=60)
            frozen.signal(signal.SIGCONT)
            eventually(lambda: is_done(practice))
    assert post_attempts(practice) >= 2, "another has taken it over"
    paid_once(practice)
    holds(practice)


def test_f12_a_backend_is_terminated_in_the_middle_of_a_post(
    practice: Practice, settings: Settings, claim: Sent, tmp_path: Path
) -> None:
    bring(practice, claim)
    with WorkerProc(settings, practice.account, env=sleeping(tmp_path, 1)):
        eventually(lambda: counts(tmp_path, "post.settled")[1])
        ended = practice.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = current_user AND state = 'idle in transaction'"
            " AND pid <> pg_backend_pid()"
        )
        assert ended
        eventually(lambda: is_done(practice))
    assert post_attempts(practice) == 2
    paid_once(practice)
    holds(practice)


@contextmanager
def through(settings: Settings) -> Iterator[tuple[ChaosProxy, UnitOfWork]]:
    """The database behind a proxy."""
    url = make_url(settings.database_url.get_secret_value())
    folder = url.query.get("host") or url.host
    assert isinstance(folder, str)
    with ChaosProxy(Path(unquote(folder)) / ".s.PGSQL.5432") as proxy:
        here = url.set(host="127.0.0.1", port=proxy.port, query={})
        engine = make_engine(here.render_as_string(hide_password=False), pool_size=2)
        try:
            yield proxy, make_unit_of_work(engine)
        finally:
            engine.dispose()


def test_f13_the_reply_to_each_commit_of_a_post_is_lost_in_turn(
    practice: Practice, settings: Settings
) -> None:
    """Whether a commit counted is found out by the lease and the keys, never by guessing."""
    claims = send(practice, *(encounter(external_id=f"v{n}") for n in range(COMMITS)))
    with through(settings) as (proxy, unit_of_work):
        runner = Runner(
            unit_of_work=unit_of_work,
            handlers=practice.runner.handlers,
            randomness=SystemRandomness(),
            owner="behind a proxy",
            lease_seconds=1,
        )
        for n, claim in enumerate(claims):
            bring(practice, claim, number=n + 1)
            proxy.lose_answer_to(b"COMMIT", after=n)
            eventually(partial(run_all, practice, runner))
        assert proxy.lost == COMMITS
    assert practice.rows("SELECT count(*) FROM remittance WHERE state = 'posted'") == [(COMMITS,)]
    holds(practice)


def run_all(practice: Practice, runner: Runner) -> bool:
    """Run what is found; tell whether nothing is left."""
    with practice.unit_of_work() as session:
        found = [row for queue in QUEUES for row in poll(session, queue, again_seconds=0)]
    for job_id, _ in found:
        with suppress(SQLAlchemyError):  # What became of it the row knows.
            runner.run(job_id)
    return is_done(practice)


def test_f15_a_pool_of_one_connection_for_fifty_jobs(
    practice: Practice, settings: Settings
) -> None:
    with practice.unit_of_work() as session:
        for n in range(50):
            receive_file(
                session, practice.tools, partner_id=practice.partner_id, name=f"{n}", modified=n,
                body=f"not X12 {n}".encode(),
            )  # fmt: skip
        found = [job_id for job_id, _ in poll(session, "intake", again_seconds=0)]
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    runner = Runner(
        unit_of_work=make_unit_of_work(engine),
        handlers=practice.runner.handlers,
        randomness=SystemRandomness(),
        owner="one connection",
    )
    with ThreadPoolExecutor(50) as pool:
        list(pool.map(runner.run, found))
    engine.dispose()
    practice.drain()
    assert practice.rows("SELECT count(*) FROM file WHERE state = 'quarantined'") == [(50,)]
    holds(practice)


def test_f17_a_log_on_a_full_disk_stops_no_work(
    practice: Practice, settings: Settings, claim: Sent
) -> None:
    log = practice.account.with_name("worker_proc.log")
    log.symlink_to("/dev/full")
    bring(practice, claim)
    with WorkerProc(settings, practice.account):
        eventually(lambda: is_done(practice))
    log.unlink()
    paid_once(practice)
    holds(practice)


def test_f18_what_is_received_touches_no_disk_but_the_databases(
    practice: Practice, settings: Settings, tmp_path: Path
) -> None:
    """There is no staging folder: with nowhere to write a file, files are fetched all the same."""
    send(practice, encounter())
    practice.clearinghouse.visit()
    nowhere = tmp_path / "nowhere"
    env = {"TMPDIR": str(nowhere), "HOME": str(nowhere), "PYTHONDONTWRITEBYTECODE": "1"}
    before = {each for each in tmp_path.rglob("*") if practice.account not in each.parents}
    practice.exchange(rounds=1)
    with WorkerProc(settings, practice.account, env=env):
        eventually(lambda: is_done(practice))
    after = {each for each in tmp_path.rglob("*") if practice.account not in each.parents}
    assert {each.name for each in after - before} <= {"worker_proc.log"}
    assert practice.rows("SELECT FROM file WHERE direction = 'inbound'")


@pytest.mark.parametrize("when", ["before it is read", "before it is posted"])
def test_f19_a_flipped_byte_in_what_is_stored_is_kept_aside_and_never_half_posted(
    practice: Practice, owner: Engine, claim: Sent, when: str
) -> None:
    file_id = bring(practice, claim)
    if when == "before it is posted":
        with practice.unit_of_work() as session:
            ((job_id, _),) = poll(session, "intake", again_seconds=0)
        practice.runner.run(job_id)
    with owner.begin() as connection:
        flipped = "set_byte(sealed, 60, 255 - get_byte(sealed, 60))"
        connection.execute(
            text(f"UPDATE file_chunk SET sealed = {flipped} WHERE file_id = :id"), {"id": file_id}
        )
    practice.drain()
    assert practice.rows("SELECT FROM remittance") == []
    assert practice.rows("SELECT FROM posting WHERE account <> 'revenue:charges'"
        " AND account <> 'receivable:payer'") == []  # fmt: skip
    ((state, findings),) = practice.rows(
        "SELECT state, findings FROM file WHERE id = :id", id=file_id
    )
    if when == "before it is read":
        assert (state, "X12-FILE-DAMAGED" in json.dumps(findings)) == ("quarantined", True)
        assert practice.rows("SELECT FROM work_item WHERE kind = 'file' AND state = 'open'")
    else:
        assert practice.rows(
            "SELECT kind, last_error_code FROM job WHERE state = 'dead' ORDER BY kind"
        ) == [("check_conformance", "FILE-DAMAGED"), ("post_remittance", "FILE-DAMAGED")]
    holds(practice, damaged=frozenset({file_id}), is_drained=False)


def test_f19_a_flipped_byte_in_a_frozen_file_is_never_sent(
    practice: Practice, owner: Engine
) -> None:
    (frozen,) = send(practice, encounter(), is_delivered=False)
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE file_chunk SET sealed = set_byte(sealed, 60, 255 - get_byte(sealed, 60))")
        )
    practice.drain()
    assert not list((practice.account / "to_payer").iterdir())
    assert practice.rows("SELECT state, last_error_code FROM job WHERE kind = 'deliver_file'") == [
        ("dead", "FILE-DAMAGED")
    ]
    assert practice.rows("SELECT state FROM file") == [("frozen",)]
    holds(practice, damaged=frozenset({frozen.file_id}), is_drained=False)


def test_a_connection_that_is_given_back_broken_is_not_used_again(settings: Settings) -> None:
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    unit_of_work = make_unit_of_work(engine)
    with unit_of_work() as session:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    with make_unit_of_work(other)() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    with unit_of_work() as session:
        assert session.execute(text("SELECT pg_backend_pid()")).scalar_one() != pid
    other.dispose()
    engine.dispose()
