"""Who calls: what they may, and what they prefer."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from api.auth import Caller, ForbiddenError, allow, session_of
from api.call import JSON_ONLY, AnyCall, read_body
from api.document import json_body, problems
from api.schemas.sessions import MeOut, PracticeName, PreferencesIn, PreferencesOut, SessionOut
from api.service import ServiceHere
from rcm.access import Right
from rcm.access.user_store import find_user, practice_names, set_user

router = APIRouter(tags=["Signing in"])


@router.get("/me", responses=problems(), dependencies=[allow(Right.SELF)])
def get_me(service: ServiceHere, request: Request, caller: Caller) -> MeOut:
    """Tell who you are here, what you may, and until when."""
    with service.reading() as session:
        person = find_user(session, caller.id)
        practices = (
            None
            if caller.practices is None
            else [
                PracticeName.model_validate(each)
                for each in practice_names(session, caller.practices)
            ]
        )
    signed_in = session_of(request)
    return MeOut(
        id=caller.id,
        name=caller.name,
        email=person[0].email if person else None,
        roles=sorted(caller.roles),
        rights=sorted(caller.rights),
        practices=practices,
        preferences=person[0].preferences if person else {},
        csrf_token=signed_in.csrf_token if signed_in else None,
        session=SessionOut(
            idle_ends_at=signed_in.idle_ends_at, absolute_ends_at=signed_in.absolute_ends_at
        )
        if signed_in
        else None,
        deployment=service.tools.deployment,
    )


@router.put(
    "/me/preferences",
    response_model=PreferencesOut,
    responses=problems(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=json_body(PreferencesIn, PreferencesIn.EXAMPLE),
    dependencies=[allow(Right.SELF), JSON_ONLY],
)
def put_preferences(service: ServiceHere, call: AnyCall) -> Response:
    """Keep what you prefer, instead of what was kept before. A program has no preferences."""
    if not call.actor.is_person:
        raise ForbiddenError
    wanted = read_body(PreferencesIn, call)
    with service.unit_of_work() as session:
        set_user(session, call.actor.id, preferences=wanted.model_dump(mode="json"))
    return Response(wanted.model_dump_json(), media_type="application/json")
