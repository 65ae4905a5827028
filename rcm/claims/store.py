"""SQL of claims: snapshots and lines, and which wait for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from edi.claim_837 import Claim
from edi.money import Cents
from rcm.bulk import copy_rows, update_rows
from rcm.claims.status import ClaimEvent, ClaimStatus
from rcm.crypto import Keys, SealError
from rcm.db import ReadSession
from rcm.encode import claim_from_json, claim_to_json
from rcm.rows import ClaimEventRow, ClaimLineRow, ClaimRow


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
    copy_rows(session, ClaimRow, [_claim_values(keys, new, now) for new in claims])
    copy_rows(session, ClaimLineRow, [row for new in claims for row in _line_values(new)])
    held, clean = ClaimEvent.FOUND_WANTING, ClaimEvent.FOUND_CLEAN
    copy_rows(
        session,
        ClaimEventRow,
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
    update_rows(
        session,
        ClaimRow,
        [{"id": claim_id, "findings": list(found)} for claim_id, found in findings.items()],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedClaim:
    """A claim that nobody else may change until this transaction ends."""

    encounter_id: UUID
    patient_control_number: str
    status: ClaimStatus
    charge_cents: Cents
    snapshot: Claim | None = field(repr=False)  #: As it was built last; None where it opens not.


def encounter_of(session: ReadSession, claim_id: UUID) -> UUID | None:
    """The encounter of a claim; None where there is no such claim."""
    return session.scalar(select(ClaimRow.encounter_id).where(ClaimRow.id == claim_id))


def lock_claim(session: Session, keys: Keys, claim_id: UUID) -> LockedClaim | None:
    """Lock the claim with this id; None where there is none."""
    row = session.execute(
        select(
            ClaimRow.encounter_id,
            ClaimRow.patient_control_number,
            ClaimRow.status,
            ClaimRow.charge_cents,
            ClaimRow.identity,
        )
        .where(ClaimRow.id == claim_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    return LockedClaim(
        encounter_id=row.encounter_id,
        patient_control_number=row.patient_control_number,
        status=ClaimStatus(row.status),
        charge_cents=Cents(row.charge_cents),
        snapshot=_snapshot(keys, claim_id, row.identity),
    )
