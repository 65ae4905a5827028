"""Work items: what people have to do next, and why."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import allow
from api.document import problems
from api.schemas.paging import page_values
from api.schemas.work_items import WorkItemPage, WorkItemQuery
from api.service import ServiceHere
from rcm.access import Right
from rcm.reading.work_items import WorkItemFilter, work_items

router = APIRouter(tags=["Work"])


@router.get(
    "/work-items",
    response_model=WorkItemPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.WORK_READ)],
)
def list_work_items(service: ServiceHere, query: Annotated[WorkItemQuery, Query()]) -> object:
    """List what people have to do, newest first: open items, unless another state is asked for."""
    chosen = WorkItemFilter(
        kinds=query.kind,
        state=None if query.state == "any" else query.state,
        claim_id=query.claim_id,
    )
    as_of = service.tools.clock()
    with service.reading() as session:
        page, amount_cents = work_items(session, chosen, after=query.cursor, limit=query.limit)
    return page_values(page, facet="kind", as_of=as_of) | {"amount_cents": amount_cents}
