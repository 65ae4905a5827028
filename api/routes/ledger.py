"""The ledger: what every account holds."""

from fastapi import APIRouter

from api.document import problems
from api.schemas.operations import BalancesOut
from api.service import ServiceHere
from rcm.ledger.store import balances

router = APIRouter(tags=["Ledger"])


@router.get("/ledger/balances", response_model=BalancesOut, responses=problems())
def get_balances(service: ServiceHere) -> object:
    """Show the balance of every account, in cents. Their sum is zero, or the ledger is broken."""
    as_of = service.tools.clock()
    with service.reading() as session:
        found = balances(session)
    return {"balances": found, "total_cents": sum(found.values()), "as_of": as_of}
