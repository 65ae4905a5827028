"""Eligibility: ask payers whether patients are covered, and read what they answered."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.call import JSON_ONLY, AnyCall, answer_once, read_body
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.schemas.benefits import answer_out
from api.schemas.coverages import CoveragePage, CoverageQuery
from api.schemas.eligibility import (
    EligibilityBatchIn,
    EligibilityBatchOut,
    EligibilityCheckDetailOut,
    EligibilityCheckIn,
    EligibilityCheckPage,
    EligibilityCheckQuery,
    EligibilityScheduleIn,
    EligibilityScheduleOut,
)
from api.schemas.paging import list_values
from api.service import Service, ServiceHere
from rcm.access import Right
from rcm.db import ReadSession
from rcm.eligibility.model import Cause
from rcm.eligibility.service import Asked, check_coverages, check_one, check_unchecked, coverage_of
from rcm.idempotency import Answer
from rcm.reading.check_list import CheckFilter, checks
from rcm.reading.coverages import CoverageFilter, coverages
from rcm.reading.eligibility import check as find_check
from rcm.schedules.service import eligibility_schedule, follow_eligibility_schedule

_REFUSALS = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)

router = APIRouter(tags=["Eligibility"])


@router.post(
    "/eligibility-checks",
    status_code=HTTPStatus.ACCEPTED,
    response_model=EligibilityCheckDetailOut,
    responses=_REFUSALS,
    openapi_extra=json_body(EligibilityCheckIn, EligibilityCheckIn.EXAMPLE),
    dependencies=[allow(Right.ELIGIBILITY_ASK), JSON_ONLY],
)
def post_eligibility_check(service: ServiceHere, call: AnyCall) -> Response:
    """Ask the payer about one coverage. The 270 goes at once; the answer comes with an exchange.

    The same question, while it waits for its file, is not asked twice.
    """
    wanted = read_body(EligibilityCheckIn, call)

    def act(session: Session) -> Answer:
        coverage_id, day = wanted.coverage_id, wanted.service_date
        if coverage_id is None:
            assert wanted.encounter_id is not None
            coverage_id, first_day = coverage_of(session, wanted.encounter_id)
            day = day or first_day
        check_id = check_one(
            session,
            service.tools,
            coverage_id,
            service_date=day,
            service_types=wanted.service_types,
        )
        out = _detail(service, session, check_id)
        return Answer(status=HTTPStatus.ACCEPTED, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.post(
    "/eligibility-checks/batch",
    status_code=HTTPStatus.ACCEPTED,
    response_model=EligibilityBatchOut,
    responses=_REFUSALS,
    openapi_extra=json_body(EligibilityBatchIn, EligibilityBatchIn.EXAMPLE),
    dependencies=[allow(Right.ELIGIBILITY_ASK), JSON_ONLY],
)
def post_eligibility_batch(service: ServiceHere, call: AnyCall) -> Response:
    """Ask about many coverages: those named, or all that were not checked in some days."""
    wanted = read_body(EligibilityBatchIn, call)

    def ask(session: Session) -> tuple[Asked, bool]:
        if wanted.coverage_ids is not None:
            ids = wanted.coverage_ids
            return check_coverages(session, service.tools, ids, cause=Cause.BATCH), False
        assert wanted.not_checked_in_days is not None
        return check_unchecked(
            session,
            service.tools,
            days=wanted.not_checked_in_days,
            partner_id=wanted.partner_id,
        )

    def act(session: Session) -> Answer:
        asked, has_more = ask(session)
        out = EligibilityBatchOut(
            asked=len(asked.check_ids),
            waiting=asked.waiting,
            has_more=has_more,
            links={"checks": "/api/v1/eligibility-checks"},
        )
        return Answer(status=HTTPStatus.ACCEPTED, text=out.model_dump_json())

    return answer_once(service, call, act)


@router.get(
    "/eligibility-checks",
    response_model=EligibilityCheckPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.ELIGIBILITY_READ)],
)
def list_eligibility_checks(
    service: ServiceHere, query: Annotated[EligibilityCheckQuery, Query()]
) -> object:
    """List checks, newest first unless asked otherwise, with what to do. Patients are masked."""
    chosen = CheckFilter(
        outcomes=query.outcome,
        states=query.state,
        payers=query.payer,
        coverage_id=query.coverage_id,
        partner_id=query.partner_id,
        service_from=query.service_from,
        service_to=query.service_to,
    )
    tools = service.tools
    as_of = tools.clock()
    with service.reading() as session:
        found = checks(
            session, tools.keys, chosen, sort=query.sort, after=query.cursor, limit=query.limit
        )
    counted = found.counted
    return list_values(
        found.items, found.following, total=counted.total, facets=counted.facets, as_of=as_of
    )


@router.get(
    "/eligibility-checks/{check_id}",
    response_model=EligibilityCheckDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.ELIGIBILITY_READ)],
)
def get_eligibility_check(service: ServiceHere, check_id: UUID, caller: Caller) -> object:
    """Show one check: benefits, what was met, why the payer refused, and the last known answer.

    That you saw it is recorded.
    """
    about = "eligibility_check"
    with service.audited(caller, "eligibility.view", about=about, about_id=check_id) as session:
        return _detail(service, session, check_id)


def _detail(service: Service, session: ReadSession, check_id: UUID) -> EligibilityCheckDetailOut:
    found = find_check(session, service.tools.keys, check_id)
    if found is None:
        raise UnknownIdError
    values = {name: getattr(found, name) for name in EligibilityCheckDetailOut.model_fields}
    answer = answer_out(found.answer) if found.answer else None
    return EligibilityCheckDetailOut.model_validate(values | {"answer": answer})


@router.get(
    "/coverages",
    response_model=CoveragePage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.ELIGIBILITY_READ)],
)
def list_coverages(service: ServiceHere, query: Annotated[CoverageQuery, Query()]) -> object:
    """List coverages with the newest answer and the last known one. Patients are masked."""
    chosen = CoverageFilter(
        outcomes=query.outcome,
        payers=query.payer,
        partner_id=query.partner_id,
        claim_id=query.claim_id,
        service_from=query.service_from,
        service_to=query.service_to,
    )
    tools = service.tools
    as_of = tools.clock()
    with service.reading() as session:
        found = coverages(
            session, tools.keys, chosen, sort=query.sort, after=query.cursor, limit=query.limit
        )
    counted = found.counted
    return list_values(
        found.items, found.following, total=counted.total, facets=counted.facets, as_of=as_of
    )


@router.get(
    "/partners/{partner_id}/eligibility-schedule",
    response_model=EligibilityScheduleOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.PARTNERS_READ)],
)
def get_eligibility_schedule(service: ServiceHere, partner_id: UUID) -> object:
    """Show when a partner's coverages are checked by themselves; 404 where that was never set."""
    with service.reading() as session:
        found = eligibility_schedule(session, service.tools, partner_id)
    if found is None:
        raise UnknownIdError
    schedule, next_at = found
    return {
        "cron": schedule.cron,
        "days": schedule.days,
        "time_zone": schedule.time_zone,
        "is_paused": schedule.is_paused,
        "next_at": next_at,
    }


@router.put(
    "/partners/{partner_id}/eligibility-schedule",
    response_model=EligibilityScheduleOut,
    responses=problems(
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    openapi_extra=json_body(EligibilityScheduleIn, EligibilityScheduleIn.EXAMPLE),
    dependencies=[allow(Right.PARTNERS_WORK), JSON_ONLY],
)
def put_eligibility_schedule(service: ServiceHere, partner_id: UUID, call: AnyCall) -> object:
    """Say when coverages that were not checked in some days are checked, or pause that."""
    schedule = read_body(EligibilityScheduleIn, call)
    with service.unit_of_work() as session:
        time_zone, next_at = follow_eligibility_schedule(
            session,
            service.tools,
            partner_id,
            cron=schedule.cron,
            days=schedule.days,
            is_paused=schedule.is_paused,
        )
    return {
        "cron": schedule.cron,
        "days": schedule.days,
        "time_zone": time_zone,
        "is_paused": schedule.is_paused,
        "next_at": next_at,
    }
