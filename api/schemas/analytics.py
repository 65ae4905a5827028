"""Figures of charts: each with its definition, each part with the list behind it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.links import PageLinkOut


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True, serialize_by_alias=True)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, populate_by_name=True)


class AgingQuery(_Asked):
    """Age of what."""

    basis: Literal["service", "submission"] = Field(
        default="service", description="Days since the first service, or since it was first sent."
    )


class PartOut(_Shown):
    """One part of a bar."""

    amount_cents: int
    link: PageLinkOut | None = Field(description="Null where there is nothing to list.")


class AgingRowOut(_Shown):
    """What one payer, or all patients, owe."""

    label: str
    payer: str | None = Field(description="The payer's identifier; null: patients.")
    total_cents: int
    buckets: list[PartOut]


class AgingOut(_Shown):
    """Open receivables by who owes them and by age; in all exactly those of the ledger."""

    definition: str
    basis: Literal["service", "submission"]
    buckets: list[str] = Field(description="Days.")
    rows: list[AgingRowOut] = Field(description="The largest first, patients last.")
    bucket_totals: list[int] = Field(description="Cents.")
    total_cents: int
    over_90_percent: int = Field(description="Of the total, rounded.")
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]]


class PaymentsQuery(_Asked):
    """Which days, and how they are put together."""

    group: Literal["week", "day"] = "week"
    first: Annotated[
        date | None,
        Field(
            alias="from", description="Not after `to`, at most 800 days before. Default: 12 weeks."
        ),
    ] = None
    last: Annotated[date | None, Field(alias="to", description="Default: today.")] = None


class PointOut(_Shown):
    """The cash of a week or a day."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    amount_cents: int
    is_open: bool = Field(description="It is not over yet.")
    link: PageLinkOut | None


class CashOut(_Shown):
    """What payers paid, by day of payment."""

    definition: str
    group: Literal["week", "day"]
    points: list[PointOut]
    total_cents: int
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]]


class DenialsQuery(_Asked):
    """By what."""

    by: Literal["carc", "payer", "category"] = "carc"


class DenialFigureOut(_Shown):
    """What was denied for one reason, by one payer, or in one category."""

    key: str
    label: str
    words: str = Field(description="What the code means; empty where there is none.")
    amount_cents: int = Field(description="Open.")
    count: int = Field(description="Open.")
    total_cents: int = Field(description="Open and done.")
    total_count: int
    cumulative_share: Decimal = Field(
        description="Of the open money: its own and all before it, 0 to 1; a decimal as text."
    )
    link: PageLinkOut


class DenialsOut(_Shown):
    """Denied money, the largest first."""

    definition: str
    by: Literal["carc", "payer", "category"]
    items: list[DenialFigureOut]
    amount_cents: int
    count: int
    total_cents: int
    total_count: int
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]]


def _claims(**filters: str) -> dict[str, Any]:
    return {"page": "claims", "filter": {"has_open": "payer", "payer": "60054", **filters}}


_PARTS = [
    {"amount_cents": 41000, "link": _claims(service_from="2026-10-18")},
    {
        "amount_cents": 9000,
        "link": _claims(service_from="2026-09-18", service_to="2026-10-17"),
    },
    {"amount_cents": 0, "link": None},
    {"amount_cents": 0, "link": None},
    {"amount_cents": 0, "link": None},
]
AgingOut.EXAMPLE = {
    "definition": "Receivables of the ledger, by days since the first day of service.",
    "basis": "service",
    "buckets": ["0-30", "31-60", "61-90", "91-120", ">120"],
    "rows": [
        {"label": "SANDBOX COMMERCIAL", "payer": "60054", "total_cents": 50000, "buckets": _PARTS}
    ],
    "bucket_totals": [41000, 9000, 0, 0, 0],
    "total_cents": 50000,
    "over_90_percent": 0,
    "as_of": "2026-11-17T08:00:00Z",
}
CashOut.EXAMPLE = {
    "definition": "BPR02 of remittances that are posted, by the day of payment (BPR16).",
    "group": "week",
    "points": [
        {
            "from": "2026-11-16",
            "to": "2026-11-17",
            "amount_cents": 1250000,
            "is_open": True,
            "link": {
                "page": "payments",
                "filter": {
                    "state": "posted",
                    "paid_from": "2026-11-16",
                    "paid_to": "2026-11-17",
                },
            },
        }
    ],
    "total_cents": 1250000,
    "as_of": "2026-11-17T08:00:00Z",
}
DenialsOut.EXAMPLE = {
    "definition": "Money that payers denied and a person works.",
    "by": "carc",
    "items": [
        {
            "key": "CO-197",
            "label": "CO-197",
            "words": "No authorization or referral",
            "amount_cents": 15075,
            "count": 1,
            "total_cents": 30150,
            "total_count": 2,
            "cumulative_share": "1.0000",
            "link": {"page": "worklists", "filter": {"kind": "denied", "reason": "CO-197"}},
        }
    ],
    "amount_cents": 15075,
    "count": 1,
    "total_cents": 30150,
    "total_count": 2,
    "as_of": "2026-11-17T08:00:00Z",
}
