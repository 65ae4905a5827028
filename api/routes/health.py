"""Health: what whoever watches this process may ask without a key. It tells nothing else."""

from http import HTTPStatus

from fastapi import APIRouter

from api.document import problem_answer
from api.schemas.operations import HealthOut, ReadinessOut
from api.service import ServiceHere
from rcm.db import refuse_other_schema

router = APIRouter(tags=["Operations"])


@router.get("/health")
def get_health() -> HealthOut:
    """Tell that this process is alive. It asks nobody: see `health/ready`."""
    return HealthOut(status="ok")


@router.get(
    "/health/ready",
    responses={
        HTTPStatus.SERVICE_UNAVAILABLE.value: problem_answer(HTTPStatus.SERVICE_UNAVAILABLE),
    },
)
def get_readiness(service: ServiceHere) -> ReadinessOut:
    """Tell whether this process can serve: its database answers, with the schema of its code.

    Without the broker it is `degraded` and serves: work is kept in the database, and starts later.
    """
    with service.reading() as session:
        refuse_other_schema(session.connection())
    if service.broker.answers():
        return ReadinessOut(status="ready", broker="ok")
    return ReadinessOut(status="degraded", broker="away")
