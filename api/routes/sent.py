"""What we sent and what was answered, file by file."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import allow
from api.document import problems
from api.schemas.paging import list_values
from api.schemas.sent import SentPage, SentQuery, counts_out, sent_out
from api.service import ServiceHere
from rcm.access import Right
from rcm.reading.sent import sent_files

router = APIRouter(tags=["Partners"])


@router.get(
    "/exchange/sent",
    response_model=SentPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.FILES_READ)],
)
def list_sent(service: ServiceHere, query: Annotated[SentQuery, Query()]) -> object:
    """List claim files, newest first: every claim is accepted, rejected or still waits."""
    as_of = service.tools.clock()
    with service.reading() as session:
        found, following, total = sent_files(
            session,
            partner_id=query.partner_id,
            after=query.cursor,
            limit=query.limit,
            now=as_of,
        )
    items = [sent_out(each) for each in found]
    totals = counts_out(*(each.counts for each in found))
    return {**list_values(items, following, total=total, facets={}, as_of=as_of), "totals": totals}
