"""What people do with a claim: fix it, hold it, note something, many at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.problem import FindingOut
from rcm.access.masking import masked
from rcm.claims.note_store import NoteKind
from rcm.claims.status import ClaimStatus
from rcm.encounters.bulk import BulkAction
from rcm.encounters.edits import Difference
from rcm.encounters.fields import is_phi, label_of
from rcm.encounters.fix import Fixed

_CLAIM_ID = "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class NoteIn(_In):
    """Something to remember about a claim."""

    text: Words = Field(repr=False)


class ReasonToHoldIn(_In):
    """Why a claim waits."""

    reason: Words = Field(repr=False)


class ReasonToReleaseIn(_In):
    """Why a claim may go."""

    reason: Words | None = Field(default=None, repr=False)


class ChangeIn(_In):
    """Another value for one field."""

    pointer: Annotated[str, StringConstraints(pattern=r"^/", max_length=200)] = Field(
        description="JSON pointer into the encounter, as the form names it.", repr=False
    )
    value: Any = Field(description="Null takes the field away.", repr=False)


class FixIn(_In):
    """Changes of a claim's encounter."""

    changes: Annotated[list[ChangeIn], Field(max_length=200)] = []
    resubmit: bool = Field(
        default=True,
        description="False: the changes are saved, and the claim is held until it is released.",
    )
    dry_run: bool = Field(default=False, description="Only say what would come of it.")


class BulkIn(_In):
    """One action on many claims."""

    action: BulkAction
    ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    text: Words | None = Field(
        default=None, repr=False, description="The note, or the reason: note and hold need one."
    )
    dry_run: bool = False


class NoteOut(BaseModel):
    """What somebody wrote about a claim. Notes are never changed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: NoteKind = Field(description="note; hold, release: why it was held back or let go.")
    by: str
    written_at: datetime
    text: str = Field(description="May name a patient.", repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "id": "f6d8a7a0-57b5-4f0b-b0ac-9a9f3a1b2c55",
        "kind": "note",
        "by": "P. Shah",
        "written_at": "2026-11-16T20:02:11Z",
        "text": "Clinic confirmed the vial; the NDC on the charge is right.",
    }


class NotesOut(BaseModel):
    """Every note of a claim, the newest first."""

    items: list[NoteOut]
    total: int

    EXAMPLE: ClassVar[dict[str, Any]] = {"items": [NoteOut.EXAMPLE], "total": 1}


class ChangedFieldOut(BaseModel):
    """A field that an edit changes. What names a patient is masked."""

    pointer: str
    label: str
    before: Any = Field(description="Null: it was not there.")
    after: Any = Field(description="Null: it is taken away.")
    is_masked: bool

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "pointer": "/lines/2/ndc/code",
        "label": "Drug code (NDC) of line 3",
        "before": None,
        "after": "00003049420",
        "is_masked": False,
    }


class FixOut(BaseModel):
    """What a fix did, or would do."""

    claim_id: UUID
    dry_run: bool
    status: ClaimStatus = Field(description="Of the claim afterwards.")
    is_clean: bool = Field(description="Nothing stops the claim.")
    changes: list[ChangedFieldOut]
    findings: list[FindingOut]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "claim_id": _CLAIM_ID,
        "dry_run": True,
        "status": "ready",
        "is_clean": True,
        "changes": [ChangedFieldOut.EXAMPLE],
        "findings": [],
    }


class HoldOut(BaseModel):
    """A claim that a person holds back, or let go."""

    claim_id: UUID
    status: Literal[ClaimStatus.ON_HOLD, ClaimStatus.READY, ClaimStatus.HELD]
    findings: list[FindingOut] = Field(description="After a release: what holds it by itself.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "claim_id": _CLAIM_ID,
        "status": "on_hold",
        "findings": [],
    }


class SkippedOut(BaseModel):
    """A claim that was left as it is, and why."""

    model_config = ConfigDict(from_attributes=True)

    claim_id: UUID
    reason: str


class BulkOut(BaseModel):
    """What was done, or would be."""

    action: BulkAction
    dry_run: bool
    done: list[UUID]
    warned: list[UUID] = Field(
        description="Done, and likely to come back: unchanged since they were rejected."
    )
    skipped: list[SkippedOut]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "action": "resubmit",
        "dry_run": True,
        "done": [_CLAIM_ID],
        "warned": [],
        "skipped": [
            {
                "claim_id": "2f1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e11",
                "reason": "It is on its way, or the payer has decided it.",
            }
        ],
    }


FIX_EXAMPLE: dict[str, Any] = {
    "changes": [
        {"pointer": "/lines/2/ndc", "value": {"code": "00003049420", "quantity": "4", "unit": "ML"}}
    ],
    "resubmit": True,
    "dry_run": True,
}
BULK_EXAMPLE: dict[str, Any] = {"action": "resubmit", "ids": [_CLAIM_ID], "dry_run": True}


def changed_out(differences: Iterable[Difference]) -> list[ChangedFieldOut]:
    """Return differences as the API shows them."""
    return [
        ChangedFieldOut(
            pointer=each.pointer,
            label=label_of(each.pointer),
            before=masked(each.before) if is_phi(each.pointer) else each.before,
            after=masked(each.after) if is_phi(each.pointer) else each.after,
            is_masked=is_phi(each.pointer),
        )
        for each in differences
    ]


def fix_out(fixed: Fixed, *, dry_run: bool) -> FixOut:
    """Return what a fix did, as the API shows it."""
    return FixOut(
        claim_id=fixed.claim_id,
        dry_run=dry_run,
        status=fixed.status,
        is_clean=fixed.is_clean,
        changes=changed_out(fixed.differences),
        findings=[FindingOut.model_validate(found) for found in fixed.findings],
    )
