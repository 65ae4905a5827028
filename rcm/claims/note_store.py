"""SQL of notes: appended, and read. What people type may name a patient, so it is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from rcm.access import Actor
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.rows import ClaimNoteRow
from rcm.tools import Tools


class NoteKind(StrEnum):
    """What a note was written for."""

    NOTE = "note"
    HOLD = "hold"  #: Why a person holds the claim back.
    RELEASE = "release"  #: Why a person let it go.


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote about a claim."""

    id: UUID
    kind: NoteKind
    by: str
    written_at: datetime
    text: str = field(repr=False)  #: May hold PHI.


def add_note(
    session: Session,
    tools: Tools,
    claim_id: UUID,
    text: str,
    *,
    by: Actor,
    kind: NoteKind = NoteKind.NOTE,
) -> Note:
    """Append a note of `by`."""
    note = Note(
        id=tools.randomness.uuid(), kind=kind, by=by.name, written_at=tools.clock(), text=text
    )
    sealed = tools.keys.seal(text.encode(), table="claim_note", row=note.id, column="text")
    session.execute(
        insert(ClaimNoteRow).values(
            id=note.id,
            claim_id=claim_id,
            kind=kind,
            actor_id=by.id,
            actor_name=by.name,
            text_sealed=sealed,
            written_at=note.written_at,
        )
    )
    return note


def notes_of(session: ReadSession, keys: Keys, claim_id: UUID) -> Sequence[Note]:
    """Every note of a claim, the newest first. Raises SealError."""
    rows = session.scalars(
        select(ClaimNoteRow)
        .where(ClaimNoteRow.claim_id == claim_id)
        .order_by(ClaimNoteRow.written_at.desc(), ClaimNoteRow.id)
    )
    return [
        Note(
            id=row.id,
            kind=NoteKind(row.kind),
            by=row.actor_name,
            written_at=row.written_at,
            text=keys.open(row.text_sealed, table="claim_note", row=row.id, column="text").decode(),
        )
        for row in rows
    ]
