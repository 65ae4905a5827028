"""An event of a claim, before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rcm.claims.status import ClaimEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened to a claim, told once: `key` is unique."""

    claim_id: UUID
    key: str
    event: ClaimEvent
    reporter: str  #: For people: "us", "clearinghouse, 999", "payer, 835".
    file_id: UUID | None = None
    outbound_id: UUID | None = None  #: The file of ours that it answers, where it answers one.
    segment_number: int | None = None  #: Where `file_id` says it; None where that is not one place.
    detail: Mapping[str, Any] = field(default_factory=dict)  #: Codes only: no PHI.
