"""Encounters: posted once, and looked up."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.call import JSON_ONLY, LINES_ONLY, AnyCall, answer_once
from api.document import ENCOUNTER_BODY, ENCOUNTER_LINES, problems
from api.encounter_lines import batch_out
from api.if_match import IfMatch, read_tag
from api.kinds import UnknownIdError
from api.schemas.encounters import (
    EncounterBatchOut,
    EncounterContent,
    EncounterOut,
    encounter_out,
)
from api.service import ServiceHere
from rcm.access import Right, audit
from rcm.encounters.correct import correct_encounter
from rcm.encounters.read import read_lines
from rcm.encounters.receive import receive_encounter, receive_encounters
from rcm.encounters.store import body_of, find, version_of
from rcm.idempotency import Answer

router = APIRouter(tags=["Encounters"])


@router.post(
    "/encounters",
    status_code=HTTPStatus.ACCEPTED,
    response_model=EncounterOut,
    responses={
        HTTPStatus.OK.value: {
            "model": EncounterOut,
            "description": "The same encounter was posted before.",
        },
        **problems(
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    },
    openapi_extra=ENCOUNTER_BODY,
    dependencies=[allow(Right.ENCOUNTERS_POST), JSON_ONLY],
)
def post_encounter(service: ServiceHere, call: AnyCall) -> Response:
    """Store one encounter and promise its claim.

    A well-formed encounter is never lost: what is wrong with it is in `findings`, and holds its
    claim. The same content under the same `source` and `external_id` is the same encounter.
    """

    def act(session: Session) -> Answer:
        stored = receive_encounter(
            session,
            service.tools,
            call.body,
            actor_id=call.actor.id,
            practices=call.actor.practices,
        )
        status = HTTPStatus.ACCEPTED if stored.is_new else HTTPStatus.OK
        return Answer(status=status, text=encounter_out(stored).model_dump_json())

    return answer_once(service, call, act)


@router.post(
    "/encounters/batch",
    response_model=EncounterBatchOut,
    responses=problems(
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=ENCOUNTER_LINES,
    dependencies=[allow(Right.ENCOUNTERS_POST), LINES_ONLY],
)
def post_encounters(service: ServiceHere, call: AnyCall) -> Response:
    """Store up to 500 encounters, one JSON document a line, and promise their claims.

    Each line is taken or refused for itself, as a single post would be; the answer tells which.
    Send the same lines again after a lost answer: what was stored is `known`, and not stored twice.
    """
    lines = read_lines(call.body)

    def act(session: Session) -> Answer:
        outcomes = receive_encounters(
            session,
            service.tools,
            [body for _, body in lines],
            actor_id=call.actor.id,
            practices=call.actor.practices,
        )
        told = batch_out([(n, each) for (n, _), each in zip(lines, outcomes, strict=True)])
        return Answer(status=HTTPStatus.OK, text=told.model_dump_json())

    return answer_once(service, call, act)


@router.put(
    "/encounters/{encounter_id}",
    response_model=EncounterOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.PRECONDITION_REQUIRED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=ENCOUNTER_BODY,
    dependencies=[allow(Right.CLAIMS_WORK), JSON_ONLY],
)
def put_encounter(
    service: ServiceHere, encounter_id: UUID, call: AnyCall, if_match: IfMatch = None
) -> Response:
    """Correct an encounter whose claim is held, waits, or was rejected; its claim is built again.

    `source` and `external_id` stay. What was posted before is kept. A clean claim waits for the
    next batch; the answer's findings say why one does not. `If-Match` carries the ETag of the
    content that was read: people must send it; a program is the only one to write its encounters,
    and may.
    """
    tag = read_tag(if_match) if if_match is not None or call.actor.is_person else None

    def act(session: Session) -> Answer:
        stored = correct_encounter(
            session, service.tools, encounter_id, call.body, by=call.actor, tag=tag
        )
        return Answer(status=HTTPStatus.OK, text=encounter_out(stored).model_dump_json())

    return answer_once(service, call, act)


@router.get(
    "/encounters/{encounter_id}/content",
    response_model=EncounterContent,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.PHI_REVEAL)],
)
def get_encounter_content(service: ServiceHere, encounter_id: UUID, caller: Caller) -> Response:
    """Show an encounter as it is stored, patient and all. This is audited.

    Send its ETag back as `If-Match` with a correction.
    """
    tools = service.tools
    with service.unit_of_work() as session:
        body = body_of(session, tools.keys, encounter_id)
        version = version_of(session, encounter_id)
        stored = find(session, encounter_id)
        if body is None or version is None or stored is None:
            raise UnknownIdError
        about = ("claim", stored.claim_id) if stored.claim_id else ("encounter", encounter_id)
        audit.record(session, tools, caller, "encounter.content", about=about[0], about_id=about[1])
    return Response(body, media_type="application/json", headers={"ETag": f'"{version.tag}"'})


@router.get(
    "/encounters/{encounter_id}",
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def get_encounter(service: ServiceHere, encounter_id: UUID) -> EncounterOut:
    """Tell what became of an encounter: its status, findings and claim."""
    with service.reading() as session:
        stored = find(session, encounter_id)
    if stored is None:
        raise UnknownIdError
    return encounter_out(stored)
