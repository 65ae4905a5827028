"""A million audit events: whatever is done to one of them at a random place is found, and named."""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from rcm.chains.model import Chain
from rcm.clock import SystemRandomness
from rcm.crypto import load_keys
from rcm.db import make_unit_of_work
from rcm.settings import Deployment, Settings
from rcm.tools import Tools
from tests.conftest import NOW
from tests.rcm.chain_probes import Books, Intruder, make_books, named
from tests.scale import scaled
from tests.stages import empty_database

pytestmark = pytest.mark.long
EVENTS = scaled(1_000_000)
_AT_ONCE = 50_000
_RECORD = text("""
    INSERT INTO audit_event (at, actor_name, action, about, about_id, detail, roles)
    SELECT :now - make_interval(secs => :events - n), 'Pat Reed',
        (ARRAY['claim.view', 'file.download', 'login'])[1 + n % 3], 'claim', gen_random_uuid(),
        n::text, '{biller}'
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
""")


@pytest.fixture(scope="module")
def books(
    owner: Engine, engine: Engine, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Books]:
    """One event a second, chained and signed; nobody keeps a change."""
    empty_database(owner)
    folder = tmp_path_factory.mktemp("books")
    tools = Tools(
        keys=load_keys(settings.key_file),
        randomness=SystemRandomness(),
        clock=lambda: NOW,
        deployment=Deployment.SANDBOX,
        time_zone="America/New_York",
    )
    made = make_books(make_unit_of_work(engine), tools, SystemRandomness().uuid(), folder)
    for first in range(1, EVENTS + 1, _AT_ONCE):
        last = min(EVENTS, first + _AT_ONCE - 1)
        with made.unit_of_work() as session:
            values = {"now": NOW, "events": EVENTS, "first": first, "last": last}
            session.execute(_RECORD, values)
    made.link()
    yield made
    empty_database(owner)


@pytest.fixture
def intruder(books: Books, owner: Engine) -> Iterator[Intruder]:
    with owner.connect() as connection, Session(connection) as session:
        yield Intruder(books, session, Chain.AUDIT)
        session.rollback()


def test_a_million_events_are_proven_in_flat_memory(books: Books, settings: Settings) -> None:
    """As an auditor runs it; `-o log_cli=true --log-cli-level=INFO` shows the figures."""
    env = {
        "RCM_DATABASE_URL": settings.database_url.get_secret_value(),
        "RCM_REDIS_URL": settings.redis_url.get_secret_value(),
        "RCM_KEY_FILE": str(settings.key_file),
        "RCM_CHECKPOINT_FOLDER": str(books.folder),
    }
    peak = "import resource; peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
    program = (
        "import json, sys; from click.testing import CliRunner; from cli.main import cli;"
        f"{peak}; before = peak;"
        " told = CliRunner().invoke(cli, ['audit', 'verify', '--json']).stdout;"
        f"{peak}; used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]);"
        " print(json.dumps([json.loads(told), before, peak, used]))"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )
    seconds = time.monotonic() - began
    told, before_kb, peak_kb, used = json.loads(done.stdout)
    assert (told["is_true"], told["rows"], told["unsigned_links"]) == (True, EVENTS, 0)
    assert peak_kb - before_kb < 64 * 1024, "one link at a time, not all of them"
    megabytes = (peak_kb - before_kb) // 1024
    words = "%d events: %.1f s, of them %.1f s of processor time of ours, %d MB"
    logging.getLogger(__name__).info(words, EVENTS, seconds, used, megabytes)


def _edit(intruder: Intruder, row_id: str, random: Random) -> str:
    intruder.edit(row_id, random)
    return row_id


def _remove(intruder: Intruder, row_id: str, _: Random) -> str:
    intruder.remove(row_id)
    return row_id


def _insert(intruder: Intruder, row_id: str, random: Random) -> str:
    return intruder.insert_beside(row_id, keeps_xid=random.random() < 0.5)


def _exchange(intruder: Intruder, row_id: str, random: Random) -> str:
    intruder.exchange(row_id, random.choice(intruder.ids()))
    return row_id


def _cut(intruder: Intruder, _row_id: str, random: Random) -> str:
    links = -(-EVENTS // 1_000)
    before = intruder.ids()
    # Few enough links that every row can be named.
    intruder.cut(links if random.random() < 0.5 else max(1, links - 1))
    return before[len(intruder.ids())]


ATTACKS: Mapping[str, Callable[[Intruder, str, Random], str]] = {
    "changed": _edit,
    "removed": _remove,
    "inserted": _insert,
    "reordered": _exchange,
    "cut": _cut,
}


@pytest.mark.parametrize("seed", range(scaled(3)))
@pytest.mark.parametrize("what", ATTACKS)
def test_one_of_a_million_is_named(intruder: Intruder, what: str, seed: int) -> None:
    random = Random(seed)
    row_id = ATTACKS[what](intruder, random.choice(intruder.ids()), random)
    assert row_id in named(intruder.verify(), what)


@pytest.mark.parametrize("what", ["changed", "removed", "inserted"])
def test_one_of_a_million_is_named_under_a_chain_rewritten_whole(
    intruder: Intruder, what: str
) -> None:
    random = Random(835)
    if what == "inserted":
        row_id = intruder.insert_beside(random.choice(intruder.ids()), keeps_xid=True)
    else:
        row_id = ATTACKS[what](intruder, random.choice(intruder.ids()), random)
    intruder.rewrite()
    assert intruder.verify(is_signed=False).is_true, "only a checkpoint can tell"
    proof = intruder.verify()
    assert named(proof, what) == [row_id]
    assert "rewritten" in {breach.what for breach in proof.breaches}
