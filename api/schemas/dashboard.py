"""My day: counters, where to start, and what is wrong with the machinery."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.links import PageLinkOut
from api.schemas.work_items import WorkItemOut


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SummaryQuery(BaseModel):
    """Whose day."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    scope: Literal["me", "team"] = Field(
        default="team", description="`me`: what is assigned to the caller; `team`: all."
    )


class CounterOut(_Shown):
    """Some of the open work; its list, by the link, has the same count and the same sum."""

    count: int
    amount_cents: int
    oldest_at: datetime | None = Field(description="When the oldest was opened; null: none is.")
    link: PageLinkOut


class CountersOut(_Shown):
    """The six counters."""

    rejections: CounterOut
    held: CounterOut
    denials_due: CounterOut = Field(description="Denials that are due within seven days.")
    to_post: CounterOut = Field(description="Remittances that are held.")
    unmatched: CounterOut = Field(description="Money that waits for its claim.")
    coverage: CounterOut = Field(description="Coverages that their payers do not confirm.")


class AlertOut(_Shown):
    """Something that is wrong with connections, files or jobs."""

    severity: Literal["error", "warning"]
    code: str = Field(description="work_waits, jobs_failed, partner_silent, ...: stable.")
    message: str = Field(description="What is wrong.")
    safe: str = Field(description="What is still true.")
    action: str = Field(description="What to do.")
    link: PageLinkOut


class SummaryOut(_Shown):
    """The day of a person, or of the team."""

    counters: CountersOut
    start_here: list[WorkItemOut] = Field(description="The first six: due first, then most money.")
    open_items: int
    due_today: int = Field(description="Due today, or overdue.")
    alerts: list[AlertOut] = Field(description="Of what the caller may look at; errors first.")
    cash_this_week_cents: int = Field(description="Posted remittances paid this week.")
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]]


def _counter(count: int, cents: int, filters: dict[str, Any]) -> dict[str, Any]:
    return {
        "count": count,
        "amount_cents": cents,
        "oldest_at": "2026-11-13T14:02:00Z" if count else None,
        "link": {"page": "worklists", "filter": filters},
    }


SummaryOut.EXAMPLE = {
    "counters": {
        "rejections": _counter(2, 41000, {"kind": "rejected"}),
        "held": _counter(1, 15075, {"kind": "held"}),
        "denials_due": _counter(1, 9000, {"kind": "denied", "due_before": "2026-11-25"}),
        "to_post": _counter(0, 0, {"kind": "remittance"}),
        "unmatched": _counter(1, 8000, {"kind": "suspense"}),
        "coverage": _counter(0, 0, {"kind": "eligibility"}),
    },
    "start_here": [WorkItemOut.EXAMPLE],
    "open_items": 5,
    "due_today": 2,
    "alerts": [
        {
            "severity": "error",
            "code": "files_in_quarantine",
            "message": "1 file kept aside: we could not use what came.",
            "safe": "The bytes are kept as they came, and nothing of them is posted.",
            "action": "Read the reason, then replay or discard.",
            "link": {"page": "files", "filter": {"state": "quarantined"}},
        }
    ],
    "cash_this_week_cents": 1250000,
    "as_of": "2026-11-17T08:00:00Z",
}
