"""`rcm init` and `rcm users link`: the first administrator, and an operator's help."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from rcm.db import UnitOfWork
from rcm.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, unit_of_work: UnitOfWork) -> Run:
    """Run a command with the settings of the tests, on an empty database."""
    del unit_of_work
    owner_url = settings.database_owner_url
    assert owner_url is not None
    env = {
        "RCM_DATABASE_URL": settings.database_url.get_secret_value(),
        "RCM_DATABASE_OWNER_URL": owner_url.get_secret_value(),
        "RCM_REDIS_URL": settings.redis_url.get_secret_value(),
        "RCM_KEY_FILE": str(settings.key_file),
    }

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner().invoke(cli, arguments, env=env | more)

    return run


INIT = ("init", "--email", "Root@Example.org", "--name", "Root", "--url", "https://rcm.example/")


def test_the_first_administrator_is_invited_once(run: Run, unit_of_work: UnitOfWork) -> None:
    first = run(*INIT)
    assert first.exit_code == 0, first.output
    assert re.fullmatch(r"https://rcm\.example/#/invite/[\w-]{43}\n", first.stdout)
    again = run("init", "--email", "other@example.org", "--name", "Other")
    assert again.exit_code == 1
    assert "rcm users link EMAIL" in again.stderr
    with unit_of_work() as session:
        found = session.connection().exec_driver_sql(
            "SELECT email, roles, practices FROM app_user JOIN actor USING (id)"
        )
        assert [tuple(row) for row in found] == [("root@example.org", ["admin"], None)]
        done = session.connection().exec_driver_sql("SELECT actor_name, action FROM audit_event")
        assert [tuple(row) for row in done] == [("operator", "user.invite")]


def test_an_operator_makes_links(run: Run, settings: Settings, tmp_path: Path) -> None:
    run(*INIT)
    noted = {"RCM_DATABASE_URL": settings.database_url.get_secret_value()}
    noted |= {"RCM_REDIS_URL": "redis://x", "RCM_KEY_FILE": str(settings.key_file)}
    (tmp_path / "settings.json").write_text(json.dumps(noted), encoding="ascii")
    folder = ("users", "link", "--data", str(tmp_path), "root@example.org")
    assert run(*folder).stdout.startswith("/#/invite/"), "its API does not run"
    (tmp_path / "api.json").write_text('{"port": 8123}', encoding="ascii")
    assert run(*folder).stdout.startswith("http://127.0.0.1:8123/#/invite/")
    made = run("users", "link", "root@example.org")
    assert re.fullmatch(r"/#/invite/[\w-]{43}\n", made.stdout)
    assert "Put the address of this service before this" in made.stderr
    entering = run("users", "link", "--enter", "--url", "http://x", "root@example.org")
    assert re.fullmatch(r"http://x/#/enter/[\w-]{43}\n", entering.stdout)
    nobody = run("users", "link", "nobody@example.org")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert "nobody who may sign in has this email" in nobody.stderr
