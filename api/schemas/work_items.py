"""Work items as the API shows them, and as people choose and change them."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field

from api.schemas.claims import PayerOut
from api.schemas.paging import PageOut, PageQuery
from rcm.access import Actor
from rcm.reading.work_items import WorkItemFilter
from rcm.worklists.items import ItemKind

State = Literal["open", "done"]
Sorting = Literal["due", "-due", "amount", "-amount", "opened", "-opened", "kind", "-kind"]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,80}$")]
Category = Annotated[str, StringConstraints(pattern=r"^[a-z, A-Z]{1,80}$")]
PayerCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{2,20}$")]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PersonOut(_Shown):
    """Somebody who does the work."""

    id: UUID
    name: str


class ItemClaimOut(_Shown):
    """The claim that an item is about, or that a payment in suspense is for."""

    id: UUID
    patient_control_number: str
    patient: str = Field(description="Masked: two letters of the family name, the first initial.")
    payer: PayerOut
    status: str


class WorkItemOut(_Shown):
    """Something a person has to do."""

    id: UUID
    kind: ItemKind
    state: State
    reason: str = Field(description="A finding's code, CO-197, ...")
    category: str = Field(description="Of a denial, in words; else empty.")
    message: str = Field(description="What is wrong.")
    action: str = Field(description="What to do next.")
    pointer: str = Field(description="JSON pointer into the encounter, where our data caused it.")
    amount_cents: int = Field(description="What is at stake.")
    due_on: date = Field(description="The last day on which it is in time.")
    assignee: PersonOut | None = Field(description="Who is to do it; null: nobody in particular.")
    claim: ItemClaimOut | None
    patient: str = Field(description="Masked; of the claim, or of the coverage that was checked.")
    payer: PayerOut | None = Field(
        description="Of the claim, of the coverage, or of the remittance: then without identifier."
    )
    payer_control_number: str = Field(
        description="Of a payment in suspense: the payer's number of its claim (CLP07), masked."
    )
    file_id: UUID | None
    remittance_id: UUID | None
    remittance_position: int | None = Field(
        description="Of a payment in suspense: which claim of its remittance, from 1."
    )
    eligibility_check_id: UUID | None
    encounter_id: UUID | None = Field(description="One of which no claim could be made.")
    opened_at: datetime
    touched_at: datetime = Field(description="When anybody last did anything with it.")
    closed_at: datetime | None
    closed_by: str = Field(description="Who closed it, or `answer`: a later answer did.")

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        about = {
            "self": ("work-items", self.id),
            "claim": ("claims", self.claim.id if self.claim else None),
            "file": ("files", self.file_id),
            "remittance": ("remittances", self.remittance_id),
            "encounter": ("encounters", self.encounter_id),
            "eligibility_check": ("eligibility-checks", self.eligibility_check_id),
        }
        return {name: f"/api/v1/{path}/{found}" for name, (path, found) in about.items() if found}

    EXAMPLE: ClassVar[dict[str, Any]]


class ItemEventOut(_Shown):
    """What happened to an item. No event is ever changed."""

    what: Literal["opened", "assigned", "closed", "reopened"]
    who: str = Field(description="A person, or `answer`: what a payer or clearinghouse said.")
    at: datetime
    assignee: PersonOut | None = Field(description="Whom it was given to; null: to nobody.")
    reason: str = Field(description="As it was typed; it may name a patient.")


class WorkItemDetailOut(WorkItemOut):
    """One item with all that happened to it, the oldest first."""

    events: list[ItemEventOut]

    EXAMPLE: ClassVar[dict[str, Any]]


class ItemChoice(BaseModel):
    """Which items."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: list[ItemKind] = Field(default=[], description="Any of these.")
    state: Literal["open", "done", "any"] = "open"
    reason: list[ReasonCode] = Field(default=[], description="Any of these codes.")
    category: list[Category] = Field(default=[], description="Any of these, of denials.")
    assignee: list[UUID | Literal["me", "nobody"]] = Field(
        default=[], description="Any of these: an id, `me`, or `nobody`."
    )
    due_before: date | None = Field(default=None, description="Due before this day.")
    payer: list[PayerCode] = Field(default=[], description="Any of these identifiers.")
    claim_id: UUID | None = None

    def for_actor(self, actor: Actor) -> WorkItemFilter:
        """Return the filter that `actor` means."""
        return WorkItemFilter(
            kinds=self.kind,
            state=None if self.state == "any" else self.state,
            reasons=self.reason,
            categories=self.category,
            assignees=[str(actor.id if each == "me" else each) for each in self.assignee],
            due_before=self.due_before,
            payers=self.payer,
            claim_id=self.claim_id,
        )


