"""Where the API listens: on the port it is told, or on another one where it may move."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from cli.main import cli
from cli.serve_api import listen
from rcm.settings import Settings
from tests.cli.test_commands import environment


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_is_said_without_a_trace(taken: int) -> None:
    result = CliRunner().invoke(cli, ["api", "--port", str(taken)])
    assert result.exit_code == 1
    assert result.output == (
        f"Error: cannot listen on 127.0.0.1:{taken}: something listens there already;"
        " name another --port, or stop it\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "99999"], "99999 is not in the range 0<=x<=65535"),
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid:8000: "),
        (["--port", "0", "--port-file", "/nowhere/port"], "/nowhere/port cannot be written: No"),
    ],
)
def test_a_bad_argument_is_said_without_a_trace(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(cli, ["api", *arguments])
    assert isinstance(result.exception, SystemExit), "a trace"
    assert told in result.output
    assert "Unknown error" not in result.output


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("RCM_KEY_FILE", "/nowhere", "rcm: RCM_KEY_FILE cannot be read: No such file"),
        ("RCM_DATABASE_URL", "owner", "rcm: RCM_DATABASE_URL must name rcm_app"),
        ("RCM_DEPLOYMENT", "production", "rcm: the database is of a sandbox deployment"),
        ("RCM_POOL_SIZE", "9999", "rcm: this process may open 9999 connections"),
    ],
)
def test_what_the_api_refuses_at_its_start_is_said_in_words(
    settings: Settings, name: str, value: str, told: str
) -> None:
    env = environment(settings)
    refused = env["RCM_DATABASE_OWNER_URL"] if value == "owner" else value
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "api", "--port", "0"],
        env=os.environ | env | {name: refused},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_another_port_is_taken_where_that_is_allowed(taken: int) -> None:
    with listen("127.0.0.1", taken, may_move=True) as moved:
        assert moved.getsockname()[1] not in (0, taken)


def test_a_free_port_is_kept(taken: int) -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
    with listen("127.0.0.1", port, may_move=True) as again:
        assert again.getsockname()[1] == port != taken
