"""Problems (RFC 9457) and findings, as every operation answers them."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

PROBLEM_MEDIA_TYPE = "application/problem+json"


class PlaceOut(TypedDict, total=False):
    """Where: only what is known of it."""

    transaction_set: str
    loop: str
    segment_number: int
    segment: str
    element: int
    component: int
    byte_offset: int
    pointer: str


class FindingOut(BaseModel):
    """One thing that is wrong, where, and what to do about it. Never the value itself."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="Stable; docs/findings.md lists them.")
    severity: str = Field(description="error, warning or note.")
    message: str
    cure: str = Field(description="What to do about it.")
    place: PlaceOut = Field(description="JSON pointer into what was posted, or place in a file.")


FINDING_EXAMPLE: dict[str, Any] = {
    "code": "ENCOUNTER-MISSING",
    "severity": "error",
    "message": "This field is required.",
    "cure": "Send it.",
    "place": {"pointer": "/lines/0/procedure_code"},
}


class ConflictOut(BaseModel):
    """A field that somebody else or you changed since you read it. What is PHI is masked."""

    pointer: str
    label: str
    is_masked: bool
    read: Any = Field(description="As you read it.")
    theirs: Any = Field(description="As it is stored now.")
    yours: Any = Field(description="As you sent it.")
    changed_by: Literal["them", "you", "both"]


class Problem(BaseModel):
    """RFC 9457: what went wrong with this call. It never repeats what was sent."""

    type: str = Field(description="Names the kind of problem, one for each code.")
    title: str
    status: int
    detail: str = Field(description="What to do about it.")
    instance: str = Field(description="Names this occurrence.")
    code: str = Field(description="Stable, for programs.")
    trace_id: str = Field(description="Tell it to the operator: the log knows it.")
    findings: list[FindingOut] = Field(description="Every single thing that is wrong.")
    changes: list[ConflictOut] = Field(
        default=[], description="Of SAVED-MEANWHILE only: what they and you changed."
    )

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "type": "urn:rcm-edi:problem:encounter-refused",
        "title": "This is not an encounter.",
        "status": 422,
        "detail": "Correct what the findings name, and post again.",
        "instance": "urn:uuid:5f0c4c6e-6e0c-4c55-9d6c-0c6f2a1f2f10",
        "code": "ENCOUNTER-REFUSED",
        "trace_id": "5f0c4c6e-6e0c-4c55-9d6c-0c6f2a1f2f10",
        "findings": [FINDING_EXAMPLE],
        "changes": [],
    }
