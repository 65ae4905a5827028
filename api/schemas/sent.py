"""What we sent: of each claim file how many claims are accepted, rejected or wait."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.files import AckOut
from api.schemas.paging import PageOut, PageQuery
from rcm.reading.ack import Counts
from rcm.reading.sent import SentFile


class CountsOut(BaseModel):
    """Claims and their charges: sent = accepted + rejected + waiting, in both."""

    model_config = ConfigDict(from_attributes=True)

    claims: int
    accepted: int
    rejected: int
    waiting: int
    billed_cents: int = Field(description="What the claims charge now.")
    accepted_cents: int
    rejected_cents: int
    waiting_cents: int


class SentFileOut(CountsOut):
    """A claim file that we sent, or will."""

    id: UUID
    number: str = Field(description="ISA13.")
    file_type: str
    partner_id: UUID
    partner_name: str
    state: Literal["frozen", "uncertain", "sent", "accepted", "rejected"]
    created_at: datetime
    sent_at: datetime | None
    ack: AckOut


class SentQuery(PageQuery):
    """Which sent files."""

    partner_id: UUID | None = None


class SentPage(PageOut[SentFileOut]):
    """A page of sent files, newest first."""

    totals: CountsOut = Field(description="Of the files of this page.")

    EXAMPLE: ClassVar[dict[str, Any]]


def sent_out(found: SentFile) -> SentFileOut:
    """Return a sent file as it is shown."""
    return SentFileOut(
        **counts_out(found.counts).model_dump(),
        id=found.id,
        number=found.number,
        file_type=found.file_type,
        partner_id=found.partner_id,
        partner_name=found.partner_name,
        state=found.state,
        created_at=found.created_at,
        sent_at=found.sent_at,
        ack=AckOut.model_validate(found.ack),
    )


def counts_out(*counts: Counts) -> CountsOut:
    """Return the sum of counts as it is shown."""
    names = CountsOut.model_fields
    return CountsOut(**{name: sum(getattr(each, name) for each in counts) for name in names})


_COUNTS = {
    "claims": 24,
    "accepted": 20,
    "rejected": 1,
    "waiting": 3,
    "billed_cents": 841200,
    "accepted_cents": 700000,
    "rejected_cents": 9600,
    "waiting_cents": 131600,
}
SentPage.EXAMPLE = {
    "items": [
        {
            **_COUNTS,
            "id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
            "number": "000004163",
            "file_type": "837P",
            "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
            "partner_name": "Sandbox Clearinghouse",
            "state": "accepted",
            "created_at": "2026-11-17T12:00:00Z",
            "sent_at": "2026-11-17T12:00:05Z",
            "ack": {
                "tone": "bad",
                "words": "1 of 24 rejected",
                "said": "Correct them and send them again.",
                "is_missing": False,
            },
        }
    ],
    "next_cursor": None,
    "total": 1,
    "facets": {},
    "as_of": "2026-11-17T18:00:00Z",
    "totals": _COUNTS,
}
