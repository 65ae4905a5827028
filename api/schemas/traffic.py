"""What went to and from a partner, and what it has not answered."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.files import AckOut


class TrafficOut(BaseModel):
    """Files of the last 24 hours, and what waits now."""

    model_config = ConfigDict(from_attributes=True)

    received: int
    filtered: int = Field(description="Came again with the same bytes: not read twice.")
    sent: int
    queued: int = Field(description="Made, and not at the partner yet.")
    queued_since: datetime | None
    missing: int = Field(description="Sent, and the answer is late.")
    missing_since: datetime | None
    failed: int = Field(description="Jobs that wait for a retry.")


class ExpectedOut(BaseModel):
    """A file of ours that waits for its answer."""

    model_config = ConfigDict(from_attributes=True)

    file_id: UUID
    number: str
    file_type: str
    sent_at: datetime | None
    ack: AckOut


TRAFFIC_EXAMPLE = {
    "received": 38,
    "filtered": 2,
    "sent": 2,
    "queued": 0,
    "queued_since": None,
    "missing": 0,
    "missing_since": None,
    "failed": 0,
}
EXPECTED_EXAMPLE = {
    "file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    "number": "000004162",
    "file_type": "837P",
    "sent_at": "2026-11-16T12:31:00Z",
    "ack": {
        "tone": "late",
        "words": "999 missing for 26 h",
        "said": "Due within 24 h. Ask the partner whether the file arrived.",
        "is_missing": True,
    },
}
