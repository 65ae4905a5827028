"""Decisions as the API shows them: what people said where the service may not decide."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from rcm.decisions.model import What


class DecisionOut(BaseModel):
    """Who decided what, when and why."""

    model_config = ConfigDict(from_attributes=True)

    what: What
    who: str = Field(description="A person's or an API key's name.")
    reason: str = Field(description="As it was typed; it may name a patient.")
    before: list[str] = Field(
        description="The state until then and the codes that had led to it; of a changed partner "
        "the names of its settings."
    )
    made_at: datetime


class JobRetryOut(BaseModel):
    """The work of a failed job is promised anew."""

    id: UUID = Field(description="Of the job that waits now.")
    kind: str
    links: dict[str, str]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "id": "b4a6d6e2-8a39-4c55-bb0a-0d8f6f1f9e77",
        "kind": "deliver_file",
        "links": {"failed": "/api/v1/jobs/failed", "summary": "/api/v1/jobs/summary"},
    }


DECISION: dict[str, Any] = {
    "what": "replay_file",
    "who": "billing office",
    "reason": "The identifier was mistyped; corrected.",
    "before": ["quarantined", "X12-NOT-OURS"],
    "made_at": "2026-11-16T10:02:11Z",
}
DISCARD_EXAMPLE = {"reason": "A test file of theirs."}
REASON_EXAMPLE = {"reason": "The partner changes its server this afternoon."}
REPLAY_EXAMPLE = {"allow_number_again": True, "reason": "They began to count anew on 1 November."}
