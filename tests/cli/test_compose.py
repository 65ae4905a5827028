"""docker-compose.yml: what it says is true of our commands, which are run here as it runs them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import Engine, text

from cli.embedded import Servers
from cli.main import COMMANDS, cli
from rcm.jobs import QUEUES
from rcm.settings_told import unknown_names
from tests.stages import empty_database

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"] == "rcm-edi"}
LASTING = ("api", "worker-post", "worker-exchange", "relay", "sandbox")
SECONDS_MAX = 60


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert "privileged" not in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert set(secret_names(service)) <= set(COMPOSE["secrets"])
    assert not [
        key
        for key in service.get("environment", {})
        if key.endswith(("PASSWORD", "URL")) and key != "RCM_REDIS_URL"
    ], "secrets are files"
    is_one_shot = service["restart"] == "no"
    assert is_one_shot != ("healthcheck" in service), "what lasts is watched"
    assert service["security_opt"] == ["no-new-privileges:true"]
    if name != "postgres":  # Its image sets itself up as root, in its own volume.
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    if name in OURS:
        assert "user" not in service, "the image says it"
        assert list(unknown_names(service.get("environment", {}))) == []


def test_whoever_names_the_checkpoints_sees_them_and_only_workers_write_there() -> None:
    for name in set(OURS) - {"sandbox", "sandbox-parties", "secrets"}:
        mode = "" if name.startswith("worker-") else ":ro"
        assert SERVICES[name]["volumes"] == [f"checkpoints:/checkpoints{mode}"], name


def test_one_service_builds_the_image_of_all() -> None:
    assert [name for name in SERVICES if "build" in SERVICES[name]] == ["setup"], (
        "builds of one name at once refuse each other: the image already exists"
    )


def test_postgresql_is_well_only_where_the_database_answers() -> None:
    # pg_isready is content with a database that is not there.
    assert health_of("postgres")[:7] == ["psql", "-h", "127.0.0.1", "-U", "postgres", "-d", "rcm"]


def test_the_commands_of_the_page_are_ours_and_are_given_what_they_need() -> None:
    page = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
    found = re.findall(r"docker compose run --rm (?:-v \S+ )?([\w-]+) ([a-z]+)", page)
    assert {command for _, command in found} >= {"init", "backup", "restore", "ledger"}
    for service, command in found:
        assert command in COMMANDS, command
        has_owner = "rcm_database_owner_url" in secret_names(SERVICES[service])
        assert has_owner == (command == "restore"), (service, command)


def test_every_part_of_the_service_is_there_and_is_run_by_a_test() -> None:
    assert set(SERVICES) - set(OURS) == {"postgres", "valkey"}
    assert set(OURS) == {*LASTING, "setup", "sandbox-parties", "secrets"}
    served = [
        queue
        for name in OURS
        if name.startswith("worker-")
        for queue in SERVICES[name]["command"][-1].split(",")
    ]
    assert sorted(served) == sorted(QUEUES), "each queue has one group of workers"
    for name in ("worker-post", "worker-exchange"):
        assert "container_name" not in SERVICES[name], "it can be scaled"
        assert "ports" not in SERVICES[name]


def test_every_secret_is_made_by_the_command_that_makes_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert CliRunner().invoke(cli, ["secrets", str(folder)]).exit_code == 0
    files = {Path(each["file"]).name for each in COMPOSE["secrets"].values()}
    assert files == {path.name for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o077 == 0
    for name in ("seal.key", "signing.key", "sftp.key", "rcm_database_url"):
        assert (folder / name).stat().st_mode & 0o077 == 0
    again = CliRunner().invoke(cli, ["secrets", str(folder)])
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_the_image_holds_what_the_wheel_is_made_of_and_runs_as_nobody_special() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (?!--from)(\S+)", dockerfile, re.MULTILINE))
    pattern = re.search(r"include = \[(.*)\]", (ROOT / "pyproject.toml").read_text())
    assert pattern is not None
    packages = {each.rstrip("*") for each in re.findall(r'"([^"]+)"', pattern[1])}
    assert packages <= copied
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["1000:1000"]
    assert "useradd --uid 1000 --gid 1000" in dockerfile, "Celery takes one without a name for root"


def secret_names(service: Mapping[str, Any]) -> list[str]:
    named = service.get("secrets", ())
    return [each if isinstance(each, str) else each["source"] for each in named]


def health_of(name: str) -> list[str]:
    verb, *argv = [str(word) for word in SERVICES[name]["healthcheck"]["test"]]
    assert verb == "CMD"
    return argv


@dataclass(frozen=True, slots=True)
class Outside:
    """The containers' commands, outside of containers: the same words, other places."""

    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def here(self, words: str) -> str:
        """Return what stands in the file as it is to be here."""
        moved = {
            "/run/secrets": f"{self.folder}/secrets", "/checkpoints": f"{self.folder}/checkpoints",
            "/sandbox": f"{self.folder}/sandbox", "/app": str(ROOT / "samples"),
            "0.0.0.0": "127.0.0.1", "sandbox --port 2222": f"127.0.0.1 --port {self.sandbox_port}",
            "--port=2222": "--port=0", "$$": "$",
        }  # fmt: skip
        return re.sub("|".join(map(re.escape, moved)), lambda found: moved[found[0]], words)

    @property
    def sandbox_port(self) -> int:
        ready = self.folder / "sandbox/ready.json"
        return int(yaml.safe_load(ready.read_text())["port"]) if ready.exists() else 0

    def environment(self, name: str, redis_url: str) -> dict[str, str]:
        named = SERVICES[name].get("environment", {})
        values = {key: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value) for key, value in named.items()}
        kept = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        return (
            kept
            | {key: self.here(value) for key, value in values.items()}
            | {"RCM_REDIS_URL": redis_url}
        )

    def command(self, name: str) -> list[str]:
        entry = SERVICES[name].get("entrypoint", [str(Path(sys.executable).with_name("rcm"))])
        return [self.here(word) for word in [*entry, *SERVICES[name]["command"]]]

    def start(self, name: str, redis_url: str, *more: str) -> subprocess.Popen[bytes]:
        """Start a service as its container does; what it says goes to a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [*self.command(name), *more],
                env=self.environment(name, redis_url),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def outside(servers: Servers, owner: Engine, tmp_path: Path) -> Iterator[Outside]:
    empty_database(owner)
    for name in ("checkpoints", "sandbox"):
        (tmp_path / name).mkdir()
    CliRunner().invoke(cli, ["secrets", str(tmp_path / "secrets")])
    # The servers of the tests have passwords of their own.
    (tmp_path / "secrets/rcm_database_url").write_text(servers.app_url)
    (tmp_path / "secrets/rcm_database_owner_url").write_text(servers.owner_url)
    made = Outside(tmp_path)
    yield made
    for process in made.running.values():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    empty_database(owner)  # It was sealed with another key, which no other test can open.


def test_the_commands_of_the_containers_run_and_are_well(
    outside: Outside, servers: Servers, owner: Engine
) -> None:
    def once(name: str) -> None:
        code = outside.start(name, servers.redis_url).wait(SECONDS_MAX)
        assert code == 0, outside.said(name)

    once("setup")
    port_file = outside.folder / "api.json"
    for name in LASTING:
        more = ("--port", "0", "--port-file", str(port_file)) if name == "api" else ()
        outside.running[name] = outside.start(name, servers.redis_url, *more)
    until(lambda: outside.sandbox_port > 0 and port_file.exists(), outside)
    once("sandbox-parties")
    with owner.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM trading_partner")).scalar_one() == 1
    port = yaml.safe_load(port_file.read_text())["port"]
    greeting = [word.replace("2222", str(outside.sandbox_port)) for word in health_of("sandbox")]
    assert subprocess.run([sys.executable, *greeting[1:]], check=False).returncode == 0
    for name in ("api", "worker-post", "worker-exchange", "relay"):
        program, *words = health_of(name)
        assert program == "rcm"
        argv = [outside.command(name)[0], *(word.replace("8000", str(port)) for word in words)]
        env = outside.environment(name, servers.redis_url)
        asked = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
        assert (asked.returncode, asked.stdout) == (0, "well\n"), asked.stderr
    sees_what_stands_still(outside, servers, owner)
    for name, process in outside.running.items():
        assert process.poll() is None, f"{name} ended:\n{outside.said(name)}"
    for name in ("api", "worker-post", "worker-exchange", "relay"):
        lines = [json.loads(line) for line in outside.said(name).splitlines()]
        assert lines or name == "relay", name
        for line in lines:
            assert {"time", "level", "process", "event"} <= line.keys()
            assert line["process"] == name.partition("-")[0]


def sees_what_stands_still(outside: Outside, servers: Servers, owner: Engine) -> None:
    """Stop processes that stay alive: only the check of what each has to do fails, then is well."""
    late = {
        "worker-post": "INSERT INTO job (id, kind, dedupe_key, queue, state, attempts_max,"
        " next_run_at, created_at) VALUES (gen_random_uuid(), 'sweep_encounters', '/', 'intake',"
        " 'ready', 12, now() - interval '3 minutes', now())",
        "relay": "INSERT INTO schedule (partner_id, cron, is_paused, set_at) SELECT id,"
        " '* * * * *', false, now() - interval '5 minutes' FROM trading_partner",
    }

    def is_well(name: str) -> bool:
        _, *words = health_of(name)
        env = outside.environment(name, servers.redis_url)
        return CliRunner().invoke(cli, words, env=env).exit_code == 0

    for name in late:
        os.killpg(outside.running[name].pid, signal.SIGSTOP)
    try:
        with owner.begin() as connection:
            for statement in late.values():
                connection.execute(text(statement))
        assert {name: is_well(name) for name in (*late, "worker-exchange")} == {
            "worker-post": False,
            "relay": False,
            "worker-exchange": True,
        }
    finally:
        for name in late:
            os.killpg(outside.running[name].pid, signal.SIGCONT)
    until(lambda: all(is_well(name) for name in late), outside)


def until(is_so: Any, outside: Outside) -> None:  # noqa: ANN401 - a question
    deadline = time.monotonic() + SECONDS_MAX
    while not is_so():
        assert time.monotonic() < deadline, [outside.said(name) for name in outside.running]
        time.sleep(0.1)


def test_health_says_what_waits_and_what_does_not_answer(
    servers: Servers, owner: Engine, outside: Outside
) -> None:
    env = outside.environment("relay", servers.redis_url)
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO job (id, kind, dedupe_key, queue, state, attempts_max, next_run_at,"
                " created_at) VALUES (gen_random_uuid(), 'sweep_encounters', '/', 'intake',"
                " 'ready', 12, now() - interval '3 minutes', now())"
            )
        )
    late = CliRunner().invoke(cli, ["health"], env=env)
    assert late.exit_code == 1
    assert re.search(r"intake: 1 could run, the oldest for 18\d s", late.output)
    assert CliRunner().invoke(cli, ["health", "--queues", "send"], env=env).exit_code == 0
    assert CliRunner().invoke(cli, ["health", "--seconds", "300"], env=env).exit_code == 0
    away = CliRunner().invoke(
        cli, ["health", "--queues", "send", "--url", "http://127.0.0.1:1"], env=env
    )
    assert away.exit_code == 1
    assert "the API does not answer: ConnectError" in away.output
