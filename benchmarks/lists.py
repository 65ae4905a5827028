"""The API with many claims, measured over HTTP beside its goals.

What was loaded before for the same schema is used again.
"""

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from benchmarks.load_claims import analyze, load_claims
from benchmarks.paint import enter_link, paint_figures
from benchmarks.timing import Figure, measure, shipped, show
from cli.embedded import Servers, erase_servers, running_servers
from cli.spawn import spawn
from rcm.crypto import make_key_file
from rcm.db import make_engine, make_unit_of_work
from rcm.migrations import upgrade
from rcm.settings import Settings
from rcm.tools import make_tools

FOLDER = Path(".rcm/bench")
_START_SECONDS_MAX = 30
_KEPT = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
#: Where the rows come from: what changes here is loaded anew.
_LOADERS = ("answered", "courses", "interchanges", "load_claims", "people", "tables", "written")
_FILTERS = (
    "status=denied&status=rejected", "payer=60054", "payer=70000&status=paid", "q=EX00000012",
    "service_from=2026-06-01&service_to=2026-06-30", "received_from=2026-11-01",
    "charge_min=50000&charge_max=90000", "open_min=20000", "assignee=me", "assignee=nobody",
    "due_before=2026-11-28", "work=any", "work=denied&due_before=2026-12-31", "reason=CO-45",
    "reason=CO-197",
)  # fmt: skip
_SORTS = ("status_at", "created_at", "service_from", "charge", "paid", "open", "due", "payer")


def measure_lists(console: Console, claims: int) -> list[Figure]:
    """Load, serve, measure and print; return the figures."""
    with _served(console, claims) as served:
        figures = [*_figures(served.client), *paint_figures(served.url, served.link)]
    figures.append(shipped(".js", goal=250_000))
    show(console, figures, claims=claims)
    return figures


@dataclass(frozen=True, slots=True)
class _Served:
    """The API with many claims, for a program and for a browser."""

    client: httpx.Client
    url: str
    link: str  #: Signs a manager in, once.


def _figures(client: httpx.Client) -> Iterator[Figure]:
    page = _get(client, "/claims")
    yield measure("claims", partial(_get, client, "/claims"), goal_ms=150, times=200)
    after = partial(_get, client, f"/claims?cursor={page['next_cursor']}")
    yield measure("claims, second page", after, goal_ms=150, times=50)
    files = _get(client, "/files?type=837P&limit=1")["items"]
    partner = _get(client, "/partners")["items"][0]["id"]
    provider = next(iter(page["facets"]["provider"]))
    more = (f"file={files[0]['id']}", f"partner={partner}", f"provider={provider}")
    for query in (*_FILTERS, *more):
        act = partial(_get, client, f"/claims?{query}")
        yield measure(f"claims?{query[:44]}", act, goal_ms=300, times=20)
    for name in _SORTS:
        for sort in (name, f"-{name}"):
            act = partial(_get, client, f"/claims?sort={sort}")
            yield measure(f"claims, sort={sort}", act, goal_ms=300, times=20)
    act = partial(_get, client, "/claims?sort=patient&status=rejected")
    yield measure("rejected claims, sort=patient", act, goal_ms=300, times=20)
    detail = partial(_get, client, f"/claims/{page['items'][0]['id']}")
    yield measure("one claim", detail, goal_ms=200, times=50)
    yield from _searches(client, page["items"][0])


def _searches(client: httpx.Client, claim: dict[str, Any]) -> Iterator[Figure]:
    number = claim["patient_control_number"]
    remittance = _get(client, "/remittances?limit=1")["items"][0]
    wanted = {
        "claim, whole number": number,
        "claim, 6 characters": number[:6],
        "payer's number": "EX000000012345",
        "trace": remittance["trace"],
        "file name": "000000017_837P",
        "interchange number": "17",
        "family name": "Oakford Canary",
        "3 letters of a family name": "Oak",
        "member id": "SBX020001234",
        "record number": "MRN0001234",
        "nothing": "ZZZZZZZZ",
    }
    for name, text in wanted.items():
        act = partial(_post, client, "/search", {"q": text})
        yield measure(f"search: {name}", act, goal_ms=300, times=20)


