"""The session cookie, and what a call that carries it must say besides: no other site can."""

import hmac
from urllib.parse import urlsplit

from fastapi import Request, Response

from rcm.access.sessions import SignedIn

COOKIE = "__Host-rcm"  #: The prefix binds it to this host, this path and TLS (RFC 6265bis 4.1.3.2).
CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForgedError(Exception):
    """A call with a cookie that does not prove that our own page made it."""


def set_cookie(response: Response, secret: str) -> None:
    """Give the browser a session. It ends with the browser; we end it earlier (rcm.access)."""
    response.set_cookie(COOKIE, secret, path="/", secure=True, httponly=True, samesite="lax")


def clear_cookie(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def refuse_forged(request: Request, signed_in: SignedIn) -> None:
    """Let a call pass that reads, or that says the session's token and comes from our own page.

    Raises ForgedError.
    """
    if request.method in _SAFE:
        return
    said = request.headers.get(CSRF_HEADER, "")
    is_known = hmac.compare_digest(said.encode(), signed_in.csrf_token.encode())
    if not is_known or _origin(request) not in _own_origins(request):
        raise ForgedError


def refuse_other_origin(request: Request) -> None:
    """Let a call pass before there is a session: from our own page, or from no page at all.

    Another site could otherwise sign its visitors in here as somebody else. Raises ForgedError.
    """
    origin = _origin(request)
    if origin is not None and origin not in _own_origins(request):
        raise ForgedError


def _origin(request: Request) -> str | None:
    """Return the origin of the page that made the call; None where it does not say."""
    said = request.headers.get("Origin")
    if said is not None:
        return said
    referer = request.headers.get("Referer")
    if referer is None:
        return None
    try:
        parts = urlsplit(referer)
    except ValueError:  # No address: no page of ours.
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _own_origins(request: Request) -> set[str]:
    """Return the origins of our own pages: behind a proxy that ends TLS we are called by http."""
    host = request.headers.get("Host", "")
    return {f"{request.url.scheme}://{host}", f"https://{host}"}
