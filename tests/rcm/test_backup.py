"""A backup: what it holds comes back equal, row by row; what was changed, cut or mixed does not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from cli.embedded import Servers, erase_servers, running_servers
from rcm import jobs
from rcm.backup import BackupError, Restored, restore_backup, store, write_backup
from rcm.backup.frames import MAGIC
from rcm.crypto import Keys
from rcm.db import SCHEMA_VERSION, make_engine, make_unit_of_work, schema_version, snapshot
from rcm.migrations import upgrade
from rcm.parties.store import set_paused
from rcm.proof import verify
from rcm.rows import METADATA
from rcm.settings import Deployment
from rcm.tools import Tools
from samples.encounters import encounters
from tests.harness import TODAY, Practice, make_practice

_FIRST_FRAME = len(MAGIC) + 16


@pytest.fixture(scope="module")
def other_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Another cluster, as after a fire."""
    folder = tmp_path_factory.mktemp("other")
    try:
        with running_servers(folder, prefix="RCM_NO_SUCH_") as running:
            yield running
    finally:
        erase_servers(folder)


@pytest.fixture
def empty(other_servers: Servers) -> Iterator[str]:
    """The owner's URL of a database without a schema."""
    engine = create_engine(other_servers.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DROP OWNED BY rcm_owner"))
    yield other_servers.owner_url
    engine.dispose()


@pytest.fixture
def practice(unit_of_work: Callable[..., object], tools: Tools, tmp_path: Path) -> Practice:
    """A practice whose claims were sent, answered and paid."""
    made = make_practice(unit_of_work, tools, tmp_path)  # type: ignore[arg-type]
    made.post(*(each for _, each in encounters(12, seed=5, today=TODAY)))
    made.exchange(rounds=3)
    return made


@pytest.fixture
def backup(practice: Practice, tmp_path: Path) -> Path:
    """Its backup."""
    return take(practice, tmp_path / "rcm.backup")


def take(practice: Practice, path: Path) -> Path:
    with snapshot(practice.unit_of_work) as session:
        write_backup(session, practice.tools, path, lambda *_: None)
    return path


def restore(owner_url: str, tools: Tools, path: Path) -> Restored:
    return restore_backup(owner_url, tools, path, lambda *_: None)


def rows_of(engine: Engine, table: str) -> list[str]:
    """Every row as text, but for what is new in another life of the database."""
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT row_to_json(t)::jsonb - 'xid' FROM {table} t"))
        return sorted(str(row) for (row,) in found)


def counts(owner_url: str) -> dict[str, int]:
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        return store.count_rows(connection, store.tables(connection))


def test_every_row_comes_back_and_the_ledger_is_proven(
    practice: Practice, backup: Path, empty: str, other_servers: Servers, owner: Engine
) -> None:
    restored = restore(empty, practice.tools, backup)
    other = create_engine(empty, poolclass=NullPool)
    changed = {"trading_partner", "control_number", "job"}  # On purpose: see the next test.
    kept = METADATA.tables.keys() - store.LEFT_OUT.keys()
    assert kept <= restored.rows.keys()
    for table in sorted(kept - changed):
        assert rows_of(other, table) == rows_of(owner, table), table
        assert restored.rows[table] == len(rows_of(owner, table))
    assert restored.rows["posting"] > 12
    engine = make_engine(other_servers.app_url, pool_size=1)
    with snapshot(make_unit_of_work(engine)) as session:
        proof = verify(session, practice.tools)
    engine.dispose()
    assert proof.is_true, proof.differences
    assert proof.postings == restored.rows["posting"]


def test_work_goes_on_where_the_backup_ends_but_nothing_is_sent_unasked(
    practice: Practice, backup: Path, empty: str, other_servers: Servers
) -> None:
    numbers = "SELECT kind, last FROM control_number ORDER BY kind"
    used = practice.rows(numbers)
    assert restore(empty, practice.tools, backup).partners_paused == 1
    engine = make_engine(other_servers.app_url, pool_size=2)
    unit_of_work = make_unit_of_work(engine)
    runner = replace(practice.runner, unit_of_work=unit_of_work)
    restored = replace(practice, unit_of_work=unit_of_work, runner=runner)
    assert restored.rows(numbers) == [(kind, last + store.NUMBERS_SKIPPED) for kind, last in used]
    outbound = "SELECT count(*) FROM file WHERE direction = 'outbound'"
    before = restored.rows(outbound)
    restored.post(*(each for _, each in encounters(3, seed=6, today=TODAY)))
    with restored.unit_of_work() as session:
        jobs.add(session, "batch_claims", ref_id=restored.partner_id)
    assert restored.drain() >= 3
    assert (
        restored.rows("SELECT 1 FROM job WHERE kind = 'fetch_archived' AND state <> 'done'") == []
    )
    assert restored.rows(outbound) == before
    assert len(restored.rows("SELECT 1 FROM claim WHERE status = 'ready'")) >= 3
    with restored.unit_of_work() as session:
        set_paused(session, restored.partner_id, is_paused=False)
    restored.exchange(rounds=2)
    assert restored.rows(outbound) > before
    with restored.unit_of_work() as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("DELETE FROM posting"))
    engine.dispose()


