"""An organisation with many synthetic claims, loaded once for a file of tests that only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from httpx import Client
from sqlalchemy import Engine, text

from benchmarks.load_claims import load_claims
from rcm.db import make_unit_of_work
from rcm.tools import Tools
from tests.serving import calling


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was loaded, and a client that may see all of it."""

    api: Client
    engine: Engine

    def rows(self, sql: str, **values: object) -> list[Any]:
        """The rows of a query: tests look at what is, not at what the code says of it."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))

    def get(self, url: str, **query: object) -> dict[str, Any]:
        """Return what a URL, maybe with a query of its own, answers; it names nobody."""
        path, _, asked = url.partition("?")
        asked_too = [*parse_qsl(asked), *((name, str(value)) for name, value in query.items())]
        answer = self.api.get(f"/api/v1/{path}?{urlencode(asked_too)}")
        assert answer.status_code == 200, answer.text
        assert "canary" not in answer.text.lower()
        shown: dict[str, Any] = answer.json()
        return shown

    def walk(self, url: str, **query: object) -> Iterator[dict[str, Any]]:
        """Yield every item of a list, page by page."""
        page = self.get(url, **query)
        yield from page["items"]
        while page["next_cursor"] is not None:
            page = self.get(url, **query, cursor=page["next_cursor"])
            yield from page["items"]


@contextmanager
def loaded_claims(url: str, engine: Engine, tools: Tools, *, count: int) -> Iterator[Loaded]:
    """Load claims into an empty database."""
    secret = load_claims(engine, make_unit_of_work(engine), tools, count=count)
    with calling(url, secret) as client:
        yield Loaded(api=client, engine=engine)
