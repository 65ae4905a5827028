"""Files: what went out and what came in."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.call import AnyCall, answer_once
from api.document import problems
from api.errors import UnknownIdError
from api.schemas.claims import ResubmittedOut
from api.schemas.files import FileDetailOut, FilePage, FileQuery, FileResubmittedOut
from api.schemas.paging import page_values
from api.service import ServiceHere
from rcm.encounters.correct import resubmit_file
from rcm.idempotency import Answer
from rcm.reading import files

router = APIRouter(tags=["Files"])


@router.get("/files", response_model=FilePage, responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY))
def list_files(service: ServiceHere, query: Annotated[FileQuery, Query()]) -> object:
    """List files that were frozen to be sent, or received, newest first."""
    chosen = files.FileFilter(
        file_types=query.type,
        direction=query.direction,
        state=query.state,
        partner_id=query.partner_id,
    )
    as_of = service.tools.clock()
    with service.reading() as session:
        page = files.files(session, chosen, after=query.cursor, limit=query.limit)
    return page_values(page, facet="type", as_of=as_of)


@router.get(
    "/files/{file_id}",
    response_model=FileDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_file(service: ServiceHere, file_id: UUID) -> object:
    """Show one file with its findings."""
    with service.reading() as session:
        file = files.file(session, file_id)
    if file is None:
        raise UnknownIdError
    return file


@router.post(
    "/files/{file_id}/resubmit",
    response_model=FileResubmittedOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
def post_resubmit_file(service: ServiceHere, file_id: UUID, call: AnyCall) -> Response:
    """Send again every claim that was refused with this file by a 999 or TA1. Needs no body."""

    def act(session: Session) -> Answer:
        again = resubmit_file(session, service.tools, file_id, by=call.client)
        out = FileResubmittedOut(items=[ResubmittedOut.model_validate(each) for each in again])
        return Answer(status=HTTPStatus.OK, text=out.model_dump_json())

    return answer_once(service, call, act)
