"""Payments in suspense as the API shows them, and the claims that they may be for."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from api.schemas.remittances import Shown
from rcm.limits import PAGE_MAX

Suspended = Literal["unmatched", "unbalanced"]


class SuspendedPaymentOut(Shown):
    """A claim payment that waits in suspense."""

    remittance_id: UUID
    position: int = Field(description="Of the CLP in its remittance, from 1.")
    file_id: UUID
    state: Suspended = Field(description="unmatched: no claim was found; unbalanced: it is off.")
    is_dismissed: bool = Field(description="A person said that it is not ours.")
    payer_name: str
    trace: str
    received_at: datetime
    payment_date: date | None
    status_code: str = Field(description="CLP02.")
    patient: str = Field(description="Masked, as the payer names him.")
    payer_control_number: str = Field(description="CLP07.")
    service_from: date | None
    charge_cents: int
    paid_cents: int

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        remittance = f"/api/v1/remittances/{self.remittance_id}"
        return {
            "remittance": remittance,
            "candidates": f"{remittance}/claims/{self.position}/candidates",
        }


class SuspenseQuery(BaseModel):
    """Which payments in suspense."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    state: list[Suspended] = Field(default=[], description="Any of these.")
    with_dismissed: bool = Field(default=False, description="Those that are not ours, too.")
    limit: int = Field(default=50, ge=1, le=PAGE_MAX, description="How many at most.")


class SuspenseTotalsOut(BaseModel):
    """Of all that were chosen."""

    paid_cents: int


class SuspenseOut(BaseModel):
    """The payments in suspense that were received last; deciding about some shows others."""

    items: list[SuspendedPaymentOut]
    total: int
    facets: dict[str, dict[str, int]]
    as_of: datetime
    totals: SuspenseTotalsOut

    EXAMPLE: ClassVar[dict[str, Any]]


class AgreementOut(Shown):
    """One thing that payment and claim share, or do not. Names no value of a person."""

    name: str
    agrees: bool
    words: str


class CandidateOut(Shown):
    """A claim that a payment may be for."""

    claim_id: UUID
    patient_control_number: str
    patient: str = Field(description="Masked.")
    payer: str
    status: str
    charge_cents: int
    service_from: date
    score: int = Field(description="0 to 100.")
    fields: list[AgreementOut]
    needs_override: bool = Field(description="It is of another payer or practice.")


class CandidatesOut(BaseModel):
    """At most ten, the likeliest first. A claim that is not here can be matched too."""

    items: list[CandidateOut]

    EXAMPLE: ClassVar[dict[str, Any]]


_REMITTANCE = "/api/v1/remittances/d2a5c0de-7b8f-4f0b-9d4c-5d7e9b1a2c44"
SuspenseOut.EXAMPLE = {
    "items": [
        {
            "remittance_id": "d2a5c0de-7b8f-4f0b-9d4c-5d7e9b1a2c44",
            "position": 3,
            "file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
            "state": "unmatched",
            "is_dismissed": False,
            "payer_name": "SANDBOX COMMERCIAL",
            "trace": "SBX0000000007",
            "received_at": "2026-11-16T09:12:44Z",
            "payment_date": "2026-11-16",
            "status_code": "1",
            "patient": "Ca••••, A.",
            "payer_control_number": "SBX26320000017",
            "service_from": "2026-11-02",
            "charge_cents": 15075,
            "paid_cents": 8400,
            "links": {
                "remittance": _REMITTANCE,
                "candidates": f"{_REMITTANCE}/claims/3/candidates",
            },
        }
    ],
    "total": 1,
    "facets": {"state": {"unmatched": 1}},
    "as_of": "2026-11-17T08:00:00Z",
    "totals": {"paid_cents": 8400},
}
CandidatesOut.EXAMPLE = {
    "items": [
        {
            "claim_id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
            "patient_control_number": "7KQ2M9XTB4RH0WZ3N",
            "patient": "Ca••••, A.",
            "payer": "Sandbox Commercial",
            "status": "accepted_by_payer",
            "charge_cents": 15075,
            "service_from": "2026-11-02",
            "score": 35,
            "fields": [
                {"name": "patient", "agrees": True, "words": "Patient is the same"},
                {"name": "charge", "agrees": True, "words": "Charge is the same"},
                {"name": "control_number", "agrees": False, "words": "Not our number"},
            ],
            "needs_override": False,
        }
    ]
}
MATCH_EXAMPLE = {
    "claim_id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
    "reason": "The payer's letter of 12 November names our claim.",
}
