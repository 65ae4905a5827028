"""Claims: lists with what the ledger says of them, and one with its timeline."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.document import problems
from api.errors import UnknownIdError
from api.schemas.claims import ClaimDetailOut, ClaimPage, ClaimQuery
from api.schemas.paging import page_values
from api.service import ServiceHere
from rcm.reading import claims

router = APIRouter(tags=["Claims"])


@router.get(
    "/claims",
    response_model=ClaimPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
)
def list_claims(service: ServiceHere, query: Annotated[ClaimQuery, Query()]) -> object:
    """List claims, newest first, with their amounts from the ledger. No patient is named."""
    chosen = claims.ClaimFilter(statuses=query.status, partner_id=query.partner_id)
    as_of = service.tools.clock()
    with service.reading() as session:
        page = claims.claims(session, chosen, after=query.cursor, limit=query.limit)
        totals = claims.claim_totals(session, chosen)
    return {**page_values(page, facet="status", as_of=as_of), "totals": totals}


@router.get(
    "/claims/{claim_id}",
    response_model=ClaimDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_claim(service: ServiceHere, claim_id: UUID) -> object:
    """Show one claim: lines, findings, timeline, and its balance on every account."""
    with service.reading() as session:
        claim = claims.claim(session, claim_id)
    if claim is None:
        raise UnknownIdError
    return claim
