"""`rcm settings`: what is set, from where, and what is wrong; a secret is never shown."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from rcm.crypto import make_key_file
from rcm.settings import PREFIX

PASSWORD = "correct-horse"
DATABASE = f"postgresql+psycopg://rcm_app:{PASSWORD}@db/rcm"


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secrets with all that has to be set; nothing in the environment but its name."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "rcm_database_url").write_text(DATABASE)
    (folder / "rcm_redis_url").write_text(f"redis://:{PASSWORD}@broker")
    make_key_file(folder / "seal.key")
    (folder / "rcm_key_file").write_text(str(folder / "seal.key"))
    monkeypatch.setenv(f"{PREFIX}SECRETS", str(folder))
    return folder


def ask(*words: str) -> Result:
    return CliRunner().invoke(cli, ["settings", *words])


def test_each_setting_says_where_it_came_from(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCM_LEASE_SECONDS", "30")
    answer = ask("--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert told["wrong"] == []
    found = {each["name"]: (each["source"], each["value"]) for each in told["settings"]}
    assert found["RCM_DATABASE_URL"] == ("file", None)
    assert found["RCM_DATABASE_OWNER_URL"] == ("default", None)
    assert found["RCM_LEASE_SECONDS"] == ("environment", "30")
    assert found["RCM_POOL_SIZE"] == ("default", "10")
    assert found["RCM_SECRETS"] == ("environment", str(secrets))
    words = ask()
    assert words.exit_code == 0
    assert "RCM_REDIS_URL=(set, not shown)  (file)" in words.output
    assert PASSWORD not in answer.output + words.output


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("RCM_LEASE_SECOND", "30", "RCM_LEASE_SECOND: there is no such setting; did you mean"),
        ("RCM_LEASE_SECONDS", "0", "RCM_LEASE_SECONDS: Input should be greater than or equal to 1"),
        ("RCM_TIME_ZONE", "Texas", "RCM_TIME_ZONE: there is no such time zone"),
        ("RCM_TIME_ZONE", "/etc", "RCM_TIME_ZONE: there is no such time zone"),
        ("RCM_LOG_FORMAT", "xml", "RCM_LOG_FORMAT: Input should be 'text' or 'json'"),
        ("RCM_REDIS_URL", PASSWORD, "RCM_REDIS_URL: it has to begin with one of redis://"),
        ("RCM_DATABASE_URL", PASSWORD, "RCM_DATABASE_URL: it has to begin with postgresql+"),
        ("RCM_KEY_FILE", "/nowhere", "RCM_KEY_FILE cannot be read"),
        ("RCM_SECRETS", "/nowhere", "RCM_SECRETS: there is no such folder"),
        ("RCM_SIGNING_KEY_FILE", "/a", "signs nothing without RCM_CHECKPOINT_FOLDER"),
        ("RCM_SIGNING_KEY_FILE", "/nowhere", "RCM_SIGNING_KEY_FILE cannot be read"),
    ],
)
def test_what_is_wrong_is_a_line_and_exit_code_2(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    assert secrets.is_dir()
    monkeypatch.setenv(name, value)
    if "cannot be read" in line:
        monkeypatch.setenv("RCM_CHECKPOINT_FOLDER", str(secrets))
    answer = ask()
    assert answer.exit_code == 2
    assert line in answer.stderr
    assert PASSWORD not in answer.output
    as_json = ask("--json")
    assert as_json.exit_code == 2
    assert any(line in wrong for wrong in json.loads(as_json.stdout)["wrong"])


def test_what_is_missing_and_a_file_that_nobody_reads_are_named(secrets: Path) -> None:
    (secrets / "rcm_database_url").unlink()
    (secrets / "rcm_databse_url").write_text(DATABASE)
    answer = ask()
    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == [
        "rcm: RCM_DATABASE_URL: Field required",
        "rcm: RCM_DATABSE_URL: there is no such setting; did you mean RCM_DATABASE_URL?",
    ]
