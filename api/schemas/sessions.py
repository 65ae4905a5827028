"""Signing in, as the API speaks of it. Nothing of what is sent here is ever repeated."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from rcm.access import Right, Role
from rcm.settings import Deployment


class _Secret(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class LoginIn(_Secret):
    """An email and a password."""

    email: str = Field(max_length=254, repr=False)
    password: str = Field(max_length=1000, repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "email": "pat.reed@example.org",
        "password": "four words nobody else puts together",
    }


class CodeIn(_Secret):
    """A code: six digits of an authenticator, or a recovery code."""

    code: str = Field(max_length=64, repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {"code": "492039"}


class RecoveryIn(CodeIn):
    """A recovery code; blanks, hyphens and capitals make no difference."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"code": "k7mq-2xhd-9vwp-ntr4"}


class TicketIn(_Secret):
    """The secret of a one-time link: what follows its last slash."""

    ticket: str = Field(max_length=200, repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {"ticket": "QmY2b0x4c3JtN2Zq1w9e8r7t6y5u4i3o2p1a0s9d8f7"}


class PasswordIn(_Secret):
    """A new password; who is signed in says the old one too."""

    password: str = Field(max_length=1000, repr=False)
    old_password: str | None = Field(default=None, max_length=1000, repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "password": "five other words of my own",
        "old_password": "four words nobody else puts together",
    }


class NextOut(BaseModel):
    """What comes next; the cookie is renewed at each step."""

    next: Literal["totp", "enrol", "set_password", "done", "sign_in"]
    csrf_token: str | None = Field(description="To say as X-CSRF-Token from now on.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "next": "totp",
        "csrf_token": "0b9d7f0e5cfb4a7793ad2b0f6a3c1e58",
    }


class EnrolOut(BaseModel):
    """The secret of a new authenticator. It counts once a code of it is confirmed."""

    secret: str = Field(repr=False)
    otpauth_uri: str = Field(repr=False)
    svg: str = Field(repr=False, description="The URI as a QR code.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        "otpauth_uri": "otpauth://totp/Revenue%20cycle:pat.reed%40example.org?secret="
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Revenue%20cycle",
        "svg": '<svg xmlns="http://www.w3.org/2000/svg" width="45" height="45"></svg>',
    }


class ConfirmOut(NextOut):
    """The recovery codes. They are shown this once."""

    recovery_codes: list[str] = Field(repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "next": "done",
        "csrf_token": "0b9d7f0e5cfb4a7793ad2b0f6a3c1e58",
        "recovery_codes": ["k7mq-2xhd-9vwp-ntr4", "w3fe-hh2k-p8cm-4zqa"],
    }


class SessionOut(BaseModel):
    """Until when a session lasts."""

    idle_ends_at: datetime = Field(description="Where nothing is asked until then.")
    absolute_ends_at: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "idle_ends_at": "2026-11-16T15:15:00Z",
        "absolute_ends_at": "2026-11-17T02:41:00Z",
    }


class PracticeName(BaseModel):
    """A practice, by name."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class MeOut(BaseModel):
    """Who calls, and what they may."""

    id: UUID
    name: str
    email: str | None = Field(description="Null for a program.")
    roles: list[Role]
    rights: list[Right]
    practices: list[PracticeName] | None = Field(description="Null: every practice.")
    preferences: dict[str, Any]
    csrf_token: str | None = Field(description="Null for a program, which needs none.")
    session: SessionOut | None
    deployment: Deployment

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "id": "4c1d2f0e-6a53-4e55-9c0a-1f5f0a7be6aa",
        "name": "Pat Reed",
        "email": "pat.reed@example.org",
        "roles": ["poster"],
        "rights": ["remittances.read", "remittances.work", "self"],
        "practices": [
            {"id": "8d6c2a9e-2ad0-4d6b-a6b0-54a0a4d6cbb1", "name": "HARBOR FAMILY MEDICINE"}
        ],
        "preferences": {"theme": "dark"},
        "csrf_token": "0b9d7f0e5cfb4a7793ad2b0f6a3c1e58",
        "session": SessionOut.EXAMPLE,
        "deployment": "sandbox",
    }


class PreferencesIn(BaseModel):
    """What a person prefers: a few short values, of which the service makes nothing."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    __pydantic_extra__: dict[str, bool | int | str | list[str] | None] = Field(init=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {"theme": "dark", "compact": True}


class PreferencesOut(PreferencesIn):
    """What is kept now."""
