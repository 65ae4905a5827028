"""The viewer: what stands in a file, masked; two files compared; a text explained."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Caller, ForbiddenError, allow
from api.call import JSON_ONLY, AnyCall, BodyTooLargeError, read_body
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.schemas.viewer import (
    INSPECT_EXAMPLE,
    SEGMENTS_MAX,
    SEGMENTS_USUAL,
    AnnotatedOut,
    DiffOut,
    InspectIn,
)
from api.schemas.viewer_window import annotated_out
from api.service import ServiceHere
from edi.annotation import annotate
from edi.findings import ReadError
from edi.judge import judge
from rcm.access import Right
from rcm.db import ReadSession
from rcm.limits import INSPECT_BYTES_MAX
from rcm.reading.files import FileSummary, file
from rcm.reading.pins import found_at
from rcm.reading.viewer import Indexes, Viewed, difference, view

router = APIRouter(tags=["Files"])

_INDEXES = Indexes()  #: Of this process. Ids are unique, and the bytes of a file never change.


class AnnotatedQuery(BaseModel):
    """Which segments."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    offset: int = Field(default=0, ge=0, le=10_000_000, description="Segments to leave out.")
    limit: int = Field(default=SEGMENTS_USUAL, ge=1, le=SEGMENTS_MAX)
    reveal: bool = Field(
        default=False, description="Show patients' data too. Needs its own right, and is audited."
    )


class DiffQuery(BaseModel):
    """Which two files."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    a: UUID = Field(description="The earlier one.")
    b: UUID = Field(description="The later one.")


@router.get(
    "/files/diff",
    response_model=DiffOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.FILES_CONTENT)],
)
def get_diff(service: ServiceHere, query: Annotated[DiffQuery, Query()]) -> object:
    """Compare two files, for example a claim file and the one that was sent after it. Masked."""
    with service.reading() as session:
        a, b = (_known(service, session, each) for each in (query.a, query.b))
        return {"segments": difference(session, service.tools.keys, a, b)}


@router.get(
    "/files/{file_id}/annotated",
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.FILES_CONTENT)],
)
def get_annotated(
    service: ServiceHere, file_id: UUID, query: Annotated[AnnotatedQuery, Query()], caller: Caller
) -> AnnotatedOut:
    """Show what stands in a file, segment by segment, with what was said about it.

    Errors are pinned to their elements: our findings, and of a file that we sent those of its 999
    and the rejections of its claims. What tells of patients is masked unless `reveal`.
    """
    if not query.reveal:
        with service.reading() as session:
            viewed = _viewed(service, session, file_id, query)
    elif caller.may(Right.PHI_REVEAL):
        detail = f"segments {query.offset + 1} to {query.offset + query.limit}"
        with service.audited(
            caller, "file.reveal", about="file", about_id=file_id, detail=detail
        ) as session:
            viewed = _viewed(service, session, file_id, query)
    else:
        raise ForbiddenError
    return annotated_out(viewed, offset=query.offset, reveal=query.reveal)


@router.post(
    "/tools/edi/inspect",
    responses=problems(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=json_body(InspectIn, INSPECT_EXAMPLE),
    dependencies=[allow(Right.FILES_CONTENT), JSON_ONLY],
)
def post_inspect(call: AnyCall) -> AnnotatedOut:
    """Explain any X12 text, broken or whole. Nothing of it is stored; the answer is masked.

    The first segments are explained, up to as many as one window has.
    """
    body = read_body(InspectIn, call).text.encode("utf-8", "replace")
    if len(body) > INSPECT_BYTES_MAX:
        raise BodyTooLargeError
    annotated = annotate(body)
    try:
        findings = found_at(annotated.index, judge(body))
    except ReadError:
        findings = found_at(annotated.index, ())  # The index says why.
    viewed = Viewed(
        index=annotated.index,
        segments=annotated.segments[:SEGMENTS_MAX],
        pins=tuple(findings),
        claims={},
    )
    return annotated_out(viewed, offset=0, reveal=False)


def _viewed(
    service: ServiceHere, session: ReadSession, file_id: UUID, query: AnnotatedQuery
) -> Viewed:
    found = _known(service, session, file_id)
    return view(
        session,
        service.tools.keys,
        _INDEXES,
        found,
        first=query.offset + 1,
        limit=query.limit,
    )


def _known(service: ServiceHere, session: ReadSession, file_id: UUID) -> FileSummary:
    found = file(session, file_id, now=service.tools.clock())
    if found is None:
        raise UnknownIdError
    return found
