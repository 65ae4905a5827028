"""People, keys and what was done, as the API shows them."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import WithJsonSchema

from api.schemas.paging import PAGE_USUAL
from api.schemas.sessions import PracticeName
from api.schemas.text import OneLine
from rcm.access import Role
from rcm.access.users import EMAIL
from rcm.limits import PAGE_MAX

_PRACTICE = {"id": "8d6c2a9e-2ad0-4d6b-a6b0-54a0a4d6cbb1", "name": "HARBOR FAMILY MEDICINE"}
_PERSON = "4c1d2f0e-6a53-4e55-9c0a-1f5f0a7be6aa"

_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
_Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=rf"^\s*{EMAIL.pattern}\s*$"),
]
_Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class UserIn(_In):
    """A person to be invited."""

    email: _Email
    name: _Name
    roles: _Roles
    practices: list[UUID] | None = Field(default=None, description="Null: every practice.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "email": "pat.reed@example.org",
        "name": "Pat Reed",
        "roles": ["poster"],
        "practices": [_PRACTICE["id"]],
    }


class UserPatch(_In):
    """What is to change; what is not said stays."""

    name: _Name | None = None
    roles: _Roles | None = None
    practices: list[UUID] | None = Field(default=None, description="Null, said: every practice.")
    disabled: bool | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"roles": ["poster", "biller"]}


class UserOut(BaseModel):
    """A person; how they come in is not shown."""

    id: UUID
    email: str
    name: str
    roles: list[Role]
    practices: list[PracticeName] | None = Field(description="Null: every practice.")
    disabled: bool
    has_password: bool
    has_second_factor: bool
    created_at: datetime
    last_signed_in_at: datetime | None
    version: int = Field(description="Say it as If-Match, in quotes.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "id": _PERSON,
        "email": "pat.reed@example.org",
        "name": "Pat Reed",
        "roles": ["poster"],
        "practices": [_PRACTICE],
        "disabled": False,
        "has_password": True,
        "has_second_factor": True,
        "created_at": "2026-11-02T14:00:00Z",
        "last_signed_in_at": "2026-11-16T14:41:00Z",
        "version": 3,
    }


class UsersOut(BaseModel):
    """Every person, by name; and the practices that may be chosen."""

    items: list[UserOut]
    total: int
    practices: list[PracticeName]
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [UserOut.EXAMPLE],
        "total": 1,
        "practices": [_PRACTICE],
        "as_of": "2026-11-16T15:00:00Z",
    }


class InvitationOut(BaseModel):
    """A one-time link: `/#/invite/` and the ticket. It is shown this once."""

    user_id: UUID
    ticket: str = Field(repr=False)
    expires_at: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "user_id": _PERSON,
        "ticket": "QmY2b0x4c3JtN2Zq1w9e8r7t6y5u4i3o2p1a0s9d8f7",
        "expires_at": "2026-11-19T15:00:00Z",
    }


class ApiKeyIn(_In):
    """A key to be made."""

    name: _Name
    roles: _Roles = [Role.EHR]
    practices: list[UUID] | None = Field(default=None, description="Null: every practice.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Lakeside EHR",
        "roles": ["ehr"],
        "practices": [_PRACTICE["id"]],
    }


class ApiKeyOut(BaseModel):
    """A key, without what it says."""

    id: UUID
    name: str
    roles: list[Role]
    practices: list[PracticeName] | None = Field(description="Null: every practice.")
    created_at: datetime
    revoked_at: datetime | None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "id": "d3b0f0f2-58a4-4b6c-93a6-95a2f5b0a0d1",
        "name": "Lakeside EHR",
        "roles": ["ehr"],
        "practices": [_PRACTICE],
        "created_at": "2026-11-02T14:00:00Z",
        "revoked_at": None,
    }


class NewApiKeyOut(ApiKeyOut):
    """A new key. What it says is shown this once."""

    secret: str = Field(repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **ApiKeyOut.EXAMPLE,
        "secret": "rcm_7QmYbxcJNZqwertyuiopasdfghjkzxcvbnmPLKJHGFD",
    }


class ApiKeysOut(BaseModel):
    """Every key that there is and was, the newest first."""

    items: list[ApiKeyOut]
    total: int
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [ApiKeyOut.EXAMPLE],
        "total": 1,
        "as_of": "2026-11-16T15:00:00Z",
    }


def write_event_cursor(event_id: int) -> str:
    """Return an opaque cursor that stands for the place after an event."""
    return base64.urlsafe_b64encode(f"e{event_id}".encode("ascii")).decode("ascii")


def read_event_cursor(text: object) -> int | None:
    """Return the event of a cursor. Raises ValueError."""
    if text is None:
        return None
    try:
        plain = base64.b64decode(str(text), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        plain = ""
    if not (plain[:1] == "e" and plain[1:].isdigit() and len(plain) < 19):
        raise ValueError("no list made this cursor")
    return int(plain[1:])


class AuditQuery(_In):
    """Which events."""

    limit: int = Field(default=PAGE_USUAL, ge=1, le=PAGE_MAX, description="Rows of one page.")
    cursor: Annotated[
        int | None, BeforeValidator(read_event_cursor), WithJsonSchema({"type": "string"})
    ] = Field(default=None, description="`next_cursor` of the page before.")
    actor: list[UUID] = Field(default=[], description="Any of these people and programs.")
    action: list[OneLine] = Field(default=[], max_length=20, description="For example claim.view.")
    about: list[OneLine] = Field(default=[], max_length=20, description="For example claim.")
    about_id: UUID | None = None
    since: datetime | None = Field(default=None, alias="from")
    until: datetime | None = Field(default=None, alias="to")


class AuditEventOut(BaseModel):
    """Who did or saw what. Nobody can change it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    actor_id: UUID | None = Field(description="Null for a stranger, and for the operator.")
    actor_name: str
    roles: list[str] = Field(description="At that time.")
    action: str
    about: str
    about_id: UUID | None
    detail: str
    outcome: Literal["done", "refused"]


class ChainOut(BaseModel):
    """How far the hash chain over the events reaches."""

    model_config = ConfigDict(from_attributes=True)

    chained_at: datetime | None = Field(description="When the newest link was made.")
    signed_at: datetime | None = Field(
        description="When the newest checkpoint was signed; null: never, or not known here."
    )
    unchained: int = Field(description="Events that the next link will cover.")


class AuditPage(BaseModel):
    """A page of events, newest first."""

    items: list[AuditEventOut]
    next_cursor: str | None
    total: int
    facets: dict[str, dict[str, int]]
    chain: ChainOut
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "id": 4711,
                "at": "2026-11-16T14:58:02Z",
                "actor_id": _PERSON,
                "actor_name": "Pat Reed",
                "roles": ["poster"],
                "action": "file.download",
                "about": "file",
                "about_id": "0a3a2c52-6a34-4b2e-9f0c-2f0f8a1f8c11",
                "detail": "",
                "outcome": "done",
            }
        ],
        "next_cursor": None,
        "total": 1,
        "facets": {"action": {"file.download": 1}},
        "chain": {
            "chained_at": "2026-11-16T14:59:57Z",
            "signed_at": "2026-11-16T14:59:57Z",
            "unchained": 0,
        },
        "as_of": "2026-11-16T15:00:00Z",
    }
