"""The rest of what the API shows: balances, schedules, jobs, health."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field

from api.schemas.paging import PageOut, PageQuery
from api.schemas.traffic import NO_WORK, WorkOut


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


class ExchangesOut(_Shown):
    """Exchanges are promised; the files will show what they brought."""

    partners: int = Field(description="With so many.")
    paused: int = Field(description="Nothing is exchanged with so many: a person paused them.")
    links: dict[str, str]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "partners": 2,
        "paused": 0,
        "links": {"files": "/api/v1/files", "jobs": "/api/v1/jobs/summary"},
    }


class JobCountOut(_Shown):
    """How many jobs of a queue are in a state."""

    queue: str
    state: str
    count: int


class JobFailureOut(_Shown):
    """Jobs that are not tried again by themselves."""

    kind: str
    words: str = Field(description="What the job does.")
    state: Literal["dead", "quarantined"]
    error_code: str | None
    count: int


class QueueOut(WorkOut):
    """The work of one queue."""

    queue: str


class JobSummaryOut(_Shown):
    """All jobs at a glance."""

    counts: list[JobCountOut]
    queues: list[QueueOut] = Field(description="Every queue; what is done is not in it.")
    oldest_ready_seconds: int | None = Field(
        description="Since it could run; null: no job is ready. Above 120 nobody takes up work."
    )
    failures: list[JobFailureOut]
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "counts": [
            {"queue": "intake", "state": "done", "count": 21},
            {"queue": "send", "state": "dead", "count": 1},
            {"queue": "send", "state": "ready", "count": 1},
        ],
        "queues": [
            {"queue": "intake", **NO_WORK},
            {"queue": "send", **NO_WORK, "ready": 1, "dead": 1, "oldest_ready_seconds": 4},
        ],
        "oldest_ready_seconds": 4,
        "failures": [
            {
                "kind": "deliver_file",
                "words": "Send a file",
                "state": "dead",
                "error_code": "SFTP-LOGIN",
                "count": 1,
            }
        ],
        "as_of": "2026-11-17T08:00:00Z",
    }


class FailedJobOut(_Shown):
    """A job that gave up; it waits for a retry."""

    id: UUID
    kind: str
    state: Literal["dead", "quarantined"] = Field(
        description="dead: its attempts are used up, or none can help; quarantined: its process "
        "died three times."
    )
    error_code: str | None = Field(description="docs/findings.md lists them.")
    words: str = Field(description="What the job does.")
    message: str = Field(description="Why it failed.")
    cure: str = Field(description="What to do.")
    is_retry_safe: bool = Field(description="False: first do what the cure says.")
    attempts: int
    partner_id: UUID | None = Field(description="Null: it concerns them all.")
    file_id: UUID | None
    set_index: int | None = Field(description="Of a transaction set in its file, from 0.")
    created_at: datetime
    failed_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        about = {
            "partner": ("partners", self.partner_id),
            "file": ("files", self.file_id),
        }
        return {name: f"/api/v1/{path}/{found}" for name, (path, found) in about.items() if found}


class FailedJobQuery(PageQuery):
    """Which failed jobs."""

    kind: list[Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]] = Field(
        default=[], description="Any of these."
    )


class FailedJobPage(PageOut[FailedJobOut]):
    """A page of failed jobs; the facet `kind` counts them."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "id": "b4a6d6e2-8a39-4c55-bb0a-0d8f6f1f9e55",
                "kind": "deliver_file",
                "state": "dead",
                "error_code": "SFTP-LOGIN",
                "words": "Send a file",
                "message": "The partner's server refuses our login. We stopped, so that it locks "
                "nothing.",
                "cure": "Check user name and key with the partner. Trying again before may lock "
                "the account.",
                "is_retry_safe": False,
                "attempts": 1,
                "partner_id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
                "file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
                "set_index": None,
                "created_at": "2026-11-16T09:12:43Z",
                "failed_at": "2026-11-16T09:12:45Z",
                "links": {
                    "partner": "/api/v1/partners/9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22",
                    "file": "/api/v1/files/3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
                },
            }
        ],
        "next_cursor": None,
        "total": 1,
        "facets": {"kind": {"deliver_file": 1}},
        "as_of": "2026-11-17T08:00:00Z",
    }


class HealthOut(_Shown):
    """This process is up."""

    status: Literal["ok"]

    EXAMPLE: ClassVar[dict[str, Any]] = {"status": "ok"}


class ReadinessOut(_Shown):
    """This process can serve calls."""

    status: Literal["ready", "degraded"] = Field(
        description="degraded: calls are served, and the work they promise starts later."
    )
    broker: Literal["ok", "away"]

    EXAMPLE: ClassVar[dict[str, Any]] = {"status": "ready", "broker": "ok"}
