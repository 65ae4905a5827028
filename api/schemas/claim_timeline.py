"""The timeline of a claim as the API shows it."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.claim_work import ChangedFieldOut, changed_out
from rcm.claims.timeline_words import Side, Tone
from rcm.reading.timeline_entries import Entry, Timeline

What = Literal["event", "encounter", "edit", "answer", "posting", "note", "task"]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TimelineFileOut(_Shown):
    """The file that an entry comes from."""

    id: UUID
    name: str
    file_type: str
    segment_number: int | None = Field(description="Counted from 1 at ISA; null where not known.")


class EntryOut(BaseModel):
    """Something that happened to the claim."""

    at: datetime
    words: str
    source: str = Field(description="Who says it, and in what.")
    kind: Side
    tone: Tone
    what: What
    codes: list[str] = Field(description="The evidence.")
    file: TimelineFileOut | None
    submission: int = Field(description="`n` of the submission that it is of.")
    changes: list[ChangedFieldOut] = Field(description="Of an edit; what is PHI is masked.")
    note_id: UUID | None
    text: str = Field(description="Of a note, for those who may reveal.", repr=False)


class SubmissionOut(_Shown):
    """One journey of the claim."""

    n: int
    patient_control_number: str
    file_id: UUID
    sent_at: datetime | None


class TimelineOut(BaseModel):
    """All that happened, the newest first."""

    items: list[EntryOut]
    submissions: list[SubmissionOut] = Field(description="Oldest first; empty before it was sent.")
    total: int

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "at": "2026-11-24T10:30:00Z",
                "words": "Rejected: the payer does not know this member ID",
                "source": "Northwind, 277CA",
                "kind": "payer",
                "tone": "bad",
                "what": "event",
                "codes": ["A7:164:IL"],
                "file": {
                    "id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
                    "name": "000000007_277CA.x12",
                    "file_type": "277CA",
                    "segment_number": 31,
                },
                "submission": 1,
                "changes": [],
                "note_id": None,
                "text": "",
            }
        ],
        "submissions": [
            {
                "n": 1,
                "patient_control_number": "H7QK2M4TZB8XW5RD9",
                "file_id": "8c1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e22",
                "sent_at": "2026-11-23T11:12:00Z",
            }
        ],
        "total": 1,
    }


def timeline_out(found: Timeline) -> TimelineOut:
    """Return a timeline as the API shows it."""
    return TimelineOut(
        items=[_entry(each) for each in found.entries],
        submissions=[SubmissionOut.model_validate(each) for each in found.journeys],
        total=len(found.entries),
    )


def _entry(entry: Entry) -> EntryOut:
    return EntryOut.model_validate(
        {
            name: getattr(entry, name)
            for name in ("at", "words", "source", "kind", "tone", "what", "codes", "file",
                         "submission", "note_id", "text")
        }
        | {"changes": changed_out(entry.changes)}
    )  # fmt: skip
