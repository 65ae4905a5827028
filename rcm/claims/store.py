"""SQL of claims: snapshots, lines, events, and who waits for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from edi.claim_837 import Claim
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent, ClaimStatus, advance
from rcm.crypto import Keys, SealError
from rcm.db import ReadSession
from rcm.encode import claim_from_json, claim_to_json
from rcm.rows import (
    ClaimEventRow,
    ClaimLineRow,
    ClaimRow,
    FileRow,
    RemittanceClaimRow,
    SubmissionRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """A claim about to be stored."""

    id: UUID
    encounter_id: UUID
    patient_id: UUID
    coverage_id: UUID
    billing_provider_id: UUID
    payer_id: UUID
    partner_id: UUID
    claim: Claim
    status: ClaimStatus
    findings: Sequence[Mapping[str, Any]]


def add_claims(session: Session, keys: Keys, claims: Sequence[NewClaim], *, now: datetime) -> None:
    """Store claims with their lines and their first event."""
    if not claims:
        return
    session.execute(insert(ClaimRow), [_claim_values(keys, new, now) for new in claims])
    session.execute(insert(ClaimLineRow), [row for new in claims for row in _line_values(new)])
    held, clean = ClaimEvent.FOUND_WANTING, ClaimEvent.FOUND_CLEAN
    session.execute(
        insert(ClaimEventRow),
        [
            {
                "claim_id": new.id,
                "key": f"built/{new.id}",
                "event": held if new.status is ClaimStatus.HELD else clean,
                "status_after": new.status,
                "reporter": "us",
                "detail": {"findings": [finding["code"] for finding in new.findings]},
                "recorded_at": now,
            }
            for new in claims
        ],
    )


def replace_claim(session: Session, keys: Keys, new: NewClaim, *, now: datetime) -> None:
    """Put what was built anew in the place of a claim; its events and status stay as they are."""
    values = _claim_values(keys, new, now)
    kept = ("id", "encounter_id", "status", "status_by", "status_at", "created_at")
    changed = {name: value for name, value in values.items() if name not in kept}
    session.execute(update(ClaimRow).where(ClaimRow.id == new.id).values(**changed))
    session.execute(delete(ClaimLineRow).where(ClaimLineRow.claim_id == new.id))
    session.execute(insert(ClaimLineRow), _line_values(new))


def _line_values(new: NewClaim) -> list[dict[str, Any]]:
    return [
        {
            "claim_id": new.id,
            "line": number,
            "control_number": line.control_number,
            "procedure": line.procedure,
            "modifiers": list(line.modifiers),
            "charge_cents": line.charge_cents,
            "service_from": line.service_from,
            "quantity": line.quantity,
        }
        for number, line in enumerate(new.claim.lines, start=1)
    ]


def _claim_values(keys: Keys, new: NewClaim, now: datetime) -> dict[str, Any]:
    claim = new.claim
    return {
        "id": new.id,
        "encounter_id": new.encounter_id,
        "patient_id": new.patient_id,
        "coverage_id": new.coverage_id,
        "billing_provider_id": new.billing_provider_id,
        "payer_id": new.payer_id,
        "partner_id": new.partner_id,
        "patient_control_number": claim.patient_control_number,
        "status": new.status,
        "status_by": "us",
        "status_at": now,
        "charge_cents": claim.charge_cents,
        "service_from": min(line.service_from for line in claim.lines),
        "service_to": max(line.service_to for line in claim.lines),
        "identity": keys.seal(claim_to_json(claim), table="claim", row=new.id, column="identity"),
        "findings": list(new.findings),
        "created_at": now,
    }


def take_ready(
    session: Session, keys: Keys, partner_id: UUID, *, until: datetime | None, limit: int
) -> list[tuple[UUID, UUID, UUID, Claim | None]]:
    """Lock the oldest READY claims of a partner: (id, billing provider, payer, snapshot).

    Where `until` is given, only those that were ready by then. The snapshot is None where it does
    not open: one such claim must not stop the others.
    """
    conditions = [ClaimRow.status == ClaimStatus.READY, ClaimRow.partner_id == partner_id]
    if until is not None:
        conditions.append(ClaimRow.status_at <= until)
    rows = session.execute(
        select(ClaimRow.id, ClaimRow.billing_provider_id, ClaimRow.payer_id, ClaimRow.identity)
        .where(*conditions)
        .order_by(ClaimRow.created_at, ClaimRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        (
            row.id,
            row.billing_provider_id,
            row.payer_id,
            _snapshot(keys, row.id, row.identity),
        )
        for row in rows
    ]


def _snapshot(keys: Keys, claim_id: UUID, sealed: bytes) -> Claim | None:
    try:
        return claim_from_json(keys.open(sealed, table="claim", row=claim_id, column="identity"))
    except (SealError, ValueError):  # Another key, or the shape of another version.
        return None


def set_findings(session: Session, findings: Mapping[UUID, Sequence[Mapping[str, Any]]]) -> None:
    """Replace the findings of these claims."""
    if findings:
        session.execute(
            update(ClaimRow),
            [{"id": claim_id, "findings": list(found)} for claim_id, found in findings.items()],
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
        .where(ClaimRow.id.in_(ids))
        .order_by(ClaimRow.id)
        .with_for_update(key_share=True)
    )
    statuses = {row.id: ClaimStatus(row.status) for row in locked}
    told = set(
        session.scalars(
            select(ClaimEventRow.key).where(ClaimEventRow.key.in_([event.key for event in events]))
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
        session.execute(insert(ClaimEventRow), rows)
    moved = {key: statuses[key] for key in by if statuses[key] is not before[key]}
    changed = [
        {"id": key, "status": status, "status_by": by[key], "status_at": now}
        for key, status in moved.items()
    ]
    if changed:
        session.execute(update(ClaimRow), changed)
    return moved


def _event_row(event: NewEvent, status: ClaimStatus, now: datetime) -> dict[str, Any]:
    return {
        "claim_id": event.claim_id,
        "key": event.key,
        "event": event.event,
        "status_after": status,
        "reporter": event.reporter,
        "file_id": event.file_id,
        "detail": dict(event.detail),
        "recorded_at": now,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedClaim:
    """A claim that nobody else may change until this transaction ends."""

    encounter_id: UUID
    patient_control_number: str
    status: ClaimStatus


def encounter_of(session: ReadSession, claim_id: UUID) -> UUID | None:
    """The encounter of a claim; None where there is no such claim."""
    return session.scalar(select(ClaimRow.encounter_id).where(ClaimRow.id == claim_id))


def lock_claim(session: Session, claim_id: UUID) -> LockedClaim | None:
    """Lock the claim with this id; None where there is none."""
    row = session.execute(
        select(ClaimRow.encounter_id, ClaimRow.patient_control_number, ClaimRow.status)
        .where(ClaimRow.id == claim_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    return LockedClaim(
        encounter_id=row.encounter_id,
        patient_control_number=row.patient_control_number,
        status=ClaimStatus(row.status),
    )


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
        .where(SubmissionRow.claim_id.in_(claim_ids))
        .order_by(FileRow.created_at, FileRow.interchange_number)
    )
    return {row.claim_id: row.file_id for row in rows}


def adjudicated(session: ReadSession, claim_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these claims of which a remittance is posted: the payer has the last word."""
    posted = select(RemittanceClaimRow.claim_id).where(
        RemittanceClaimRow.claim_id.in_(claim_ids), RemittanceClaimRow.state == "posted"
    )
    return {claim_id for claim_id in session.scalars(posted) if claim_id}


def submitted_in(session: ReadSession, file_id: UUID, set_number: str | None = None) -> list[UUID]:
    """The claims of a file, or of one of its transaction sets, in file order."""
    query = select(SubmissionRow.claim_id).where(SubmissionRow.file_id == file_id)
    if set_number is not None:
        query = query.where(SubmissionRow.set_number == set_number)
    return list(session.scalars(query.order_by(SubmissionRow.set_number, SubmissionRow.position)))
