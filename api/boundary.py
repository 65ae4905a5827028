"""The outermost layer of every request: trace id, headers, access log, and the last resort."""

import logging
import time
import traceback
from http import HTTPStatus
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer_problem
from api.kinds import BROKEN
from api.unread import Unread

_OURS = ("api", "rcm", "edi")  #: Packages whose places help to find a fault.
_API = {"Cache-Control": "no-store"}
#: Nothing inline, nothing from anywhere else, in nobody's frame.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
#: Swagger's page starts itself by an inline script and styles its parts so.
_DOCS_POLICY = _POLICY.replace(
    "script-src 'self'; style-src 'self'",
    "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'",
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}

log = logging.getLogger(__name__)


class Boundary:
    """ASGI middleware. It logs operations, not paths: those carry what a stranger typed."""

    def __init__(self, app: ASGIApp, *, is_production: bool) -> None:
        self.app = app
        self.headers = _HEADERS | (_TLS if is_production else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; an exception that nobody expected becomes a problem, and no more."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace_id = str(uuid4())
        scope.setdefault("state", {})["trace_id"] = trace_id
        started = time.monotonic()
        status = 0
        unread = Unread(scope, receive)

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                await unread.swallow()
                if not unread.is_over:
                    headers["Connection"] = "close"
                headers["X-Trace-Id"] = trace_id
                headers.update(self.headers)
                if scope["path"].startswith("/api/"):
                    headers.update(_API)
                elif scope["path"] == "/docs":
                    headers["Content-Security-Policy"] = _DOCS_POLICY
            await send(message)

        try:
            await self.app(scope, unread, send_marked)
        except Exception as raised:  # noqa: BLE001  # The last door: it makes a problem of it.
            log.error(  # noqa: TRY400  # A traceback would show values.
                "%s at %s, trace %s", type(raised).__name__, _place(raised), trace_id
            )
            if not status:
                response = answer_problem(Request(scope), BROKEN)
                await response(scope, unread, send_marked)
        seconds = time.monotonic() - started
        level = logging.INFO if status < HTTPStatus.INTERNAL_SERVER_ERROR else logging.WARNING
        log.log(
            level,
            "%s %s %d %.0f ms, trace %s",
            scope["method"],
            _operation(scope),
            status,
            seconds * 1000,
            trace_id,
        )


def _place(raised: Exception) -> str:
    """Return the module, function and line where `raised` left our code."""
    frames = list(traceback.walk_tb(raised.__traceback__))
    places = [
        (frame.f_globals.get("__name__", ""), frame.f_code.co_name, line) for frame, line in frames
    ]
    ours = [place for place in places if place[0].partition(".")[0] in _OURS]
    module, function, line = (ours or places)[-1]
    return f"{module}.{function}:{line}"


def _operation(scope: Scope) -> str:
    return getattr(scope.get("endpoint"), "__name__", "(no route)")
