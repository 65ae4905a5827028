"""The API on a real server and the real database, in this process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from httpx import Client

from api.app import make_app
from rcm.access import create_api_key
from rcm.db import UnitOfWork
from rcm.settings import Settings
from rcm.tools import Tools
from samples.encounters import encounters
from tests.harness import EVERYTHING, TODAY, Practice, make_practice

START_SECONDS_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An application that answers at `url`."""

    app: FastAPI
    url: str


@contextmanager
def serving(app: FastAPI) -> Iterator[Served]:
    """Serve `app` from a thread, on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until = time.monotonic() + START_SECONDS_MAX
            while not server.started and thread.is_alive() and time.monotonic() < until:
                time.sleep(0.01)
            assert server.started
            yield Served(app=app, url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def served(settings: Settings) -> Iterator[Served]:
    """The API, for the whole run."""
    with serving(make_app(settings)) as running:
        yield running


@pytest.fixture
def stranger(served: Served) -> Iterator[Client]:
    """A caller without a key."""
    with Client(base_url=served.url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path) -> Practice:
    """Seeded parties, and a sandbox partner in a folder."""
    return make_practice(unit_of_work, tools, tmp_path)


@pytest.fixture
def secret(practice: Practice) -> str:
    """The API key of an EHR system."""
    with practice.unit_of_work() as session:
        return create_api_key(session, practice.tools, "ehr", roles=EVERYTHING)


@pytest.fixture
def api(served: Served, secret: str) -> Iterator[Client]:
    """An EHR system that calls with its key."""
    headers = {"Authorization": f"Bearer {secret}"}
    with Client(base_url=served.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def encounter() -> dict[str, Any]:
    """One ordinary encounter."""
    ((_, made),) = encounters(1, seed=1, today=TODAY)
    return made
