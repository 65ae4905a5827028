"""What the tests of the business share: a seeded practice, and a table to see effects in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from rcm.access import Actor
from rcm.db import UnitOfWork
from rcm.tools import Tools
from tests.harness import EVERYTHING, Practice, make_practice
from tests.rcm.eligibility_files import Office, make_office
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, send


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path) -> Practice:
    """The sample organisation on an empty database, with its clearinghouse in a folder."""
    return make_practice(unit_of_work, tools, tmp_path)


@pytest.fixture
def claim(practice: Practice) -> Sent:
    """The one claim of that practice, sent."""
    (sent,) = send(practice, encounter())
    return sent


@pytest.fixture
def claims(practice: Practice) -> list[Sent]:
    """Two claims of that practice, sent in one file."""
    return send(practice, encounter(), encounter(external_id="two"))


@pytest.fixture
def client(practice: Practice) -> Actor:
    """Who calls."""
    return Actor(id=practice.actor_id, name="test", roles=frozenset(EVERYTHING))


@pytest.fixture
def office(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path) -> Office:
    """The same, with a clock that a test may move."""
    return make_office(unit_of_work, tools, tmp_path)


@pytest.fixture
def scratch(owner: Engine, unit_of_work: UnitOfWork) -> Iterator[UnitOfWork]:
    """Transactions beside a table `scratch`, where the jobs of a test leave their effects."""
    drop = text("DROP TABLE IF EXISTS scratch")
    with owner.begin() as connection:
        connection.execute(drop)
        connection.execute(
            text(
                "CREATE TABLE scratch (job_id uuid, word text NOT NULL DEFAULT '',"
                " is_swept boolean NOT NULL DEFAULT false)"
            )
        )
        connection.execute(text("GRANT ALL ON scratch TO rcm_app"))
    yield unit_of_work
    with owner.begin() as connection:
        connection.execute(drop)
