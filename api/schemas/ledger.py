"""The parts of the ledger that have a list of their own."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from rcm.limits import PAGE_MAX


class RecoupmentOut(BaseModel):
    """What one payer kept and gave beside claims under one reference of its own."""

    model_config = ConfigDict(from_attributes=True)

    payer_id: str = Field(description="TRN03.")
    payer_name: str
    payee_id: str = Field(description="Of loop 1000B.")
    account: str
    reference: str = Field(description="Stands for the payer's text, which may name a patient.")
    reasons: list[str] = Field(description="PLB reason codes.")
    kept_cents: int
    given_cents: int
    balance_cents: int = Field(description="kept - given: 0 is settled.")
    first_at: datetime
    last_at: datetime
    remittance_ids: list[UUID]
    claim_id: UUID | None = Field(description="Ours, where the reference is a claim's number.")


class RecoupmentQuery(BaseModel):
    """Which of them."""

    model_config = ConfigDict(extra="forbid")

    open: bool = Field(default=True, description="Only what is not settled.")
    limit: int = Field(default=50, ge=1, le=PAGE_MAX)


class RecoupmentsOut(BaseModel):
    """The largest open balance first."""

    items: list[RecoupmentOut]
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "payer_id": "1900000009",
                "payer_name": "SANDBOX COMMERCIAL",
                "payee_id": "1234567893",
                "account": "recoupment:payer",
                "reference": "5f0c1b7d0a9e4c3f8b2d6a1e7c904b55",
                "reasons": ["FB"],
                "kept_cents": 0,
                "given_cents": 7000,
                "balance_cents": -7000,
                "first_at": "2026-11-16T09:12:44Z",
                "last_at": "2026-11-16T09:12:44Z",
                "remittance_ids": ["d2a5c0de-7b8f-4f0b-9d4c-5d7e9b1a2c44"],
                "claim_id": None,
            }
        ],
        "as_of": "2026-11-17T08:00:00Z",
    }
