"""Keys of programs: made, listed without what they say, revoked."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth import Caller, allow
from api.call import JSON_ONLY, AnyCall, read_body
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.routes.users import named, names_of_practices
from api.schemas.people import ApiKeyIn, ApiKeyOut, ApiKeysOut, NewApiKeyOut
from api.service import ServiceHere
from rcm.access import Right, api_keys, audit, create_api_key, find_api_key
from rcm.access.users import refuse_unknown_practices
from rcm.rows import ActorRow

router = APIRouter(tags=["People"])


@router.get(
    "/api-keys",
    responses=problems(),
    dependencies=[allow(Right.KEYS_READ)],
)
def get_api_keys(service: ServiceHere) -> ApiKeysOut:
    """List every key that there is and was, the newest first. What a key says is kept nowhere."""
    as_of = service.tools.clock()
    with service.reading() as session:
        names = names_of_practices(session)
        rows = api_keys.list_api_keys(session)
        items = [ApiKeyOut.model_validate(_values(row, names)) for row in rows]
    return ApiKeysOut(items=items, total=len(items), as_of=as_of)


@router.post(
    "/api-keys",
    status_code=HTTPStatus.CREATED,
    response_model=NewApiKeyOut,
    responses=problems(
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=json_body(ApiKeyIn, ApiKeyIn.EXAMPLE),
    dependencies=[allow(Right.KEYS_WORK), JSON_ONLY],
)
def post_api_key(service: ServiceHere, call: AnyCall) -> Response:
    """Make a key. It is shown this once; only its SHA-256 is kept.

    No Idempotency-Key counts here, for its answer would be kept: the same name again is a 409.
    """
    wanted = read_body(ApiKeyIn, call)
    with service.unit_of_work() as session:
        refuse_unknown_practices(session, wanted.practices)
        secret = create_api_key(
            session, service.tools, wanted.name, roles=wanted.roles, practices=wanted.practices
        )
        made = find_api_key(session, secret)
        assert made is not None
        detail = " ".join(sorted(made.roles))
        audit.record(
            session, service.tools, call.actor, "key.make",
            about="api_key", about_id=made.id, detail=detail,
        )  # fmt: skip
        row = session.get(ActorRow, made.id)
        assert row is not None
        out = NewApiKeyOut.model_validate(
            _values(row, names_of_practices(session)) | {"secret": secret}
        )
    return Response(
        out.model_dump_json(), status_code=HTTPStatus.CREATED, media_type="application/json"
    )


@router.delete(
    "/api-keys/{key_id}",
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.KEYS_WORK)],
)
def delete_api_key(service: ServiceHere, key_id: UUID, caller: Caller) -> ApiKeyOut:
    """Revoke a key: it is refused from the next call on. This cannot be undone."""
    with service.unit_of_work() as session:
        if api_keys.revoke_api_key(session, service.tools, key_id):
            audit.record(
                session, service.tools, caller, "key.revoke", about="api_key", about_id=key_id
            )
        row = next((each for each in api_keys.list_api_keys(session) if each.id == key_id), None)
        if row is None:
            raise UnknownIdError
        return ApiKeyOut.model_validate(_values(row, names_of_practices(session)))


def _values(row: ActorRow, names: Mapping[UUID, str]) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "roles": row.roles,
        "practices": named(row.practices, names),
        "created_at": row.created_at,
        "revoked_at": row.ended_at,
    }
