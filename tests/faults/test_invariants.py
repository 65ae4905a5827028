"""Each invariant holds after an ordinary day, and fails when what it guards is broken."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cli.embedded import Servers
from rcm.access.audit import record_operator
from rcm.chains.service import chain_rows
from rcm.clock import SystemRandomness
from rcm.crypto import load_keys
from rcm.db import make_unit_of_work, snapshot
from rcm.settings import Deployment, Settings
from rcm.tools import Tools
from samples.encounters import encounters
from tests.conftest import NOW
from tests.faults.broken import BROKEN, Break, sql
from tests.faults.evidence import Evidence
from tests.faults.invariants import INVARIANTS, check_invariants
from tests.harness import TODAY, Practice, make_practice
from tests.rcm.partner_files import adjust, file_835, payment, receive, remit, sent
from tests.stages import empty_database

POSTED = 16  #: The kinds of samples up to one that is held.


@pytest.fixture(scope="module")
def day(
    owner: Engine, engine: Engine, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Practice, frozenset[str]]:
    """A practice after an ordinary day, one bad file and one remittance that does not add up."""
    empty_database(owner)
    tools = Tools(
        keys=load_keys(settings.key_file),
        randomness=SystemRandomness(),
        clock=lambda: NOW,
        deployment=Deployment.SANDBOX,
        time_zone="America/New_York",
    )
    practice = make_practice(make_unit_of_work(engine), tools, tmp_path_factory.mktemp("day"))
    made = [encounter for _, encounter in encounters(POSTED, seed=5, today=TODAY)]
    practice.post(*made)
    practice.exchange(rounds=4)
    number = sent(practice)[0].number
    receive(practice, b"not X12")
    off = remit(payment(number, 10_000, 9_000, adjust("CO", "45", 500)), paid=8_999)
    receive(practice, file_835(off, number=999))
    with practice.unit_of_work() as session:
        record_operator(session, tools, "user.link", about="user", about_id=practice.actor_id)
    chain_rows(practice.unit_of_work, tools.clock, None)
    return practice, frozenset(each["external_id"] for each in made)


@pytest.fixture
def evidence(
    day: tuple[Practice, frozenset[str]], owner: Engine, servers: Servers, tmp_path: Path
) -> Iterator[Evidence]:
    """That day, seen by the owner in a transaction that is never committed; folders are a copy."""
    practice, posted = day
    shutil.copytree(practice.account, tmp_path / "account")
    with owner.connect() as connection, Session(bind=connection) as session:
        yield Evidence(
            session=session,
            tools=practice.tools,
            account=tmp_path / "account",
            private=practice.account.with_name("private"),
            posted=posted,
            logs=[tmp_path / "log"],
            redis_url=servers.redis_url,
        )
        session.rollback()


def test_all_hold_after_an_ordinary_day_and_look_at_something(evidence: Evidence) -> None:
    check_invariants(evidence)
    for table in ("remittance WHERE state = 'posted'", "remittance WHERE state = 'held'"):
        assert evidence.rows(f"SELECT FROM {table}"), table
    assert evidence.rows("SELECT FROM file WHERE state = 'quarantined'")
    assert evidence.folder("archive")
    assert evidence.folder("to_payer")
    assert sum(len(each) for each in evidence.payments().values()) > 1


@pytest.mark.parametrize(
    ("name", "words", "act"), BROKEN, ids=[f"{name}: {words}" for name, words, _ in BROKEN]
)
def test_an_invariant_sees_what_it_guards_against(
    evidence: Evidence, name: str, words: str, act: Break, tmp_path: Path
) -> None:
    assert not list(INVARIANTS[name](evidence))
    act(evidence, tmp_path)
    found = list(INVARIANTS[name](evidence))
    with redis.Redis.from_url(evidence.redis_url) as broker:
        broker.delete("rcm:test")
    assert [each for each in found if words in each], found


def test_a_delay_beside_a_fault_is_seen(evidence: Evidence) -> None:
    slow = replace(evidence, delays={"alone": [2_500] * 20, "beside": [2_500] * 15 + [6_000] * 5})
    (found,) = INVARIANTS["I11"](slow)
    assert "others took 6000 ms" in found
    assert not list(
        INVARIANTS["I11"](replace(slow, delays={"alone": [9] * 20, "beside": [99] * 9}))
    )


def test_every_invariant_has_a_way_to_fail() -> None:
    assert {name for name, _, _ in BROKEN} | {"I11"} == INVARIANTS.keys()


def test_all_that_is_wrong_is_told_at_once(evidence: Evidence) -> None:
    sql("UPDATE posting SET amount_cents = amount_cents + 1 WHERE n = 1")(evidence, Path())
    with pytest.raises(AssertionError, match=r"(?s)I2: .*I3: "):
        check_invariants(evidence)


def test_they_may_be_asked_of_one_moment(
    evidence: Evidence, day: tuple[Practice, frozenset[str]]
) -> None:
    with snapshot(day[0].unit_of_work) as session:
        check_invariants(replace(evidence, session=session))
