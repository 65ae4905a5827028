"""Coverages as the API lists them. Patients are masked."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, computed_field

from api.schemas.claims import PayerOut
from api.schemas.eligibility import (
    CHECKS,
    COVERAGE_ID,
    LAST_KNOWN_EXAMPLE,
    PARTNER_ID,
    PAYER_EXAMPLE,
    LastKnownOut,
    OutcomeName,
    PayerIdentifier,
    Shown,
)
from api.schemas.paging import PageOut, PageQuery

CoverageSort = Literal["updated", "-updated", "payer", "-payer", "service_date", "-service_date"]


class CoverageOut(Shown):
    """A coverage. The patient is masked."""

    id: UUID
    patient: str = Field(description="Masked: two letters of the family name, the first initial.")
    payer: PayerOut
    plan: str = Field(description="As the payer last named it; empty where it did not.")
    partner_id: UUID
    responsibility: str = Field(description="P, S or T: whether it pays first, second or third.")
    updated_at: datetime = Field(description="When an encounter last told of it.")
    service_date: date | None = Field(description="The latest visit that is billed to it.")
    outcome: OutcomeName = Field(description="Of the newest answer.")
    message: str = Field(description="Why it is not simply active, in plain words; else empty.")
    action: str = Field(description="What to do, and whether the same is asked again.")
    retry_at: datetime | None = Field(description="When the same will be asked again by itself.")
    answered_at: datetime | None
    last_known: LastKnownOut | None

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {"checks": f"{CHECKS}?coverage_id={self.id}"}


class CoverageQuery(PageQuery):
    """Which coverages, and in which order."""

    outcome: list[OutcomeName] = Field(
        default=[], description="Any of these, of the newest answer."
    )
    payer: list[PayerIdentifier] = Field(default=[], description="Any of these identifiers.")
    partner_id: UUID | None = None
    claim_id: UUID | None = Field(default=None, description="The coverage of this claim.")
    service_from: date | None = Field(default=None, description="With a visit then, or later.")
    service_to: date | None = Field(default=None, description="With a visit then, or earlier.")
    sort: CoverageSort = Field(default="-updated", description="A leading minus: descending.")


class CoveragePage(PageOut[CoverageOut]):
    """A page of coverages; the facets count them by outcome and payer."""

    EXAMPLE: ClassVar[dict[str, Any]]


CoveragePage.EXAMPLE = {
    "items": [
        {
            "id": COVERAGE_ID,
            "patient": "Ca••••, A.",
            "payer": PAYER_EXAMPLE,
            "plan": "GOLD PPO",
            "partner_id": PARTNER_ID,
            "responsibility": "P",
            "updated_at": "2026-11-16T09:12:44Z",
            "service_date": "2026-11-18",
            "outcome": "active",
            "message": "",
            "action": "",
            "retry_at": None,
            "answered_at": "2026-11-17T08:01:09Z",
            "last_known": LAST_KNOWN_EXAMPLE,
            "links": {"checks": f"{CHECKS}?coverage_id={COVERAGE_ID}"},
        }
    ],
    "next_cursor": None,
    "total": 1,
    "as_of": "2026-11-17T09:00:00Z",
    "facets": {"outcome": {"active": 1, "unanswered": 3}, "payer": {"60054": 1}},
}
