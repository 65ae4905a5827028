"""Claims: lists with what the ledger says of them, and one with its timeline."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.auth import allow
from api.call import AnyCall, answer_once
from api.document import problems
from api.schemas.claims import ClaimPage, ClaimQuery, ResubmittedOut
from api.schemas.paging import page_values
from api.service import ServiceHere
from rcm.access import Right
from rcm.encounters.correct import resubmit_claim
from rcm.idempotency import Answer
from rcm.reading import claims

router = APIRouter(tags=["Claims"])


@router.get(
    "/claims",
    response_model=ClaimPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def list_claims(service: ServiceHere, query: Annotated[ClaimQuery, Query()]) -> object:
    """List claims, newest first, with their amounts from the ledger. No patient is named."""
    chosen = claims.ClaimFilter(statuses=query.status, partner_id=query.partner_id)
    as_of = service.tools.clock()
    with service.reading() as session:
        page = claims.claims(session, chosen, after=query.cursor, limit=query.limit)
        totals = claims.claim_totals(session, chosen)
    return {**page_values(page, facet="status", as_of=as_of), "totals": totals}


@router.post(
    "/claims/{claim_id}/resubmit",
    response_model=ResubmittedOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    dependencies=[allow(Right.CLAIMS_WORK)],
)
def post_resubmit(service: ServiceHere, claim_id: UUID, call: AnyCall) -> Response:
    """Send a rejected or held claim again, as a new submission. Needs no body.

    It is built from its encounter as that is now, and checked: `ready` waits for the next batch.
    """

    def act(session: Session) -> Answer:
        again = resubmit_claim(session, service.tools, claim_id, by=call.actor)
        out = ResubmittedOut.model_validate(again)
        return Answer(status=HTTPStatus.OK, text=out.model_dump_json())

    return answer_once(service, call, act)
