"""Jobs: how much waits, what has given up, and another try by a person's word."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.auth import allow
from api.call import AnyCall, answer_once
from api.document import json_body, problems
from api.schemas.decisions import REASON_EXAMPLE, JobRetryOut
from api.schemas.operations import FailedJobPage, FailedJobQuery
from api.schemas.paging import page_values
from api.service import ServiceHere
from rcm.access import Right
from rcm.decisions.jobs import retry_job
from rcm.decisions.model import ReasonIn, read_decision
from rcm.idempotency import Answer
from rcm.reading.failed_jobs import failed_jobs

router = APIRouter(tags=["Operations"])


@router.get(
    "/jobs/failed",
    response_model=FailedJobPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.JOBS_READ)],
)
def list_failed_jobs(service: ServiceHere, query: Annotated[FailedJobQuery, Query()]) -> object:
    """List jobs that gave up, newest first: about which partner or file, and why."""
    as_of = service.tools.clock()
    with service.reading() as session:
        page = failed_jobs(session, query.kind, after=query.cursor, limit=query.limit)
    return page_values(page, facet="kind", as_of=as_of)


@router.post(
    "/jobs/{job_id}/retry",
    status_code=HTTPStatus.ACCEPTED,
    response_model=JobRetryOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=json_body(ReasonIn, REASON_EXAMPLE, required=False),
    dependencies=[allow(Right.JOBS_WORK)],
)
def post_retry(service: ServiceHere, job_id: UUID, call: AnyCall) -> Response:
    """Try a job again that gave up, once its cause is mended, with all its attempts."""

    def act(session: Session) -> Answer:
        reason = read_decision(call.body, ReasonIn).reason
        retried = retry_job(session, service.tools, job_id, reason, call.actor)
        links = {"failed": "/api/v1/jobs/failed", "summary": "/api/v1/jobs/summary"}
        out = JobRetryOut(id=retried.id, kind=retried.kind, links=links)
        return Answer(status=HTTPStatus.ACCEPTED, text=out.model_dump_json())

    return answer_once(service, call, act)
