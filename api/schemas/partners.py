"""Trading partners as the API shows them: never our private key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.decisions import DECISION, DecisionOut
from api.schemas.partner_settings import HOST_KEY, SETTINGS_EXAMPLE, SettingsOut
from api.schemas.traffic import (
    BREAKER_EXAMPLE,
    EXPECTED_EXAMPLE,
    NO_WORK,
    TOTALS_EXAMPLE,
    TRAFFIC_EXAMPLE,
    BreakerOut,
    ExpectedOut,
    TotalsOut,
    TrafficOut,
    WorkOut,
)
from rcm.exchange.unfetched import Reason
from rcm.parties.read import fingerprint_of
from rcm.reading.partners import PartnerDetail

_ID = "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22"
_TEST_ID = "1d3e8a9e-1f1c-4f1e-9a55-2f0d4a4b8c99"


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PartnerOut(_Shown):
    """A clearinghouse or payer that we exchange files with."""

    id: UUID
    name: str
    usage: Literal["T", "P"] = Field(description="ISA15: test or production.")
    their_id: str = Field(description="Their ISA identifier.")
    time_zone: str
    last_exchange_at: datetime | None
    last_received_at: datetime | None
    last_sent_at: datetime | None
    silence: str | None = Field(
        description="`nothing received since ...`, `never received anything`, `not visited yet`; "
        "null: it spoke within its `silent_hours`."
    )
    silent_since: datetime | None
    is_paused: bool = Field(description="Nothing is exchanged until `resume`.")
    cron: str | None = Field(
        description="When we meet, in the partner's time zone; null: only on `exchange`."
    )
    is_schedule_paused: bool = Field(description="The partner is met only on `exchange`.")
    next_visit_at: datetime | None = Field(description="By schedule.")
    unfetched: int = Field(
        description="Files in the partner's folder that we could not fetch, or not put away."
    )
    quarantined: int = Field(description="Files that wait for a replay or a discard.")
    failed_jobs: int = Field(description="Jobs that wait for a retry.")
    state: Literal["running", "paused", "waiting", "look", "stopped"] = Field(
        description="waiting: not reached, and tried again by itself; look: somebody should look "
        "at it; stopped: nobody visits it until somebody acts."
    )
    state_said: str = Field(description="By whom or by what.")
    state_at: datetime | None = Field(description="And when; read on behind `state_said`.")
    breaker: BreakerOut
    work: WorkOut = Field(description="About the partner, its files and its connection tests.")
    last_24h: TrafficOut
    last_control_number: str | None = Field(description="ISA13 of the last file for it.")


class PartnersOut(_Shown):
    """All trading partners."""

    items: list[PartnerOut]
    total: int
    totals: TotalsOut
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]]


class StepOut(_Shown):
    """What became of one step of a connection test."""

    step: str
    outcome: Literal["ok", "failed", "not_reached"]
    milliseconds: int
    message: str = Field(description="What is wrong; empty unless it failed.")
    cure: str = Field(description="What to do about it.")


class ConnectionTestOut(_Shown):
    """A test of a partner's connection. Its steps are there when it is finished."""

    id: UUID
    partner_id: UUID
    state: Literal["waiting", "passed", "failed"]
    asked_by: str = Field(description="A person's or an API key's name.")
    asked_at: datetime
    finished_at: datetime | None
    steps: list[StepOut]

    EXAMPLE: ClassVar[dict[str, Any]]


class LyingOut(_Shown):
    """A file in the partner's folder that is not ours yet. Its name may name a patient: no name."""

    size: int = Field(description="Bytes.")
    modified: int = Field(description="Unix seconds, by the partner's clock.")
    reason: Reason = Field(
        description="NAME: not one that we fetch; READ: it could not be read; SIZE: too large; "
        "INCOMPLETE: its IEA is not there yet; ARCHIVE: it is ours, and cannot be put away."
    )
    first_seen_at: datetime
    last_seen_at: datetime


class PartnerDetailOut(PartnerOut):
    """One partner with its settings."""

    version: int = Field(description="Counts the edits; also the ETag, which PUT takes back.")
    settings: SettingsOut
    host_key_fingerprints: list[str] = Field(description="As SSH shows them, of each host key.")
    last_connection_test: ConnectionTestOut | None
    lying: list[LyingOut] = Field(description="What `unfetched` counts, the oldest first.")
    decisions: list[DecisionOut] = Field(description="Edits, pauses: the oldest first.")
    expected: list[ExpectedOut] = Field(description="What it has not answered, the oldest first.")
    links: dict[str, str]

    EXAMPLE: ClassVar[dict[str, Any]]


