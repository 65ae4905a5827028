"""What the first page and the charts show: figures, and the list behind each."""

from dataclasses import asdict
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError

from api.auth import Caller, allow
from api.document import problems
from api.schemas.analytics import (
    AgingOut,
    AgingQuery,
    CashOut,
    DenialsOut,
    DenialsQuery,
    PaymentsQuery,
)
from api.schemas.dashboard import SummaryOut, SummaryQuery
from api.service import ServiceHere
from rcm.access import Right
from rcm.reading.alerts import alerts
from rcm.reading.analytics import BUCKETS, aging, payments
from rcm.reading.denial_figures import denials
from rcm.reading.my_day import my_day

router = APIRouter(tags=["Dashboard"])

_USUAL = timedelta(weeks=12)
_DAYS_MAX = 800  #: Of a range: two years and the weeks around them.


@router.get(
    "/dashboard/summary",
    response_model=SummaryOut,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.WORK_READ)],
)
def get_summary(
    service: ServiceHere, caller: Caller, query: Annotated[SummaryQuery, Query()]
) -> object:
    """Show the day: six counters, what to start with, what is wrong, and this week's cash.

    Each counter has the count and the sum of the list that its link opens.
    """
    tools = service.tools
    as_of = tools.clock()
    with service.reading() as session:
        day = my_day(session, tools.keys, caller, is_mine=query.scope == "me", today=tools.today())
        wrong = alerts(session, caller, now=as_of)
    return {
        "counters": day.counters,
        "start_here": day.start_here,
        "open_items": day.open_items,
        "due_today": day.due_today,
        "alerts": wrong,
        "cash_this_week_cents": day.cash_this_week_cents,
        "as_of": as_of,
    }


@router.get(
    "/analytics/ar-aging",
    response_model=AgingOut,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.ANALYTICS_READ)],
)
def get_aging(service: ServiceHere, query: Annotated[AgingQuery, Query()]) -> object:
    """Show open receivables by payer and age: in all exactly the receivables of the ledger."""
    tools = service.tools
    with service.reading() as session:
        found = aging(session, basis=query.basis, today=tools.today(), time_zone=tools.time_zone)
    return asdict(found) | {"basis": query.basis, "buckets": BUCKETS, "as_of": tools.clock()}


@router.get(
    "/analytics/payments",
    response_model=CashOut,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.ANALYTICS_READ)],
)
def get_payments(service: ServiceHere, query: Annotated[PaymentsQuery, Query()]) -> object:
    """Show what payers paid and we posted, by week or by day of payment."""
    tools = service.tools
    today = tools.today()
    first, last = _days(query, today)
    with service.reading() as session:
        found = payments(session, group=query.group, first=first, last=last, today=today)
    return asdict(found) | {"group": query.group, "as_of": tools.clock()}


@router.get(
    "/analytics/denials",
    response_model=DenialsOut,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.ANALYTICS_READ)],
)
def get_denials(service: ServiceHere, query: Annotated[DenialsQuery, Query()]) -> object:
    """Show denied money by reason, payer or category, the largest first."""
    with service.reading() as session:
        found = denials(session, by=query.by)
    return asdict(found) | {"by": query.by, "as_of": service.tools.clock()}


def _days(query: PaymentsQuery, today: date) -> tuple[date, date]:
    """Return the first and the last day that are asked for. Raises RequestValidationError."""
    last = query.last or max(today, query.first or today)
    first = query.first or last - min(_USUAL, last - date.min)
    if not 0 <= (last - first).days <= _DAYS_MAX:
        raise RequestValidationError([{"type": "value_error", "loc": ("query", "from")}])
    return first, last
