"""The whole service on one data folder: servers, API, workers, relay, the sandbox beside it."""

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import httpx

from cli.demo_people import add_people
from cli.embedded import Servers, running_servers
from cli.places import Places
from cli.supervisor import Child, Supervisor
from rcm.access import Role, create_api_key
from rcm.crypto import make_key_file
from rcm.db import UnitOfWork, make_engine, make_unit_of_work
from rcm.migrations import upgrade
from rcm.parties.seed import seed_parties
from rcm.settings import Deployment, Settings
from rcm.signing import make_signing_key_file
from rcm.tools import Tools, make_tools
from sandbox.keys import new_key_pair

PREFERRED_PORT = 8000
#: Workers and their queues: a partner that is slow cannot stop intake and posting.
WORKERS = MappingProxyType(
    {"worker-exchange": "send,slow,webhook", "worker-post": "realtime,intake,post"}
)
#: One for a partner that stalls, one for the others.
PROCESSES = MappingProxyType({"worker-exchange": 2, "worker-post": 1})
_USERNAME = "practice"
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A running service."""

    url: str
    api_key: str = field(repr=False)
    partner_id: UUID
    places: Places
    servers: Servers
    settings: Settings
    tools: Tools
    unit_of_work: UnitOfWork
    supervisor: Supervisor


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which program is the worker, in how many processes, and what the sandbox is told besides."""

    worker: str = "workers.app"
    processes: Mapping[str, int] = field(default_factory=lambda: PROCESSES)
    sandbox: tuple[str, ...] = ()


