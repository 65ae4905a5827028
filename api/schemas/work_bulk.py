"""The same for many work items: what is asked, and what became of it."""

from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.schemas.work_items import ItemChoice
from rcm.decisions.model import OptionalReason
from rcm.decisions.work import BULK_MAX, AssignIn, Change, CloseIn, OpenIn, Skip

SKIPPED_SHOWN_MAX = 200
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class WorkBulkParams(BaseModel):
    """What the action needs to know."""

    model_config = _STRICT

    user_id: UUID | None = Field(default=None, description="To assign: who; null: nobody.")
    reason: OptionalReason = Field(default="", description="To close: why; sealed.")


class WorkBulkIn(BaseModel):
    """What to do with which items."""

    model_config = _STRICT

    action: Literal["assign", "close", "open"]
    ids: list[UUID] | None = Field(default=None, max_length=BULK_MAX)
    filter: ItemChoice | None = Field(
        default=None, description="Instead of ids: all that GET work-items lists with it."
    )
    params: WorkBulkParams = WorkBulkParams()
    dry_run: bool = Field(
        default=False, strict=True, description="Only tell what would be changed and skipped."
    )

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("send either ids or filter")
        if self.action == "assign" and "user_id" not in self.params.model_fields_set:
            raise ValueError("to assign, send params.user_id; null is nobody")
        if self.action == "close" and not self.params.reason:
            raise ValueError("to close, send params.reason")
        return self

    def change(self) -> Change:
        """Return what is to be done with each item."""
        return _CHANGES[self.action](self.params)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "action": "assign",
        "filter": {"kind": ["denied"], "assignee": ["nobody"]},
        "params": {"user_id": "1f0b1f0a-8a39-4c55-bb0a-0d8f6f1f9e01"},
        "dry_run": True,
    }


_CHANGES: dict[str, Callable[[WorkBulkParams], Change]] = {
    "assign": lambda params: AssignIn(user_id=params.user_id),
    "close": lambda params: CloseIn(reason=params.reason),
    "open": lambda _: OpenIn(),
}


class ChangedOut(BaseModel):
    """An item that is changed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    was_assigned_to: UUID | None = Field(description="Until then; for undoing.")


class SkippedOut(BaseModel):
    """An item that stays as it is."""

    id: UUID
    reason: Skip
    message: str


class WorkBulkOut(BaseModel):
    """What was changed, or would be."""

    dry_run: bool
    count: int = Field(description="Items that are changed.")
    amount_cents: int = Field(description="What is at stake in them.")
    changed: list[ChangedOut]
    skipped_count: int
    skipped: list[SkippedOut] = Field(description=f"The first {SKIPPED_SHOWN_MAX} of them.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "dry_run": True,
        "count": 1,
        "amount_cents": 15075,
        "changed": [{"id": "6a1d6f0e-58b6-4e0a-9f0b-0a7c1d2b3e44", "was_assigned_to": None}],
        "skipped_count": 1,
        "skipped": [
            {
                "id": "6a1d6f0e-58b6-4e0a-9f0b-0a7c1d2b3e45",
                "reason": "done",
                "message": "It is done already.",
            }
        ],
    }