class WorkItemQuery(PageQuery, ItemChoice):
    """Which items, and in which order."""

    sort: Sorting = Field(
        default="due", description="`due`: by day, then the most money first. Minus: descending."
    )


class AmountOut(BaseModel):
    """The money of a filtered list."""

    amount_cents: int = Field(description="What is at stake in the whole filtered list.")


class WorkItemPage(PageOut[WorkItemOut]):
    """A page of items; the facets count them by kind, assignee, payer, reason and category."""

    totals: AmountOut

    EXAMPLE: ClassVar[dict[str, Any]]


class AssignableOut(BaseModel):
    """The persons who may do work, by name."""

    items: list[PersonOut]

    EXAMPLE: ClassVar[dict[str, Any]]


_PERSON = {"id": "1f0b1f0a-8a39-4c55-bb0a-0d8f6f1f9e01", "name": "Ngozi Bello"}
_PAYER = {"identifier": "60054", "name": "SANDBOX COMMERCIAL"}
_CLAIM_ID = "2f1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e11"
_ITEM_ID = "6a1d6f0e-58b6-4e0a-9f0b-0a7c1d2b3e44"
_REMITTANCE_ID = "8c1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e22"
_ITEM: dict[str, Any] = {
    "id": _ITEM_ID,
    "kind": "denied",
    "state": "open",
    "reason": "CO-197",
    "category": "authorization or referral",
    "message": "Denied: authorization or referral.",
    "action": "Attach the authorization, or ask for one after the fact. It can be appealed.",
    "pointer": "",
    "amount_cents": 15075,
    "due_on": "2026-12-16",
    "assignee": _PERSON,
    "claim": {
        "id": _CLAIM_ID,
        "patient_control_number": "KX4T7W2M9QH3P6ZB5",
        "patient": "Ca••••, A.",
        "payer": _PAYER,
        "status": "denied",
    },
    "patient": "Ca••••, A.",
    "payer": _PAYER,
    "payer_control_number": "",
    "file_id": None,
    "remittance_id": _REMITTANCE_ID,
    "remittance_position": None,
    "eligibility_check_id": None,
    "encounter_id": None,
    "opened_at": "2026-11-16T09:12:45Z",
    "touched_at": "2026-11-16T10:00:00Z",
    "closed_at": None,
    "closed_by": "",
    "links": {
        "self": f"/api/v1/work-items/{_ITEM_ID}",
        "claim": f"/api/v1/claims/{_CLAIM_ID}",
        "remittance": f"/api/v1/remittances/{_REMITTANCE_ID}",
    },
}
_EVENTS: list[dict[str, Any]] = [
    {
        "what": "opened",
        "who": "answer",
        "at": "2026-11-16T09:12:45Z",
        "assignee": None,
        "reason": "",
    },
    {
        "what": "assigned",
        "who": "Ngozi Bello",
        "at": "2026-11-16T10:00:00Z",
        "assignee": _PERSON,
        "reason": "",
    },
]
WorkItemOut.EXAMPLE = _ITEM
WorkItemDetailOut.EXAMPLE = _ITEM | {"events": _EVENTS}
WorkItemPage.EXAMPLE = {
    "items": [_ITEM],
    "next_cursor": None,
    "total": 1,
    "facets": {
        "kind": {"denied": 1, "held": 2},
        "assignee": {_PERSON["id"]: 1},
        "payer": {"60054": 1},
        "reason": {"CO-197": 1},
        "category": {"authorization or referral": 1},
    },
    "totals": {"amount_cents": 15075},
    "as_of": "2026-11-17T08:00:00Z",
}
AssignableOut.EXAMPLE = {"items": [_PERSON]}
