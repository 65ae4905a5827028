"""Where the API listens: on the port it is told, or on another one where it may move."""

import socket
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from cli.main import cli
from cli.serve_api import listen


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_is_said_without_a_trace(taken: int) -> None:
    result = CliRunner().invoke(cli, ["api", "--port", str(taken)])
    assert result.exit_code == 1
    assert result.output == f"Error: cannot listen on 127.0.0.1:{taken}: Address already in use\n"


def test_another_port_is_taken_where_that_is_allowed(taken: int) -> None:
    with listen("127.0.0.1", taken, may_move=True) as moved:
        assert moved.getsockname()[1] not in (0, taken)


def test_a_free_port_is_kept(taken: int) -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
    with listen("127.0.0.1", port, may_move=True) as again:
        assert again.getsockname()[1] == port != taken
