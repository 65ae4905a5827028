"""docs/edi-command-line.md is true: every example is run, and prints what the page says."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.edi import edi
from cli.main import cli

PAGE = Path("docs/edi-command-line.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ rcm ([^\n]+)\n(.*?)```", PAGE, re.DOTALL)
LEFT_OUT = "...\n"


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[each for each, _ in EXAMPLES])
def test_an_example_prints_what_the_page_says(command: str, output: str) -> None:
    printed = CliRunner().invoke(cli, shlex.split(command)).stdout
    pieces = output.split(LEFT_OUT)
    at = 0
    for piece in pieces:
        found = printed.find(piece, at)
        assert found >= 0, f"{piece!r} is not in:\n{printed[at:]}"
        at = found + len(piece)
    assert printed.startswith(pieces[0])
    assert printed.endswith(pieces[-1])


def test_every_command_has_an_example_and_a_row() -> None:
    shown = {shlex.split(command)[1] for command, _ in EXAMPLES}
    assert shown == set(edi.commands)
    assert all(f"| `rcm edi {name} " in PAGE for name in edi.commands)
