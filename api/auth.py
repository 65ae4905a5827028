"""Who is calling, and whether they may: every route but the open ones says what it needs."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api.cookies import COOKIE, refuse_forged
from api.service import Service, ServiceHere
from rcm.access import Actor, Right, audit, find_api_key
from rcm.access.attempts import address_of
from rcm.access.sessions import SignedIn, Stage, find_signed_in, is_due, touch

#: Said by a call that a page makes by itself: it does not mean that somebody is there.
BACKGROUND_HEADER = "X-Background"

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="A key of this deployment: shown once when it is made, kept as SHA-256.",
)
_COOKIE = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    scheme_name="Session",
    description="A person who signed in. What changes something also says `X-CSRF-Token`, and its "
    "`Origin` (or `Referer`) is our own.",
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
_Secret = Annotated[str | None, Depends(_COOKIE)]


class UnauthenticatedError(Exception):
    """No key or session, or none that counts. Which of them is not told."""


class SecondFactorDueError(Exception):
    """The session has not come far enough for this: a password or a second factor is due."""


class ForbiddenError(Exception):
    """The caller is known, and has no role that gives the right."""


def _signed_in(request: Request, service: ServiceHere, secret: _Secret) -> SignedIn | None:
    """Return the session of the cookie, at whatever stage; its idle time begins anew."""
    if not secret:
        return None
    with service.reading() as session:
        found = find_signed_in(session, service.tools, secret)
    if found is None:
        return None
    refuse_forged(request, found)
    is_there = BACKGROUND_HEADER not in request.headers
    if is_there and is_due(found, service.tools.clock()):
        with service.unit_of_work() as session:
            found = touch(session, service.tools, found)
    return replace(found, actor=_known(request, service, found.actor))


#: The session at whatever stage: for the routes that bring it on.
MaybeSignedIn = Annotated[SignedIn | None, Depends(_signed_in)]


def authenticate(
    request: Request, service: ServiceHere, credentials: _Credentials, secret: _Secret
) -> Actor:
    """Return who calls: by a key, which comes first, or by a session.

    Raises UnauthenticatedError, SecondFactorDueError, ForgedError.
    """
    if credentials is not None:
        with service.reading() as session:
            actor = find_api_key(session, credentials.credentials)
        if actor is None:
            raise UnauthenticatedError
        actor = _known(request, service, actor)
    else:
        signed_in = _signed_in(request, service, secret)
        if signed_in is None:
            raise UnauthenticatedError
        if signed_in.stage is not Stage.FULL:
            raise SecondFactorDueError
        actor = signed_in.actor
        request.state.signed_in = signed_in
    # From here on the sessions of this request see the rows of the actor's practices only.
    request.state.actor = actor
    return actor


Caller = Annotated[Actor, Depends(authenticate)]


def _known(request: Request, service: Service, actor: Actor) -> Actor:
    return replace(actor, address=address(request, service))


def session_of(request: Request) -> SignedIn | None:
    """Return the session of a caller who was let in; None for a program."""
    found: SignedIn | None = getattr(request.state, "signed_in", None)
    return found


def address(request: Request, service: Service) -> bytes:
    """Return a keyed digest of where a call comes from."""
    host = request.client.host if request.client else ""
    return address_of(service.tools, host)


@dataclass(frozen=True, slots=True)
class Allow:
    """The dependency of a route that needs `right`; tests find it on every route."""

    right: Right

    def __call__(self, service: ServiceHere, caller: Caller) -> None:
        """Let a caller with the right pass; who tried without it is recorded.

        Raises ForbiddenError.
        """
        if not caller.may(self.right):
            with service.unit_of_work() as session:
                audit.record(session, service.tools, caller, self.right, is_refused=True)
            raise ForbiddenError


def allow(right: Right) -> Dependency:
    """Declare what a route needs: `dependencies=[allow(Right.CLAIMS_READ)]`."""
    return Dependency(Allow(right))
