"""Queries of one claim's timeline: every file, check, edit, note and task, in one order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from rcm.claims.status import ClaimEvent
from rcm.claims.timeline_words import event_words, side_of
from rcm.crypto import SealError
from rcm.db import ReadSession
from rcm.encounters.edits import Difference, differences
from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.encounters.store import body_at, body_of
from rcm.reading.claim_beside import entries_beside
from rcm.reading.timeline_entries import Entry, Journey, Known, Timeline, TimelineFile
from rcm.rows import (
    ClaimEventRow,
    ClaimRow,
    EncounterVersionRow,
    FileRow,
    PayerRow,
    SubmissionRow,
    TradingPartnerRow,
)
from rcm.tools import Tools


def timeline(
    session: ReadSession, tools: Tools, claim_id: UUID, *, with_notes: bool
) -> Timeline | None:
    """The timeline of a claim; None where there is none. Texts of notes only `with_notes`."""
    row = session.execute(
        select(
            ClaimRow.encounter_id,
            ClaimRow.coverage_id,
            PayerRow.name.label("payer"),
            TradingPartnerRow.name.label("partner"),
        )
        .join(PayerRow, PayerRow.id == ClaimRow.payer_id)
        .join(TradingPartnerRow, TradingPartnerRow.id == ClaimRow.partner_id)
        .where(ClaimRow.id == claim_id)
    ).one_or_none()
    if row is None:
        return None
    known = Known(id=claim_id, **row._asdict())
    journeys = _journeys(session, claim_id)
    edits = _edits(session, tools, known.encounter_id)
    entries = [
        *_events(session, known, journeys, edits),
        *entries_beside(session, tools, known, with_notes=with_notes),
    ]
    placed = [_placed(each, journeys) for each in entries]
    placed.sort(key=lambda each: each.at, reverse=True)
    return Timeline(entries=tuple(placed), journeys=tuple(journeys))


def _journeys(session: ReadSession, claim_id: UUID) -> list[Journey]:
    rows = session.execute(
        select(
            SubmissionRow.patient_control_number, SubmissionRow.file_id,
            FileRow.created_at, FileRow.sent_at,
        )
        .join(FileRow, FileRow.id == SubmissionRow.file_id)
        .where(SubmissionRow.claim_id == claim_id)
        .order_by(FileRow.created_at, FileRow.interchange_number)
    )  # fmt: skip
    return [
        Journey(
            n=n,
            patient_control_number=row.patient_control_number,
            file_id=row.file_id,
            sent_at=row.sent_at,
        )
        for n, row in enumerate(rows, start=1)
    ]


def _events(
    session: ReadSession,
    known: Known,
    journeys: Sequence[Journey],
    edits: Sequence[tuple[Difference, ...]],
) -> Iterator[Entry]:
    """Yield the events of the claim, the newest first where two are of one moment."""
    rows = session.execute(
        select(ClaimEventRow, FileRow.name, FileRow.file_type)
        .outerjoin(FileRow, FileRow.id == ClaimEventRow.file_id)
        .where(ClaimEventRow.claim_id == known.id)
        .order_by(ClaimEventRow.id)
    ).all()
    by_file: dict[UUID | None, int] = {each.file_id: each.n for each in journeys}
    # The last ones: an encounter may have been corrected before there was a claim to tell of it.
    told_of = sum(_is_edit(event) for event, _, _ in rows)
    journey, corrections = 1, iter(edits[max(len(edits) - told_of, 0) :])
    found = []
    for event, name, file_type in rows:
        said = known.said(event.reporter)
        told = event_words(ClaimEvent(event.event), event.reporter, event.detail)
        if event.event == ClaimEvent.BATCHED:
            journey = by_file.get(event.file_id, journey)
        is_edit = _is_edit(event)
        entry = Entry(
            at=event.recorded_at,
            words=told.words,
            source=", ".join(part for part in said if part),
            kind=side_of(event.reporter),
            tone=told.tone,
            what="edit" if is_edit else "event",
            codes=told.codes,
            file=TimelineFile(
                id=event.file_id,
                name=name,
                file_type=file_type,
                segment_number=event.segment_number,
            )
            if event.file_id
            else None,
            submission=by_file.get(event.outbound_id, journey),
            changes=next(corrections, ()) if is_edit else (),
        )
        found.append(entry)
    yield from reversed(found)


def _is_edit(event: ClaimEventRow) -> bool:
    return bool(event.detail.get("corrected"))


def _edits(session: ReadSession, tools: Tools, encounter_id: UUID) -> list[tuple[Difference, ...]]:
    """What each correction of the encounter changed, the oldest first."""
    numbers = session.scalars(
        select(EncounterVersionRow.n)
        .where(EncounterVersionRow.encounter_id == encounter_id)
        .order_by(EncounterVersionRow.n)
    ).all()
    keys = tools.keys
    try:
        bodies = [body_at(session, keys, encounter_id, n) for n in numbers]
        bodies.append(body_of(session, keys, encounter_id))
        versions = [read_encounter(each) for each in bodies if each]
    except (SealError, BadEncounterError):
        return []
    return [
        differences(before, after)
        for before, after in zip(versions, versions[1:], strict=False)  # noqa: RUF007  # Of one list.
    ]


def _placed(entry: Entry, journeys: Sequence[Journey]) -> Entry:
    """Put what is of no file into the journey of its time."""
    if entry.what in ("event", "edit"):
        return entry
    begun = [each.n for each in journeys if each.sent_at and each.sent_at <= entry.at]
    return replace(entry, submission=max(begun, default=1))
