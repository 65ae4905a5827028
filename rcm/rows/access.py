"""Rows: who acts, their keys, and what they did."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
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
