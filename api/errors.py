"""Every exception of the table of kinds, and those of the framework, answered as a problem."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.conflicts import conflicts
from api.kind import Kind
from api.kinds import KINDS
from api.schemas.problem import PROBLEM_MEDIA_TYPE, ConflictOut, FindingOut, Problem
from edi.findings import Finding, Place, error
from rcm.access.attempts import TooManyAttemptsError
from rcm.document import BadDocumentError
from rcm.encode import findings_to_json
from rcm.encounters.correct import SavedMeanwhileError


def answer_problem(
    request: Request,
    kind: Kind,
    findings: list[dict[str, Any]] | None = None,
    changes: Sequence[ConflictOut] = (),
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
        changes=list(changes),
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
    if isinstance(raised, TooManyAttemptsError):
        kind = replace(kind, headers=(("Retry-After", str(raised.seconds)),))
    changes = conflicts(raised) if isinstance(raised, SavedMeanwhileError) else ()
    return answer_problem(request, kind, findings_to_json(_findings(raised)), changes)


async def _answer_framework(request: Request, raised: Exception) -> Response:
    """No such route, or no such method on it. The framework's own words may quote the request."""
    assert isinstance(raised, HTTPException)
    status = HTTPStatus(raised.status_code)
    if status is HTTPStatus.BAD_REQUEST:  # A body that is no text: the framework reads no further.
        finding = error(
            "REQUEST-INVALID",
            "This is not JSON in UTF-8.",
            cure="Send JSON, encoded as UTF-8.",
            place=Place(pointer="/body"),
        )
        kind = KINDS[RequestValidationError]
        return answer_problem(request, kind, findings_to_json([finding]))
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
