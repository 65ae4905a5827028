"""The list of claims: any filter, any order, with the figures of the whole filtered list."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import Caller, allow
from api.document import problems
from api.schemas.claim_list import ClaimPage, ClaimQuery
from api.schemas.paging import list_values
from api.service import ServiceHere
from rcm.access import Right
from rcm.reading.claim_list import ListedClaim, claim_figures, claim_page

router = APIRouter(tags=["Claims"])


@router.get(
    "/claims",
    response_model=ClaimPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def list_claims(
    service: ServiceHere, caller: Caller, query: Annotated[ClaimQuery, Query()]
) -> object:
    """List claims with what the ledger says of them, newest first unless sorted otherwise.

    Totals are of the whole filtered list, exact: charge = paid + adjusted + patient + open.
    """
    chosen = query.chosen(caller, service.tools.time_zone)
    as_of = service.tools.clock()
    with service.reading() as session:
        items, following = claim_page(
            session,
            service.tools.keys,
            chosen,
            sort=query.sort,
            after=query.cursor,
            limit=query.limit,
        )
        figures = claim_figures(session, chosen)
    values = list_values(
        [shown(item) for item in items],
        following,
        total=figures.total,
        facets=figures.facets,
        as_of=as_of,
    )
    return {**values, "totals": figures.totals}


def shown(item: ListedClaim) -> dict[str, object]:
    """Return a row of the list as the schema reads it."""
    names = (name for name in ListedClaim.__slots__ if name != "amounts")
    return {**{name: getattr(item, name) for name in names}, **item.amounts}
