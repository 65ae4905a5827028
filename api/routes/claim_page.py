"""One claim: its page, its form, what is masked on it, and the evidence behind it."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth import Caller, allow
from api.call import JSON_ONLY, AnyCall, read_body
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.schemas.claim_form import FormOut, RevealIn, RevealOut
from api.schemas.claim_page import ClaimPageOut, page_out
from api.schemas.claim_proof import ClaimAuditOut, ClaimEdiOut, ProofOut, proof_out
from api.schemas.claim_timeline import TimelineOut, timeline_out
from api.service import ServiceHere
from rcm.access import Right, audit
from rcm.claims.store import encounter_of
from rcm.encounters.fields import exact_field
from rcm.encounters.form import make_form, value_at
from rcm.reading.claim_page import claim_page, encounter_here, work_findings
from rcm.reading.claim_proof import audit_of, own_segments, proof_entries
from rcm.reading.claim_timeline import timeline
from rcm.reading.claims import claim as find_claim
from rcm.reading.payer_reasons import payer_reasons

router = APIRouter(tags=["Claims"])

_NOT_FOUND = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.get(
    "/claims/{claim_id}",
    response_model=ClaimPageOut,
    responses=problems(*_NOT_FOUND),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def get_claim(service: ServiceHere, claim_id: UUID, caller: Caller) -> Response:
    """Show one claim: status, money, lines, what to do next, coverage, and its timeline.

    Who may reveal sees the patient's name, and that is audited; birth date and member id are
    masked until `reveal` is asked. The ETag goes back as `If-Match` with a fix.
    """
    may_reveal = caller.may(Right.PHI_REVEAL)
    with service.unit_of_work() as session:
        page = claim_page(session, service.tools, claim_id)
        if page is None:
            raise UnknownIdError
        reasons = payer_reasons(session, service.tools.keys, claim_id)
        if may_reveal:
            audit.record(
                session, service.tools, caller, "claim.view", about="claim", about_id=claim_id
            )
    out = page_out(page, reasons, may_reveal=may_reveal)
    return _tagged(out.model_dump_json(), page.tag)


@router.get(
    "/claims/{claim_id}/form",
    response_model=FormOut,
    responses=problems(HTTPStatus.CONFLICT, *_NOT_FOUND),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def get_form(service: ServiceHere, claim_id: UUID) -> Response:
    """Show a claim as the sections of the paper form, with what is wrong pinned to its fields.

    What names the patient is masked: `reveal` shows it, by the same pointers. Where a claim has
    an encounter that does not open, the form has no sections.
    """
    with service.reading() as session:
        page = claim_page(session, service.tools, claim_id)
    if page is None:
        raise UnknownIdError
    findings = [*page.claim.findings, *work_findings(page.next_actions)]
    if page.encounter is None:
        out = FormOut.model_validate(
            {"encounter_id": page.claim.encounter_id, "sections": [], "findings": findings}
        )
    else:
        form = make_form(page.encounter.model_dump(mode="json"), findings)
        out = FormOut.model_validate(
            {
                "encounter_id": page.claim.encounter_id,
                "sections": form.sections,
                "findings": list(form.findings),
            }
        )
    return _tagged(out.model_dump_json(), page.tag)


@router.post(
    "/claims/{claim_id}/reveal",
    response_model=RevealOut,
    responses=problems(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, *_NOT_FOUND
    ),
    openapi_extra=json_body(RevealIn, {"fields": ["/patient/date_of_birth"]}),
    dependencies=[allow(Right.PHI_REVEAL), JSON_ONLY],
)
def post_reveal(service: ServiceHere, claim_id: UUID, call: AnyCall) -> Response:
    """Show fields that are masked, by their pointers. Who saw which field is kept.

    A pointer that the form does not have is left out of the answer. The answer of an
    Idempotency-Key is not kept: it names the patient.
    """
    wanted = [each for each in read_body(RevealIn, call).fields if _is_known(each)]
    with service.unit_of_work() as session:
        encounter_id = encounter_of(session, claim_id)
        if encounter_id is None:
            raise UnknownIdError
        encounter = encounter_here(session, service.tools, encounter_id)
        document = encounter.model_dump(mode="json") if encounter else {}
        audit.record(
            session,
            service.tools,
            call.actor,
            "claim.reveal",
            about="claim",
            about_id=claim_id,
            detail=" ".join(wanted),
        )
    out = RevealOut(values={each: value_at(document, each) for each in wanted})
    return Response(out.model_dump_json(), media_type="application/json")


def _is_known(pointer: str) -> bool:
    """Tell whether a pointer is of a masked field: what else was typed is kept nowhere."""
    field = exact_field(pointer)
    return field is not None and field.is_phi


@router.get(
    "/claims/{claim_id}/timeline",
    response_model=TimelineOut,
    responses=problems(*_NOT_FOUND),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def get_timeline(service: ServiceHere, claim_id: UUID, caller: Caller) -> object:
    """Tell all that happened to a claim, the newest first, each entry with who says it.

    Notes may name the patient: their text is for who may reveal, and that is audited.
    """
    may_reveal = caller.may(Right.PHI_REVEAL)
    with service.unit_of_work() as session:
        found = timeline(session, service.tools, claim_id, with_notes=may_reveal)
        if found is None:
            raise UnknownIdError
        if any(each.text for each in found.entries):
            audit.record(
                session, service.tools, caller, "claim.notes", about="claim", about_id=claim_id
            )
    return timeline_out(found)


@router.get(
    "/claims/{claim_id}/proof",
    response_model=ProofOut,
    responses=problems(*_NOT_FOUND),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def get_proof(service: ServiceHere, claim_id: UUID) -> object:
    """Prove a claim's money line by line: charge = paid + adjusted + patient + open.

    Each amount names the file, segment and element that it was posted from.
    """
    with service.reading() as session:
        claim = find_claim(session, claim_id)
        entries = proof_entries(session, claim_id)
    if claim is None:
        raise UnknownIdError
    return proof_out(claim, entries)


@router.get(
    "/claims/{claim_id}/edi",
    response_model=ClaimEdiOut,
    responses=problems(*_NOT_FOUND),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def get_claim_edi(service: ServiceHere, claim_id: UUID) -> object:
    """Tell where a claim stands in the 837 that it traveled in last; 404 before it was sent."""
    with service.reading() as session:
        # Whose the claim is, the claim says: files are of every practice.
        is_there = encounter_of(session, claim_id) is not None
        found = own_segments(session, service.tools, claim_id) if is_there else None
    if found is None:
        raise UnknownIdError
    return found


@router.get(
    "/claims/{claim_id}/audit",
    response_model=ClaimAuditOut,
    responses=problems(*_NOT_FOUND),
    dependencies=[allow(Right.CLAIMS_READ)],
)
def get_claim_audit(service: ServiceHere, claim_id: UUID) -> object:
    """List who saw this claim and what they did with it, the newest first. Names no value."""
    with service.reading() as session:
        if encounter_of(session, claim_id) is None:
            raise UnknownIdError
        found = audit_of(session, claim_id)
    return {"items": found, "total": len(found)}


def _tagged(text: str, tag: str) -> Response:
    headers = {"ETag": f'"{tag}"'} if tag else {}
    return Response(text, media_type="application/json", headers=headers)
