"""Files as the API shows them; their bytes come as they are."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field

from api.schemas.claims import ResubmittedOut
from api.schemas.decisions import DECISION, DecisionOut
from api.schemas.paging import PageOut, PageQuery
from api.schemas.problem import FindingOut

Direction = Literal["outbound", "inbound"]
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


class FileOut(BaseModel):
    """A file that we froze to send, or received."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    partner_id: UUID
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
    direction: Direction | None = None
    state: State | None = None
    partner_id: UUID | None = None


class FilePage(PageOut[FileOut]):
    """A page of files; the facet `type` counts them."""

    EXAMPLE: ClassVar[dict[str, Any]]


_FILE = {
    "id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
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
    "links": {
        "self": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
        "raw": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33/raw",
    },
}
FilePage.EXAMPLE = {
    "items": [_FILE],
    "next_cursor": None,
    "total": 1,
    "facets": {"type": {"835": 1, "837P": 1, "999": 1}},
    "as_of": "2026-11-17T08:00:00Z",
}
FileDetailOut.EXAMPLE = {**_FILE, "findings": [], "decisions": [DECISION]}
