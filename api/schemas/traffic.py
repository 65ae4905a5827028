"""What went to and from a partner, and what it has not answered."""

from datetime import datetime
from typing import Any, Literal
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


class TotalsOut(BaseModel):
    """The same of all partners."""

    received: int
    filtered: int
    sent: int
    queued: int
    missing: int
    failed: int
    quarantined: int


class WorkOut(BaseModel):
    """Jobs that are not done, by what holds them."""

    model_config = ConfigDict(from_attributes=True)

    ready: int = Field(description="They could run now.")
    waiting: int = Field(description="For a moment: after a failure, or for an open breaker.")
    running: int
    dead: int = Field(description="They gave up.")
    quarantined: int = Field(description="Their processes died three times.")
    oldest_ready_seconds: int | None = Field(
        description="Since the oldest could run; null: none is ready."
    )


class BreakerOut(BaseModel):
    """Whether a partner is met now. Open: nobody connects, and its work waits."""

    model_config = ConfigDict(from_attributes=True)

    state: Literal["closed", "open", "half_open"] = Field(
        description="half_open: one meeting goes on, and decides."
    )
    since: datetime | None = Field(description="When it opened.")
    until: datetime | None = Field(
        description="When one meeting is let through; null though open: a person decides."
    )
    waits_for_person: bool = Field(
        description="Until `close-breaker`, a connection test that passes, or other settings."
    )
    failures: int = Field(description="Meetings in a row that failed.")
    code: str = Field(description="Why, as docs/findings.md has it; empty while closed.")
    why: str
    cure: str = Field(description="What to do.")


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
NO_WORK: dict[str, Any] = {
    "ready": 0,
    "waiting": 0,
    "running": 0,
    "dead": 0,
    "quarantined": 0,
    "oldest_ready_seconds": None,
}
TOTALS_EXAMPLE = {
    "received": 38,
    "filtered": 2,
    "sent": 2,
    "queued": 3,
    "missing": 0,
    "failed": 0,
    "quarantined": 1,
}
BREAKER_EXAMPLE = {
    "state": "open",
    "since": "2026-11-23T19:41:00Z",
    "until": "2026-11-23T20:12:00Z",
    "waits_for_person": False,
    "failures": 7,
    "code": "SFTP-TIMEOUT",
    "why": "The partner's server stopped answering.",
    "cure": "It is tried again by itself. Test the connection to try it now.",
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
