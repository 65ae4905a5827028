"""Claims in a list: which, in what order, and what is shown of each."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field

from api.schemas.paging import PageOut, PageQuery
from rcm.access import Actor
from rcm.claims.status import ClaimStatus
from rcm.reading.claim_filter import ClaimFilter
from rcm.worklists.items import ItemKind

Cents = Annotated[int, Field(ge=-(10**13), le=10**13)]
Reason = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}-[A-Za-z0-9]{1,5}$")]
PayerIdentifier = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,80}$")]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ListedAmounts(_Shown):
    """Whole cents. Always charge = paid + adjusted + patient + open."""

    charge_cents: int
    paid_cents: int = Field(description="Paid by the payer.")
    adjusted_cents: int = Field(description="Written off by contract or otherwise.")
    patient_cents: int = Field(description="Left to the patient.")
    open_cents: int = Field(description="What nobody has settled: with the payer, or denied.")
    denied_cents: int = Field(description="Denied, to be worked; part of open.")
    unbilled_cents: int = Field(description="Not sent yet, or corrected since; part of open.")
    billed_cents: int = Field(description="Charged to the ledger: charge less unbilled.")
    balance_cents: int = Field(description="Receivable in the ledger: open + patient - unbilled.")


class NamedOut(_Shown):
    """A practice or a person."""

    id: UUID
    name: str


class ListedPayerOut(_Shown):
    """A payer."""

    identifier: str
    name: str


class ListedClaimOut(ListedAmounts):
    """A claim in a list. The patient's name is masked."""

    id: UUID
    patient_control_number: str = Field(description="CLM01, which every answer repeats.")
    status: ClaimStatus
    status_by: str = Field(description="Who brought it to this status.")
    status_at: datetime
    patient: str = Field(description="Two letters of the family name, and the first initial.")
    payer: ListedPayerOut
    provider: NamedOut = Field(description="The practice that bills.")
    service_from: date
    service_to: date
    created_at: datetime
    due_on: date | None = Field(description="Of its most urgent open work.")
    assignee: NamedOut | None = Field(description="Of that work.")
    next_action: str = Field(description="What to do next; empty: nothing.")
    findings_count: int

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {"self": f"/api/v1/claims/{self.id}"}


