"""Files as the API shows them; their bytes come as they are."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field

from api.schemas.claims import ResubmittedOut
from api.schemas.decisions import DECISION, DecisionOut
from api.schemas.paging import PageOut, PageQuery
from api.schemas.problem import FindingOut
from api.schemas.text import ONE_LINE

Direction = Literal["outbound", "inbound"]
FileSort = Literal["created", "-created", "number", "-number", "size", "-size"]
State = Literal[
    "frozen",
    "uncertain",
    "sent",
    "accepted",
    "rejected",
    "received",
    "read",
    "quarantined",
    "discarded",
]


class AckOut(BaseModel):
    """What became of a file, in plain words."""

    model_config = ConfigDict(from_attributes=True)

    tone: Literal["good", "wait", "late", "bad"]
    words: str = Field(description="999 accepted, 999 missing for 26 h, 1 of 3 rejected, ...")
    said: str = Field(description="More, in small.")
    is_missing: bool = Field(description="The answer is late.")


class LinkOut(BaseModel):
    """One step of a file's way."""

    model_config = ConfigDict(from_attributes=True)

    state: Literal["done", "some", "wait"] = Field(description="some: a part was refused.")
    words: str
    said: str = Field(description="By whom, how much; `at` says when.")
    file_id: UUID | None
    at: datetime | None


class ClaimInFileOut(BaseModel):
    """One of our claims in a file."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    patient_control_number: str = Field(description="As it traveled in this file.")
    status: str
    charge_cents: int


class PaymentInFileOut(BaseModel):
    """A transaction set 835 of a file."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    trace: str
    payment_cents: int
    state: str


class FileOut(BaseModel):
    """A file that we froze to send, or received."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    partner_id: UUID
    partner_name: str
    direction: Direction
    name: str
    file_type: str = Field(description="837P, 999, 835, ...; joined by + where one file has more.")
    state: State
    size_bytes: int
    sha256: str = Field(description="Of the bytes as sent or received, in hexadecimal.")
    conformance: str = Field(description="The guide's verdict: unchecked, clean or findings.")
    interchange_number: int | None = Field(description="ISA13.")
    group_number: int | None = Field(description="GS06, of files that we sent.")
    created_at: datetime
    sent_at: datetime | None
    archived_at: datetime | None = Field(description="When the partner's copy was put away.")
    usage: Literal["T", "P"] = Field(description="ISA15: test or production.")
    claims: int = Field(description="How many it carries, or pays.")
    ack: AckOut

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {
            "self": f"/api/v1/files/{self.id}",
            "raw": f"/api/v1/files/{self.id}/raw",
        }


class FileDetailOut(FileOut):
    """One file with all that is wrong with it, and what people decided about it."""

    findings: list[FindingOut] = Field(
        description="Of a file in quarantine first why, and at which place of its bytes."
    )
    decisions: list[DecisionOut] = Field(description="Replays and discards, the oldest first.")
    chain: list[LinkOut] = Field(description="What was sent and each answer, in order.")
    claims_in: list[ClaimInFileOut] = Field(description="Our claims in it, the first 500.")
    remittances: list[PaymentInFileOut]
    previous_id: UUID | None = Field(
        description="The file in which one of its claims traveled before: to compare with."
    )
    actions: list[Literal["replay", "allow_number_again", "discard"]] = Field(
        description="What a person may decide about it now."
    )

    EXAMPLE: ClassVar[dict[str, Any]]


class FileResubmittedOut(BaseModel):
    """What became of each claim that was refused with a file."""

    items: list[ResubmittedOut]

    EXAMPLE: ClassVar[dict[str, Any]] = {"items": [ResubmittedOut.EXAMPLE]}


class FileQuery(PageQuery):
    """Which files."""

    type: list[Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z+]{1,40}$")]] = Field(
        default=[], description="Any of these, as `file_type` says it."
    )
    direction: list[Direction] = Field(default=[], description="Any of these.")
    state: list[State] = Field(default=[], description="Any of these.")
    partner_id: list[UUID] = Field(default=[], description="Any of these.")
    q: str = Field(
        default="",
        max_length=80,
        pattern=ONE_LINE,
        description="A control number, or a part of the name.",
    )
    received_from: date | None = Field(
        default=None, description="Made or received since this UTC day."
    )
    received_to: date | None = Field(default=None, description="And until the end of this one.")
    has_findings: bool | None = None
    missing_ack: bool | None = Field(
        default=None, description="Sent more than 24 hours ago, and no 999 or TA1 is here."
    )
    sort: FileSort = Field(default="-created", description="A leading minus: descending.")


class FilePage(PageOut[FileOut]):
    """A page of files; facets by type, state, partner and direction."""

    EXAMPLE: ClassVar[dict[str, Any]]


_FILE = {
    "id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
    "partner_name": "Sandbox Clearinghouse",
    "direction": "inbound",
    "name": "000000007_835.x12",
    "file_type": "835",
    "state": "read",
    "size_bytes": 4096,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "conformance": "clean",
    "interchange_number": 7,
    "group_number": None,
    "created_at": "2026-11-16T09:12:43Z",
    "sent_at": None,
    "archived_at": "2026-11-16T09:12:45Z",
    "usage": "T",
    "claims": 12,
    "ack": {"tone": "good", "words": "Read", "said": "", "is_missing": False},
    "links": {
        "self": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
        "raw": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33/raw",
    },
}
FilePage.EXAMPLE = {
    "items": [_FILE],
    "next_cursor": None,
    "total": 1,
    "facets": {
        "type": {"835": 1, "837P": 1, "999": 1},
        "state": {"read": 1},
        "partner_id": {"9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22": 1},
        "direction": {"inbound": 1},
    },
    "as_of": "2026-11-17T08:00:00Z",
}
FileDetailOut.EXAMPLE = {
    **_FILE,
    "findings": [],
    "decisions": [DECISION],
    "chain": [
        {
            "state": "done",
            "words": "835 received",
            "said": "",
            "file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
            "at": "2026-11-16T09:12:43Z",
        }
    ],
    "claims_in": [
        {
            "id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
            "patient_control_number": "H7QK2M4TZB8XW5RD9",
            "status": "paid",
            "charge_cents": 15075,
        }
    ],
    "remittances": [
        {
            "id": "0b1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c77",
            "trace": "EFT20261116A",
            "payment_cents": 9000,
            "state": "posted",
        }
    ],
    "previous_id": None,
    "actions": [],
}
