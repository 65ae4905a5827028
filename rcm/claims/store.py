"""SQL of claims: snapshots, lines, events, and who waits for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from edi.claim_837 import Claim
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent, ClaimStatus, advance
from rcm.crypto import Keys, SealError
from rcm.db import ReadSession
from rcm.encode import claim_from_json, claim_to_json
from rcm.rows import ClaimEventRow, ClaimLineRow, ClaimRow, SubmissionRow


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
    session.execute(
        insert(ClaimLineRow),
        [
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
            for new in claims
            for number, line in enumerate(new.claim.lines, start=1)
        ],
    )
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
    session: Session, keys: Keys, partner_id: UUID, *, limit: int
) -> list[tuple[UUID, UUID, UUID, Claim | None]]:
    """Lock the oldest READY claims of a partner: (id, billing provider, payer, snapshot).

    The snapshot is None where it does not open: one such claim must not stop the others.
    """
    rows = session.execute(
        select(ClaimRow.id, ClaimRow.billing_provider_id, ClaimRow.payer_id, ClaimRow.identity)
        .where(ClaimRow.status == ClaimStatus.READY, ClaimRow.partner_id == partner_id)
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


def record_events(session: Session, events: Sequence[NewEvent], *, now: datetime) -> int:
    """Append events and advance their claims; an event told before changes nothing.

    Claims are locked in the order of their ids, so that two files cannot block each other.
    Returns how many events were new. Raises IllegalTransitionError.
    """
    if not events:
        return 0
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
    before = dict(statuses)
    by: dict[UUID, str] = {}
    rows: list[dict[str, Any]] = []
    for event in events:
        if event.key in told:
            continue
        told.add(event.key)
        status = advance(statuses[event.claim_id], event.event)
        if status is not statuses[event.claim_id]:
            by[event.claim_id] = event.reporter
        statuses[event.claim_id] = status
        rows.append(
            {
                "claim_id": event.claim_id,
                "key": event.key,
                "event": event.event,
                "status_after": status,
                "reporter": event.reporter,
                "file_id": event.file_id,
                "detail": dict(event.detail),
                "recorded_at": now,
            }
        )
    if rows:
        session.execute(insert(ClaimEventRow), rows)
    changed = [
        {"id": claim_id, "status": statuses[claim_id], "status_by": by[claim_id], "status_at": now}
        for claim_id in by
        if statuses[claim_id] is not before[claim_id]
    ]
    if changed:
        session.execute(update(ClaimRow), changed)
    return len(rows)


def submitted_in(session: ReadSession, file_id: UUID, set_number: str | None = None) -> list[UUID]:
    """The claims of a file, or of one of its transaction sets, in file order."""
    query = select(SubmissionRow.claim_id).where(SubmissionRow.file_id == file_id)
    if set_number is not None:
        query = query.where(SubmissionRow.set_number == set_number)
    return list(session.scalars(query.order_by(SubmissionRow.set_number, SubmissionRow.position)))
