"""Rows: deployment, idempotency, jobs, schedules."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Small


class DeploymentRow(Base):
    __tablename__ = "deployment"
    id: Mapped[Small] = mapped_column(primary_key=True, server_default="1")
    kind: Mapped[str]
    created_at: Mapped[datetime]


class IdempotencyRow(Base):
    __tablename__ = "idempotency"
    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    status: Mapped[Small]
    answer_sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class JobRow(Base):
    __tablename__ = "job"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref_id: Mapped[UUID | None]
    ref_part: Mapped[int] = mapped_column(server_default="0")
    dedupe_key: Mapped[str]
    queue: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default="0")
    deaths: Mapped[int] = mapped_column(server_default="0")
    attempts_max: Mapped[int]
    next_run_at: Mapped[datetime]
    nudged_at: Mapped[datetime | None]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    last_error_code: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ScheduleRow(Base):
    __tablename__ = "schedule"
    partner_id: Mapped[UUID] = mapped_column(primary_key=True)
    cron: Mapped[str]
    is_paused: Mapped[bool]
    set_at: Mapped[datetime]


class CronTickRow(Base):
    __tablename__ = "cron_tick"
    name: Mapped[str] = mapped_column(primary_key=True)
    scheduled_for: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    seen_at: Mapped[datetime]
