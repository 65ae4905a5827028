"""The `rcm` command as a person types it: what it prints, and the code it exits with."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import make_url

from cli.driving import DemoError
from cli.main import COMMANDS, cli
from rcm.settings import Settings
from tests.claims import batch, claim, upload
from tests.rcm.partner_settings import HOST_KEY, PRIVATE_KEY

REMITTANCE = Path("tests/edi/golden/835-two-claims.edi")


def rcm(*arguments: str, env: dict[str, str] | None = None, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(cli, arguments, env=env, input=stdin)


@pytest.fixture
def unbalanced(tmp_path: Path) -> Path:
    """A remittance whose BPR02 is a cent too high."""
    text = REMITTANCE.read_text(encoding="ascii")
    start = text.index("BPR*I*")
    amount = text[start:].split("*")[2]
    file = tmp_path / "unbalanced.835"
    file.write_text(text.replace(f"BPR*I*{amount}*", "BPR*I*9999.99*"), encoding="ascii")
    return file


def test_validate_of_a_clean_remittance_exits_0() -> None:
    result = rcm("edi", "validate", str(REMITTANCE))
    assert result.exit_code == 0, result.output
    assert "no error" in result.output


def test_validate_of_a_clean_claim_file_exits_0(tmp_path: Path) -> None:
    file = tmp_path / "claims.837"
    file.write_bytes(upload(batch(claim())))
    result = rcm("edi", "validate", str(file))
    assert result.exit_code == 0, result.output


def test_validate_of_an_unbalanced_remittance_names_the_level_and_exits_1(unbalanced: Path) -> None:
    result = rcm("edi", "validate", str(unbalanced))
    assert result.exit_code == 1
    assert "835-BALANCE-SET" in result.output
    assert "cure:" in result.output


@pytest.mark.parametrize("body", [b"", b"\n\n", b"MSH|^~\\&|", b"ISA*00*", b"{}", b"\xff\xfe"])
def test_validate_of_what_is_not_x12_exits_2(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(body)
    assert rcm("edi", "validate", str(file)).exit_code == 2


def test_validate_prints_json_on_request(unbalanced: Path) -> None:
    result = rcm("edi", "validate", "--json", str(unbalanced))
    findings = json.loads(result.stdout)["findings"]
    assert result.exit_code == 1
    assert {"code", "severity", "message", "cure", "place"} <= findings[0].keys()


def test_validate_reads_standard_input() -> None:
    body = REMITTANCE.read_bytes()
    assert rcm("edi", "validate", "-", stdin=body).exit_code == 0


def test_validate_never_prints_a_value_of_the_file(tmp_path: Path) -> None:
    broken = upload(batch(claim())).replace(b"DMG*D8*", b"DMG*D8*CANARY")
    file = tmp_path / "claims.837"
    file.write_bytes(broken)
    result = rcm("edi", "validate", str(file))
    assert result.exit_code == 1
    assert "CANARY" not in result.output.upper()


def test_read_says_what_a_file_holds() -> None:
    result = rcm("edi", "read", str(REMITTANCE))
    assert result.exit_code == 0
    assert "835" in result.output
    assert "2 claims" in result.output


def test_a_missing_setting_is_named_without_a_trace() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("RCM_")}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "ledger", "verify"],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "RCM_DATABASE_URL: Field required" in done.stderr
    assert done.stderr.endswith("some commands take --data FOLDER instead.\n")
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_said_without_a_trace(settings: Settings) -> None:
    away = "postgresql+psycopg://rcm_app@127.0.0.1:1/rcm"
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "ledger", "verify"],
        env=os.environ | environment(settings) | {"RCM_DATABASE_URL": away},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("rcm: the database does not answer.")
    assert "Traceback" not in done.stderr


def test_a_refused_login_is_said_in_the_servers_words(settings: Settings) -> None:
    url = make_url(settings.database_url.get_secret_value()).set(password="wrong")
    missing = make_url(settings.database_url.get_secret_value()).set(database="nowhere")
    for given, told in (
        (url, 'authentication failed for user "rcm_app"'),
        (url, "rcm: correct user or password in RCM_DATABASE_URL."),
        (missing, 'database "nowhere" does not exist'),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", "ledger", "verify"],
            env=os.environ
            | environment(settings)
            | {"RCM_DATABASE_URL": given.render_as_string(hide_password=False)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert told in done.stderr
        assert "Traceback" not in done.stderr
        assert "wrong" not in done.stderr


@pytest.mark.parametrize(
    "command", [["edi", "read", str(REMITTANCE)], ["health", "--help"], ["settings", "--help"]]
)
def test_a_command_imports_no_server(command: list[str]) -> None:
    """A health check runs again and again, and so may `rcm edi` over many files."""
    program = (
        "import sys; from cli.main import cli; cli(sys.argv[1:], standalone_mode=False);"
        "print('imported', {'fastapi', 'celery', 'paramiko', 'alembic'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("imported set()\n")


def test_each_command_has_the_name_it_is_listed_by() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
    assert rcm("nothing").exit_code == 2


def test_a_restore_says_which_key_goes_where(tmp_path: Path) -> None:
    result = rcm("restore", "--data", str(tmp_path), "a.backup")
    assert result.exit_code == 1
    assert f"copy the backup's sealing key to {tmp_path / 'seal.key'} first" in result.output


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_folder_of_somebody_else_is_never_erased(tmp_path: Path, command: str) -> None:
    kept = tmp_path / "letters" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("kept", encoding="ascii")
    fresh = ["--fresh"] if command == "serve" else []
    result = rcm(command, *fresh, "--data", str(tmp_path))
    assert isinstance(result.exception, DemoError)
    assert "holds letters, which is not of a demo: nothing was erased" in str(result.exception)
    assert kept.read_text(encoding="ascii") == "kept"


def test_a_folder_that_holds_no_service_is_said_without_a_trace(tmp_path: Path) -> None:
    result = rcm("ledger", "verify", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "holds no data" in result.output
    assert isinstance(result.exception, SystemExit)


def environment(settings: Settings) -> dict[str, str]:
    assert settings.database_owner_url is not None
    return {
        "RCM_DATABASE_URL": settings.database_url.get_secret_value(),
        "RCM_DATABASE_OWNER_URL": settings.database_owner_url.get_secret_value(),
        "RCM_REDIS_URL": settings.redis_url.get_secret_value(),
        "RCM_KEY_FILE": str(settings.key_file),
    }


@pytest.mark.usefixtures("clean_database")
@pytest.mark.parametrize("command", [["health", "--relay"], ["connections"], ["audit", "verify"]])
def test_a_command_finds_the_service_that_runs_on_a_folder(
    settings: Settings, tmp_path: Path, command: list[str]
) -> None:
    noted = json.dumps(environment(settings))
    (tmp_path / "settings.json").write_text(noted, encoding="ascii")
    result = rcm(*command, "--data", str(tmp_path))
    assert result.exit_code == 0, result.output


@pytest.mark.usefixtures("clean_database")
def test_an_operator_sets_up_a_database_keys_and_parties(
    settings: Settings, tmp_path: Path
) -> None:
    env = environment(settings)
    private_key = tmp_path / "key"
    private_key.write_text(PRIVATE_KEY, encoding="ascii")
    load = (
        "parties", "load", "samples/parties.json", "--host", "sftp.example", "--private-key",
        str(private_key), "--host-key", HOST_KEY,
    )  # fmt: skip
    assert rcm("db", "upgrade", env=env).exit_code == 0
    for _ in range(2):
        result = rcm(*load, env=env)
        assert result.exit_code == 0, result.output
    made = rcm("key", "create", "ehr", env=env)
    assert made.stdout.startswith("rcm_")
    for_figures = rcm("key", "create", "prometheus", "--role", "integration", env=env)
    assert for_figures.exit_code == 0, for_figures.output
    again = rcm("key", "create", "ehr", env=env)
    assert again.exit_code == 1
    assert "already" in again.output
    proof = rcm("ledger", "verify", env=env)
    assert proof.exit_code == 0
    assert "proven" in proof.output


@pytest.mark.usefixtures("clean_database")
def test_parties_that_do_not_fit_are_refused_with_every_place_and_without_a_trace(
    settings: Settings, tmp_path: Path
) -> None:
    parties = json.loads(Path("samples/parties.json").read_text(encoding="utf-8"))
    del parties["practices"][0]["tax_id"]
    bad_shape, bad_json, bad_key = (tmp_path / name for name in ("shape", "json", "key"))
    bad_shape.write_text(json.dumps(parties), encoding="utf-8")
    bad_json.write_text('{"practices": [],}', encoding="utf-8")
    bad_key.write_text("-----BEGIN", encoding="ascii")
    options = ("--host", "sftp.example", "--private-key", str(bad_key), "--host-key", "AAAA")
    for file, told in (
        (str(bad_shape), ["/practices/0/tax_id: This field is required."]),
        (str(bad_json), ["the file: The body is not strict JSON: line 1, character 18."]),
        ("samples/parties.json", ["/private_key: ", "/host_keys/0: "]),
    ):
        refused = rcm("parties", "load", file, *options, env=environment(settings))
        assert refused.exit_code == 1
        assert isinstance(refused.exception, SystemExit), "a trace"
        assert all(each in refused.output for each in told), refused.output