class ClaimChoice(BaseModel):
    """Which claims. Each filter narrows the list; a repeated one takes any of its values."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    status: list[ClaimStatus] = Field(default=[], description="Any of these.")
    payer: list[PayerIdentifier] = Field(
        default=[], description="Identifiers of payers, any of these.", max_length=100
    )
    provider: list[UUID] = Field(default=[], description="Practices, any of these.", max_length=100)
    partner: UUID | None = Field(default=None, description="Trading partner.")
    patient: UUID | None = Field(default=None, description="A patient, by the id of a search.")
    file: UUID | None = Field(default=None, description="A file that carries it or tells of it.")
    q: str = Field(
        default="",
        max_length=50,
        pattern=r"^[A-Za-z0-9 ._/:-]*$",
        description="The beginning of its control number or of the payer's number.",
    )
    service_from: date | None = Field(default=None, description="First service on or after.")
    service_to: date | None = Field(default=None, description="First service on or before.")
    received_from: date | None = Field(default=None, description="Came to us on or after.")
    received_to: date | None = Field(default=None, description="Came to us on or before.")
    charge_min: Cents | None = Field(default=None, description="Cents.")
    charge_max: Cents | None = Field(default=None, description="Cents.")
    open_min: Cents | None = Field(default=None, description="Cents.")
    open_max: Cents | None = Field(default=None, description="Cents.")
    has_open: Literal["payer", "patient"] | None = Field(
        default=None, description="Who owes something by the ledger: charged and not settled."
    )
    sent_from: date | None = Field(default=None, description="First sent on or after.")
    sent_to: date | None = Field(default=None, description="First sent on or before.")
    reason: list[Reason] = Field(
        default=[],
        max_length=20,
        description="Group and reason of an adjustment, any of these: CO-45.",
    )
    work: list[ItemKind | Literal["any"]] = Field(
        default=[], description="With open work of any of these kinds; any: of whatever kind."
    )
    assignee: UUID | Literal["me", "nobody"] | None = Field(
        default=None, description="Whose open work."
    )
    due_before: date | None = Field(default=None, description="With open work due before this day.")

    def chosen(self, actor: Actor, time_zone: str) -> ClaimFilter:
        """Return the filter that this asks for; days begin and end in `time_zone`."""
        zone = ZoneInfo(time_zone)

        def start(day: date) -> datetime:
            return datetime.combine(day, time(), zone)

        def end(day: date | None) -> datetime | None:
            if day is None or day == date.max:
                return None
            return start(day + timedelta(days=1))

        return ClaimFilter(
            statuses=self.status,
            payers=self.payer,
            provider_ids=self.provider,
            partner_id=self.partner,
            patient_id=self.patient,
            file_id=self.file,
            number=self.q.strip().upper(),
            service_from=self.service_from,
            service_to=self.service_to,
            received_from=None if self.received_from is None else start(self.received_from),
            received_before=end(self.received_to),
            has_open=self.has_open,
            sent_from=None if self.sent_from is None else start(self.sent_from),
            sent_before=end(self.sent_to),
            charge_min=self.charge_min,
            charge_max=self.charge_max,
            open_min=self.open_min,
            open_max=self.open_max,
            reasons=[reason.upper() for reason in self.reason],
            work=[] if "any" in self.work else list(self.work),
            has_work=bool(self.work),
            assignee=actor.id if self.assignee == "me" else self.assignee,
            due_before=self.due_before,
        )


ClaimSort = Literal[
    "status_at", "-status_at",
    "created_at", "-created_at",
    "service_from", "-service_from",
    "charge", "-charge",
    "paid", "-paid",
    "open", "-open",
    "due", "-due",
    "payer", "-payer",
    "patient", "-patient",
]  # fmt: skip


class ClaimQuery(PageQuery, ClaimChoice):
    """Which claims, and in what order."""

    sort: ClaimSort = Field(
        default="-created_at",
        description="A leading minus: descending. Claims without open work come last by due. By "
        "patient, at most 5,000 claims are sorted: filter first.",
    )


class ClaimPage(PageOut[ListedClaimOut]):
    """A page of claims; facets by status, payer (identifier) and provider (id)."""

    totals: ListedAmounts = Field(description="Of the whole filtered list, not of the page.")

    EXAMPLE: ClassVar[dict[str, Any]]


_AMOUNTS = {
    "charge_cents": 15075,
    "paid_cents": 9000,
    "adjusted_cents": 3075,
    "patient_cents": 2000,
    "open_cents": 1000,
    "denied_cents": 1000,
    "unbilled_cents": 0,
    "billed_cents": 15075,
    "balance_cents": 3000,
}
ClaimPage.EXAMPLE = {
    "items": [
        {
            "id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
            "patient_control_number": "H7QK2M4TZB8XW5RD9",
            "status": "paid",
            "status_by": "payer, 835",
            "status_at": "2026-11-16T09:12:44Z",
            "patient": "Ca••••, A.",
            "payer": {"identifier": "60054", "name": "Sandbox Commercial"},
            "provider": {
                "id": "0f3f9f0e-3d44-5b55-8a0f-3a7b2c1d0e11",
                "name": "Harbor Family Medicine",
            },
            "service_from": "2026-11-02",
            "service_to": "2026-11-02",
            "created_at": "2026-11-02T15:04:06Z",
            "due_on": "2026-12-16",
            "assignee": {"id": "5b1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c77", "name": "Kim Ito"},
            "next_action": "Attach the authorization, or ask for one after the fact.",
            "findings_count": 0,
            "links": {"self": "/api/v1/claims/6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01"},
            **_AMOUNTS,
        }
    ],
    "next_cursor": None,
    "total": 1,
    "facets": {
        "status": {"held": 2, "paid": 1},
        "payer": {"00430": 4, "60054": 1},
        "provider": {"0f3f9f0e-3d44-5b55-8a0f-3a7b2c1d0e11": 1},
    },
    "as_of": "2026-11-17T08:00:00Z",
    "totals": _AMOUNTS,
}
