"""Work items as the API shows them."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from api.schemas.paging import PageOut, PageQuery
from rcm.worklists.items import ItemKind

State = Literal["open", "done"]


class WorkItemOut(BaseModel):
    """Something a person has to do."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: ItemKind
    state: State
    reason: str = Field(description="A finding's code, CO-197, ...")
    message: str = Field(description="What is wrong.")
    action: str = Field(description="What to do next.")
    pointer: str = Field(description="JSON pointer into the encounter, where our data caused it.")
    amount_cents: int = Field(description="What is at stake.")
    claim_id: UUID | None
    file_id: UUID | None
    remittance_id: UUID | None
    eligibility_check_id: UUID | None
    encounter_id: UUID | None = Field(description="One of which no claim could be made.")
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str = Field(
        description="Who settled it: a person's key, or `answer`: a later answer did."
    )

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        about = {
            "claim": ("claims", self.claim_id),
            "file": ("files", self.file_id),
            "remittance": ("remittances", self.remittance_id),
            "encounter": ("encounters", self.encounter_id),
            "eligibility_check": ("eligibility-checks", self.eligibility_check_id),
        }
        return {name: f"/api/v1/{path}/{found}" for name, (path, found) in about.items() if found}


class WorkItemQuery(PageQuery):
    """Which items."""

    kind: list[ItemKind] = Field(default=[], description="Any of these.")
    state: Literal["open", "done", "any"] = "open"
    claim_id: UUID | None = None


class WorkItemPage(PageOut[WorkItemOut]):
    """A page of items; the facet `kind` counts them."""

    amount_cents: int = Field(description="What is at stake in the filtered list.")

    EXAMPLE: ClassVar[dict[str, Any]]


_ITEM = {
    "id": "6a1d6f0e-58b6-4e0a-9f0b-0a7c1d2b3e44",
    "kind": "denied",
    "state": "open",
    "reason": "CO-197",
    "message": "Denied: authorization or referral.",
    "action": "Attach the authorization, or ask for one after the fact. It can be appealed.",
    "pointer": "",
    "amount_cents": 15075,
    "claim_id": "2f1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e11",
    "file_id": None,
    "remittance_id": "8c1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e22",
    "eligibility_check_id": None,
    "encounter_id": None,
    "opened_at": "2026-11-16T09:12:45Z",
    "closed_at": None,
    "closed_by": "",
    "links": {
        "claim": "/api/v1/claims/2f1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e11",
        "remittance": "/api/v1/remittances/8c1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e22",
    },
}
WorkItemPage.EXAMPLE = {
    "items": [_ITEM],
    "next_cursor": None,
    "total": 1,
    "facets": {"kind": {"denied": 1, "held": 2}},
    "amount_cents": 15075,
    "as_of": "2026-11-17T08:00:00Z",
}
