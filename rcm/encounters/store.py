"""SQL of encounters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rcm.bulk import update_rows
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.failpoint import failpoint
from rcm.rows import ClaimRow, EncounterRow, EncounterVersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEncounter:
    """An encounter as its row knows it; the body stays sealed."""

    id: UUID
    source: str
    external_id: str
    fingerprint: bytes
    status: str
    findings: Sequence[dict[str, Any]]
    received_at: datetime
    claim_id: UUID | None
    is_new: bool = False  #: This very call stored it.


def add(  # noqa: PLR0913  # One row.
    session: Session,
    keys: Keys,
    encounter_id: UUID,
    *,
    source: str,
    external_id: str,
    actor_id: UUID,
    body: bytes,
    fingerprint: bytes,
    findings: list[dict[str, Any]],
    now: datetime,
) -> bool:
    """Store a new encounter; False where (source, external_id) is already there."""
    statement = insert(EncounterRow).values(
        id=encounter_id,
        source=source,
        external_id=external_id,
        actor_id=actor_id,
        fingerprint=fingerprint,
        body=keys.seal(body, table="encounter", row=encounter_id, column="body"),
        status="received",
        findings=findings,
        received_at=now,
    )
    added = session.scalar(statement.on_conflict_do_nothing().returning(EncounterRow.id))
    return added is not None


def replace(
    session: Session,
    keys: Keys,
    encounter_id: UUID,
    body: bytes,
    fingerprint: bytes,
    findings: list[dict[str, Any]],
) -> None:
    """Put other content into an encounter that has no claim yet, and let it wait again."""
    session.execute(
        update(EncounterRow)
        .where(EncounterRow.id == encounter_id, EncounterRow.status == "held")
        .values(
            body=keys.seal(body, table="encounter", row=encounter_id, column="body"),
            fingerprint=fingerprint,
            findings=findings,
            status="received",
        )
    )


def lock_body(session: Session, encounter_id: UUID) -> tuple[str, bytes] | None:
    """Lock an encounter: (status, body, still sealed); None where there is none."""
    row = session.execute(
        select(EncounterRow.status, EncounterRow.body)
        .where(EncounterRow.id == encounter_id)
        .with_for_update()
    ).one_or_none()
    return (row.status, row.body) if row else None


def correct(  # noqa: PLR0913  # One row, and the one that it replaces.
    session: Session,
    keys: Keys,
    encounter_id: UUID,
    *,
    before: bytes,
    body: bytes,
    fingerprint: bytes,
    findings: list[dict[str, Any]],
    status: str,
    actor_id: UUID,
    now: datetime,
) -> None:
    """Put a correction in the place of what was posted, which is kept as an earlier version."""
    n = session.scalars(
        select(func.count())
        .select_from(EncounterVersionRow)
        .where(EncounterVersionRow.encounter_id == encounter_id)
    ).one()
    column = f"body/{n + 1}"
    session.execute(
        insert(EncounterVersionRow).values(
            encounter_id=encounter_id,
            n=n + 1,
            body=keys.seal(before, table="encounter_version", row=encounter_id, column=column),
            actor_id=actor_id,
            replaced_at=now,
        )
    )
    session.execute(
        update(EncounterRow)
        .where(EncounterRow.id == encounter_id)
        .values(
            body=keys.seal(body, table="encounter", row=encounter_id, column="body"),
            fingerprint=fingerprint,
            findings=findings,
            status=status,
        )
    )


def find(
    session: ReadSession,
    *,
    encounter_id: UUID | None = None,
    source: str = "",
    external_id: str = "",
) -> StoredEncounter | None:
    """The encounter with this id, or else with this source and external id."""
    query = select(EncounterRow, ClaimRow.id.label("claim_id")).outerjoin(
        ClaimRow, ClaimRow.encounter_id == EncounterRow.id
    )
    if encounter_id is not None:
        query = query.where(EncounterRow.id == encounter_id)
    else:
        query = query.where(EncounterRow.source == source, EncounterRow.external_id == external_id)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    encounter = row[0]
    return StoredEncounter(
        id=encounter.id,
        source=encounter.source,
        external_id=encounter.external_id,
        fingerprint=encounter.fingerprint,
        status=encounter.status,
        findings=encounter.findings,
        received_at=encounter.received_at,
        claim_id=row[1],
    )


def take_received(session: Session, *, limit: int) -> list[tuple[UUID, bytes]]:
    """Lock the oldest encounters that wait for their claim: (id, body, still sealed)."""
    rows = session.execute(
        select(EncounterRow.id, EncounterRow.body)
        .where(EncounterRow.status == "received")
        .order_by(EncounterRow.received_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = [(row.id, row.body) for row in rows]
    failpoint("sweep.taken")
    return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Which content of an encounter: the number counts corrections, from 1."""

    number: int
    fingerprint: bytes

    @property
    def tag(self) -> str:
        """Return what stands between the quotes of an ETag."""
        return f"{self.number}-{self.fingerprint.hex()[:12]}"


def version_of(session: ReadSession, encounter_id: UUID) -> Version | None:
    """The version that an encounter has now; None where there is no such encounter."""
    earlier = (
        select(func.count())
        .select_from(EncounterVersionRow)
        .where(EncounterVersionRow.encounter_id == encounter_id)
        .scalar_subquery()
    )
    row = session.execute(
        select(EncounterRow.fingerprint, earlier.label("earlier")).where(
            EncounterRow.id == encounter_id
        )
    ).one_or_none()
    return Version(number=row.earlier + 1, fingerprint=row.fingerprint) if row else None


def body_at(session: ReadSession, keys: Keys, encounter_id: UUID, number: int) -> bytes | None:
    """An earlier version of an encounter; None where there was none of that number."""
    sealed = session.scalar(
        select(EncounterVersionRow.body).where(
            EncounterVersionRow.encounter_id == encounter_id, EncounterVersionRow.n == number
        )
    )
    column = f"body/{number}"
    return sealed and keys.open(sealed, table="encounter_version", row=encounter_id, column=column)


def body_of(session: ReadSession, keys: Keys, encounter_id: UUID) -> bytes | None:
    """The encounter as it was posted or corrected last; None where there is none."""
    sealed = session.scalar(select(EncounterRow.body).where(EncounterRow.id == encounter_id))
    return sealed and open_body(keys, encounter_id, sealed)


def open_body(keys: Keys, encounter_id: UUID, sealed: bytes) -> bytes:
    """Return the body of an encounter as it was posted. Raises SealError."""
    return keys.open(sealed, table="encounter", row=encounter_id, column="body")


def set_outcomes(session: Session, outcomes: Sequence[dict[str, Any]]) -> None:
    """Set status and findings: one dict of id, status, findings for each encounter."""
    update_rows(session, EncounterRow, outcomes)
