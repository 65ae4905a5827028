"""Trading partners: set up, changed, paused, and their connections tested."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.auth import allow
from api.call import JSON_ONLY, AnyCall, Call, answer_once
from api.document import json_body, problems
from api.if_match import IfMatch, read_version
from api.kinds import UnknownIdError
from api.schemas.decisions import REASON_EXAMPLE
from api.schemas.partner_settings import SETTINGS_EXAMPLE
from api.schemas.partners import (
    ConnectionTestOut,
    PartnerDetailOut,
    PartnersOut,
    partner_out,
)
from api.service import Service, ServiceHere
from rcm.access import Right
from rcm.db import ReadSession
from rcm.decisions.model import ReasonIn, read_decision
from rcm.exchange.now import UnknownPartnerError
from rcm.idempotency import Answer
from rcm.parties.connection_tests import find_test
from rcm.parties.service import (
    ask_connection_test,
    change_partner,
    close_breaker,
    create_partner,
    pause_partner,
    resume_partner,
)
from rcm.parties.settings import PartnerIn
from rcm.reading.partners import partner, partners, totals_of

router = APIRouter(tags=["Partners"])

_SETTINGS = json_body(PartnerIn, SETTINGS_EXAMPLE)
_REASON = json_body(ReasonIn, REASON_EXAMPLE, required=False)
_BODY = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
_NOT_FOUND = HTTPStatus.NOT_FOUND


@router.get(
    "/partners",
    response_model=PartnersOut,
    responses=problems(),
    dependencies=[allow(Right.PARTNERS_READ)],
)
def list_partners(service: ServiceHere) -> object:
    """List trading partners: when we last met each, its silence, and what waits for a person."""
    as_of = service.tools.clock()
    with service.reading() as session:
        found = partners(session, now=as_of)
    return {"items": found, "total": len(found), "totals": totals_of(found), "as_of": as_of}


@router.post(
    "/partners",
    status_code=HTTPStatus.CREATED,
    response_model=PartnerDetailOut,
    responses=problems(HTTPStatus.CONFLICT, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, *_BODY),
    openapi_extra=_SETTINGS,
    dependencies=[allow(Right.PARTNERS_WORK), JSON_ONLY],
)
def post_partner(service: ServiceHere, call: AnyCall) -> Response:
    """Set up a partner, with our private key. It is met by `exchange`, or once it has a schedule.

    All that is wrong with the settings is found at once.
    """

    def act(session: Session) -> Answer:
        partner_id = create_partner(session, service.tools, call.body, call.actor)
        text = _text(service, session, partner_id)
        return Answer(status=HTTPStatus.CREATED, text=text)

    return _tagged(answer_once(service, call, act))


@router.get(
    "/partners/{partner_id}",
    response_model=PartnerDetailOut,
    responses=problems(_NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.PARTNERS_READ)],
)
def get_partner(service: ServiceHere, partner_id: UUID) -> Response:
    """Show one partner: its settings but our private key, its last test, what was decided."""
    with service.reading() as session:
        text = _text(service, session, partner_id)
    return _tagged(Response(text, media_type="application/json"))


@router.put(
    "/partners/{partner_id}",
    response_model=PartnerDetailOut,
    responses=problems(
        _NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.PRECONDITION_REQUIRED,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        *_BODY,
    ),
    openapi_extra=_SETTINGS,
    dependencies=[allow(Right.PARTNERS_WORK), JSON_ONLY],
)
def put_partner(
    service: ServiceHere, partner_id: UUID, call: AnyCall, if_match: IfMatch = None
) -> Response:
    """Replace the settings of a partner; our private key stays where none is sent.

    `If-Match` carries the ETag that was read: who has changed the partner meanwhile is not
    overwritten.
    """
    version = read_version(if_match)
    with service.unit_of_work() as session:
        change_partner(session, service.tools, partner_id, call.body, version, call.actor)
        text = _text(service, session, partner_id)
    return _tagged(Response(text, media_type="application/json"))


@router.post(
    "/partners/{partner_id}/pause",
    response_model=PartnerDetailOut,
    responses=problems(_NOT_FOUND, *_BODY),
    openapi_extra=_REASON,
    dependencies=[allow(Right.PARTNERS_WORK)],
)
def post_pause(service: ServiceHere, partner_id: UUID, call: AnyCall) -> Response:
    """Exchange nothing with a partner until `resume`: not by schedule, not by `exchange`."""

    def act(session: Session) -> Answer:
        pause_partner(session, service.tools, partner_id, _reason(call), call.actor)
        return Answer(status=HTTPStatus.OK, text=_text(service, session, partner_id))

    return _tagged(answer_once(service, call, act))


@router.post(
    "/partners/{partner_id}/resume",
    response_model=PartnerDetailOut,
    responses=problems(_NOT_FOUND, *_BODY),
    openapi_extra=_REASON,
    dependencies=[allow(Right.PARTNERS_WORK)],
)
def post_resume(service: ServiceHere, partner_id: UUID, call: AnyCall) -> Response:
    """Go on: what was frozen meanwhile is delivered, visits that were missed are not made up."""

    def act(session: Session) -> Answer:
        resume_partner(session, service.tools, partner_id, _reason(call), call.actor)
        return Answer(status=HTTPStatus.OK, text=_text(service, session, partner_id))

    return _tagged(answer_once(service, call, act))


@router.post(
    "/partners/{partner_id}/close-breaker",
    response_model=PartnerDetailOut,
    responses=problems(_NOT_FOUND, *_BODY),
    openapi_extra=_REASON,
    dependencies=[allow(Right.PARTNERS_WORK)],
)
def post_close_breaker(service: ServiceHere, partner_id: UUID, call: AnyCall) -> Response:
    """Meet a partner again whose breaker is open: what waited runs at once.

    After a refused login or another host key, first do what the breaker's `cure` says.
    """

    def act(session: Session) -> Answer:
        close_breaker(session, service.tools, partner_id, _reason(call), call.actor)
        return Answer(status=HTTPStatus.OK, text=_text(service, session, partner_id))

    return _tagged(answer_once(service, call, act))


@router.post(
    "/partners/{partner_id}/connection-test",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ConnectionTestOut,
    responses=problems(_NOT_FOUND, HTTPStatus.CONFLICT, *_BODY),
    dependencies=[allow(Right.PARTNERS_WORK)],
)
def post_connection_test(service: ServiceHere, partner_id: UUID, call: AnyCall) -> Response:
    """Have a worker test the connection step by step; look at its id. Needs no body."""

    def act(session: Session) -> Answer:
        test_id = ask_connection_test(session, service.tools, partner_id, call.actor)
        out = ConnectionTestOut.model_validate(find_test(session, test_id))
        return Answer(status=HTTPStatus.ACCEPTED, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.get(
    "/partners/{partner_id}/connection-tests/{test_id}",
    response_model=ConnectionTestOut,
    responses=problems(_NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.PARTNERS_READ)],
)
def get_connection_test(service: ServiceHere, partner_id: UUID, test_id: UUID) -> object:
    """Show what became of each step, and of the one that failed what to do about it."""
    with service.reading() as session:
        found = find_test(session, test_id)
    if found is None or found.partner_id != partner_id:
        raise UnknownIdError
    return found


def _text(service: Service, session: ReadSession, partner_id: UUID) -> str:
    tools = service.tools
    found = partner(session, tools.keys, partner_id, now=tools.clock())
    if found is None:
        raise UnknownPartnerError
    return partner_out(found).model_dump_json()


def _tagged(response: Response) -> Response:
    """Return an answer that shows a partner with the ETag of what it shows."""
    shown = PartnerDetailOut.model_validate_json(bytes(response.body))
    response.headers["ETag"] = f'"{shown.version}"'
    return response


def _reason(call: Call) -> str:
    return read_decision(call.body, ReasonIn).reason
