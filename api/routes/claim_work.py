"""Work on claims: fix one in place, hold it, let it go, note something; many at once."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.call import JSON_ONLY, AnyCall, answer_once, read_body
from api.document import json_body, problems
from api.if_match import IfMatch, read_tag
from api.kinds import UnknownIdError
from api.schemas.claim_work import (
    BULK_EXAMPLE,
    FIX_EXAMPLE,
    BulkIn,
    BulkOut,
    FixIn,
    FixOut,
    HoldOut,
    NoteIn,
    NoteOut,
    NotesOut,
    ReasonToHoldIn,
    ReasonToReleaseIn,
    SkippedOut,
    fix_out,
)
from api.service import ServiceHere
from rcm.access import Right, audit
from rcm.claims.note_store import add_note, notes_of
from rcm.claims.status import ClaimStatus
from rcm.claims.store import encounter_of
from rcm.encounters.bulk import BulkAction, act_on_claims
from rcm.encounters.edits import Change
from rcm.encounters.fix import fix_claim
from rcm.encounters.hold import hold_claim, release_claim
from rcm.idempotency import Answer

router = APIRouter(tags=["Claims"])

_BODY = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_NEED_TEXT = frozenset({BulkAction.NOTE, BulkAction.HOLD})


@router.patch(
    "/claims/{claim_id}",
    response_model=FixOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.PRECONDITION_REQUIRED,
        *_BODY,
    ),
    openapi_extra=json_body(FixIn, FIX_EXAMPLE),
    dependencies=[allow(Right.CLAIMS_WORK), JSON_ONLY],
)
def patch_claim(
    service: ServiceHere, claim_id: UUID, call: AnyCall, if_match: IfMatch = None
) -> Response:
    """Fix a claim in place: change fields of its encounter, check it again, send it again.

    `If-Match` carries the ETag of the claim, its form or its encounter's content. With `dry_run`
    nothing is stored: the answer says what changes, and whether the claim would be clean.
    """
    tag = read_tag(if_match)
    wanted = read_body(FixIn, call)
    changes = [Change(pointer=each.pointer, value=each.value) for each in wanted.changes]
    with service.unit_of_work() as session:
        fixed = fix_claim(
            session,
            service.tools,
            claim_id,
            changes,
            tag=tag,
            by=call.actor,
            resubmit=wanted.resubmit,
            dry_run=wanted.dry_run,
        )
    answer = fix_out(fixed, dry_run=wanted.dry_run)
    return Response(
        answer.model_dump_json(),
        media_type="application/json",
        headers={"ETag": f'"{fixed.tag}"'},
    )


@router.post(
    "/claims/{claim_id}/hold",
    response_model=HoldOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, *_BODY),
    openapi_extra=json_body(ReasonToHoldIn, {"reason": "The clinic checks the drug code."}),
    dependencies=[allow(Right.CLAIMS_WORK), JSON_ONLY],
)
def post_hold(service: ServiceHere, claim_id: UUID, call: AnyCall) -> Response:
    """Hold a claim back: it goes with no batch until a person releases it."""
    wanted = read_body(ReasonToHoldIn, call)

    def act(session: Session) -> Answer:
        hold_claim(session, service.tools, claim_id, wanted.reason, by=call.actor)
        out = HoldOut(claim_id=claim_id, status=ClaimStatus.ON_HOLD, findings=[])
        return Answer(status=HTTPStatus.OK, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.post(
    "/claims/{claim_id}/release",
    response_model=HoldOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, *_BODY),
    openapi_extra=json_body(ReasonToReleaseIn, {"reason": "The drug code is right."}),
    dependencies=[allow(Right.CLAIMS_WORK), JSON_ONLY],
)
def post_release(service: ServiceHere, claim_id: UUID, call: AnyCall) -> Response:
    """Let a claim go that a person held back. It is checked again, as it is now."""
    wanted = read_body(ReasonToReleaseIn, call)

    def act(session: Session) -> Answer:
        reason = wanted.reason or ""
        again = release_claim(session, service.tools, claim_id, reason, by=call.actor)
        out = HoldOut.model_validate(
            {"claim_id": claim_id, "status": again.status, "findings": again.findings}
        )
        return Answer(status=HTTPStatus.OK, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.post(
    "/claims/bulk",
    response_model=BulkOut,
    responses=problems(*_BODY),
    openapi_extra=json_body(BulkIn, BULK_EXAMPLE),
    dependencies=[allow(Right.CLAIMS_WORK), JSON_ONLY],
)
def post_bulk(service: ServiceHere, call: AnyCall) -> Response:
    """Do one thing to many claims. Those that it cannot be done to are skipped, with the reason.

    Ask with `dry_run` first: the answer is the same, and nothing is stored.
    """
    wanted = read_body(BulkIn, call)
    if wanted.action in _NEED_TEXT and not wanted.text:
        raise RequestValidationError(
            [{"type": "missing", "loc": ("body", "text"), "msg": "Field required"}]
        )

    def act(session: Session) -> Answer:
        result = act_on_claims(
            session,
            service.tools,
            wanted.action,
            wanted.ids,
            text=wanted.text or "",
            by=call.actor,
            dry_run=wanted.dry_run,
        )
        out = BulkOut(
            action=wanted.action,
            dry_run=wanted.dry_run,
            done=list(result.done),
            warned=list(result.warned),
            skipped=[SkippedOut.model_validate(each) for each in result.skipped],
        )
        return Answer(status=HTTPStatus.OK, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.get(
    "/claims/{claim_id}/notes",
    response_model=NotesOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.PHI_REVEAL)],
)
def list_notes(service: ServiceHere, claim_id: UUID, caller: Caller) -> object:
    """List the notes of a claim, the newest first. They may name the patient: this is audited."""
    with service.unit_of_work() as session:
        if encounter_of(session, claim_id) is None:
            raise UnknownIdError
        found = notes_of(session, service.tools.keys, claim_id)
        audit.record(
            session, service.tools, caller, "claim.notes", about="claim", about_id=claim_id
        )
    return {"items": found, "total": len(found)}


@router.post(
    "/claims/{claim_id}/notes",
    status_code=HTTPStatus.CREATED,
    response_model=NoteOut,
    responses=problems(HTTPStatus.NOT_FOUND, *_BODY),
    openapi_extra=json_body(NoteIn, {"text": "Clinic confirmed the vial."}),
    dependencies=[allow(Right.CLAIMS_WORK), JSON_ONLY],
)
def post_note(service: ServiceHere, claim_id: UUID, call: AnyCall) -> Response:
    """Write a note about a claim. It cannot be changed or taken back."""
    wanted = read_body(NoteIn, call)

    def act(session: Session) -> Answer:
        if encounter_of(session, claim_id) is None:
            raise UnknownIdError
        note = add_note(session, service.tools, claim_id, wanted.text, by=call.actor)
        out = NoteOut.model_validate(note)
        return Answer(status=HTTPStatus.CREATED, text=out.model_dump_json())

    return answer_once(service, call, act)
