"""A call that has an effect: its body, read under a limit, and its Idempotency-Key."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from api.auth import Caller
from api.service import Service
from rcm.access import Actor
from rcm.crypto import sha256
from rcm.document import strict_json
from rcm.failpoint import failpoint
from rcm.idempotency import Answer, once
from rcm.limits import BODY_BYTES_MAX, BODY_SECONDS_MAX

Body = TypeVar("Body", bound=BaseModel)

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text that this client uses once, for example a UUID. The same key with "
        "the same request within 24 hours gets the same answer, and nothing is done twice.",
    ),
]


class BodyTooLargeError(Exception):
    """The body has more than BODY_BYTES_MAX bytes: the rest of it is not kept."""


class NotJsonError(Exception):
    """The body is not said to be application/json."""


class NotLinesError(Exception):
    """The body is not said to be a JSON document a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who asks for what."""

    actor: Actor
    method: str
    path: str
    key: str | None
    body: bytes = field(repr=False)  #: PHI.


class BodySlowError(Exception):
    """The body did not come to its end within BODY_SECONDS_MAX."""


async def _body(request: Request) -> bytes:
    """Read the body, up to the limits of size and of time."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_BYTES_MAX:
                    raise BodyTooLargeError
    except TimeoutError:
        raise BodySlowError from None
    return bytes(body)


async def _call(request: Request, caller: Caller, idempotency_key: IdempotencyKey = None) -> Call:
    """Read the call. `caller` comes first: nothing is read of a stranger's body."""
    return Call(
        actor=caller,
        method=request.method,
        path=request.url.path,
        key=idempotency_key,
        body=await _body(request),
    )


async def _refuse_other_than_json(request: Request) -> None:
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise NotJsonError


NDJSON = "application/x-ndjson"  #: A JSON document a line.


async def _refuse_other_than_lines(request: Request) -> None:
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != NDJSON:
        raise NotLinesError


AnyCall = Annotated[Call, Depends(_call)]
AnyBody = Annotated[bytes, Depends(_body)]  #: Of a call of somebody who is still coming in.
JSON_ONLY = Depends(_refuse_other_than_json)
LINES_ONLY = Depends(_refuse_other_than_lines)


def read_body(model: type[Body], call: Call) -> Body:
    """Return the body as the model. Raises RequestValidationError, with places below /body."""
    return read_model(model, call.body)


def read_model(model: type[Body], body: bytes) -> Body:
    """Return `body`, strict JSON, as the model. Raises RequestValidationError, placed in /body."""
    try:
        strict_json(body)
    except ValueError:
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",)}]) from None
    try:
        return model.model_validate_json(body)
    except ValidationError as refusal:
        errors = refusal.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in errors]
        ) from None


def answer_once(service: Service, call: Call, act: Callable[[Session], Answer]) -> Response:
    """Act in one transaction and answer; a call that repeats a key is answered as before."""
    tools = service.tools
    asked = f"{call.method}\0{call.path}\0{sha256(call.body).hex()}"
    with service.unit_of_work() as session:
        if call.key is None:
            answer = act(session)
        else:
            answer = once(
                session,
                lambda: act(session),
                tools.keys,
                actor_id=call.actor.id,
                key=call.key,
                # Keyed: a plain digest of a short body would tell the body to who guesses it.
                fingerprint=tools.keys.index("request", asked),
                now=tools.clock(),
            )
        failpoint("call.kept")
    failpoint("call.committed")
    return Response(answer.text, status_code=answer.status, media_type="application/json")
