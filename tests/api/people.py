"""People who are signed in, for tests: a client with the cookie of a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from httpx import Client
from sqlalchemy import insert

from api.cookies import COOKIE
from rcm.access import Role
from rcm.access.sessions import Stage, begin_session, csrf_token
from rcm.rows import ActorRow, UserRow
from tests.harness import Practice
from tests.serving import Served


def add_person(
    practice: Practice,
    name: str,
    *roles: Role,
    practices: list[UUID] | None = None,
) -> UUID:
    """Store a person who has no password yet."""
    person = practice.tools.randomness.uuid()
    with practice.unit_of_work() as session:
        session.execute(
            insert(ActorRow).values(
                id=person,
                kind="person",
                name=name,
                roles=sorted(roles),
                practices=practices,
                created_at=practice.tools.clock(),
            )
        )
        session.execute(insert(UserRow).values(id=person, email=f"{name}@example.org"))
    return person


@contextmanager
def signed_in(
    served: Served, practice: Practice, person: UUID, stage: Stage = Stage.FULL
) -> Iterator[Client]:
    """Give a browser with a session: httpx by itself sends no Secure cookie over http."""
    tools = served.app.state.service.tools
    with practice.unit_of_work() as session:
        secret = begin_session(session, tools, person, stage)
    with browser(served, secret, csrf_token(tools, secret)) as client:
        yield client


@contextmanager
def browser(served: Served, secret: str | None, csrf: str = "") -> Iterator[Client]:
    """Give a client that says what our own page says."""
    headers = {"Origin": served.url, "X-CSRF-Token": csrf}
    if secret is not None:
        headers["Cookie"] = f"{COOKIE}={secret}"
    with Client(base_url=served.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client
