"""The outermost layer of every request: trace id, headers, access log, and the last resort."""

import logging
import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer_problem
from api.kinds import BROKEN
from api.unread import Unread
from rcm.logs import about, place_of

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

#: What a proxy may call a request: as long as a UUID or a trace's id, and no word of a language.
_REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{16,64}")

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
        request_id = _request_id(scope) or trace_id
        scope.setdefault("state", {})["trace_id"] = trace_id
        with about(request_id=request_id, trace_id=trace_id):
            await self._serve(scope, receive, send, {
                "X-Request-Id": request_id, "X-Trace-Id": trace_id,
            })  # fmt: skip

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, names: Mapping[str, str]
    ) -> None:
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
                headers.update(names)
                headers.update(self.headers)
                if scope["path"].startswith("/api/"):
                    headers.update(_API)
                elif scope["path"] == "/docs":
                    headers["Content-Security-Policy"] = _DOCS_POLICY
            await send(message)

        try:
            await self.app(scope, unread, send_marked)
        except Exception as raised:  # noqa: BLE001  # The last door: it makes a problem of it.
            error, place = type(raised).__name__, place_of(raised)
            log.error(  # noqa: TRY400  # A traceback would show values.
                "%s at %s, trace %s",
                error,
                place,
                names["X-Trace-Id"],
                extra={"error": error, "at": place},
            )
            if not status:
                response = answer_problem(Request(scope), BROKEN)
                await response(scope, unread, send_marked)
        told = {
            "method": scope["method"],
            "operation": _operation(scope),
            "status": status,
            "duration_ms": round((time.monotonic() - started) * 1000),
        }
        level = logging.INFO if status < HTTPStatus.INTERNAL_SERVER_ERROR else logging.WARNING
        log.log(level, "%s %s %d", told["method"], told["operation"], status, extra=told)


def _request_id(scope: Scope) -> str | None:
    """Return what a proxy before us calls this request, so that its log and ours meet."""
    named = Headers(scope=scope).get("x-request-id", "")
    return named if _REQUEST_ID.fullmatch(named) else None


def _operation(scope: Scope) -> str:
    return getattr(scope.get("endpoint"), "__name__", "(no route)")
