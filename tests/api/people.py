"""People for tests: stored, signed in, and as browsers that keep a cookie."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pyotp
from httpx import Client, Response
from sqlalchemy import insert

from api.cookies import COOKIE
from rcm.access import Role, users
from rcm.access.sessions import Stage, begin_session, csrf_token
from rcm.rows import ActorRow, UserRow
from tests.conftest import NOW
from tests.harness import Practice
from tests.serving import Served, client_of

PASSWORD = "seven quiet herons at dawn"
Move = Callable[[timedelta], None]


def secret_of(answer: Response) -> str:
    """Return the session that an answer gives the browser."""
    found = re.match(rf"{COOKIE}=([\w-]{{43}});", answer.headers["set-cookie"])
    assert found is not None
    return found[1]


class Browser:
    """What a browser does: it keeps the cookie, and our page the token."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.secret: str | None = None
        self.csrf = ""

    def post(self, path: str, body: object = None, **headers: str) -> Response:
        with browser(self.served, self.secret, self.csrf) as client:
            answer = client.post(f"/api/v1/{path}", json=body, headers=headers)
        if "set-cookie" in answer.headers and answer.is_success and path != "auth/logout":
            self.secret = secret_of(answer)
            self.csrf = answer.json()["csrf_token"]
        return answer

    def get(self, path: str) -> Response:
        with browser(self.served, self.secret, self.csrf) as client:
            return client.get(f"/api/v1/{path}")


def invite(practice: Practice, email: str = "pat@example.org", *roles: Role) -> tuple[UUID, str]:
    """Invite somebody: (id, ticket)."""
    with practice.unit_of_work() as session:
        invitation = users.invite_user(
            session,
            practice.tools,
            email=email,
            name="Pat Reed",
            roles=roles or (Role.BILLER,),
            practices=None,
            by=None,
        )
    return invitation.user_id, invitation.ticket


def enrolled(served: Served, practice: Practice) -> tuple[Browser, str, list[str]]:
    """Somebody who has set up everything and is in: (browser, authenticator, recovery codes)."""
    _, ticket = invite(practice)
    person = Browser(served)
    assert person.post("auth/ticket", {"ticket": ticket}).json()["next"] == "set_password"
    assert person.post("auth/password", {"password": PASSWORD}).json()["next"] == "enrol"
    secret = person.post("auth/totp/enrol").json()["secret"]
    confirmed = person.post("auth/totp/confirm", {"code": code_at(secret, NOW)})
    assert confirmed.json()["next"] == "done"
    return person, secret, confirmed.json()["recovery_codes"]


def code_at(secret: str, now: datetime) -> str:
    return pyotp.TOTP(secret).at(now)


def log_in(person: Browser, password: str = PASSWORD, email: str = "Pat@Example.org ") -> Response:
    return person.post("auth/login", {"email": email, "password": password})


def code_of(answer: Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code")


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
    with client_of(served.url, headers) as client:
        yield client
