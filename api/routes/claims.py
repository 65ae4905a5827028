"""Sending a claim again."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.auth import allow
from api.call import AnyCall, answer_once
from api.document import problems
from api.schemas.claims import ResubmittedOut
from api.service import ServiceHere
from rcm.access import Right
from rcm.encounters.correct import resubmit_claim
from rcm.idempotency import Answer

router = APIRouter(tags=["Claims"])


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
