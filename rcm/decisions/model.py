"""Decisions as they are asked for, and as they are kept."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rcm.document import BadDocumentError, Model, Refusal, read_document

_WORDS = r"^[^\x00-\x1f\x7f]*$"
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=_WORDS)
]
OptionalReason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_WORDS)
]


class What(StrEnum):
    """What was decided."""

    REPLAY_FILE = "replay_file"
    ALLOW_NUMBER_AGAIN = "allow_number_again"
    DISCARD_FILE = "discard_file"
    REPLAY_REMITTANCE = "replay_remittance"
    DISCARD_REMITTANCE = "discard_remittance"
    MATCH_PAYMENT = "match_payment"
    UNMATCH_PAYMENT = "unmatch_payment"
    DISMISS_PAYMENT = "dismiss_payment"
    POST_DESPITE_CONFLICT = "post_despite_conflict"
    RETRY_JOB = "retry_job"
    CREATE_PARTNER = "create_partner"
    CHANGE_PARTNER = "change_partner"
    PAUSE_PARTNER = "pause_partner"
    RESUME_PARTNER = "resume_partner"
    CLOSE_BREAKER = "close_breaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided what, when and why."""

    what: What
    who: str  #: The name of the person or of the API key.
    reason: str = field(repr=False)  #: Typed by a person: it may name a patient.
    before: tuple[str, ...]  #: The state until then, and the codes that had led to it.
    made_at: datetime


class UnknownSubjectError(Exception):
    """Nothing has the id that a decision is about."""


class BadDecisionError(BadDocumentError):
    """The body does not say what to decide."""


class ReasonIn(BaseModel):
    """Why, where that may be left out."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: OptionalReason = Field(default="", description="Why; sealed, as it may name a patient.")


class DiscardIn(BaseModel):
    """Why something is never to be used."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: Reason = Field(description="Why; sealed, as it may name a patient.")


class MatchIn(DiscardIn):
    """Whose a payment in suspense is, and how one knows."""

    claim_id: UUID
    override: bool = Field(
        default=False,
        strict=True,
        description="Match it although the claim is of another payer or practice.",
    )


class ReplayIn(ReasonIn):
    """Read it again; where a number comes again, by permission."""

    allow_number_again: bool = Field(
        default=False,
        strict=True,
        description="Take this file although its interchange control number was used before for "
        "other bytes: the partner has begun to count anew. Needs a reason.",
    )


_REFUSAL = Refusal(
    error=BadDecisionError,
    not_json="DECISION-NOT-JSON",
    missing="DECISION-MISSING",
    unknown_field="DECISION-UNKNOWN-FIELD",
    invalid="DECISION-INVALID",
)


def read_decision(body: bytes, model: type[Model]) -> Model:
    """Return what a body asks for; no body is an empty one. Raises BadDecisionError."""
    return read_document(body or b"{}", model, _REFUSAL)


def read_replay(body: bytes) -> ReplayIn:
    """Return how a file is to be read again. Raises BadDecisionError."""
    asked = read_decision(body, ReplayIn)
    if asked.allow_number_again:
        read_decision(body, _ReasonedReplay)
    return asked


class _ReasonedReplay(ReplayIn):
    reason: Reason
