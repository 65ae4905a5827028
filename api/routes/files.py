"""Files: what went out and what came in; and what is to become of those that were kept aside."""

from collections.abc import Iterator
from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.call import JSON_ONLY, AnyCall, answer_once
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.schemas.claims import ResubmittedOut
from api.schemas.decisions import DISCARD_EXAMPLE, REPLAY_EXAMPLE
from api.schemas.files import FileDetailOut, FilePage, FileQuery, FileResubmittedOut
from api.schemas.paging import list_values
from api.service import Service, ServiceHere
from rcm.access import Right
from rcm.db import ReadSession
from rcm.decisions.model import DiscardIn, ReplayIn, read_decision, read_replay
from rcm.decisions.quarantine import discard_file, replay_file
from rcm.decisions.store import decisions_about
from rcm.encounters.correct import resubmit_file
from rcm.files import read_chunk
from rcm.idempotency import Answer
from rcm.reading import files

router = APIRouter(tags=["Files"])

_RAW = {
    "description": "The bytes as they were sent or received.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
_DECIDING = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@router.get(
    "/files",
    response_model=FilePage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.FILES_READ)],
)
def list_files(service: ServiceHere, query: Annotated[FileQuery, Query()]) -> object:
    """List files that were frozen to be sent, or received, with what became of each."""
    chosen = files.FileFilter(
        file_types=query.type,
        states=query.state,
        directions=query.direction,
        partner_ids=query.partner_id,
        received_from=query.received_from,
        received_to=query.received_to,
        has_findings=query.has_findings,
        missing_ack=query.missing_ack,
        q=query.q.strip(),
    )
    as_of = service.tools.clock()
    with service.reading() as session:
        shown, following, counted = files.files(
            session, chosen, sort=query.sort, after=query.cursor, limit=query.limit, now=as_of
        )
    return list_values(shown, following, total=counted.total, facets=counted.facets, as_of=as_of)


@router.get(
    "/files/{file_id}",
    response_model=FileDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.FILES_READ)],
)
def get_file(service: ServiceHere, file_id: UUID) -> object:
    """Show one file: its chain of answers, its claims, its findings, what people decided."""
    with service.reading() as session:
        return _shown(service, session, file_id)


@router.get(
    "/files/{file_id}/raw",
    response_class=StreamingResponse,
    responses={
        HTTPStatus.OK.value: _RAW,
        **problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    },
    dependencies=[allow(Right.FILES_CONTENT)],
)
def get_file_bytes(service: ServiceHere, file_id: UUID, caller: Caller) -> Response:
    """Give the bytes of a file, whatever its state: they are exactly those that traveled.

    That you had them is recorded.
    """
    with service.audited(caller, "file.download", about="file", about_id=file_id) as session:
        file = files.file(session, file_id, now=service.tools.clock())
        if file is None:
            raise UnknownIdError
    headers = {
        # Not the partner's name for it: that may be anything.
        "Content-Disposition": f'attachment; filename="{file_id}.x12"',
        "Content-Length": str(file.size_bytes),
    }
    body = _bytes(service, file_id)
    return StreamingResponse(body, media_type="application/octet-stream", headers=headers)


@router.post(
    "/files/{file_id}/replay",
    status_code=HTTPStatus.ACCEPTED,
    response_model=FileDetailOut,
    responses=_DECIDING,
    openapi_extra=json_body(ReplayIn, REPLAY_EXAMPLE, required=False),
    dependencies=[allow(Right.FILES_WORK)],
)
def post_file_replay(service: ServiceHere, file_id: UUID, call: AnyCall) -> Response:
    """Read a file again that was kept aside or discarded, once its cause is mended.

    Where it still may not be used it is kept aside again, with the new reason.
    """

    def act(session: Session) -> Answer:
        asked = read_replay(call.body)
        replay_file(session, service.tools, file_id, asked, call.actor)
        return Answer(status=HTTPStatus.ACCEPTED, text=_text(service, session, file_id))

    return answer_once(service, call, act)


@router.post(
    "/files/{file_id}/discard",
    response_model=FileDetailOut,
    responses={**_DECIDING, **problems(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)},
    openapi_extra=json_body(DiscardIn, DISCARD_EXAMPLE),
    dependencies=[allow(Right.FILES_WORK), JSON_ONLY],
)
def post_file_discard(service: ServiceHere, file_id: UUID, call: AnyCall) -> Response:
    """Say that a file in quarantine is not to be used, and why. Its bytes stay."""

    def act(session: Session) -> Answer:
        reason = read_decision(call.body, DiscardIn).reason
        discard_file(session, service.tools, file_id, reason, call.actor)
        return Answer(status=HTTPStatus.OK, text=_text(service, session, file_id))

    return answer_once(service, call, act)


@router.post(
    "/files/{file_id}/resubmit",
    response_model=FileResubmittedOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    dependencies=[allow(Right.CLAIMS_WORK)],
)
def post_resubmit_file(service: ServiceHere, file_id: UUID, call: AnyCall) -> Response:
    """Send again every claim that was refused with this file by a 999 or TA1. Needs no body."""

    def act(session: Session) -> Answer:
        again = resubmit_file(session, service.tools, file_id, by=call.actor)
        out = FileResubmittedOut(items=[ResubmittedOut.model_validate(each) for each in again])
        return Answer(status=HTTPStatus.OK, text=out.model_dump_json())

    return answer_once(service, call, act)


def _shown(service: Service, session: ReadSession, file_id: UUID) -> dict[str, object]:
    file = files.file_detail(session, file_id, now=service.tools.clock())
    if file is None:
        raise UnknownIdError
    decisions = decisions_about(session, service.tools.keys, file_id=file_id)
    return asdict(file) | {"decisions": decisions}


def _text(service: Service, session: ReadSession, file_id: UUID) -> str:
    return FileDetailOut.model_validate(_shown(service, session, file_id)).model_dump_json()


def _bytes(service: Service, file_id: UUID) -> Iterator[bytes]:
    n, is_last = 0, False
    while not is_last:
        # A transaction for each: none is held open while a slow client takes its time.
        with service.reading() as session:
            chunk, is_last = read_chunk(session, service.tools.keys, file_id, n)
        yield chunk
        n += 1
