"""Remittances as lists show them: what was paid, what needs people, and what it sums to."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from api.schemas.paging import PageOut, PageQuery
from api.schemas.text import ONE_LINE, OneLine
from rcm.reading.remittances import RemittanceFilter

State = Literal["posted", "held", "recorded", "duplicate", "waiting", "discarded"]
Has = Literal["needs_review", "unmatched", "unbalanced", "reversals", "zero_pay"]
Sort = Literal[
    "received", "-received", "payment_date", "-payment_date", "amount", "-amount",
    "payer", "-payer", "claims", "-claims", "trace", "-trace",
]  # fmt: skip


class Shown(BaseModel):
    """What a query gave, as the API shows it."""

    model_config = ConfigDict(from_attributes=True)


class NeedsOut(Shown):
    """What of it needs people, and what else is worth a look."""

    unmatched: int = Field(description="In suspense, and not said to be not ours: no claim found.")
    unbalanced: int = Field(description="In suspense, and not said to be not ours: off.")
    reversals: int
    suspense_cents: int
    open_items: int
    due_on: date | None = Field(description="Of the first of the open items.")


class RemittanceOut(Shown):
    """A transaction set 835."""

    id: UUID
    file_id: UUID
    partner_id: UUID
    state: State = Field(
        description="posted; held: it does not add up or is damaged, nothing is posted; "
        "recorded: a notice without money for us; duplicate: the payment came before; "
        "waiting: a replay has not judged it again yet; discarded: it is never to be posted."
    )
    why: str = Field(description="Why it was not posted, in words; empty where it was.")
    payer_name: str
    payer_id: str = Field(description="TRN03.")
    trace: str = Field(description="TRN02: the number of the check or transfer.")
    payment_date: date | None
    payment_cents: int = Field(description="BPR02.")
    method: str = Field(description="BPR04.")
    claims: int = Field(description="How many claims it speaks of.")
    claims_paid_cents: int = Field(description="Sum of CLP04.")
    provider_adjustments_cents: int = Field(
        description="Sum of the PLB amounts: positive is kept by the payer."
    )
    difference_cents: int = Field(
        description="Claims paid less provider adjustments less payment: 0 where it adds up."
    )
    received_at: datetime
    needs: NeedsOut

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {
            "self": f"/api/v1/remittances/{self.id}",
            "file": f"/api/v1/files/{self.file_id}",
        }


class RemittanceChoice(BaseModel):
    """Which remittances."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    state: list[State] = Field(default=[], description="Any of these.")
    payer: list[OneLine] = Field(default=[], max_length=50, description="By name: any of these.")
    has: list[Has] = Field(
        default=[],
        description="All of these. needs_review: held, or somebody has to look at a part of it; "
        "unmatched, unbalanced: a payment waits in suspense; zero_pay: no money moves.",
    )
    partner_id: UUID | None = None
    q: str = Field(
        default="",
        max_length=100,
        pattern=ONE_LINE,
        description="The beginning of a trace, or a payment in full, such as 1,159.52.",
    )
    paid_from: date | None = Field(default=None, description="First day of payment.")
    paid_to: date | None = Field(default=None, description="Last day of payment.")
    amount_min_cents: int | None = Field(default=None, ge=-(2**62), le=2**62)
    amount_max_cents: int | None = Field(default=None, ge=-(2**62), le=2**62)

    def chosen(self) -> RemittanceFilter:
        """Return the filter that this asks for."""
        return RemittanceFilter(
            states=self.state,
            payers=self.payer,
            has=self.has,
            partner_id=self.partner_id,
            text=self.q.strip(),
            paid_from=self.paid_from,
            paid_to=self.paid_to,
            amount_min_cents=self.amount_min_cents,
            amount_max_cents=self.amount_max_cents,
        )


class RemittanceQuery(PageQuery, RemittanceChoice):
    """Which remittances, in which order."""

    sort: Sort = Field(default="-received", description="A leading minus: the greatest first.")


class RemittanceTotalsOut(Shown):
    """Of the whole filtered list. A duplicate, recorded or discarded one counts for nothing."""

    claims: int
    claims_paid_cents: int
    provider_adjustments_cents: int
    payment_cents: int
    difference_cents: int


class RemittancePage(PageOut[RemittanceOut]):
    """A page of remittances; the facets count them by state, by payer and by what they have."""

    totals: RemittanceTotalsOut

    EXAMPLE: ClassVar[dict[str, Any]]


REMITTANCE: dict[str, Any] = {
    "id": "d2a5c0de-7b8f-4f0b-9d4c-5d7e9b1a2c44",
    "file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
    "state": "posted",
    "why": "",
    "payer_name": "SANDBOX COMMERCIAL",
    "payer_id": "1999999999",
    "trace": "SBX0000000007",
    "payment_date": "2026-11-16",
    "payment_cents": 9137,
    "method": "ACH",
    "claims": 1,
    "claims_paid_cents": 9000,
    "provider_adjustments_cents": -137,
    "difference_cents": 0,
    "received_at": "2026-11-16T09:12:44Z",
    "needs": {
        "unmatched": 0,
        "unbalanced": 0,
        "reversals": 0,
        "suspense_cents": 0,
        "open_items": 0,
        "due_on": None,
    },
    "links": {
        "self": "/api/v1/remittances/d2a5c0de-7b8f-4f0b-9d4c-5d7e9b1a2c44",
        "file": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    },
}
RemittancePage.EXAMPLE = {
    "items": [REMITTANCE],
    "next_cursor": None,
    "total": 1,
    "facets": {
        "state": {"posted": 1},
        "payer": {"SANDBOX COMMERCIAL": 1},
        "has": {},
    },
    "as_of": "2026-11-17T08:00:00Z",
    "totals": {
        "claims": 1,
        "claims_paid_cents": 9000,
        "provider_adjustments_cents": -137,
        "payment_cents": 9137,
        "difference_cents": 0,
    },
}
