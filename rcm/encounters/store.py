"""SQL of encounters."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rcm.bulk import among, arrays, given_rows, table_of, update_rows
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


EncounterKey = tuple[str, str]  #: Source and external id.


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEncounter:
    """An encounter about to be stored; its body is sealed."""

    id: UUID
    source: str
    external_id: str
    actor_id: UUID
    fingerprint: bytes
    body: bytes
    status: str
    findings: list[dict[str, Any]]
    received_at: datetime


_NAMES = tuple(each.name for each in fields(NewEncounter))


def add(session: Session, encounters: Sequence[NewEncounter]) -> set[UUID]:
    """Store new encounters; returns those whose (source, external_id) was not there before."""
    if not encounters:
        return set()
    table = table_of(EncounterRow)
    statement = insert(table).from_select(_NAMES, given_rows(EncounterRow, _NAMES))
    rows = [{name: getattr(each, name) for name in _NAMES} for each in encounters]
    added = session.scalars(
        statement.on_conflict_do_nothing().returning(table.c.id), arrays(EncounterRow, rows)
    )
    return set(added)


def replace(
    session: Session, keys: Keys, encounter_id: UUID, body: bytes, new: NewEncounter
) -> bool:
    """Put other content into an encounter that is held, and let it wait again.

    False where it is held no more: somebody else was sooner, and nothing is replaced.
    """
    replaced = session.scalars(
        update(EncounterRow)
        .where(EncounterRow.id == encounter_id, EncounterRow.status == "held")
        .values(
            body=seal_body(keys, encounter_id, body),
            fingerprint=new.fingerprint,
            findings=new.findings,
            status="received",
        )
        .returning(EncounterRow.id)
    )
    return replaced.one_or_none() is not None


def lock_body(session: Session, keys: Keys, encounter_id: UUID) -> bytes | None:
    """Lock an encounter: what was posted or corrected last; None where there is none."""
    sealed = session.scalar(
        select(EncounterRow.body).where(EncounterRow.id == encounter_id).with_for_update()
    )
    return sealed and open_body(keys, encounter_id, sealed)


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
            body=seal_body(keys, encounter_id, body),
            fingerprint=fingerprint,
            findings=findings,
            status=status,
        )
    )


_WITH_CLAIM = (
    select(EncounterRow, ClaimRow.id.label("claim_id"))
    .outerjoin(ClaimRow, ClaimRow.encounter_id == EncounterRow.id)
    .execution_options(populate_existing=True)  # Others write while this transaction goes on.
)


def find(session: ReadSession, encounter_id: UUID) -> StoredEncounter | None:
    """The encounter with this id."""
    row = session.execute(_WITH_CLAIM.where(EncounterRow.id == encounter_id)).one_or_none()
    return _stored(row) if row else None


def find_all(
    session: ReadSession, keys: Sequence[EncounterKey]
) -> dict[EncounterKey, StoredEncounter]:
    """The encounters with these sources and external ids."""
    wanted = set(keys)
    query = _WITH_CLAIM.where(
        among(EncounterRow.source, {source for source, _ in wanted}),
        among(EncounterRow.external_id, {external_id for _, external_id in wanted}),
    )
    found = (_stored(row) for row in session.execute(query))
    return {key: each for each in found if (key := (each.source, each.external_id)) in wanted}


def _stored(row: Row[EncounterRow, UUID]) -> StoredEncounter:
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


def seal_body(keys: Keys, encounter_id: UUID, body: bytes) -> bytes:
    """Return the body of an encounter as it is stored."""
    return keys.seal(body, table="encounter", row=encounter_id, column="body")


def open_body(keys: Keys, encounter_id: UUID, sealed: bytes) -> bytes:
    """Return the body of an encounter as it was posted. Raises SealError."""
    return keys.open(sealed, table="encounter", row=encounter_id, column="body")


def set_outcomes(session: Session, outcomes: Sequence[dict[str, Any]]) -> None:
    """Set status and findings: one dict of id, status, findings for each encounter."""
    update_rows(session, EncounterRow, outcomes)
