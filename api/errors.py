"""The one table from exceptions to problems (RFC 9457). What is not in it is a 500."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.auth import UnauthenticatedError
from api.call import BodyTooLargeError, NotJsonError
from api.schemas.problem import PROBLEM_MEDIA_TYPE, FindingOut, Problem
from edi.findings import Finding, Place, error
from rcm.claims.service import WrongUsageError
from rcm.decisions.jobs import JobNotFailedError
from rcm.decisions.model import BadDecisionError, UnknownSubjectError
from rcm.decisions.quarantine import NotHeldError, NotInQuarantineError
from rcm.document import BadDocumentError
from rcm.eligibility.service import NoClaimYetError, UnknownCoverageError
from rcm.encode import findings_to_json
from rcm.encounters.correct import NotCorrectableError, UnknownClaimError
from rcm.encounters.read import BadEncounterError
from rcm.encounters.service import EncounterConflictError
from rcm.exchange.now import PartnerPausedError, UnknownPartnerError
from rcm.idempotency import KeyReusedError
from rcm.parties.read import BadPartnerError
from rcm.parties.service import ChangedMeanwhileError, PartnerNameTakenError
from rcm.schedules.ticks import BadScheduleError


class UnknownIdError(Exception):
    """Nothing here has the id that the path names."""


class IfMatchMissingError(Exception):
    """An edit that does not say which version it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem: what people read, and what programs decide by."""

    status: HTTPStatus
    code: str
    title: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()


_UNKNOWN_ID = Kind(
    status=HTTPStatus.NOT_FOUND,
    code="UNKNOWN-ID",
    title="Nothing here has this id.",
    detail="Take ids from the lists, or from what an earlier call answered.",
)
_AWAY = Kind(
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    code="DATABASE-AWAY",
    title="The database does not answer in time.",
    detail="Send the same again in a moment: what was stored is not stored twice.",
    headers=(("Retry-After", "5"),),
)
BROKEN = Kind(
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
    code="INTERNAL",
    title="This is our fault.",
    detail="Tell the operator the trace id: the log has the place.",
)
KINDS: Mapping[type[Exception], Kind] = {
    UnauthenticatedError: Kind(
        status=HTTPStatus.UNAUTHORIZED,
        code="UNAUTHENTICATED",
        title="This needs an API key that counts.",
        detail="Send the header `Authorization: Bearer rcm_...` with a key that was not revoked.",
        headers=(("WWW-Authenticate", "Bearer"),),
    ),
    UnknownIdError: _UNKNOWN_ID,
    UnknownPartnerError: _UNKNOWN_ID,
    UnknownCoverageError: _UNKNOWN_ID,
    NoClaimYetError: Kind(
        status=HTTPStatus.CONFLICT,
        code="NO-CLAIM-YET",
        title="No claim was built of this encounter yet.",
        detail="Wait until it is claimed, or correct what holds it; then its coverage is known.",
    ),
    UnknownSubjectError: _UNKNOWN_ID,
    PartnerPausedError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PARTNER-PAUSED",
        title="This partner is paused: nothing is exchanged.",
        detail="Let it go on with POST partners/{id}/resume.",
    ),
    WrongUsageError: Kind(
        status=HTTPStatus.CONFLICT,
        code="WRONG-USAGE",
        title="A sandbox meets no production partner, nor the reverse.",
        detail="Correct the partner's usage indicator, or use the other deployment.",
    ),
    PartnerNameTakenError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PARTNER-NAME-TAKEN",
        title="Another partner has this name.",
        detail="Choose another name, or change that partner.",
    ),
    NotInQuarantineError: Kind(
        status=HTTPStatus.CONFLICT,
        code="FILE-NOT-IN-QUARANTINE",
        title="This file was not kept aside, or is being read again.",
        detail="Only a file in quarantine is discarded; a discarded one can be replayed too.",
    ),
    NotHeldError: Kind(
        status=HTTPStatus.CONFLICT,
        code="REMITTANCE-NOT-HELD",
        title="This remittance is not held, or is being judged again.",
        detail="Only a held remittance is discarded; a discarded one can be replayed too.",
    ),
    JobNotFailedError: Kind(
        status=HTTPStatus.CONFLICT,
        code="JOB-NOT-FAILED",
        title="This job has not given up.",
        detail="GET jobs/failed lists those that have.",
    ),
    ChangedMeanwhileError: Kind(
        status=HTTPStatus.PRECONDITION_FAILED,
        code="CHANGED-MEANWHILE",
        title="Somebody has changed this since you read it.",
        detail="Read it again, look at the difference, and send your change with the new ETag.",
    ),
    IfMatchMissingError: Kind(
        status=HTTPStatus.PRECONDITION_REQUIRED,
        code="IF-MATCH-MISSING",
        title="An edit says which version it is of.",
        detail="Send the header If-Match with the ETag that you have read.",
    ),
    BadPartnerError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="PARTNER-REFUSED",
        title="These settings do not fit.",
        detail="Correct what the findings name, and send them again. Nothing was stored.",
    ),
    BadDecisionError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="DECISION-REFUSED",
        title="This does not say what to decide.",
        detail="Correct what the findings name, and send it again. Nothing was decided.",
    ),
    EncounterConflictError: Kind(
        status=HTTPStatus.CONFLICT,
        code="ENCOUNTER-CONFLICT",
        title="This source has posted another encounter under this external id.",
        detail="Use a new external_id for a new encounter. What is stored stays as it is.",
    ),
    UnknownClaimError: _UNKNOWN_ID,
    NotCorrectableError: Kind(
        status=HTTPStatus.CONFLICT,
        code="CLAIM-NOT-CORRECTABLE",
        title="The claim is on its way, or was adjudicated.",
        detail="Wait for the answer. What was adjudicated is corrected by a replacement claim.",
    ),
    BadScheduleError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="SCHEDULE-REFUSED",
        title="This is not a schedule.",
        detail="Send five cron fields, for example */15 7-19 * * MON-FRI.",
    ),
    BadEncounterError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="ENCOUNTER-REFUSED",
        title="This is not an encounter.",
        detail="Correct what the findings name, and post again. Nothing was stored.",
    ),
    RequestValidationError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="REQUEST-INVALID",
        title="A parameter does not fit.",
        detail="Correct what the findings name: /docs lists the parameters.",
    ),
    KeyReusedError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="IDEMPOTENCY-KEY-REUSED",
        title="This Idempotency-Key came before with another request.",
        detail="Use a new key for a new request. Nothing was done.",
    ),
    BodyTooLargeError: Kind(
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        code="BODY-TOO-LARGE",
        title="The body has more than one MiB.",
        detail="Post one encounter at a time.",
    ),
    NotJsonError: Kind(
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        code="NOT-JSON",
        title="The body is JSON.",
        detail="Send the header `Content-Type: application/json`.",
    ),
    ClientDisconnect: Kind(
        status=HTTPStatus.BAD_REQUEST,
        code="BODY-CUT",
        title="The body ended before its end.",
        detail="Send the same again.",
    ),
    PoolTimeoutError: _AWAY,
    OperationalError: _AWAY,
    InterfaceError: _AWAY,
}


def answer_problem(
    request: Request, kind: Kind, findings: list[dict[str, Any]] | None = None
) -> Response:
    """Return `kind` as application/problem+json, traced to this request."""
    trace_id: str = request.state.trace_id
    problem = Problem(
        type=f"urn:rcm-edi:problem:{kind.code.lower()}",
        title=kind.title,
        status=kind.status,
        detail=kind.detail,
        instance=f"urn:uuid:{trace_id}",
        code=kind.code,
        trace_id=trace_id,
        findings=[FindingOut.model_validate(finding) for finding in findings or ()],
    )
    return Response(
        problem.model_dump_json(),
        status_code=kind.status,
        headers=dict(kind.headers),
        media_type=PROBLEM_MEDIA_TYPE,
    )


def register(app: FastAPI) -> None:
    """Let `app` answer every exception of the table, and those of the framework, as problems."""
    for raised in KINDS:
        app.add_exception_handler(raised, _answer)
    app.add_exception_handler(HTTPException, _answer_framework)


async def _answer(request: Request, raised: Exception) -> Response:
    kind = next(KINDS[each] for each in type(raised).__mro__ if each in KINDS)
    return answer_problem(request, kind, findings_to_json(_findings(raised)))


async def _answer_framework(request: Request, raised: Exception) -> Response:
    """No such route, or no such method on it. The framework's own words may quote the request."""
    assert isinstance(raised, HTTPException)
    status = HTTPStatus(raised.status_code)
    kind = Kind(
        status=status,
        code=f"HTTP-{status.value}",
        title=f"{status.phrase}.",
        detail="/docs lists what there is.",
        headers=tuple((raised.headers or {}).items()),
    )
    return answer_problem(request, kind)


def _findings(raised: Exception) -> tuple[Finding, ...]:
    if isinstance(raised, BadDocumentError):
        return raised.findings
    if isinstance(raised, RequestValidationError):
        return tuple(_parameter(each) for each in raised.errors())
    return ()


#: Kinds of pydantic errors whose message is made of the rule alone, never of the value.
_TELLING = frozenset(
    {"enum", "literal_error", "greater_than_equal", "less_than_equal", "int_parsing", "missing"}
)


def _parameter(refusal: Mapping[str, Any]) -> Finding:
    """Translate one error of the framework: where and which rule, nothing of what was sent."""
    kind = refusal["type"]
    steps = refusal["loc"]
    if kind == "extra_forbidden":
        steps = steps[:-1]  # The name of what is unknown is input too.
        message = "There is no such parameter."
    elif kind in _TELLING:
        message = f"{refusal['msg']}."
    else:
        message = "This value does not fit."
    return error(
        "REQUEST-INVALID",
        message,
        cure="See this operation in /docs.",
        place=Place(pointer="".join(f"/{step}" for step in steps)),
    )
