"""What was done and seen, by whom."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import allow
from api.document import problems
from api.schemas.people import AuditPage, AuditQuery, write_event_cursor
from api.service import ServiceHere
from rcm.access import Right
from rcm.chains.model import Chain
from rcm.reading.audit_events import AuditFilter, audit_events
from rcm.reading.chain_state import chain_state

router = APIRouter(tags=["People"])


@router.get(
    "/audit-events",
    response_model=AuditPage,
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[allow(Right.AUDIT_READ)],
)
def list_audit_events(service: ServiceHere, query: Annotated[AuditQuery, Query()]) -> object:
    """List who did and saw what, newest first. Entries are appended and never changed.

    `chain` says up to when they are covered by the hash chain; `rcm audit verify` proves it.
    """
    chosen = AuditFilter(
        actors=query.actor,
        actions=query.action,
        about=query.about,
        about_id=query.about_id,
        since=query.since,
        until=query.until,
    )
    as_of = service.tools.clock()
    with service.reading() as session:
        page = audit_events(session, chosen, after=query.cursor, limit=query.limit)
        chain = chain_state(session, Chain.AUDIT, service.checkpoint_folder)
    return {
        "items": page.items,
        "next_cursor": write_event_cursor(page.following) if page.following else None,
        "total": page.total,
        "facets": {"action": page.facets},
        "chain": chain,
        "as_of": as_of,
    }