def partner_out(found: PartnerDetail) -> PartnerDetailOut:
    """Return a partner as it is shown."""
    about: Mapping[str, Any] = {name: getattr(found, name) for name in PartnerOut.model_fields}
    return PartnerDetailOut(
        **about,
        version=found.settings.version,
        settings=SettingsOut.model_validate(found.settings),
        host_key_fingerprints=[fingerprint_of(key) for key in found.settings.host_keys],
        last_connection_test=ConnectionTestOut.model_validate(found.last_connection_test)
        if found.last_connection_test
        else None,
        lying=[LyingOut.model_validate(each) for each in found.lying],
        decisions=[DecisionOut.model_validate(each) for each in found.decisions],
        expected=[ExpectedOut.model_validate(each) for each in found.expected],
        links={
            "self": f"/api/v1/partners/{found.id}",
            "files": f"/api/v1/files?partner_id={found.id}",
        },
    )


_PARTNER = {
    "id": _ID,
    "name": "Sandbox Clearinghouse",
    "usage": "T",
    "their_id": "SANDBOXCH",
    "time_zone": "America/Chicago",
    "last_exchange_at": "2026-11-20T20:05:45Z",
    "last_received_at": "2026-11-20T20:05:45Z",
    "last_sent_at": "2026-11-20T20:05:41Z",
    "silence": "nothing received since 2026-11-20 14:05 (3 days)",
    "silent_since": "2026-11-20T20:05:45Z",
    "is_paused": False,
    "cron": "*/15 7-19 * * MON-FRI",
    "is_schedule_paused": False,
    "next_visit_at": "2026-11-24T13:00:00Z",
    "unfetched": 0,
    "quarantined": 1,
    "failed_jobs": 0,
    "state": "waiting",
    "state_said": "Next try",
    "state_at": "2026-11-23T20:12:00Z",
    "breaker": BREAKER_EXAMPLE,
    "work": NO_WORK | {"waiting": 3},
    "last_24h": TRAFFIC_EXAMPLE,
    "last_control_number": "000004162",
}
_OK = {"outcome": "ok", "message": "", "cure": ""}
_NOT_REACHED = {"outcome": "not_reached", "milliseconds": 0, "message": "", "cure": ""}
ConnectionTestOut.EXAMPLE = {
    "id": _TEST_ID,
    "partner_id": _ID,
    "state": "failed",
    "asked_by": "billing office",
    "asked_at": "2026-11-23T15:00:00Z",
    "finished_at": "2026-11-23T15:00:01Z",
    "steps": [
        {"step": "name", "milliseconds": 3} | _OK,
        {"step": "port", "milliseconds": 41} | _OK,
        {"step": "host key", "milliseconds": 0} | _OK,
        {"step": "login", "milliseconds": 96} | _OK,
        {"step": "outbound folder", "milliseconds": 12} | _OK,
        {
            "step": "inbound folder",
            "outcome": "failed",
            "milliseconds": 11,
            "message": "The folder is missing.",
            "cure": "Check the folder names in the partner's settings.",
        },
        {"step": "archive folder"} | _NOT_REACHED,
        {"step": "write"} | _NOT_REACHED,
        {"step": "rename"} | _NOT_REACHED,
        {"step": "remove"} | _NOT_REACHED,
    ],
}
PartnersOut.EXAMPLE = {
    "items": [_PARTNER],
    "total": 1,
    "totals": TOTALS_EXAMPLE,
    "as_of": "2026-11-23T20:10:00Z",
}
PartnerDetailOut.EXAMPLE = {
    **_PARTNER,
    "version": 3,
    "settings": SETTINGS_EXAMPLE,
    "host_key_fingerprints": [fingerprint_of(HOST_KEY)],
    "last_connection_test": ConnectionTestOut.EXAMPLE,
    "lying": [
        {
            "size": 2048,
            "modified": 1795000000,
            "reason": "INCOMPLETE",
            "first_seen_at": "2026-11-17T07:00:00Z",
            "last_seen_at": "2026-11-17T07:45:00Z",
        }
    ],
    "decisions": [DECISION | {"what": "change_partner", "before": ["their_id"], "reason": ""}],
    "expected": [EXPECTED_EXAMPLE],
    "links": {"self": f"/api/v1/partners/{_ID}", "files": f"/api/v1/files?partner_id={_ID}"},
}
