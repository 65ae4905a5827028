"""Claims as the API shows them: amounts from the ledger, the timeline, no names of patients."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from api.schemas.problem import FINDING_EXAMPLE, FindingOut
from rcm.claims.status import ClaimStatus


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AmountsOut(_Shown):
    """What the ledger says, in cents. Once charged: charge = paid + adjusted + balance."""

    charge_cents: int
    paid_cents: int = Field(description="Paid by the payer.")
    adjusted_cents: int = Field(description="Written off by contract or otherwise.")
    patient_cents: int = Field(description="Left to the patient; part of the balance.")
    denied_cents: int = Field(description="Denied, to be worked; part of the balance.")
    balance_cents: int = Field(description="Open: with the payer, denied, or with the patient.")


class PayerOut(_Shown):
    """The payer of a claim."""

    identifier: str
    name: str


class ClaimOut(AmountsOut):
    """What is shown of every claim."""

    id: UUID
    patient_control_number: str = Field(description="CLM01, which every answer repeats.")
    status: ClaimStatus
    status_by: str = Field(description="Who brought it to this status.")
    status_at: datetime
    payer: PayerOut
    service_from: date
    service_to: date
    created_at: datetime

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {"self": f"/api/v1/claims/{self.id}"}


class LineOut(AmountsOut):
    """A service line; what a remittance says of the claim as a whole is not in it."""

    line: int
    control_number: str = Field(description="REF*6R, which the payer repeats.")
    procedure: str
    modifiers: list[str]
    service_from: date


class EventFileOut(_Shown):
    """The file that tells of an event."""

    id: UUID
    name: str
    file_type: str

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {"self": f"/api/v1/files/{self.id}"}


class EventOut(_Shown):
    """Something that happened to the claim."""

    event: str
    status_after: ClaimStatus
    reporter: str
    recorded_at: datetime
    detail: dict[str, Any] = Field(description="Codes and amounts, by kind of event.")
    file: EventFileOut | None


class ClaimDetailOut(ClaimOut):
    """One claim, all but what names the patient."""

    encounter_id: UUID
    partner_id: UUID
    payer_control_number: str = Field(description="The payer's own number; empty until known.")
    findings: list[FindingOut]
    lines: list[LineOut]
    timeline: list[EventOut] = Field(description="Oldest first.")
    balances: dict[str, int] = Field(description="Cents by ledger account; a debit is positive.")

    EXAMPLE: ClassVar[dict[str, Any]]


class ResubmittedOut(_Shown):
    """What became of a claim that was built again."""

    claim_id: UUID
    status: ClaimStatus = Field(description="ready for the next batch, or held by its findings.")
    patient_control_number: str = Field(
        description="CLM01 of the new submission: another one where the claim was rejected."
    )
    findings: list[FindingOut]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "claim_id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
        "status": "ready",
        "patient_control_number": "M3QX7KZT9W2RBC4HD",
        "findings": [],
    }


_AMOUNTS = {
    "charge_cents": 15075,
    "paid_cents": 9000,
    "adjusted_cents": 3075,
    "patient_cents": 3000,
    "denied_cents": 0,
    "balance_cents": 3000,
}
_CLAIM = {
    "id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
    "patient_control_number": "H7QK2M4TZB8XW5RD9",
    "status": "paid",
    "status_by": "payer, 835",
    "status_at": "2026-11-16T09:12:44Z",
    "payer": {"identifier": "60054", "name": "Sandbox Commercial"},
    "service_from": "2026-11-02",
    "service_to": "2026-11-02",
    "created_at": "2026-11-02T15:04:06Z",
    "links": {"self": "/api/v1/claims/6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01"},
    **_AMOUNTS,
}
ClaimDetailOut.EXAMPLE = {
    **_CLAIM,
    "encounter_id": "0b6d4a26-2f5e-4d06-8d0f-6f0f6e3f7a11",
    "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
    "payer_control_number": "EX20261103000001",
    "findings": [FINDING_EXAMPLE | {"severity": "warning"}],
    "lines": [
        {
            "line": 1,
            "control_number": "H7QK2M4TZB8XW5RD901",
            "procedure": "99213",
            "modifiers": ["25"],
            "service_from": "2026-11-02",
            **_AMOUNTS,
        }
    ],
    "timeline": [
        {
            "event": "paid",
            "status_after": "paid",
            "reporter": "payer, 835",
            "recorded_at": "2026-11-16T09:12:44Z",
            "detail": {"paid_cents": 9000, "status_code": "1", "reasons": ["CO-45", "PR-2"]},
            "file": {
                "id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
                "name": "000000007_835.x12",
                "file_type": "835",
                "links": {"self": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33"},
            },
        }
    ],
    "balances": {
        "adjustment:contractual": 3075,
        "cash:in-transit": 9000,
        "receivable:patient": 3000,
        "receivable:payer": 0,
        "revenue:charges": -15075,
    },
}
