"""SQL of what happened to claims: their events, and the files they travelled in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from rcm.bulk import among, copy_rows, update_rows
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimStatus, advance
from rcm.db import ReadSession
from rcm.failpoint import failpoint
from rcm.rows import (
    ClaimEventRow,
    ClaimRow,
    FileRow,
    RemittanceClaimRow,
    SubmissionRow,
)


def record_events(
    session: Session, events: Sequence[NewEvent], *, now: datetime
) -> dict[UUID, ClaimStatus]:
    """Append events and advance their claims; an event told before changes nothing.

    Claims are locked in the order of their ids, so that two files cannot block each other. An
    answer to an earlier file of a claim that was sent again is kept, and moves nothing. Returns
    the status of each claim that moved. Raises IllegalTransitionError.
    """
    if not events:
        return {}
    ids = sorted({event.claim_id for event in events})
    locked = session.execute(
        select(ClaimRow.id, ClaimRow.status)
        .where(among(ClaimRow.id, ids))
        .order_by(ClaimRow.id)
        .with_for_update(key_share=True)
    )
    statuses = {row.id: ClaimStatus(row.status) for row in locked}
    told = set(
        session.scalars(
            select(ClaimEventRow.key).where(
                among(ClaimEventRow.key, [event.key for event in events])
            )
        )
    )
    last = last_files(session, [each.claim_id for each in events if each.outbound_id])
    before = dict(statuses)
    by: dict[UUID, str] = {}
    rows: list[dict[str, Any]] = []
    for event in events:
        if event.key in told:
            continue
        told.add(event.key)
        last_file = last.get(event.claim_id, event.outbound_id)
        is_late = event.outbound_id is not None and event.outbound_id != last_file
        status = statuses[event.claim_id]
        if not is_late:
            status = advance(status, event.event)
        if status is not statuses[event.claim_id]:
            by[event.claim_id] = event.reporter
        statuses[event.claim_id] = status
        rows.append(_event_row(event, status, now))
    if rows:
        copy_rows(session, ClaimEventRow, rows)
        failpoint("events.recorded")
    moved = {key: statuses[key] for key in by if statuses[key] is not before[key]}
    changed = [
        {"id": key, "status": status, "status_by": by[key], "status_at": now}
        for key, status in moved.items()
    ]
    update_rows(session, ClaimRow, changed)
    return moved


class FollowedError(Exception):
    """Something else has happened to the claim since then: it cannot be undone any more."""


def take_back(session: Session, key: str, undone: NewEvent, *, now: datetime) -> None:
    """Put a claim back to what it was before its last event, the one with this key.

    Both stay in its history. Raises FollowedError where that event is not the last.
    """
    told = session.scalars(
        select(ClaimEventRow)
        .where(ClaimEventRow.claim_id == undone.claim_id)
        .order_by(ClaimEventRow.id)
    ).all()
    if told[-1].key != key:
        raise FollowedError
    before = told[:-1]
    status = ClaimStatus(before[-1].status_after)
    moved = before[-1]
    for event in reversed(before):
        if event.status_after != status:
            break
        moved = event
    session.execute(insert(ClaimEventRow), [_event_row(undone, status, now)])
    session.execute(
        update(ClaimRow)
        .where(ClaimRow.id == undone.claim_id)
        .values(status=status, status_by=moved.reporter, status_at=moved.recorded_at)
    )


def _event_row(event: NewEvent, status: ClaimStatus, now: datetime) -> dict[str, Any]:
    return {
        "claim_id": event.claim_id,
        "key": event.key,
        "event": event.event,
        "status_after": status,
        "reporter": event.reporter,
        "file_id": event.file_id,
        "outbound_id": event.outbound_id,
        "segment_number": event.segment_number,
        "detail": dict(event.detail),
        "recorded_at": now,
    }


def refused_in(session: ReadSession, file_id: UUID) -> list[UUID]:
    """The claims that were refused with a file of ours, by id: as they are locked."""
    return list(
        session.scalars(
            select(ClaimRow.id)
            .join(SubmissionRow, SubmissionRow.claim_id == ClaimRow.id)
            .where(SubmissionRow.file_id == file_id, ClaimRow.status == ClaimStatus.REFUSED)
            .order_by(ClaimRow.id)
        )
    )


def last_files(session: ReadSession, claim_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The file in which each of these claims travelled last: answers to others are late."""
    rows = session.execute(
        select(SubmissionRow.claim_id, SubmissionRow.file_id)
        .join(FileRow, FileRow.id == SubmissionRow.file_id)
        .where(among(SubmissionRow.claim_id, claim_ids))
        .order_by(FileRow.created_at, FileRow.interchange_number)
    )
    return {row.claim_id: row.file_id for row in rows}


def adjudicated(session: ReadSession, claim_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these claims of which a remittance is posted: the payer has the last word."""
    posted = select(RemittanceClaimRow.claim_id).where(
        among(RemittanceClaimRow.claim_id, claim_ids), RemittanceClaimRow.state == "posted"
    )
    return {claim_id for claim_id in session.scalars(posted) if claim_id}


def submitted_in(session: ReadSession, file_id: UUID, set_number: str | None = None) -> list[UUID]:
    """The claims of a file, or of one of its transaction sets, in file order."""
    query = select(SubmissionRow.claim_id).where(SubmissionRow.file_id == file_id)
    if set_number is not None:
        query = query.where(SubmissionRow.set_number == set_number)
    return list(session.scalars(query.order_by(SubmissionRow.set_number, SubmissionRow.position)))
