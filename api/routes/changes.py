"""What changed: pages that are looked at ask every few seconds, and read again what it concerns."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import Caller, allow
from api.document import problems
from api.schemas.changes import ChangeOut, ChangesOut, ChangesQuery, write_changes_cursor
from api.service import ServiceHere
from rcm.access import Right
from rcm.reading.changes import changes

router = APIRouter(tags=["Work"])


@router.get(
    "/changes",
    response_model=ChangesOut,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.SELF)],
)
def list_changes(
    service: ServiceHere, caller: Caller, query: Annotated[ChangesQuery, Query()]
) -> object:
    """Tell what changed since an earlier answer, of what the caller may read.

    Nothing is missed, in whatever order transactions end; a thing may be told twice.
    """
    as_of = service.tools.clock()
    with service.reading() as session:
        found = changes(session, caller, query.after, now=as_of)
    return ChangesOut(
        cursor=write_changes_cursor(found.cursor),
        changes=[ChangeOut.model_validate(each) for each in found.changes],
        reset=found.is_reset,
        has_more=found.has_more,
        as_of=as_of,
    )