def _get(client: httpx.Client, url: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1{url}").raise_for_status().json()
    return found


def _post(client: httpx.Client, url: str, body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.post(f"/api/v1{url}", json=body).raise_for_status().json()
    return found


@contextmanager
def _served(console: Console, claims: int) -> Iterator[_Served]:
    """Serve the API, with so many claims behind it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    note = FOLDER / "loaded.json"
    wanted = {"claims": claims, "made_by": _digest()}
    known = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    if known.items() >= wanted.items():
        console.print(f"{claims:,} claims are loaded already")
    else:
        note.unlink(missing_ok=True)
        erase_servers(FOLDER / "servers")
    with running_servers(FOLDER / "servers", prefix="RCM_BENCH_") as servers:
        settings = _settings(servers)
        if not note.exists():
            secret = _load(console, settings, servers, claims)
            note.touch(mode=0o600)
            note.write_text(json.dumps(wanted | {"key": secret}), encoding="utf-8")
        secret = json.loads(note.read_text(encoding="utf-8"))["key"]
        with _api(settings, servers) as url:
            link = _enter_link(settings, servers)
            headers = {"Authorization": f"Bearer {secret}"}
            with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
                yield _Served(client, url, link)


def _enter_link(settings: Settings, servers: Servers) -> str:
    engine = make_engine(servers.app_url, pool_size=1)
    try:
        return enter_link(make_unit_of_work(engine), make_tools(settings))
    finally:
        engine.dispose()


def _digest() -> str:
    """Return what changes with the schema or the loader."""
    made_by = [*Path("rcm/migrations/versions").glob("*.sql")]
    made_by += [Path("benchmarks", f"{name}.py") for name in _LOADERS]
    said = hashlib.sha256()
    for path in sorted(made_by):
        said.update(path.read_bytes())
    return said.hexdigest()


def _settings(servers: Servers) -> Settings:
    key_file = FOLDER.absolute() / "seal.key"
    if not key_file.exists():
        make_key_file(key_file)
    return Settings.model_validate(
        {
            "database_url": servers.app_url,
            "database_owner_url": servers.owner_url,
            "redis_url": servers.redis_url,
            "key_file": key_file,
        }
    )


def _load(console: Console, settings: Settings, servers: Servers, claims: int) -> str:
    upgrade(servers.owner_url, deployment=settings.deployment)
    engine = make_engine(servers.app_url, pool_size=2)
    owner = create_engine(servers.owner_url, poolclass=NullPool)
    started = time.monotonic()
    with console.status(f"loading {claims:,} claims"):
        unit_of_work = make_unit_of_work(engine)
        secret = load_claims(engine, unit_of_work, make_tools(settings), count=claims)
        engine.dispose()
        analyze(owner)
    console.print(f"{claims:,} claims loaded in {time.monotonic() - started:.0f} s")
    return secret


@contextmanager
def _api(settings: Settings, servers: Servers) -> Iterator[str]:
    """Serve the API in a process of its own; gives its address."""
    port_file = FOLDER / "api.port"
    port_file.unlink(missing_ok=True)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    env = kept | {
        "RCM_DATABASE_URL": servers.app_url,
        "RCM_REDIS_URL": servers.redis_url,
        "RCM_KEY_FILE": str(settings.key_file),
    }
    process = spawn(
        [sys.executable, "-m", "cli.main", "api", "--port", "0", "--port-file", str(port_file)],
        env=env,
        log=FOLDER / "api.log",
        death_signal=signal.SIGTERM,
    )
    try:
        until = time.monotonic() + _START_SECONDS_MAX
        while not port_file.exists():
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the API did not start: see {FOLDER / 'api.log'}")
            time.sleep(0.05)
        port = json.loads(port_file.read_text(encoding="ascii"))["port"]
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)
