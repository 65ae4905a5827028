"""Eligibility as the API asks and shows it. Lists name no patient."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    computed_field,
    model_validator,
)

from api.schemas.benefits import ANSWER_EXAMPLE, AnswerOut
from api.schemas.claims import PayerOut
from api.schemas.paging import PageOut, PageQuery
from rcm.eligibility.model import WHOLE_PLAN, Cause, CheckState
from rcm.encounters.model import Day
from rcm.limits import CHECKS_PER_CALL_MAX

OutcomeName = Literal[
    "active", "inactive", "not_found", "payer_down", "refused", "unclear", "unanswered"
]
ServiceType = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,2}$")]
Days = Annotated[int, Field(ge=1, le=365)]
CHECKS = "/api/v1/eligibility-checks"


class Shown(BaseModel):
    """Made of a value of ours."""

    model_config = ConfigDict(from_attributes=True)


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EligibilityCheckIn(_Sent):
    """What to ask: of a coverage, or of the coverage of an encounter's claim."""

    coverage_id: UUID | None = Field(default=None, description="Of /coverages; or encounter_id.")
    encounter_id: UUID | None = Field(default=None, description="Its claim must be built already.")
    service_date: Day | None = Field(
        default=None,
        description="The day to ask about. None: the encounter's, or that of the coverage's first "
        "claim that was not sent, or today.",
    )
    service_types: Annotated[tuple[ServiceType, ...], Field(min_length=1, max_length=20)] = (
        WHOLE_PLAN,
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.coverage_id is None) == (self.encounter_id is None):
            raise ValueError("send coverage_id or encounter_id, one of them")
        return self

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "coverage_id": "4c1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e44",
        "service_date": "2026-11-18",
        "service_types": ["30"],
    }


class EligibilityBatchIn(_Sent):
    """Which coverages to check: those named, or all that were not checked lately."""

    coverage_ids: Annotated[
        tuple[UUID, ...] | None, Field(min_length=1, max_length=CHECKS_PER_CALL_MAX)
    ] = None
    not_checked_in_days: Days | None = Field(
        default=None, description="Whole days, today among them: 1 is those not checked today."
    )
    partner_id: UUID | None = Field(
        default=None, description="With not_checked_in_days: of this trading partner only."
    )

    @model_validator(mode="after")
    def _chooses_one_way(self) -> Self:
        if (self.coverage_ids is None) == (self.not_checked_in_days is None):
            raise ValueError("send coverage_ids or not_checked_in_days, one of them")
        if self.partner_id is not None and self.not_checked_in_days is None:
            raise ValueError("partner_id goes with not_checked_in_days")
        return self

    EXAMPLE: ClassVar[dict[str, Any]] = {"not_checked_in_days": 30}


class EligibilityBatchOut(Shown):
    """What was promised."""

    asked: int = Field(description="New checks.")
    waiting: int = Field(description="Checks that already asked the same and wait for their file.")
    has_more: bool = Field(description="More coverages are due than one call takes: call again.")
    links: dict[str, str]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "asked": 41,
        "waiting": 0,
        "has_more": False,
        "links": {"checks": CHECKS},
    }


class LastKnownOut(Shown):
    """The newest answer that told active or inactive: what to go by while a payer is down."""

    check_id: UUID
    outcome: Literal["active", "inactive"]
    service_date: date
    answered_at: datetime
    plan: str = Field(description="As the payer names it.")

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {"check": f"{CHECKS}/{self.check_id}"}


class EligibilityCheckOut(Shown):
    """A check in a list. The patient is masked."""

    id: UUID
    coverage_id: UUID
    partner_id: UUID
    patient_id: UUID = Field(description="For `GET claims?patient=`: what the answer is about.")
    patient: str = Field(description="Masked: two letters of the family name, the first initial.")
    payer: PayerOut
    plan: str = Field(description="As the payer names it; empty where it does not.")
    service_date: date = Field(description="The day that is asked about.")
    service_types: list[str]
    cause: Cause
    state: CheckState
    outcome: OutcomeName
    reason: str = Field(description="Why it failed: a finding's code, 999 or TA1; else empty.")
    message: str = Field(description="Why it is not simply active, in plain words; else empty.")
    action: str = Field(description="What to do, and whether the same is asked again.")
    tries: int = Field(description="1, and one more each time it is asked again.")
    retry_at: datetime | None = Field(description="When the same will be asked again by itself.")
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        return {"self": f"{CHECKS}/{self.id}"}


