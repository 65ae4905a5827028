"""Remittances: what payers paid, and the proof that it adds up."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.call import JSON_ONLY, AnyCall, answer_once
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.schemas.decisions import DISCARD_EXAMPLE, REASON_EXAMPLE
from api.schemas.paging import list_values
from api.schemas.remittance_detail import BalanceProofOut, RemittanceDetailOut
from api.schemas.remittances import RemittancePage, RemittanceQuery
from api.service import Service, ServiceHere
from rcm.access import Actor, Right
from rcm.access.audit import record
from rcm.db import ReadSession
from rcm.decisions.model import DiscardIn, ReasonIn, read_decision
from rcm.decisions.quarantine import (
    discard_remittance,
    post_despite_conflict,
    replay_remittance,
)
from rcm.decisions.store import decisions_about
from rcm.idempotency import Answer
from rcm.reading import remittances
from rcm.reading.remittance_detail import remittance

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
    """List remittances, newest first unless told otherwise, with the sums of the whole list."""
    as_of = service.tools.clock()
    with service.reading() as session:
        page = remittances.remittances(
            session, query.chosen(), sort=query.sort, after=query.cursor, limit=query.limit
        )
    counted = page.counted
    values = list_values(
        page.items, page.following, total=counted.total, facets=counted.facets, as_of=as_of
    )
    return values | {"totals": counted.totals}


@router.get(
    "/remittances/{remittance_id}",
    response_model=RemittanceDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.REMITTANCES_READ)],
)
def get_remittance(service: ServiceHere, caller: Caller, remittance_id: UUID) -> object:
    """Show one remittance: every decision with its codes, the proof, and where the money went.

    Names are masked; the payer's own numbers are not, so the look is recorded.
    """
    with service.audited(
        caller, "remittance.view", about="remittance", about_id=remittance_id
    ) as session:
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
        text = remittance_text(service, session, remittance_id, call.actor)
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
        return Answer(
            status=HTTPStatus.OK, text=remittance_text(service, session, remittance_id, call.actor)
        )

    return answer_once(service, call, act)


@router.post(
    "/remittances/{remittance_id}/post",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RemittanceDetailOut,
    responses={**_DECIDING, **problems(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)},
    openapi_extra=json_body(DiscardIn, DISCARD_EXAMPLE),
    dependencies=[allow(Right.REMITTANCES_WORK), JSON_ONLY],
)
def post_remittance_post(service: ServiceHere, remittance_id: UUID, call: AnyCall) -> Response:
    """Say that a held remittance is another payment than the one that it resembles: post it.

    Only where nothing else holds it: it is judged again, with that question answered. The same
    payment, content and all, is never posted twice.
    """

    def act(session: Session) -> Answer:
        reason = read_decision(call.body, DiscardIn).reason
        post_despite_conflict(session, service.tools, remittance_id, reason, call.actor)
        text = remittance_text(service, session, remittance_id, call.actor)
        return Answer(status=HTTPStatus.ACCEPTED, text=text)

    return answer_once(service, call, act)


def _shown(service: Service, session: ReadSession, remittance_id: UUID) -> dict[str, object]:
    found = remittance(session, service.tools.keys, remittance_id)
    if found is None:
        raise UnknownIdError
    shown = asdict(found)
    names = [name for name in BalanceProofOut.model_fields if name != "levels"]
    proof = {name: shown[name] for name in names} | {"levels": shown.pop("levels")}
    decisions = decisions_about(session, service.tools.keys, remittance_id=remittance_id)
    return shown | {"proof": proof, "decisions": decisions}


def remittance_text(service: Service, session: Session, remittance_id: UUID, actor: Actor) -> str:
    """Return the remittance after a decision; that it was shown is recorded with it."""
    shown = _shown(service, session, remittance_id)
    record(
        session,
        service.tools,
        actor,
        "remittance.view",
        about="remittance",
        about_id=remittance_id,
    )
    return RemittanceDetailOut.model_validate(shown).model_dump_json()
