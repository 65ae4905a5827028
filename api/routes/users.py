"""People: who they are, what they may, and links to come in by."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth import allow
from api.call import JSON_ONLY, AnyCall, read_body
from api.document import json_body, problems
from api.if_match import IfMatch, read_version
from api.schemas.people import InvitationOut, UserIn, UserOut, UserPatch, UsersOut
from api.schemas.sessions import PracticeName
from api.service import ServiceHere
from rcm.access import Right, users
from rcm.access.user_store import find_user, list_users, practice_names
from rcm.db import ReadSession
from rcm.rows import ActorRow, UserRow

router = APIRouter(tags=["People"])

_BODY = (
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@router.get(
    "/users",
    responses=problems(),
    dependencies=[allow(Right.USERS_READ)],
)
def get_users(service: ServiceHere) -> UsersOut:
    """List every person, also those who are disabled, by name."""
    as_of = service.tools.clock()
    with service.reading() as session:
        names = names_of_practices(session)
        items = [user_out(user, actor, names) for user, actor in list_users(session)]
    practices = [PracticeName(id=each, name=name) for each, name in names.items()]
    return UsersOut(items=items, total=len(items), practices=practices, as_of=as_of)


@router.post(
    "/users",
    status_code=HTTPStatus.CREATED,
    response_model=InvitationOut,
    responses=problems(*_BODY),
    openapi_extra=json_body(UserIn, UserIn.EXAMPLE),
    dependencies=[allow(Right.USERS_WORK), JSON_ONLY],
)
def post_user(service: ServiceHere, call: AnyCall) -> Response:
    """Add a person. The link is shown once: give it to them in a way that is safe.

    No Idempotency-Key counts here, for its answer would be kept: the same email again is a 409.
    """
    wanted = read_body(UserIn, call)
    with service.unit_of_work() as session:
        invitation = users.invite_user(
            session,
            service.tools,
            email=wanted.email,
            name=wanted.name,
            roles=wanted.roles,
            practices=wanted.practices,
            by=call.actor,
        )
    return _invited(invitation, HTTPStatus.CREATED)


@router.patch(
    "/users/{user_id}",
    response_model=UserOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.PRECONDITION_REQUIRED,
        *_BODY,
    ),
    openapi_extra=json_body(UserPatch, UserPatch.EXAMPLE),
    dependencies=[allow(Right.USERS_WORK), JSON_ONLY],
)
def patch_user(
    service: ServiceHere, user_id: UUID, call: AnyCall, if_match: IfMatch = None
) -> Response:
    """Change what a person may do, or disable them. Their sessions end at once.

    `If-Match` is the `version` that you read, in quotes. The last administrator stays one.
    """
    version = read_version(if_match)
    wanted = read_body(UserPatch, call)
    change = users.UserChange(
        name=wanted.name,
        roles=None if wanted.roles is None else frozenset(wanted.roles),
        practices=None if wanted.practices is None else frozenset(wanted.practices),
        has_practices="practices" in wanted.model_fields_set,
        is_disabled=wanted.disabled,
    )
    with service.unit_of_work() as session:
        users.change_user(session, service.tools, user_id, change, version, by=call.actor)
        found = find_user(session, user_id)
        assert found is not None
        session.refresh(found[0])
        out = user_out(*found, names_of_practices(session))
    return Response(
        out.model_dump_json(),
        media_type="application/json",
        headers={"ETag": f'"{out.version}"'},
    )


@router.post(
    "/users/{user_id}/invite",
    response_model=InvitationOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    dependencies=[allow(Right.USERS_WORK)],
)
def post_invite(service: ServiceHere, user_id: UUID, call: AnyCall) -> Response:
    """Make a new link for a person: their password and second factor count no more.

    Needs no body. Earlier links and all their sessions end.
    """
    with service.unit_of_work() as session:
        invitation = users.invite_again(session, service.tools, user_id, by=call.actor)
    return _invited(invitation, HTTPStatus.OK)


def names_of_practices(session: ReadSession) -> dict[UUID, str]:
    """Return the name of each practice, in order."""
    return {each.id: each.name for each in practice_names(session)}


def named(practices: list[UUID] | None, names: Mapping[UUID, str]) -> list[PracticeName] | None:
    """Return practices with their names."""
    if practices is None:
        return None
    return [PracticeName(id=each, name=names.get(each, "")) for each in practices]


def user_out(user: UserRow, actor: ActorRow, names: Mapping[UUID, str]) -> UserOut:
    """Return a person as lists show them."""
    return UserOut.model_validate(
        {
            "id": user.id,
            "email": user.email,
            "name": actor.name,
            "roles": actor.roles,
            "practices": named(actor.practices, names),
            "disabled": actor.ended_at is not None,
            "has_password": user.password_hash is not None,
            "has_second_factor": user.totp_last_step is not None,
            "created_at": actor.created_at,
            "last_signed_in_at": user.last_signed_in_at,
            "version": user.version,
        }
    )


def _invited(invitation: users.Invitation, status: HTTPStatus) -> Response:
    out = InvitationOut(
        user_id=invitation.user_id, ticket=invitation.ticket, expires_at=invitation.expires_at
    )
    return Response(out.model_dump_json(), status_code=status, media_type="application/json")
