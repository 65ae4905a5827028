"""Health: the one route that needs no key."""

from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import text

from api.document import problem_answer
from api.schemas.operations import HealthOut
from api.service import ServiceHere

router = APIRouter(tags=["Operations"])


@router.get(
    "/health",
    responses={
        HTTPStatus.SERVICE_UNAVAILABLE.value: problem_answer(HTTPStatus.SERVICE_UNAVAILABLE),
    },
)
def get_health(service: ServiceHere) -> HealthOut:
    """Tell whether this process reaches its database. Needs no key, and tells nothing else."""
    with service.reading() as session:
        session.execute(text("SELECT 1"))
    return HealthOut(status="ok")
