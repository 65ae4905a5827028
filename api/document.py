"""The OpenAPI document: an example for every operation, and the schemas of raw bodies."""

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from api.call import NDJSON
from api.kinds import KINDS
from api.schemas.claim_form import RevealIn
from api.schemas.claim_work import (
    BulkIn,
    FixIn,
    NoteIn,
    ReasonToHoldIn,
    ReasonToReleaseIn,
)
from api.schemas.eligibility import (
    EligibilityBatchIn,
    EligibilityCheckIn,
    EligibilityScheduleIn,
)
from api.schemas.encounters import ENCOUNTER_EXAMPLE
from api.schemas.operations import ScheduleIn
from api.schemas.people import ApiKeyIn, UserIn, UserPatch
from api.schemas.problem import PROBLEM_MEDIA_TYPE, Problem
from api.schemas.search import SearchIn
from api.schemas.sessions import (
    CodeIn,
    LoginIn,
    PasswordIn,
    PreferencesIn,
    RecoveryIn,
    TicketIn,
)
from api.schemas.viewer import InspectIn
from api.schemas.work_bulk import WorkBulkIn
from rcm.decisions.model import DiscardIn, MatchIn, ReasonIn, ReplayIn
from rcm.decisions.work import AssignIn, CloseIn, OpenIn
from rcm.encounters.model import EncounterIn
from rcm.parties.settings import PartnerIn

TITLE = "Revenue cycle EDI service"
DESCRIPTION = """\
Post encounters; the service builds and checks their claims, exchanges files with your
clearinghouses, and posts every cent of every remittance to a double-entry ledger.

- **Keys and sessions.** Programs say `Authorization: Bearer rcm_...`; people sign in at
  `auth/login`, and what they change says `X-CSRF-Token` too.
- **Money** is whole cents, in fields that end in `_cents`. **Times** are UTC.
- **Problems** are `application/problem+json` (RFC 9457). Each has a stable `code`, a `trace_id` for
  the operator, and `findings` that name the place and the cure, never the value.
- **Lists** give `items`, `next_cursor`, `total` and `facets`. Send `next_cursor` back as `cursor`.
- **Twice is once.** The same encounter posted again is the same encounter; any POST may carry an
  `Idempotency-Key`.
"""
_REF = "#/components/schemas/{model}"


def problems(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation behind a key: its problems, always 401 and 403."""
    always = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    return {each.value: problem_answer(each) for each in (*always, *statuses)}


def problem_answer(status: HTTPStatus) -> dict[str, Any]:
    """Return how a problem of this status is documented."""
    kinds = [kind for kind in dict.fromkeys(KINDS.values()) if kind.status == status]
    examples = {
        kind.code: {
            "summary": kind.title,
            "value": Problem.EXAMPLE
            | {
                "type": f"urn:rcm-edi:problem:{kind.code.lower()}",
                "title": kind.title,
                "status": status.value,
                "detail": kind.detail,
                "code": kind.code,
                "findings": Problem.EXAMPLE["findings"]
                if status is HTTPStatus.UNPROCESSABLE_ENTITY
                else [],
            },
        }
        for kind in kinds
    }
    schema = {"$ref": _REF.format(model="Problem")}
    return {
        "description": status.phrase,
        "content": {PROBLEM_MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }


def json_body(
    model: type[BaseModel], example: dict[str, Any], *, required: bool = True
) -> dict[str, Any]:
    """Return how a body is documented that we read as bytes ourselves: its findings are ours."""
    schema = {"$ref": _REF.format(model=model.__name__)}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": required, "content": content}}


ENCOUNTER_BODY = json_body(EncounterIn, ENCOUNTER_EXAMPLE)
#: Lines of JSON are text to OpenAPI; each is what the schema of a single post says.
ENCOUNTER_LINES = {
    "requestBody": {
        "required": True,
        "content": {
            NDJSON: {
                "schema": {"type": "string", "description": "An EncounterIn a line."},
                "example": json.dumps(ENCOUNTER_EXAMPLE) + "\n",
            }
        },
    }
}
#: Models of such bodies.
_BODIES = (
    EncounterIn, EligibilityCheckIn, EligibilityBatchIn, PartnerIn, ReasonIn, DiscardIn, ReplayIn,
    MatchIn, RevealIn, FixIn, BulkIn, NoteIn, ReasonToHoldIn, ReasonToReleaseIn,
    AssignIn, CloseIn, OpenIn, WorkBulkIn, SearchIn,
    InspectIn, ScheduleIn, EligibilityScheduleIn,
    LoginIn, CodeIn, RecoveryIn, TicketIn, PasswordIn, PreferencesIn, UserIn, UserPatch, ApiKeyIn,
)  # fmt: skip


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = made["components"]["schemas"]
        for model in _BODIES:
            schemas.update(_schemas(model, "validation"))
        schemas.update(_schemas(Problem, "serialization"))
        _show_examples(app, made["paths"])
        app.openapi_schema = made
    return app.openapi_schema


def _show_examples(app: FastAPI, paths: dict[str, Any]) -> None:
    """Put the EXAMPLE of each model of an answer beside its schema.

    FastAPI would leave out every null of an example given to it.
    """
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        example = getattr(getattr(route, "response_model", None), "EXAMPLE", None)
        if example is None:
            continue
        for method in getattr(route, "methods", ()):
            operation = paths[str(context.path)][method.lower()]
            for answer in operation["responses"].values():
                if content := answer["content"].get("application/json"):
                    content["example"] = example


def _schemas(model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=_REF, mode=mode)
    return {**schema.pop("$defs", {}), model.__name__: schema}
