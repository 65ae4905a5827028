"""Remittances: what payers paid, and the proof that it adds up."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.auth import allow
from api.call import JSON_ONLY, AnyCall, answer_once
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.schemas.decisions import DISCARD_EXAMPLE, REASON_EXAMPLE
from api.schemas.paging import page_values
from api.schemas.remittances import RemittanceDetailOut, RemittancePage, RemittanceQuery
from api.service import Service, ServiceHere
from rcm.access import Right
from rcm.db import ReadSession
from rcm.decisions.model import DiscardIn, ReasonIn, read_decision
from rcm.decisions.quarantine import discard_remittance, replay_remittance
from rcm.decisions.store import decisions_about
from rcm.idempotency import Answer
from rcm.reading import remittances

router = APIRouter(tags=["Remittances"])

_DECIDING = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@router.get(
    "/remittances",
    response_model=RemittancePage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.REMITTANCES_READ)],
)
def list_remittances(service: ServiceHere, query: Annotated[RemittanceQuery, Query()]) -> object:
    """List remittances, newest first."""
    chosen = remittances.RemittanceFilter(states=query.state, partner_id=query.partner_id)
    as_of = service.tools.clock()
    with service.reading() as session:
        page = remittances.remittances(session, chosen, after=query.cursor, limit=query.limit)
        total = remittances.payment_total(session, chosen)
    totals = {"payment_cents": total}
    return {**page_values(page, facet="state", as_of=as_of), "totals": totals}


@router.get(
    "/remittances/{remittance_id}",
    response_model=RemittanceDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.REMITTANCES_READ)],
)
def get_remittance(service: ServiceHere, remittance_id: UUID) -> object:
    """Show one remittance: its claims, its balance proof, and what waits for the deposit."""
    with service.reading() as session:
        return _shown(service, session, remittance_id)


@router.post(
    "/remittances/{remittance_id}/replay",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RemittanceDetailOut,
    responses=_DECIDING,
    openapi_extra=json_body(ReasonIn, REASON_EXAMPLE, required=False),
    dependencies=[allow(Right.REMITTANCES_WORK)],
)
def post_remittance_replay(service: ServiceHere, remittance_id: UUID, call: AnyCall) -> Response:
    """Judge a held or discarded remittance again, for example now that its practice is known."""

    def act(session: Session) -> Answer:
        reason = read_decision(call.body, ReasonIn).reason
        replay_remittance(session, service.tools, remittance_id, reason, call.actor)
        text = _text(service, session, remittance_id)
        return Answer(status=HTTPStatus.ACCEPTED, text=text)

    return answer_once(service, call, act)


@router.post(
    "/remittances/{remittance_id}/discard",
    response_model=RemittanceDetailOut,
    responses={**_DECIDING, **problems(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)},
    openapi_extra=json_body(DiscardIn, DISCARD_EXAMPLE),
    dependencies=[allow(Right.REMITTANCES_WORK), JSON_ONLY],
)
def post_remittance_discard(service: ServiceHere, remittance_id: UUID, call: AnyCall) -> Response:
    """Say that a held remittance is not to be posted, and why."""

    def act(session: Session) -> Answer:
        reason = read_decision(call.body, DiscardIn).reason
        discard_remittance(session, service.tools, remittance_id, reason, call.actor)
        return Answer(status=HTTPStatus.OK, text=_text(service, session, remittance_id))

    return answer_once(service, call, act)


def _shown(service: Service, session: ReadSession, remittance_id: UUID) -> dict[str, object]:
    found = remittances.remittance(session, remittance_id)
    if found is None:
        raise UnknownIdError
    explained = found.claims_paid_cents - found.provider_adjustments_cents
    proof = {
        "claims_paid_cents": found.claims_paid_cents,
        "provider_adjustments_cents": found.provider_adjustments_cents,
        "payment_cents": found.payment_cents,
        "difference_cents": explained - found.payment_cents,
    }
    decisions = decisions_about(session, service.tools.keys, remittance_id=remittance_id)
    return asdict(found) | {"proof": proof, "decisions": decisions}


def _text(service: Service, session: ReadSession, remittance_id: UUID) -> str:
    shown = _shown(service, session, remittance_id)
    return RemittanceDetailOut.model_validate(shown).model_dump_json()
