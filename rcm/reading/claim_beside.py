"""Queries of what stands beside a claim's own events in its timeline: visit, coverage, people."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import select

from rcm.claims.note_store import NoteKind, notes_of
from rcm.claims.timeline_words import Side, Tone, first_of
from rcm.db import ReadSession
from rcm.reading.claim_postings import postings_of
from rcm.reading.timeline_entries import Entry, Known, TimelineFile
from rcm.rows import (
    EligibilityCheckRow,
    EncounterRow,
    FileRow,
    WorkItemEventRow,
    WorkItemRow,
)
from rcm.tools import Tools

_OUTCOMES: Mapping[str, tuple[str, Tone]] = {
    "active": ("Coverage is active", Tone.GOOD),
    "inactive": ("Coverage is not active", Tone.BAD),
    "not_found": ("The payer does not find the coverage", Tone.BAD),
    "payer_down": ("The payer could not answer about the coverage", Tone.WARN),
    "refused": ("The payer refused the question about the coverage", Tone.WARN),
    "unclear": ("The payer's answer about the coverage is unclear", Tone.WARN),
}
_NOTES: Mapping[NoteKind, str] = {
    NoteKind.NOTE: "Note",
    NoteKind.HOLD: "Why it was put on hold",
    NoteKind.RELEASE: "Why it was released",
}
_TASKS: Mapping[str, str] = {"assigned": "Task assigned", "closed": "Task done",
                             "reopened": "Task opened again"}  # fmt: skip


def entries_beside(
    session: ReadSession, tools: Tools, known: Known, *, with_notes: bool
) -> Iterator[Entry]:
    """Yield what is no event of the claim itself, in no order."""
    yield from _received(session, known)
    yield from _checks(session, known)
    yield from _postings(session, known.id)
    yield from _tasks(session, known.id)
    yield from _notes(session, tools, known.id, with_text=with_notes)


def _received(session: ReadSession, known: Known) -> Iterator[Entry]:
    row = session.execute(
        select(EncounterRow.received_at, EncounterRow.source).where(
            EncounterRow.id == known.encounter_id
        )
    ).one_or_none()
    if row is not None:
        yield Entry(
            at=row.received_at,
            words="Encounter received",
            source=row.source,
            kind=Side.US,
            tone=Tone.NEUTRAL,
            what="encounter",
        )


def _checks(session: ReadSession, known: Known) -> Iterator[Entry]:
    rows = session.execute(
        select(EligibilityCheckRow, FileRow.name, FileRow.file_type)
        .outerjoin(FileRow, FileRow.id == EligibilityCheckRow.inbound_file_id)
        .where(
            EligibilityCheckRow.coverage_id == known.coverage_id,
            EligibilityCheckRow.state == "answered",
        )
        .order_by(EligibilityCheckRow.answered_at)
    )
    for check, name, file_type in rows:
        if check.outcome is None or check.answered_at is None:
            continue
        words, tone = _OUTCOMES[check.outcome]
        yield Entry(
            at=check.answered_at,
            words=f"{words} on {check.service_date}",
            source=f"{known.payer}, 271",
            kind=Side.PAYER,
            tone=tone,
            what="answer",
            file=TimelineFile(
                id=check.inbound_file_id, name=name, file_type=file_type, segment_number=None
            )
            if check.inbound_file_id
            else None,
        )


def _postings(session: ReadSession, claim_id: UUID) -> Iterator[Entry]:
    for posted in postings_of(session, claim_id):
        yield Entry(
            at=posted.at,
            words=f"Posted: {first_of(posted.amounts)}",
            source="Us, ledger",
            kind=Side.US,
            tone=Tone.NEUTRAL,
            what="posting",
            file=TimelineFile(
                id=posted.file_id,
                name=posted.file_name,
                file_type=posted.file_type,
                segment_number=posted.segment_number,
            ),
        )


def _tasks(session: ReadSession, claim_id: UUID) -> Iterator[Entry]:
    """Yield what people did to the work items of a claim; what opened them is an entry itself."""
    rows = session.execute(
        select(WorkItemEventRow, WorkItemRow.action, WorkItemRow.reason)
        .join(WorkItemRow, WorkItemRow.id == WorkItemEventRow.work_item_id)
        .where(
            WorkItemRow.claim_id == claim_id,
            WorkItemEventRow.actor_id.is_not(None),
            WorkItemEventRow.what.in_(list(_TASKS)),
        )
        .order_by(WorkItemEventRow.n)
    )
    for event, action, reason in rows:
        yield Entry(
            at=event.at,
            words=f"{_TASKS[event.what]}: {action}",
            source=event.who,
            kind=Side.PERSON,
            tone=Tone.NEUTRAL,
            what="task",
            codes=(reason,),
        )


def _notes(
    session: ReadSession, tools: Tools, claim_id: UUID, *, with_text: bool
) -> Iterator[Entry]:
    for note in notes_of(session, tools.keys, claim_id):
        yield Entry(
            at=note.written_at,
            words=_NOTES[note.kind],
            source=note.by,
            kind=Side.PERSON,
            tone=Tone.NEUTRAL,
            what="note",
            note_id=note.id,
            text=note.text if with_text else "",
        )
