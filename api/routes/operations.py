"""What operators look at and start: exchanges, schedules, jobs."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.auth import allow
from api.call import JSON_ONLY, AnyCall, answer_once, read_body
from api.document import json_body, problems
from api.schemas.operations import (
    ExchangeOut,
    ExchangesOut,
    JobSummaryOut,
    ScheduleIn,
    ScheduleOut,
)
from api.service import ServiceHere
from rcm.access import Right
from rcm.exchange.now import exchange_now, exchange_with_all
from rcm.idempotency import Answer
from rcm.reading.jobs import job_summary
from rcm.schedules.service import follow_schedule

router = APIRouter(tags=["Operations"])


@router.post(
    "/partners/{partner_id}/exchange",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ExchangeOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    dependencies=[allow(Right.EXCHANGE)],
)
def post_exchange(service: ServiceHere, partner_id: UUID, call: AnyCall) -> Response:
    """Exchange now: send the claims that are ready, fetch the files that wait. Needs no body.

    A cut-off is for the schedule only. A paused partner answers 409.
    """

    def act(session: Session) -> Answer:
        exchange_now(session, partner_id)
        links = {"files": f"/api/v1/files?partner_id={partner_id}", "jobs": "/api/v1/jobs/summary"}
        out = ExchangeOut(partner_id=partner_id, links=links)
        return Answer(status=HTTPStatus.ACCEPTED, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.post(
    "/exchange",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ExchangesOut,
    responses=problems(
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    dependencies=[allow(Right.EXCHANGE)],
)
def post_exchange_with_all(service: ServiceHere, call: AnyCall) -> Response:
    """Exchange now with every partner that is not paused. Needs no body.

    For whoever bills and does not look after partners.
    """

    def act(session: Session) -> Answer:
        partners, paused = exchange_with_all(session)
        links = {"files": "/api/v1/files", "jobs": "/api/v1/jobs/summary"}
        out = ExchangesOut(partners=partners, paused=paused, links=links)
        return Answer(status=HTTPStatus.ACCEPTED, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.put(
    "/partners/{partner_id}/schedule",
    response_model=ScheduleOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=json_body(ScheduleIn, ScheduleIn.EXAMPLE),
    dependencies=[allow(Right.PARTNERS_WORK), JSON_ONLY],
)
def put_schedule(service: ServiceHere, partner_id: UUID, call: AnyCall) -> object:
    """Say when a partner is visited, or pause the visits. The same again changes nothing."""
    schedule = read_body(ScheduleIn, call)
    with service.unit_of_work() as session:
        time_zone, next_at = follow_schedule(
            session,
            service.tools,
            partner_id,
            cron=schedule.cron,
            is_paused=schedule.is_paused,
        )
    return {
        "cron": schedule.cron,
        "time_zone": time_zone,
        "is_paused": schedule.is_paused,
        "next_at": next_at,
    }


@router.get(
    "/jobs/summary",
    response_model=JobSummaryOut,
    responses=problems(),
    dependencies=[allow(Right.JOBS_READ)],
)
def get_job_summary(service: ServiceHere) -> object:
    """Count jobs by queue and state, say how long the oldest waits, and name what gave up."""
    as_of = service.tools.clock()
    with service.reading() as session:
        summary = job_summary(session)
    return {
        "counts": summary.counts,
        "queues": summary.queues,
        "oldest_ready_seconds": summary.oldest_ready_seconds,
        "failures": summary.failures,
        "as_of": as_of,
    }
