"""`rcm audit verify` and `rcm ledger verify`, as people type them and as programs read them."""

import json
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from cli.main import cli
from rcm.access.audit import record_operator
from rcm.chains.checkpoints import checkpoint_writer
from rcm.chains.model import Chain
from rcm.chains.service import chain_rows
from rcm.crypto import KeyFileError
from rcm.db import UnitOfWork
from rcm.settings import Settings
from rcm.signing import load_signing_key, make_signing_key_file
from rcm.tools import Tools
from tests.rcm.chain_probes import intrude

Env = Mapping[str, str]


def rcm(env: Env, *arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=dict(env))


@pytest.fixture
def signed(settings: Settings, tmp_path: Path) -> Settings:
    make_signing_key_file(tmp_path / "signing.key")
    added = {
        "signing_key_file": tmp_path / "signing.key",
        "checkpoint_folder": tmp_path / "checkpoints",
    }
    return settings.model_copy(update=added)


@pytest.fixture
def env(signed: Settings, unit_of_work: UnitOfWork, tools: Tools) -> Env:
    """The environment of an auditor, who has no private key: three events are signed, one waits."""
    for number in range(1, 5):
        with unit_of_work() as session:
            claim = UUID(int=number)
            record_operator(session, tools, "claim.view", about="claim", about_id=claim)
        if number == 3:
            chain_rows(unit_of_work, tools.clock, checkpoint_writer(signed))
    return {
        "RCM_DATABASE_URL": signed.database_url.get_secret_value(),
        "RCM_REDIS_URL": signed.redis_url.get_secret_value(),
        "RCM_KEY_FILE": str(signed.key_file),
        "RCM_CHECKPOINT_FOLDER": str(signed.checkpoint_folder),
    }


def test_an_unbroken_chain_exits_0_and_says_how_far_it_reaches(env: Env) -> None:
    result = rcm(env, "audit", "verify")
    assert result.exit_code == 0, result.output
    assert (
        "chain of the audit log: unbroken: 3 audit events in 1 link, 1 not chained yet;"
        " every link signed outside the database"
    ) in result.stdout
    assert "last checkpoint:    2026-11-23 15:00:00 UTC" in result.stdout


def test_an_auditor_needs_no_key_that_opens_anything(env: Env, tmp_path: Path) -> None:
    bare = {**env, "RCM_KEY_FILE": str(tmp_path / "none"), "RCM_REDIS_URL": "unix:///none"}
    (tmp_path / "signing.key").unlink()
    assert rcm(bare, "audit", "verify").exit_code == 0


def test_a_changed_event_is_named_and_exits_1(env: Env, owner: Engine, tools: Tools) -> None:
    intrude(
        owner,
        "UPDATE audit_event SET outcome = 'refused'"
        " WHERE id = (SELECT id FROM chained_event WHERE place = :place)",
        place=2,
    )
    result = rcm(env, "audit", "verify")
    assert result.exit_code == 1
    assert "CHANGED: audit event" in result.stderr
    assert f"(claim.view, {tools.clock():%Y-%m-%d %H:%M:%S} UTC)" in result.stderr
    assert "BROKEN" in result.stdout
    told = json.loads(rcm(env, "audit", "verify", "--json").stdout)
    assert (told["is_true"], told["breaches_total"]) == (False, 1)
    assert told["breaches"][0]["what"] == "changed"
    assert told["breaches"][0]["kind"] == "claim.view"


def test_the_ledger_is_proven_with_its_chain(env: Env) -> None:
    result = rcm(env, "ledger", "verify")
    assert result.exit_code == 0, result.output
    assert "0 postings of 0 entries from 0 files: proven" in result.stdout
    assert "chain of the ledger: unbroken" in result.stdout
    told = json.loads(rcm(env, "ledger", "verify", "--json").stdout)
    assert (told["is_true"], told["chain"]["chain"]) == (True, "ledger")


def test_without_a_folder_of_checkpoints_it_is_said_what_that_means(env: Env) -> None:
    bare = {name: value for name, value in env.items() if name != "RCM_CHECKPOINT_FOLDER"}
    result = rcm(bare, "audit", "verify")
    assert result.exit_code == 0
    assert "not signed" in result.stdout
    assert "Set RCM_SIGNING_KEY_FILE and RCM_CHECKPOINT_FOLDER" in result.stdout


def test_a_key_that_is_kept_elsewhere_can_be_trusted_alone(
    env: Env, signed: Settings, tmp_path: Path
) -> None:
    assert signed.checkpoint_folder is not None
    (ours,) = signed.checkpoint_folder.glob("*.pub")
    assert rcm(env, "audit", "verify", "--public-key", str(ours)).exit_code == 0
    make_signing_key_file(tmp_path / "other.key")
    strange = tmp_path / "other.pub"
    strange.write_bytes(load_signing_key(tmp_path / "other.key").public.pem())
    result = rcm(env, "audit", "verify", "--public-key", str(strange))
    assert result.exit_code == 1
    assert "bears no signature of a key that is known" in result.stderr


def test_a_signing_key_without_a_folder_is_refused(settings: Settings, tmp_path: Path) -> None:
    told = settings.model_dump() | {"signing_key_file": tmp_path / "signing.key"}
    with pytest.raises(ValueError, match="RCM_CHECKPOINT_FOLDER"):
        Settings.model_validate(told)


@pytest.mark.parametrize("body", [b"", b"00" * 32, b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_file_that_is_no_signing_key_is_refused(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "signing.key"
    file.write_bytes(body)
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="openssl genpkey -algorithm ed25519"):
        load_signing_key(file)


def test_a_signing_key_is_made_for_us_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "signing.key"
    make_signing_key_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        make_signing_key_file(file)
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_signing_key(file)


def test_nothing_chained_is_nothing_broken(env: Env, owner: Engine) -> None:
    intrude(owner, "DELETE FROM chained_event", "DELETE FROM chain_link")
    told = json.loads(rcm(env, "audit", "verify", "--json").stdout)
    assert told["is_true"] is False, "what was signed is gone"
    assert {each["what"] for each in told["breaches"]} == {"cut"}
    assert Chain(told["chain"]) is Chain.AUDIT


@pytest.mark.parametrize("chain", ["audit", "ledger"])
@pytest.mark.parametrize("named", [True, False])
def test_a_key_that_nothing_is_checked_with_is_refused(
    env: Env, tmp_path: Path, chain: str, *, named: bool
) -> None:
    lacking = {**env, "RCM_CHECKPOINT_FOLDER": str(tmp_path / "nowhere")}
    if not named:
        del lacking["RCM_CHECKPOINT_FOLDER"]
    wrong = tmp_path / "wrong.pub"
    wrong.write_text("no key at all")
    result = rcm(lacking, chain, "verify", "--public-key", str(wrong))
    assert result.exit_code == 1
    assert "set RCM_CHECKPOINT_FOLDER" in result.stderr
    assert "unbroken" not in result.stdout
