"""Who is calling: `Authorization: Bearer rcm_...`, on every route but health and the docs."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.service import ServiceHere
from rcm.access import ApiClient, find_api_key

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="A key of this deployment: shown once when it is made, kept as SHA-256.",
)


class UnauthenticatedError(Exception):
    """No key, or none that counts. Which of the two is not told."""


def authenticate(
    service: ServiceHere,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> ApiClient:
    """Return the client whose key was sent. Raises UnauthenticatedError."""
    if credentials is None:
        raise UnauthenticatedError
    with service.reading() as session:
        client = find_api_key(session, credentials.credentials)
    if client is None:
        raise UnauthenticatedError
    return client


Client = Annotated[ApiClient, Depends(authenticate)]
