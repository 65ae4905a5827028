"""Remittances: what payers paid, and the proof that it adds up."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.document import problems
from api.errors import UnknownIdError
from api.schemas.paging import page_values
from api.schemas.remittances import RemittanceDetailOut, RemittancePage, RemittanceQuery
from api.service import ServiceHere
from rcm.reading import remittances

router = APIRouter(tags=["Remittances"])


@router.get(
    "/remittances",
    response_model=RemittancePage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
)
def list_remittances(service: ServiceHere, query: Annotated[RemittanceQuery, Query()]) -> object:
    """List remittances, newest first."""
    chosen = remittances.RemittanceFilter(states=query.state, partner_id=query.partner_id)
    as_of = service.tools.clock()
    with service.reading() as session:
        page = remittances.remittances(session, chosen, after=query.cursor, limit=query.limit)
        total = remittances.payment_total(session, chosen)
    totals = {"payment_cents": total}
    return {**page_values(page, facet="state", as_of=as_of), "totals": totals}


@router.get(
    "/remittances/{remittance_id}",
    response_model=RemittanceDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_remittance(service: ServiceHere, remittance_id: UUID) -> object:
    """Show one remittance: its claims, its balance proof, and what waits for the deposit."""
    with service.reading() as session:
        found = remittances.remittance(session, remittance_id)
    if found is None:
        raise UnknownIdError
    explained = found.claims_paid_cents - found.provider_adjustments_cents
    proof = {
        "claims_paid_cents": found.claims_paid_cents,
        "provider_adjustments_cents": found.provider_adjustments_cents,
        "payment_cents": found.payment_cents,
        "difference_cents": explained - found.payment_cents,
    }
    return {**asdict(found), "proof": proof}
