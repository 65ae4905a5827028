"""Remittances as the API shows them: what was paid, for which claims, and that it adds up."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from api.schemas.decisions import DecisionOut
from api.schemas.paging import PageOut, PageQuery
from api.schemas.problem import FindingOut

State = Literal["posted", "held", "recorded", "duplicate", "waiting", "discarded"]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RemittanceOut(_Shown):
    """A transaction set 835."""

    id: UUID
    file_id: UUID
    partner_id: UUID
    state: State = Field(
        description="posted; held: it does not add up or is damaged, nothing is posted; "
        "recorded: a notice without money for us; duplicate: the payment came before; "
        "waiting: a replay has not judged it again yet; discarded: it is never to be posted."
    )
    payer_name: str
    payer_id: str = Field(description="TRN03.")
    trace: str = Field(description="TRN02: the number of the check or transfer.")
    payment_date: date | None
    payment_cents: int = Field(description="BPR02.")
    method: str = Field(description="BPR04.")
    claims: int = Field(description="How many claims it speaks of.")
    received_at: datetime

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {
            "self": f"/api/v1/remittances/{self.id}",
            "file": f"/api/v1/files/{self.file_id}",
        }


class RemittanceServiceOut(_Shown):
    """One service, and which line of ours we believe it to be."""

    service: int = Field(description="Of the SVC in its claim, from 1.")
    line: int | None = Field(description="Ours; null: posted to the claim as a whole.")
    match_rule: str = Field(description="What the match rests on: 6R is our own line number.")
    match_confidence: str = Field(description="certain, likely or none.")
    charge_cents: int
    paid_cents: int


class ReversesOut(_Shown):
    """A claim of another, or the same, remittance."""

    remittance_id: UUID
    position: int


class ProviderAdjustmentOut(_Shown):
    """One pair of a PLB: money beside the claims. Its reference stays in the sealed file."""

    n: int = Field(description="In the transaction set, from 1.")
    reason: str = Field(description="PLB03-1 and so on.")
    account: str = Field(description="The ledger account it is posted to.")
    amount_cents: int = Field(description="Positive: the payer keeps it.")
    claim_id: UUID | None = Field(description="Ours, where its reference is a claim's number.")
    segment_number: int


class RemittanceClaimOut(_Shown):
    """What it says of one claim."""

    position: int = Field(description="Of the CLP, from 1.")
    claim_id: UUID | None = Field(description="Ours; null where none matches.")
    status_code: str = Field(description="CLP02.")
    charge_cents: int
    paid_cents: int
    patient_cents: int
    match_rule: str = Field(description="What the match rests on; empty where there is none.")
    match_confidence: str = Field(description="certain or likely; empty where there is none.")
    state: Literal["posted", "unmatched", "unbalanced", "recorded"] = Field(
        description="Where its money went; recorded: it moves none."
    )
    verdict: Literal["", "paid", "denied", "pended", "taken_back"] = Field(
        description="What a posted one says; taken_back is a reversal."
    )
    reverses: ReversesOut | None = Field(description="What a reversal takes back, where known.")
    is_expanded: bool = Field(description="A reversal whose lines were copied from its original.")
    segment_number: int = Field(description="Of the CLP in the file, ISA being 1.")
    services: list[RemittanceServiceOut] = Field(description="Of a posted one, in file order.")


class BalanceProofOut(_Shown):
    """claims paid - provider adjustments = payment."""

    claims_paid_cents: int = Field(description="Sum of CLP04.")
    provider_adjustments_cents: int = Field(description="Sum of the PLB amounts.")
    payment_cents: int = Field(description="BPR02.")
    difference_cents: int = Field(description="What is missing from the equation: 0 if it holds.")


class RemittanceDetailOut(RemittanceOut):
    """One remittance with its claims and its proof."""

    set_number: str = Field(description="ST02.")
    proof: BalanceProofOut
    in_transit_cents: int = Field(description="Posted and not yet met by a deposit.")
    findings: list[FindingOut]
    decisions: list[DecisionOut] = Field(description="Replays and discards, the oldest first.")
    claim_payments: list[RemittanceClaimOut]
    provider_adjustments: list[ProviderAdjustmentOut]

    EXAMPLE: ClassVar[dict[str, Any]]


class RemittanceQuery(PageQuery):
    """Which remittances."""

    state: list[State] = Field(default=[], description="Any of these.")
    partner_id: UUID | None = None


class RemittanceTotalsOut(_Shown):
    """Of the whole filtered list."""

    payment_cents: int


class RemittancePage(PageOut[RemittanceOut]):
    """A page of remittances; the facet `state` counts them."""

    totals: RemittanceTotalsOut

    EXAMPLE: ClassVar[dict[str, Any]]


_REMITTANCE = {
    "id": "d2a5c0de-7b8f-4f0b-9d4c-5d7e9b1a2c44",
    "file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
    "state": "posted",
    "payer_name": "SANDBOX COMMERCIAL",
    "payer_id": "1999999999",
    "trace": "SBX0000000007",
    "payment_date": "2026-11-16",
    "payment_cents": 9000,
    "method": "ACH",
    "claims": 1,
    "received_at": "2026-11-16T09:12:44Z",
    "links": {
        "self": "/api/v1/remittances/d2a5c0de-7b8f-4f0b-9d4c-5d7e9b1a2c44",
        "file": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    },
}
RemittancePage.EXAMPLE = {
    "items": [_REMITTANCE],
    "next_cursor": None,
    "total": 1,
    "facets": {"state": {"posted": 1}},
    "as_of": "2026-11-17T08:00:00Z",
    "totals": {"payment_cents": 9000},
}
RemittanceDetailOut.EXAMPLE = {
    **_REMITTANCE,
    "set_number": "0001",
    "proof": {
        "claims_paid_cents": 9000,
        "provider_adjustments_cents": 0,
        "payment_cents": 9000,
        "difference_cents": 0,
    },
    "in_transit_cents": 9000,
    "findings": [],
    "decisions": [],
    "claim_payments": [
        {
            "position": 1,
            "claim_id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
            "status_code": "1",
            "charge_cents": 15075,
            "paid_cents": 9000,
            "patient_cents": 3000,
            "match_rule": "CLP01",
            "match_confidence": "certain",
            "state": "posted",
            "verdict": "paid",
            "reverses": None,
            "is_expanded": False,
            "segment_number": 14,
            "services": [
                {
                    "service": 1,
                    "line": 1,
                    "match_rule": "6R",
                    "match_confidence": "certain",
                    "charge_cents": 15075,
                    "paid_cents": 9000,
                }
            ],
        }
    ],
    "provider_adjustments": [
        {
            "n": 1,
            "reason": "L6",
            "account": "income:interest",
            "amount_cents": -137,
            "claim_id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
            "segment_number": 31,
        }
    ],
}