def test_it_shows_nothing_and_is_ours_alone(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    body = backup.read_bytes().lower()
    for word in (b"canary", b"posting", b"60054", b"receivable"):
        assert word not in body


def test_an_existing_file_is_never_overwritten(practice: Practice, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(BackupError, match="exists"):
        take(practice, backup)
    assert backup.read_bytes() == before
    assert sorted(each.name for each in backup.parent.glob("*.partial")) == []


def frames(body: bytes) -> list[bytes]:
    """The frames of a backup with their lengths, as they lie."""
    at, found = _FIRST_FRAME, []
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "big")
        found.append(body[at:end])
        at = end
    return found


def cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


def end_lost(body: bytes) -> bytes:
    return body[: -len(frames(body)[-1])]


def flipped(body: bytes) -> bytes:
    at = len(body) * 2 // 3
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


def swapped(body: bytes) -> bytes:
    found = frames(body)
    found[3], found[4] = found[4], found[3]
    return body[:_FIRST_FRAME] + b"".join(found)


def left_out(body: bytes) -> bytes:
    found = frames(body)
    return body[:_FIRST_FRAME] + b"".join(found[:5] + found[6:])


def longer(body: bytes) -> bytes:
    return body + b"x"


def of_another_backup(body: bytes) -> bytes:
    return MAGIC + bytes(16) + body[_FIRST_FRAME:]


def not_a_backup(_: bytes) -> bytes:
    return b"ISA*00*"


DAMAGES = (cut, end_lost, flipped, swapped, left_out, longer, of_another_backup, not_a_backup)


def test_what_was_damaged_is_refused_whole(practice: Practice, backup: Path, empty: str) -> None:
    upgrade(empty, deployment=practice.tools.deployment)
    for damage in DAMAGES:
        bad = backup.with_name(damage.__name__)
        bad.write_bytes(damage(backup.read_bytes()))
        with pytest.raises(BackupError):
            restore(empty, practice.tools, bad)
        assert not any(counts(empty).values()), damage.__name__


def test_another_key_opens_nothing(practice: Practice, backup: Path, empty: str) -> None:
    with pytest.raises(BackupError, match="RCM_KEY_FILE"):
        restore(empty, replace(practice.tools, keys=Keys(bytes(32))), backup)


def test_what_does_not_belong_here_is_refused(practice: Practice, backup: Path, empty: str) -> None:
    with pytest.raises(BackupError, match="deployment"):
        restore(empty, replace(practice.tools, deployment=Deployment.PRODUCTION), backup)
    restore(empty, practice.tools, backup)
    before = counts(empty)
    with pytest.raises(BackupError, match="not empty"):
        restore(empty, practice.tools, backup)
    assert counts(empty) == before


def test_a_backup_of_an_older_schema_is_brought_to_this_one(
    tools: Tools, empty: str, tmp_path: Path
) -> None:
    older = f"{int(SCHEMA_VERSION) - 1:04}"
    upgrade(empty, deployment=tools.deployment, revision=older)
    other = create_engine(empty, poolclass=NullPool)
    with other.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO actor (id, kind, name, roles, created_at)"
                " VALUES (gen_random_uuid(), 'person', 'x', '{}', now())"
            )
        )
    path = tmp_path / "older.backup"
    with snapshot(make_unit_of_work(other)) as session:
        write_backup(session, tools, path, lambda *_: None)
    with other.begin() as connection:
        connection.execute(text("DROP OWNED BY rcm_owner"))
    assert restore(empty, tools, path).rows["actor"] == 1
    with other.connect() as connection:
        assert schema_version(connection) == SCHEMA_VERSION


def test_rows_that_change_meanwhile_are_of_one_moment(practice: Practice, tmp_path: Path) -> None:
    path = tmp_path / "meanwhile.backup"
    with snapshot(practice.unit_of_work) as session:
        session.execute(text("SELECT 1"))
        practice.post(*(each for _, each in encounters(2, seed=9, today=TODAY)))
        written = write_backup(session, practice.tools, path, lambda *_: None)
    assert written.rows["encounter"] == 12
    assert len(practice.rows("SELECT 1 FROM encounter")) == 14
