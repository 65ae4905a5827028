"""Signing in and out, step by step, and what a person sets up to come in."""

from http import HTTPStatus
from io import BytesIO
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Request, Response

from api.auth import MaybeSignedIn, UnauthenticatedError, address, allow, session_of
from api.call import JSON_ONLY, AnyBody, read_model
from api.cookies import clear_cookie, refuse_other_origin, set_cookie
from api.document import json_body, problem_answer, problems
from api.schemas.sessions import (
    CodeIn,
    ConfirmOut,
    EnrolOut,
    LoginIn,
    NextOut,
    PasswordIn,
    RecoveryIn,
    SessionOut,
    TicketIn,
)
from api.service import ServiceHere
from rcm.access import Right, audit, sign_in
from rcm.access.sessions import SignedIn, csrf_token, end_session, touch
from rcm.tools import Tools

router = APIRouter(tags=["Signing in"])  #: Of strangers, and of those who are halfway in.
inside = APIRouter(tags=["Signing in"])  #: Of those who are in.

_BODY = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_GUESS = (*_BODY, HTTPStatus.TOO_MANY_REQUESTS)
_STRANGER: dict[int | str, dict[str, Any]] = {
    each.value: problem_answer(each)
    for each in (HTTPStatus.FORBIDDEN, *_GUESS, HTTPStatus.SERVICE_UNAVAILABLE)
}
_OWN_PAGE = Depends(refuse_other_origin)


def _halfway(signed_in: MaybeSignedIn) -> SignedIn:
    """Return the session, at whatever stage. Raises UnauthenticatedError."""
    if signed_in is None:
        raise UnauthenticatedError
    return signed_in


Halfway = Annotated[SignedIn, Depends(_halfway)]
_KNOWN = Depends(_halfway)  #: First: a stranger is told nothing else.


@router.post(
    "/auth/login",
    response_model=NextOut,
    responses=_STRANGER,
    openapi_extra=json_body(LoginIn, LoginIn.EXAMPLE),
    dependencies=[JSON_ONLY, _OWN_PAGE],
)
def post_login(service: ServiceHere, request: Request, body: AnyBody) -> Response:
    """Give an email and a password. The session may then do the next step, and nothing else."""
    given = read_model(LoginIn, body)
    begun = sign_in.sign_in(
        service.unit_of_work,
        service.tools,
        email=given.email,
        password=given.password,
        address=address(request, service),
    )
    return _next(service.tools, begun)


@router.post(
    "/auth/ticket",
    response_model=NextOut,
    responses=_STRANGER,
    openapi_extra=json_body(TicketIn, TicketIn.EXAMPLE),
    dependencies=[JSON_ONLY, _OWN_PAGE],
)
def post_ticket(service: ServiceHere, request: Request, body: AnyBody) -> Response:
    """Use a one-time link: an invitation, to choose a password; in a sandbox also to come in."""
    given = read_model(TicketIn, body)
    where = address(request, service)
    begun = sign_in.use_ticket(service.unit_of_work, service.tools, given.ticket, where)
    return _next(service.tools, begun)


@router.post(
    "/auth/totp",
    response_model=NextOut,
    responses=problems(HTTPStatus.CONFLICT, *_GUESS),
    openapi_extra=json_body(CodeIn, CodeIn.EXAMPLE),
    dependencies=[_KNOWN, JSON_ONLY],
)
def post_totp(
    service: ServiceHere, request: Request, signed_in: Halfway, body: AnyBody
) -> Response:
    """Give the code of the authenticator. Each counts once."""
    code = read_model(CodeIn, body).code
    where = address(request, service)
    begun = sign_in.give_code(service.unit_of_work, service.tools, signed_in, code, where)
    return _next(service.tools, begun)


@router.post(
    "/auth/recovery",
    response_model=NextOut,
    responses=problems(HTTPStatus.CONFLICT, *_GUESS),
    openapi_extra=json_body(RecoveryIn, RecoveryIn.EXAMPLE),
    dependencies=[_KNOWN, JSON_ONLY],
)
def post_recovery(
    service: ServiceHere, request: Request, signed_in: Halfway, body: AnyBody
) -> Response:
    """Give a recovery code instead of the authenticator's. Each counts once."""
    code = read_model(RecoveryIn, body).code
    where = address(request, service)
    begun = sign_in.give_recovery_code(service.unit_of_work, service.tools, signed_in, code, where)
    return _next(service.tools, begun)


