"""Payments in suspense: whose they may be, and what a person says of them."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.call import JSON_ONLY, AnyCall, answer_once
from api.document import json_body, problems
from api.routes.remittances import remittance_text
from api.schemas.decisions import DISCARD_EXAMPLE
from api.schemas.remittance_detail import RemittanceDetailOut
from api.schemas.suspense import MATCH_EXAMPLE, CandidatesOut, SuspenseOut, SuspenseQuery
from api.service import ServiceHere
from rcm.access import Right
from rcm.decisions.model import DiscardIn, MatchIn, read_decision
from rcm.idempotency import Answer
from rcm.reading.suspense import candidates, suspense
from rcm.remittance.by_hand import dismiss_payment, match_payment, unmatch_payment

router = APIRouter(tags=["Remittances"])

_DECIDING = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
Position = Annotated[int, Path(ge=1, le=2**31 - 1, description="Of the CLP, from 1.")]


@router.get(
    "/remittance-claims",
    response_model=SuspenseOut,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.REMITTANCES_READ)],
)
def list_suspense(
    service: ServiceHere, caller: Caller, query: Annotated[SuspenseQuery, Query()]
) -> object:
    """List the payments in suspense, the latest first. Names are masked; the look is recorded."""
    with service.audited(caller, "suspense.view") as session:
        found = suspense(
            session,
            service.tools,
            query.state,
            with_dismissed=query.with_dismissed,
            limit=query.limit,
        )
    return {
        "items": found.items,
        "total": found.total,
        "facets": {"state": found.by_state},
        "as_of": service.tools.clock(),
        "totals": {"paid_cents": found.paid_cents},
    }


@router.get(
    "/remittances/{remittance_id}/claims/{position}/candidates",
    response_model=CandidatesOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.REMITTANCES_READ)],
)
def list_candidates(
    service: ServiceHere, caller: Caller, remittance_id: UUID, position: Position
) -> object:
    """List the claims that a payment may be for, the likeliest first, field by field."""
    with service.audited(
        caller, "suspense.compare", about="remittance", about_id=remittance_id
    ) as session:
        return {"items": candidates(session, service.tools, remittance_id, position)}


@router.post(
    "/remittances/{remittance_id}/claims/{position}/match",
    response_model=RemittanceDetailOut,
    responses=_DECIDING,
    openapi_extra=json_body(MatchIn, MATCH_EXAMPLE),
    dependencies=[allow(Right.REMITTANCES_WORK), JSON_ONLY],
)
def post_match(
    service: ServiceHere, remittance_id: UUID, position: Position, call: AnyCall
) -> Response:
    """Give a payment in suspense to a claim: it is posted by new entries, as if it had matched.

    What comes later with the same numbers of the payer goes the same way. A claim of another payer
    or practice is refused without `override`.
    """

    def act(session: Session) -> Answer:
        asked = read_decision(call.body, MatchIn)
        match_payment(session, service.tools, remittance_id, position, asked, call.actor)
        text = remittance_text(service, session, remittance_id, call.actor)
        return Answer(status=HTTPStatus.OK, text=text)

    return answer_once(service, call, act)


@router.post(
    "/remittances/{remittance_id}/claims/{position}/unmatch",
    response_model=RemittanceDetailOut,
    responses=_DECIDING,
    openapi_extra=json_body(DiscardIn, DISCARD_EXAMPLE),
    dependencies=[allow(Right.REMITTANCES_WORK), JSON_ONLY],
)
def post_unmatch(
    service: ServiceHere, remittance_id: UUID, position: Position, call: AnyCall
) -> Response:
    """Take a match by hand back, by entries that negate; refused once something followed."""

    def act(session: Session) -> Answer:
        reason = read_decision(call.body, DiscardIn).reason
        unmatch_payment(session, service.tools, remittance_id, position, reason, call.actor)
        text = remittance_text(service, session, remittance_id, call.actor)
        return Answer(status=HTTPStatus.OK, text=text)

    return answer_once(service, call, act)


@router.post(
    "/remittances/{remittance_id}/claims/{position}/dismiss",
    response_model=RemittanceDetailOut,
    responses=_DECIDING,
    openapi_extra=json_body(DiscardIn, DISCARD_EXAMPLE),
    dependencies=[allow(Right.REMITTANCES_WORK), JSON_ONLY],
)
def post_dismiss(
    service: ServiceHere, remittance_id: UUID, position: Position, call: AnyCall
) -> Response:
    """Say that a payment in suspense is not ours: it stays there, and its item is closed."""

    def act(session: Session) -> Answer:
        reason = read_decision(call.body, DiscardIn).reason
        dismiss_payment(session, service.tools, remittance_id, position, reason, call.actor)
        text = remittance_text(service, session, remittance_id, call.actor)
        return Answer(status=HTTPStatus.OK, text=text)

    return answer_once(service, call, act)
