"""The rest of what the API shows: balances, partners, jobs, health."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class BalancesOut(_Shown):
    """The whole ledger."""

    balances: dict[str, int] = Field(description="Cents by account; a debit is positive.")
    total_cents: int = Field(description="The sum of all balances: 0, or the ledger is broken.")
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "balances": {
            "adjustment:contractual": 3075,
            "cash:in-transit": 9000,
            "receivable:patient": 3000,
            "receivable:payer": 0,
            "revenue:charges": -15075,
        },
        "total_cents": 0,
        "as_of": "2026-11-17T08:00:00Z",
    }


class PartnerOut(_Shown):
    """A clearinghouse or payer that we exchange files with."""

    id: UUID
    name: str
    usage: Literal["T", "P"] = Field(description="ISA15: test or production.")
    their_id: str = Field(description="Their ISA identifier.")
    time_zone: str
    last_exchange_at: datetime | None
    last_received_at: datetime | None
    cron: str | None = Field(
        description="When we meet, in the partner's time zone; null: only on `exchange`."
    )
    is_paused: bool
    unfetched: int = Field(
        description="Files in the partner's folder that we could not fetch, or not put away."
    )


class ScheduleIn(BaseModel):
    """When a partner is visited."""

    model_config = ConfigDict(extra="forbid")

    cron: str = Field(max_length=100, description="Five cron fields in the partner's time zone.")
    is_paused: bool = False

    EXAMPLE: ClassVar[dict[str, Any]] = {"cron": "*/15 7-19 * * MON-FRI", "is_paused": False}


class ScheduleOut(_Shown):
    """When a partner is visited, and the next times."""

    cron: str
    time_zone: str
    is_paused: bool
    next_at: list[datetime] = Field(description="The next three visits; none while paused.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "cron": "*/15 7-19 * * MON-FRI",
        "time_zone": "America/New_York",
        "is_paused": False,
        "next_at": ["2026-11-17T12:00:00Z", "2026-11-17T12:15:00Z", "2026-11-17T12:30:00Z"],
    }


class PartnersOut(_Shown):
    """Every trading partner, by name: there are few, so all are on one page."""

    items: list[PartnerOut]
    total: int
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
                "name": "Sandbox Clearinghouse",
                "usage": "T",
                "their_id": "SANDBOX",
                "time_zone": "America/New_York",
                "last_exchange_at": "2026-11-16T09:12:45Z",
                "last_received_at": "2026-11-16T09:12:45Z",
                "cron": "*/15 7-19 * * MON-FRI",
                "is_paused": False,
                "unfetched": 0,
            }
        ],
        "total": 1,
        "as_of": "2026-11-17T08:00:00Z",
    }


class ExchangeOut(_Shown):
    """An exchange is promised; the files will show what it brought."""

    partner_id: UUID
    links: dict[str, str]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
        "links": {
            "files": "/api/v1/files?partner_id=9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
            "jobs": "/api/v1/jobs/summary",
        },
    }


class JobCountOut(_Shown):
    """How many jobs of a queue are in a state."""

    queue: str
    state: str
    count: int


class JobFailureOut(_Shown):
    """Jobs that are not tried again by themselves."""

    kind: str
    state: Literal["dead", "quarantined"]
    error_code: str | None
    count: int


class JobSummaryOut(_Shown):
    """All jobs at a glance."""

    counts: list[JobCountOut]
    oldest_ready_seconds: int | None = Field(description="Null: no job waits.")
    failures: list[JobFailureOut]
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "counts": [
            {"queue": "intake", "state": "done", "count": 21},
            {"queue": "send", "state": "dead", "count": 1},
            {"queue": "send", "state": "ready", "count": 1},
        ],
        "oldest_ready_seconds": 4,
        "failures": [
            {"kind": "deliver_file", "state": "dead", "error_code": "SFTP-REFUSED", "count": 1}
        ],
        "as_of": "2026-11-17T08:00:00Z",
    }


class HealthOut(_Shown):
    """This process is up and reaches the database."""

    status: Literal["ok"]

    EXAMPLE: ClassVar[dict[str, Any]] = {"status": "ok"}