@router.post("/auth/totp/enrol", responses=problems(HTTPStatus.CONFLICT))
def post_enrol(service: ServiceHere, signed_in: Halfway) -> EnrolOut:
    """Make the secret of a new authenticator. Needs no body; the one before counts no more."""
    with service.unit_of_work() as session:
        secret, uri = sign_in.show_new_secret(session, service.tools, signed_in)
    svg = BytesIO()
    # White, also on a dark page: that is what phones can read.
    segno.make_qr(uri, error="m").save(svg, kind="svg", xmldecl=False, scale=4, light="#fff")
    return EnrolOut(secret=secret, otpauth_uri=uri, svg=svg.getvalue().decode())


@router.post(
    "/auth/totp/confirm",
    response_model=ConfirmOut,
    responses=problems(HTTPStatus.CONFLICT, *_GUESS),
    openapi_extra=json_body(CodeIn, CodeIn.EXAMPLE),
    dependencies=[_KNOWN, JSON_ONLY],
)
def post_confirm(
    service: ServiceHere, request: Request, signed_in: Halfway, body: AnyBody
) -> Response:
    """Prove the new authenticator by a code, and come in. The recovery codes are shown once."""
    code = read_model(CodeIn, body).code
    where = address(request, service)
    begun, codes = sign_in.confirm_secret(
        service.unit_of_work, service.tools, signed_in, code, where
    )
    return _next(service.tools, begun, recovery_codes=codes)


@router.post(
    "/auth/password",
    response_model=NextOut,
    responses=problems(HTTPStatus.CONFLICT, *_GUESS, HTTPStatus.SERVICE_UNAVAILABLE),
    openapi_extra=json_body(PasswordIn, PasswordIn.EXAMPLE),
    dependencies=[_KNOWN, JSON_ONLY],
)
def post_password(
    service: ServiceHere, request: Request, signed_in: Halfway, body: AnyBody
) -> Response:
    """Choose a password, by invitation; or change it, with the old one. Other sessions end."""
    given = read_model(PasswordIn, body)
    begin = service.unit_of_work
    if given.old_password is None:
        begun = sign_in.choose_password(begin, service.tools, signed_in, given.password)
    else:
        begun = sign_in.change_password(
            begin,
            service.tools,
            signed_in,
            current=given.old_password,
            password=given.password,
            address=address(request, service),
        )
    return _next(service.tools, begun)


@router.get("/auth/session")
def get_session(service: ServiceHere, signed_in: MaybeSignedIn) -> NextOut:
    """Tell a page that begins what to show: whether somebody is signed in, or which step is due."""
    with service.reading() as session:
        step = sign_in.next_step(session, signed_in)
    out = {"next": step, "csrf_token": signed_in.csrf_token if signed_in else None}
    return NextOut.model_validate(out)


@router.post("/auth/logout", response_model=NextOut, responses=problems())
def post_logout(service: ServiceHere, signed_in: Halfway) -> Response:
    """End this session. Needs no body."""
    with service.unit_of_work() as session:
        end_session(session, signed_in.secret)
        audit.record(session, service.tools, signed_in.actor, "session.end")
    response = Response(
        NextOut(next="sign_in", csrf_token=None).model_dump_json(), media_type="application/json"
    )
    clear_cookie(response)
    return response


@inside.post(
    "/auth/extend",
    responses=problems(HTTPStatus.CONFLICT),
    dependencies=[allow(Right.SELF)],
)
def post_extend(service: ServiceHere, request: Request) -> SessionOut:
    """Say that somebody is still there: the idle time begins anew. Needs no body."""
    signed_in = session_of(request)
    if signed_in is None:
        raise sign_in.WrongStageError
    with service.unit_of_work() as session:
        touched = touch(session, service.tools, signed_in)
    return SessionOut(idle_ends_at=touched.idle_ends_at, absolute_ends_at=touched.absolute_ends_at)


def _next(
    tools: Tools, begun: sign_in.Begun, *, recovery_codes: list[str] | None = None
) -> Response:
    """Answer with the next step, and renew the cookie."""
    out = {"next": begun.next, "csrf_token": csrf_token(tools, begun.secret)}
    body = (
        NextOut.model_validate(out)
        if recovery_codes is None
        else ConfirmOut.model_validate(out | {"recovery_codes": recovery_codes})
    )
    response = Response(body.model_dump_json(), media_type="application/json")
    set_cookie(response, begun.secret)
    return response
