"""Files: what went out and what came in."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.document import problems
from api.errors import UnknownIdError
from api.schemas.files import FileDetailOut, FilePage, FileQuery
from api.schemas.paging import page_values
from api.service import ServiceHere
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
