"""The global search."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from fastapi import APIRouter

from api.auth import allow
from api.call import JSON_ONLY, AnyCall, read_body
from api.document import json_body, problems
from api.schemas.search import SEARCH_EXAMPLE, HitGroup, HitOut, SearchIn, SearchOut
from api.service import ServiceHere
from rcm.access import Right, audit
from rcm.reading.search import Hit, HitKind, search

router = APIRouter(tags=["Search"])

#: Of each kind: who may find it, how the group is called, and where its page is.
_KINDS: Mapping[HitKind, tuple[Right, str, str]] = MappingProxyType(
    {
        HitKind.CLAIM: (Right.CLAIMS_READ, "Claims", "/claims/{}"),
        HitKind.PATIENT: (Right.CLAIMS_READ, "Patients", "/claims?patient={}"),
        HitKind.REMITTANCE: (Right.REMITTANCES_READ, "Payments", "/payments/{}"),
        HitKind.FILE: (Right.FILES_READ, "EDI files", "/files/{}"),
    }
)


@router.post(
    "/search",
    response_model=SearchOut,
    responses=problems(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=json_body(SearchIn, SEARCH_EXAMPLE),
    dependencies=[allow(Right.SEARCH), JSON_ONLY],
)
def post_search(service: ServiceHere, call: AnyCall) -> object:
    """Find claims, patients, payments and files by numbers, names and ids, or their beginnings.

    Claims by our control number or the payer's; patients by family name (`Family, Given`), birth
    date (`YYYY-MM-DD` or `MM/DD/YYYY`, alone or beside a name), member id or record number;
    payments by check or transfer number; files by interchange number or name. It changes nothing:
    it is a POST because what is looked for may name a patient, and addresses are logged. That
    somebody searched is recorded, with counts; what for is not.
    """
    text = read_body(SearchIn, call).q
    kinds = [kind for kind, (right, _, _) in _KINDS.items() if call.actor.may(right)]
    as_of = service.tools.clock()
    with service.unit_of_work() as session:
        found = search(session, service.tools.keys, text, kinds)
        counts = ", ".join(f"{kind} {len(hits)}" for kind, hits in found.items())
        audit.record(session, service.tools, call.actor, "search", detail=counts or "nothing")
    groups = [_group(kind, hits) for kind, hits in found.items()]
    groups.sort(key=lambda group: not group.items[0].is_exact)
    return SearchOut(groups=groups, as_of=as_of)


def _group(kind: HitKind, hits: tuple[Hit, ...]) -> HitGroup:
    _, label, page = _KINDS[kind]
    return HitGroup(
        kind=kind,
        label=label,
        items=[
            HitOut(
                kind=kind,
                id=hit.id,
                label=hit.label,
                said=hit.said,
                href=page.format(hit.id),
                is_exact=hit.is_exact,
            )
            for hit in hits
        ],
    )
