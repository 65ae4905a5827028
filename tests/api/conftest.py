"""The API on a real server and the real database, in this process."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Client
from sqlalchemy import Engine

from api.app import make_app
from rcm.access import create_api_key
from rcm.db import UnitOfWork
from rcm.settings import Settings
from rcm.tools import Tools
from samples.encounters import encounters
from tests.conftest import NOW
from tests.harness import EVERYTHING, TODAY, Practice, make_practice
from tests.serving import Served, calling, client_of, serving
from tests.stages import Stages, empty_database


def unnamed(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return an answer as text without the patient's name, where it is a claim's page."""
    if isinstance(answer, dict) and isinstance(answer.get("patient"), dict):
        answer = answer | {"patient": answer["patient"] | {"name": ""}}
    return json.dumps(answer).lower()


@pytest.fixture(scope="session")
def served(settings: Settings, owner: Engine) -> Iterator[Served]:
    """The API, for the whole run; what a test before it sealed with another key is gone."""
    empty_database(owner)
    with serving(make_app(settings)) as running:
        yield running


@pytest.fixture
def stranger(served: Served) -> Iterator[Client]:
    """A caller without a key."""
    with client_of(served.url) as client:
        yield client


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path, stages: Stages) -> Practice:
    """Seeded parties, and a sandbox partner in a folder."""
    return make_practice(unit_of_work, tools, tmp_path, stages)


def ehr_key(practice: Practice) -> str:
    """Make the API key of an EHR system."""
    with practice.unit_of_work() as session:
        return create_api_key(session, practice.tools, "ehr", roles=EVERYTHING)


@pytest.fixture
def secret(practice: Practice) -> str:
    """The API key of an EHR system."""
    return ehr_key(practice)


@pytest.fixture
def api(served: Served, secret: str) -> Iterator[Client]:
    """An EHR system that calls with its key."""
    with calling(served.url, secret) as client:
        yield client


@pytest.fixture
def encounter() -> dict[str, Any]:
    """One ordinary encounter."""
    ((_, made),) = encounters(1, seed=1, today=TODAY)
    return made


@pytest.fixture
def move(served: Served) -> Iterator[Callable[[timedelta], None]]:
    """Move the clock of the API; it stands still at NOW until then."""
    service = served.app.state.service
    now: list[datetime] = [NOW]

    def advance(by: timedelta) -> None:
        now[0] += by

    served.app.state.service = replace(service, tools=replace(service.tools, clock=lambda: now[0]))
    yield advance
    served.app.state.service = service