@contextmanager
def running_stack(
    data: Path,
    *,
    lease_seconds: int = 60,
    restart: bool = False,
    parts: Parts = Parts(),  # Frozen.
    fault_env: Mapping[str, str] = MappingProxyType({}),
    env: Mapping[str, str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Stack]:
    """Run the service on `data`; what is there already goes on. Nothing is left running after.

    Servers named by RCM_DATABASE_URL are not touched, unless `env` names them.

    `fault_env` is added to the environment of API, workers and relay: tests arm failpoints by it.
    `say` is told what is waited for: with a busy machine all of it takes a minute.

    Raises ServersError or SupervisorError with what to do.
    """
    places = Places(data=data)
    say(f"Starting PostgreSQL and Valkey on {data}")
    with running_servers(data, env=env or own_servers()) as servers:
        if not places.key_file.exists():
            make_key_file(places.key_file)
        if not places.signing_key.exists():
            make_signing_key_file(places.signing_key)
        settings = _settings(places, servers, lease_seconds)
        say("Bringing the database to this version")
        upgrade(servers.owner_url, deployment=settings.deployment)
        places.settings.unlink(missing_ok=True)
        write_secret(places.settings, json.dumps(environment(settings)))
        children = _children(places, environment(settings) | dict(fault_env), parts)
        say(f"Starting {', '.join(child.name for child in children)}")
        with Supervisor(children, places.logs, restart=restart, say=say) as supervisor:
            engine = make_engine(servers.app_url, pool_size=2)
            unit_of_work = make_unit_of_work(engine)
            tools = make_tools(settings)
            try:
                partner_id, api_key = _set_up(places, unit_of_work, tools)
                yield Stack(
                    url=f"http://127.0.0.1:{_announced(places.data / 'api.json')['port']}",
                    api_key=api_key,
                    partner_id=partner_id,
                    places=places,
                    servers=servers,
                    settings=settings,
                    tools=tools,
                    unit_of_work=unit_of_work,
                    supervisor=supervisor,
                )
            finally:
                engine.dispose()


def own_servers() -> dict[str, str]:
    """Return our environment without the servers that it may name."""
    named = ("RCM_DATABASE_URL", "RCM_DATABASE_OWNER_URL", "RCM_REDIS_URL")
    return {name: value for name, value in os.environ.items() if name not in named}


def _settings(places: Places, servers: Servers, lease_seconds: int) -> Settings:
    return Settings.model_validate(
        {
            "database_url": servers.app_url,
            "redis_url": servers.redis_url,
            "key_file": places.key_file.absolute(),
            "signing_key_file": places.signing_key.absolute(),
            "checkpoint_folder": places.checkpoints.absolute(),
            "deployment": Deployment.SANDBOX,
            "lease_seconds": lease_seconds,
        }
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the whole environment of a child: what it needs of ours, and its settings."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {
        "PYTHONUNBUFFERED": "1",
        "RCM_DATABASE_URL": settings.database_url.get_secret_value(),
        "RCM_REDIS_URL": settings.redis_url.get_secret_value(),
        "RCM_KEY_FILE": str(settings.key_file),
        "RCM_SIGNING_KEY_FILE": str(settings.signing_key_file),
        "RCM_CHECKPOINT_FOLDER": str(settings.checkpoint_folder),
        "RCM_DEPLOYMENT": settings.deployment,
        "RCM_TIME_ZONE": settings.time_zone,
        "RCM_LEASE_SECONDS": str(settings.lease_seconds),
        "RCM_LOG_FORMAT": settings.log_format,
    }


def _children(places: Places, env: Mapping[str, str], parts: Parts) -> list[Child]:
    api_file = places.data / "api.json"
    sandbox_file = places.data / "sandbox.json"
    for stale in (api_file, sandbox_file, *(_worker_log(places, name) for name in WORKERS)):
        stale.unlink(missing_ok=True)
    authorized = places.data / "sftp.pub"
    authorized.write_text(_sftp_keys(places)[1] + "\n", encoding="ascii")
    sandbox_options = {
        "--folder": places.clearinghouse,
        "--port": _free_port(),  # One that is kept: when it is started again, partners find it.
        "--port-file": sandbox_file,
        "--authorized-keys": authorized,
        "--username": _USERNAME,
        "--time-zone": env["RCM_TIME_ZONE"],
    }
    return [
        Child(
            name="api",
            argv=_python(
                "cli.main",
                "api",
                "--or-any",
                **{"--port": PREFERRED_PORT, "--port-file": api_file},
            ),
            env=env,
            ready=lambda: _is_up(api_file),
        ),
        *(
            Child(
                name=name,
                argv=_python(
                    parts.worker, **{"--queues": queues, "--concurrency": parts.processes[name]}
                ),
                env=env,
                ready=partial(_says, _worker_log(places, name), b" ready."),
            )
            for name, queues in WORKERS.items()
        ),
        Child(name="relay", argv=_python("workers.relay"), env=env, ready=lambda: True),
        Child(
            name="sandbox",
            argv=_python("sandbox.main", *parts.sandbox, **sandbox_options),
            env={name: value for name, value in env.items() if not name.startswith("RCM_")},
            ready=sandbox_file.exists,
        ),
    ]


def _python(module: str, *arguments: str, **options: object) -> tuple[str, ...]:
    """Return the command line of one of our modules."""
    pairs = [word for name, value in options.items() for word in (name, str(value))]
    return (sys.executable, "-m", module, *arguments, *pairs)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _announced(file: Path) -> Mapping[str, Any]:
    announced: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return announced


def _is_up(api_file: Path) -> bool:
    if not api_file.exists():
        return False
    url = f"http://127.0.0.1:{_announced(api_file)['port']}/api/v1/health/ready"
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _worker_log(places: Places, name: str) -> Path:
    return places.logs / f"{name}.log"


def _says(log: Path, words: bytes) -> bool:
    return log.exists() and words in log.read_bytes()


def _sftp_keys(places: Places) -> tuple[str, str]:
    """Return our key pair at the sandbox, made at the first start."""
    if not places.sftp_key.exists():
        write_secret(places.sftp_key, json.dumps(new_key_pair()))
    private, public = json.loads(places.sftp_key.read_text(encoding="ascii"))
    return private, public


def write_secret(path: Path, text: str) -> None:
    """Write a new file with mode 0600."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _set_up(places: Places, unit_of_work: UnitOfWork, tools: Tools) -> tuple[UUID, str]:
    """Seed the sample parties with where the sandbox is now, people, and one API key."""
    sandbox = _announced(places.data / "sandbox.json")
    connection = {
        "host": "127.0.0.1",
        "port": sandbox["port"],
        "private_key": _sftp_keys(places)[0],
        "host_keys": (sandbox["host_key"],),
    }
    parties = json.loads(files("samples").joinpath("parties.json").read_text(encoding="utf-8"))
    with unit_of_work() as session:
        partner_id = seed_parties(session, tools, parties, connection)
        add_people(session, tools)
        if not places.api_key.exists():
            roles = (Role.EHR, Role.MANAGER, Role.INTEGRATION)
            write_secret(places.api_key, create_api_key(session, tools, "demo", roles=roles))
    return partner_id, places.api_key.read_text(encoding="ascii")
