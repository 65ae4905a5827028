"""Who is calling, and whether they may: every route but health and the docs says what it needs."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.params import Depends as Dependency
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.service import ServiceHere
from rcm.access import Actor, Right, find_api_key

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="A key of this deployment: shown once when it is made, kept as SHA-256.",
)


class UnauthenticatedError(Exception):
    """No key, or none that counts. Which of the two is not told."""


class ForbiddenError(Exception):
    """The caller is known, and has no role that gives the right."""


def authenticate(
    service: ServiceHere,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Actor:
    """Return who calls. Raises UnauthenticatedError."""
    if credentials is None:
        raise UnauthenticatedError
    with service.reading() as session:
        actor = find_api_key(session, credentials.credentials)
    if actor is None:
        raise UnauthenticatedError
    return actor


Caller = Annotated[Actor, Depends(authenticate)]


@dataclass(frozen=True, slots=True)
class Allow:
    """The dependency of a route that needs `right`; tests find it on every route."""

    right: Right

    def __call__(self, caller: Caller) -> None:
        """Let a caller with the right pass. Raises ForbiddenError."""
        if not caller.may(self.right):
            raise ForbiddenError


def allow(right: Right) -> Dependency:
    """Declare what a route needs: `dependencies=[allow(Right.CLAIMS_READ)]`."""
    return Dependency(Allow(right))
