"""Rows: who acts, how they come in, and what they did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Big


class ActorRow(Base):
    __tablename__ = "actor"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    roles: Mapped[list[str]]
    practices: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApiKeyRow(Base):
    __tablename__ = "api_key"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_sha256: Mapped[bytes]


class UserRow(Base):
    __tablename__ = "app_user"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str | None]
    totp_sealed: Mapped[bytes | None]
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    recovery_sha256: Mapped[list[bytes]] = mapped_column(server_default="{}")
    preferences: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    last_signed_in_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")


class SessionRow(Base):
    __tablename__ = "session"
    id_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    stage: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class TicketRow(Base):
    __tablename__ = "ticket"
    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    purpose: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttemptRow(Base):
    __tablename__ = "sign_in_attempt"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class AuditEventRow(Base):
    __tablename__ = "audit_event"
    id: Mapped[Big] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    action: Mapped[str]
    about: Mapped[str]
    about_id: Mapped[UUID | None]
    detail: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(server_default="{}")
    address: Mapped[bytes | None]
    outcome: Mapped[str] = mapped_column(server_default="done")
    xid: Mapped[Big] = mapped_column(server_default=FetchedValue())
