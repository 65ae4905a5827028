"""Work items: what people have to do, until when, who does it, and what became of it."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.call import AnyCall, answer_once
from api.document import json_body, problems
from api.kinds import UnknownIdError
from api.schemas.paging import list_values
from api.schemas.work_bulk import SKIPPED_SHOWN_MAX, ChangedOut, SkippedOut, WorkBulkIn, WorkBulkOut
from api.schemas.work_items import (
    AssignableOut,
    PersonOut,
    WorkItemDetailOut,
    WorkItemOut,
    WorkItemPage,
    WorkItemQuery,
)
from api.service import Service, ServiceHere
from rcm.access import Right
from rcm.decisions import work
from rcm.decisions.model import read_decision
from rcm.idempotency import Answer
from rcm.reading.work_item import work_item
from rcm.reading.work_items import item_ids, work_items
from rcm.worklists.person_store import assignable

router = APIRouter(tags=["Work"])

_DECIDING = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_ASSIGN_EXAMPLE = {"user_id": "1f0b1f0a-8a39-4c55-bb0a-0d8f6f1f9e01"}
_CLOSE_EXAMPLE = {"reason": "The payer will send it again next week."}


@router.get(
    "/work-items",
    response_model=WorkItemPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.WORK_READ)],
)
def list_work_items(
    service: ServiceHere, caller: Caller, query: Annotated[WorkItemQuery, Query()]
) -> object:
    """List what people have to do, the most urgent first: open items, unless asked otherwise."""
    as_of = service.tools.clock()
    with service.reading() as session:
        found = work_items(
            session,
            service.tools.keys,
            query.for_actor(caller),
            sort=query.sort,
            after=query.cursor,
            limit=query.limit,
        )
    counted = found.counted
    return list_values(
        found.items, found.following, total=counted.total, facets=counted.facets, as_of=as_of
    ) | {"totals": counted.totals}


@router.get(
    "/work-items/{item_id}",
    response_model=WorkItemDetailOut,
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.WORK_READ)],
)
def get_work_item(service: ServiceHere, caller: Caller, item_id: UUID) -> object:
    """Show one item with all that happened to it. Reasons may name a patient: this is audited."""
    with service.audited(caller, "work_item.view", about="work_item", about_id=item_id) as session:
        found = work_item(session, service.tools.keys, item_id)
        if found is None:
            raise UnknownIdError
        return found


@router.get(
    "/users/assignable",
    response_model=AssignableOut,
    responses=problems(),
    dependencies=[allow(Right.WORK_READ)],
)
def list_assignable_users(service: ServiceHere) -> object:
    """List the persons who may do work, by name: whom an item can be given to."""
    with service.reading() as session:
        return AssignableOut(items=[PersonOut.model_validate(each) for each in assignable(session)])


@router.post(
    "/work-items/{item_id}/assign",
    response_model=WorkItemOut,
    responses=_DECIDING,
    openapi_extra=json_body(work.AssignIn, _ASSIGN_EXAMPLE),
    dependencies=[allow(Right.WORK_DO)],
)
def post_assign(service: ServiceHere, item_id: UUID, call: AnyCall) -> Response:
    """Give an item to a person, or to nobody in particular."""

    def act(session: Session) -> Answer:
        asked = read_decision(call.body, work.AssignIn)
        work.assign(session, service.tools, item_id, asked, call.actor)
        return _shown(service, session, item_id)

    return answer_once(service, call, act)


@router.post(
    "/work-items/{item_id}/close",
    response_model=WorkItemOut,
    responses=_DECIDING,
    openapi_extra=json_body(work.CloseIn, _CLOSE_EXAMPLE),
    dependencies=[allow(Right.WORK_DO)],
)
def post_close(service: ServiceHere, item_id: UUID, call: AnyCall) -> Response:
    """Close an item because there is nothing left to do; a later answer does not open it again."""

    def act(session: Session) -> Answer:
        asked = read_decision(call.body, work.CloseIn)
        work.close(session, service.tools, item_id, asked, call.actor)
        return _shown(service, session, item_id)

    return answer_once(service, call, act)


@router.post(
    "/work-items/{item_id}/open",
    response_model=WorkItemOut,
    responses=_DECIDING,
    openapi_extra=json_body(work.OpenIn, {}, required=False),
    dependencies=[allow(Right.WORK_DO)],
)
def post_open(service: ServiceHere, item_id: UUID, call: AnyCall) -> Response:
    """Open an item again that is done: the undo of a close. It is due as before."""

    def act(session: Session) -> Answer:
        read_decision(call.body, work.OpenIn)
        work.open_again(session, service.tools, item_id, call.actor)
        return _shown(service, session, item_id)

    return answer_once(service, call, act)


@router.post(
    "/work-items/bulk",
    response_model=WorkBulkOut,
    responses=_DECIDING,
    openapi_extra=json_body(WorkBulkIn, WorkBulkIn.EXAMPLE),
    dependencies=[allow(Right.WORK_DO)],
)
def post_work_bulk(service: ServiceHere, call: AnyCall) -> Response:
    """Do the same with many items, chosen by ids or by a filter; `dry_run` only tells.

    What cannot be done with an item is skipped, with the reason; the others are changed.
    """

    def act(session: Session) -> Answer:
        asked = read_decision(call.body, WorkBulkIn)
        chosen = asked.ids
        if asked.filter is not None:
            filtered = asked.filter.for_actor(call.actor)
            chosen = list(item_ids(session, filtered, limit=work.BULK_MAX + 1))
        outcome = work.change_all(
            session,
            service.tools,
            chosen or [],
            asked.change(),
            call.actor,
            is_dry_run=asked.dry_run,
        )
        return Answer(
            status=HTTPStatus.OK, text=_told(outcome, is_dry_run=asked.dry_run).model_dump_json()
        )

    return answer_once(service, call, act)


def _shown(service: Service, session: Session, item_id: UUID) -> Answer:
    """Answer with the item as it is now. Answers are kept for a day: reasons are left out."""
    found = work_item(session, service.tools.keys, item_id)
    text = WorkItemOut.model_validate(found).model_dump_json()
    return Answer(status=HTTPStatus.OK, text=text)


def _told(outcome: work.Outcome, *, is_dry_run: bool) -> WorkBulkOut:
    return WorkBulkOut(
        dry_run=is_dry_run,
        count=len(outcome.changed),
        amount_cents=outcome.amount_cents,
        changed=[ChangedOut.model_validate(each) for each in outcome.changed],
        skipped_count=len(outcome.skipped),
        skipped=[
            SkippedOut(id=each.id, reason=each.reason, message=each.reason.words)
            for each in outcome.skipped[:SKIPPED_SHOWN_MAX]
        ],
    )
