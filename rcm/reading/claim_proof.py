"""Queries of the evidence of one claim: its ledger entries, its place in a file, who did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from edi.reader import read_interchanges
from rcm.claims.event_store import last_files
from rcm.db import ReadSession
from rcm.files import read_bytes
from rcm.rows import AuditEventRow, FileRow, LedgerEntryRow, PostingRow, SubmissionRow
from rcm.tools import Tools

_AUDIT_MAX = 500
_NEXT = frozenset({"CLM", "HL", "SE"})  #: What ends the segments of a claim.


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofEntry:
    """One amount on one account, and the place in a file that it is from."""

    line: int | None  #: None: of the claim as a whole.
    account: str
    amount_cents: int
    reason: str
    kind: str
    effective_on: date
    posted_at: datetime
    file_id: UUID
    file_name: str
    segment_number: int
    element: int
    remittance_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSegments:
    """Where a claim stands in the file it travelled in last."""

    file_id: UUID
    file_name: str
    created_at: datetime
    patient_control_number: str
    first_segment: int
    last_segment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedEvent:
    """Who did or saw what of a claim; `detail` holds the names of fields, codes and counts."""

    at: datetime
    by: str
    action: str
    detail: str


def proof_entries(session: ReadSession, claim_id: UUID) -> Sequence[ProofEntry]:
    """Every posting of a claim, oldest first."""
    rows = session.execute(
        select(PostingRow, LedgerEntryRow, FileRow.name)
        .join(LedgerEntryRow, LedgerEntryRow.id == PostingRow.entry_id)
        .join(FileRow, FileRow.id == LedgerEntryRow.file_id)
        .where(PostingRow.claim_id == claim_id)
        .order_by(LedgerEntryRow.posted_at, LedgerEntryRow.id, PostingRow.n)
    )
    return [
        ProofEntry(
            line=posting.line,
            account=posting.account,
            amount_cents=posting.amount_cents,
            reason=posting.reason,
            kind=entry.kind,
            effective_on=entry.effective_on,
            posted_at=entry.posted_at,
            file_id=entry.file_id,
            file_name=name,
            segment_number=posting.segment_number,
            element=posting.element,
            remittance_id=posting.remittance_id,
        )
        for posting, entry, name in rows
    ]


def own_segments(session: ReadSession, tools: Tools, claim_id: UUID) -> OwnSegments | None:
    """Where a claim stands in its last 837: from its CLM to the end; None where it has none.

    Segments count from 1 at the ISA, as everywhere. What stands above the claim, of provider,
    subscriber and patient, is of other claims too and is not among them.
    """
    file_id = last_files(session, [claim_id]).get(claim_id)
    if file_id is None:
        return None
    row = session.execute(
        select(FileRow.name, FileRow.created_at, SubmissionRow.patient_control_number)
        .join(SubmissionRow, SubmissionRow.file_id == FileRow.id)
        .where(FileRow.id == file_id, SubmissionRow.claim_id == claim_id)
    ).one()
    (interchange,) = read_interchanges(read_bytes(session, tools.keys, file_id))
    segments = [each for one in interchange.sets() for each in one.segments]
    first = 0
    for segment in segments:
        if first and segment.id in _NEXT:
            return OwnSegments(
                file_id=file_id,
                file_name=row.name,
                created_at=row.created_at,
                patient_control_number=row.patient_control_number,
                first_segment=first,
                last_segment=segment.number - 1,
            )
        if segment.id == "CLM" and segment.get(1) == row.patient_control_number:
            first = segment.number
    return None


def audit_of(session: ReadSession, claim_id: UUID) -> Sequence[AuditedEvent]:
    """Who did and saw what of a claim, the newest first, at most _AUDIT_MAX."""
    rows = session.scalars(
        select(AuditEventRow)
        .where(AuditEventRow.about == "claim", AuditEventRow.about_id == claim_id)
        .order_by(AuditEventRow.id.desc())
        .limit(_AUDIT_MAX)
    )
    return [
        AuditedEvent(at=row.at, by=row.actor_name, action=row.action, detail=row.detail)
        for row in rows
    ]