class EligibilityCheckDetailOut(EligibilityCheckOut):
    """One check with its answer."""

    retries_id: UUID | None = Field(description="The check that this one asks again.")
    outbound_file_id: UUID | None = Field(description="The 270.")
    inbound_file_id: UUID | None = Field(description="The 271.")
    answer: AnswerOut | None
    last_known: LastKnownOut | None

    EXAMPLE: ClassVar[dict[str, Any]]


CheckSort = Literal[
    "created", "-created",
    "answered", "-answered",
    "service_date", "-service_date",
    "payer", "-payer",
    "outcome", "-outcome",
]  # fmt: skip
PayerIdentifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{2,20}$")]


class EligibilityCheckQuery(PageQuery):
    """Which checks, and in which order."""

    outcome: list[OutcomeName] = Field(default=[], description="Any of these.")
    state: list[CheckState] = Field(default=[], description="Any of these.")
    payer: list[PayerIdentifier] = Field(default=[], description="Any of these identifiers.")
    coverage_id: UUID | None = None
    partner_id: UUID | None = None
    service_from: date | None = Field(default=None, description="Asked for this day, or later.")
    service_to: date | None = Field(default=None, description="Asked for this day, or earlier.")
    sort: CheckSort = Field(default="-created", description="A leading minus: descending.")


class EligibilityCheckPage(PageOut[EligibilityCheckOut]):
    """A page of checks; the facets count them by outcome, state and payer."""

    EXAMPLE: ClassVar[dict[str, Any]]


class EligibilityScheduleIn(_Sent):
    """When coverages are checked by themselves."""

    cron: str = Field(max_length=100, description="Five cron fields in the partner's time zone.")
    days: Days = Field(description="A coverage checked within so many days is left out.")
    is_paused: bool = Field(default=False, description="Nothing is asked by itself, nor again.")

    EXAMPLE: ClassVar[dict[str, Any]] = {"cron": "0 2 * * *", "days": 30, "is_paused": False}


class EligibilityScheduleOut(Shown):
    """When coverages are checked by themselves, and the next times."""

    cron: str
    days: int
    time_zone: str
    is_paused: bool
    next_at: list[datetime] = Field(description="The next three times; none while paused.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "cron": "0 2 * * *",
        "days": 30,
        "time_zone": "America/Chicago",
        "is_paused": False,
        "next_at": ["2026-11-18T08:00:00Z", "2026-11-19T08:00:00Z", "2026-11-20T08:00:00Z"],
    }


_CHECK_ID = "7d1d6f0e-58b6-4e0a-9f0b-0a7c1d2b3e77"
COVERAGE_ID = "4c1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e44"
PAYER_EXAMPLE = {"identifier": "60054", "name": "SANDBOX COMMERCIAL"}
PARTNER_ID = "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22"
_CHECK = {
    "id": _CHECK_ID,
    "coverage_id": COVERAGE_ID,
    "partner_id": PARTNER_ID,
    "patient_id": "b4d6c1de-6a55-4a0e-8d38-1de1a7d3a2c9",
    "patient": "Ca••••, A.",
    "payer": PAYER_EXAMPLE,
    "plan": "GOLD PPO",
    "service_date": "2026-11-18",
    "service_types": ["30"],
    "cause": "person",
    "state": "answered",
    "outcome": "active",
    "reason": "",
    "message": "",
    "action": "",
    "tries": 1,
    "retry_at": None,
    "created_at": "2026-11-17T08:00:00Z",
    "sent_at": "2026-11-17T08:00:02Z",
    "answered_at": "2026-11-17T08:01:09Z",
    "links": {"self": f"{CHECKS}/{_CHECK_ID}"},
}
LAST_KNOWN_EXAMPLE = {
    "check_id": _CHECK_ID,
    "outcome": "active",
    "service_date": "2026-11-18",
    "answered_at": "2026-11-17T08:01:09Z",
    "plan": "GOLD PPO",
    "links": {"check": f"{CHECKS}/{_CHECK_ID}"},
}
_PAGE = {"next_cursor": None, "total": 1, "as_of": "2026-11-17T09:00:00Z"}
EligibilityCheckPage.EXAMPLE = {
    "items": [_CHECK],
    **_PAGE,
    "facets": {
        "outcome": {"active": 1, "payer_down": 2},
        "state": {"answered": 1},
        "payer": {"60054": 1},
    },
}
EligibilityCheckDetailOut.EXAMPLE = _CHECK | {
    "retries_id": None,
    "outbound_file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
    "inbound_file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e34",
    "answer": ANSWER_EXAMPLE,
    "last_known": LAST_KNOWN_EXAMPLE,
}
