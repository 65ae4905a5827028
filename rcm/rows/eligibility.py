"""Rows: checks of eligibility, and when coverages are checked by themselves."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base


class EligibilityCheckRow(Base):
    __tablename__ = "eligibility_check"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    coverage_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    billing_provider_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    trace: Mapped[str]
    service_date: Mapped[date]
    service_types: Mapped[list[str]]
    cause: Mapped[str]
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(server_default="1")
    retries_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(server_default="")
    outcome: Mapped[str | None]
    told_from: Mapped[date | None]
    told_to: Mapped[date | None]
    retry_at: Mapped[datetime | None]
    outbound_file_id: Mapped[UUID | None]
    inbound_file_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer_sealed: Mapped[bytes | None]


class EligibilityScheduleRow(Base):
    __tablename__ = "eligibility_schedule"
    partner_id: Mapped[UUID] = mapped_column(primary_key=True)
    cron: Mapped[str]
    days: Mapped[int]
    is_paused: Mapped[bool]
    set_at: Mapped[datetime]
