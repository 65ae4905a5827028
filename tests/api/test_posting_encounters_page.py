"""docs/posting-encounters.md is true: its commands are run against the API, in their order."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import pytest
from httpx import Client

from tests.harness import Practice
from tests.serving import Served

PAGE = (Path(__file__).parents[2] / "docs" / "posting-encounters.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"```sh\n(?P<command>curl .*?)```\n\nAnswers (?P<status>\d{3})[^\n]*\n\n"
    r"```json\n(?P<told>.*?)```",
    re.DOTALL,
)
ANYTHING = "…"


def call(client: Client, command: str, env: dict[str, str]) -> Any:  # noqa: ANN401 - a response
    """Do what curl does with this command: a machine of the tests may have none."""
    line, _, document = command.partition(" <<'JSON'\n")
    words = shlex.split(Template(line.replace("\\\n", " ")).substitute(env))
    assert words[:2] == ["curl", "-sS"]
    options = iter(words[2:])
    method, url, headers, has_body = "", "", {}, False
    for word in options:
        match word:
            case "-X":
                method = next(options)
            case "-H":
                name, _, value = next(options).partition(": ")
                headers[name] = value
            case "-d" | "--data-binary":
                assert next(options) == "@-"
                has_body = True
            case _:
                url = word
    body = document.removesuffix("JSON\n") if has_body else None
    return client.request(
        method or ("POST" if has_body else "GET"), url, headers=headers, content=body
    )


def fits(told: Any, got: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether an answer has all that the page tells of it."""
    match told:
        case dict():
            return isinstance(got, dict) and all(fits(told[k], got.get(k)) for k in told)
        case list():
            return (
                isinstance(got, list)
                and len(told) == len(got)
                and all(fits(t, g) for t, g in zip(told, got, strict=True))
            )
        case _:
            return bool(got) if told == ANYTHING else bool(told == got)


@pytest.fixture
def env(served: Served, secret: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the reader has exported before."""
    known = {"RCM_URL": served.url, "RCM_KEY": secret}
    for name, value in known.items():
        monkeypatch.setenv(name, value)
    return known


def steps() -> Iterator[tuple[str, int, Any]]:
    for found in STEP.finditer(PAGE):
        yield found["command"], int(found["status"]), json.loads(found["told"])


def test_each_command_of_the_page_answers_what_the_page_says(
    stranger: Client, practice: Practice, env: dict[str, str]
) -> None:
    assert len(list(steps())) == PAGE.count("```sh\n")
    for command, status, told in steps():
        answer = call(stranger, command, env)
        said = answer.json()
        assert (answer.status_code, fits(told, said)) == (status, True), json.dumps(said, indent=1)
        env |= {
            name: said[field]
            for name, field in (("ENCOUNTER", "encounter_id"), ("CLAIM", "claim_id"))
            if said.get(field)
        }
        practice.drain()


def test_the_program_of_the_page_posts_an_encounter(
    practice: Practice, env: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert env
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    for _ in range(2):  # With another key: the same encounter, found by its content.
        names: dict[str, Any] = {}
        exec(compile(found[1], "docs/posting-encounters.md", "exec"), names)
        names["api"].close()
        assert capsys.readouterr().out.split()[1:] == ["received"]
    assert practice.rows("SELECT external_id FROM encounter") == [("VISIT-1004",)]
