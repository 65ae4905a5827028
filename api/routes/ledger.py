"""The ledger: what every account holds."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import allow
from api.document import problems
from api.schemas.ledger import RecoupmentQuery, RecoupmentsOut
from api.schemas.operations import BalancesOut
from api.service import ServiceHere
from rcm.access import Right
from rcm.ledger.store import balances
from rcm.reading.recoupments import recoupments

router = APIRouter(tags=["Ledger"])


@router.get(
    "/ledger/balances",
    response_model=BalancesOut,
    responses=problems(),
    dependencies=[allow(Right.LEDGER_READ)],
)
def get_balances(service: ServiceHere) -> object:
    """Show the balance of every account, in cents. Their sum is zero, or the ledger is broken."""
    as_of = service.tools.clock()
    with service.reading() as session:
        found = balances(session)
    return {"balances": found, "total_cents": sum(found.values()), "as_of": as_of}


@router.get(
    "/ledger/recoupments",
    response_model=RecoupmentsOut,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.LEDGER_READ)],
)
def get_recoupments(service: ServiceHere, query: Annotated[RecoupmentQuery, Query()]) -> object:
    """List what payers keep and give beside claims (PLB), by their reference: open or settled.

    The largest open balance comes first. A positive balance is money that a payer kept and for
    which nothing was given: look for its letter. A negative one will be taken back.
    """
    as_of = service.tools.clock()
    with service.reading() as session:
        found = recoupments(session, only_open=query.open, limit=query.limit)
    return {"items": found, "as_of": as_of}
