"""What the tests of the business share: a seeded practice, and a table to see effects in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from rcm.access import Actor
from rcm.chains.model import Chain
from rcm.clock import SystemRandomness
from rcm.conformance.pyx12 import Pyx12
from rcm.crypto import load_keys
from rcm.db import UnitOfWork, make_unit_of_work
from rcm.settings import Deployment, Settings
from rcm.tools import Tools
from tests.conftest import NOW
from tests.harness import EVERYTHING, Practice, make_practice
from tests.rcm.chain_probes import Books, Intruder, make_books
from tests.rcm.eligibility_files import Office, make_office
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, send, send_first
from tests.stages import Stages, empty_database


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path, stages: Stages) -> Practice:
    """The sample organisation on an empty database, with its clearinghouse in a folder."""
    return make_practice(unit_of_work, tools, tmp_path, stages)


@pytest.fixture
def claim(practice: Practice) -> Sent:
    """The one claim of that practice, sent."""
    (sent,) = send_first(practice, encounter())
    return sent


@pytest.fixture
def claims(practice: Practice) -> list[Sent]:
    """Two claims of that practice, sent in one file."""
    return send_first(practice, encounter(), encounter(external_id="two"))


@pytest.fixture
def client(practice: Practice) -> Actor:
    """Who calls."""
    return Actor(id=practice.actor_id, name="test", roles=frozenset(EVERYTHING))


@pytest.fixture
def office(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path, stages: Stages) -> Office:
    """The same, with a clock that a test may move."""
    return make_office(unit_of_work, tools, tmp_path, stages)


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


@pytest.fixture
def books(practice: Practice, claim: Sent, tmp_path: Path) -> Books:
    """Ledger and audit log with something in them that is not chained yet."""
    ((file_id,),) = practice.rows(
        "SELECT file_id FROM submission WHERE claim_id = :id", id=claim.id
    )
    made = make_books(practice.unit_of_work, practice.tools, file_id, tmp_path)
    with made.unit_of_work() as session:
        made.add(session)
    return made


@pytest.fixture(scope="module")
def standing(
    owner: Engine,
    engine: Engine,
    settings: Settings,
    conformance: Pyx12,
    tmp_path_factory: pytest.TempPathFactory,
) -> Books:
    """Six links of seven rows and more, an hour apart: made once, since nobody keeps a change."""
    empty_database(owner)
    folder = tmp_path_factory.mktemp("books")
    tools = Tools(
        keys=load_keys(settings.key_file),
        randomness=SystemRandomness(),
        clock=lambda: NOW,
        deployment=Deployment.SANDBOX,
        time_zone="America/New_York",
        conformance=conformance,
    )
    practice = make_practice(make_unit_of_work(engine), tools, folder)
    send(practice, encounter())
    ((file_id,),) = practice.rows("SELECT id FROM file")
    made = make_books(practice.unit_of_work, tools, file_id, folder)
    made.fill()
    for chain in Chain:
        assert made.verify(chain).is_true
    return made


@pytest.fixture(params=list(Chain))
def intruder(request: pytest.FixtureRequest, standing: Books, owner: Engine) -> Iterator[Intruder]:
    """Who owns the database, before each chain; nothing of what they do stays."""
    with owner.connect() as connection, Session(connection) as session:
        yield Intruder(standing, session, request.param)
        session.rollback()


@pytest.fixture
def folder(standing: Books, tmp_path: Path) -> Path:
    """A copy of the checkpoints that a test may change."""
    return Path(shutil.copytree(standing.folder, tmp_path / "checkpoints"))
