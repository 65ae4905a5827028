"""What a timeline is made of. Values only."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rcm.claims.timeline_words import Side, Tone
from rcm.claims.words import Said, said_by
from rcm.encounters.edits import Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFile:
    """The file that an entry comes from."""

    id: UUID
    name: str
    file_type: str
    segment_number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened."""

    at: datetime
    words: str
    source: str  #: Who says it, and in what: "Northwind, 277CA".
    kind: Side
    tone: Tone
    what: str  #: event, encounter, edit, answer, posting, note or task.
    codes: tuple[str, ...] = ()
    file: TimelineFile | None = None
    submission: int = 1  #: The journey that it is of, from 1.
    changes: tuple[Difference, ...] = field(default=(), repr=False)  #: PHI.
    note_id: UUID | None = None
    text: str = field(default="", repr=False)  #: Of a note. May hold PHI.


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A submission of the claim."""

    n: int
    patient_control_number: str
    file_id: UUID
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What happened to a claim, the newest first."""

    entries: tuple[Entry, ...]
    journeys: tuple[Journey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The claim whose timeline it is, and how its payer and partner are called."""

    id: UUID
    encounter_id: UUID
    coverage_id: UUID
    payer: str
    partner: str

    def said(self, reporter: str) -> Said:
        """Return who a reporter is by name."""
        return said_by(reporter, payer=self.payer, partner=self.partner)
