"""Rows: what people have to do, and what they decided."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Computed, FetchedValue, Identity
from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Big


class WorkItemRow(Base):
    __tablename__ = "work_item"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    message: Mapped[str]
    action: Mapped[str]
    pointer: Mapped[str]
    amount_cents: Mapped[Big]
    claim_id: Mapped[UUID | None]
    file_id: Mapped[UUID | None]
    remittance_id: Mapped[UUID | None]
    eligibility_check_id: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(server_default="")
    encounter_id: Mapped[UUID | None]
    due_on: Mapped[date]
    assignee_id: Mapped[UUID | None]
    touched_at: Mapped[datetime]
    closed_by_id: Mapped[UUID | None]
    category: Mapped[str] = mapped_column(server_default="")
    urgency: Mapped[Big] = mapped_column(
        Computed("((due_on - '1970-01-01'::date) * '100000000000'::bigint) - amount_cents")
    )


class WorkItemEventRow(Base):
    __tablename__ = "work_item_event"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[Big] = mapped_column(Identity(always=True))
    work_item_id: Mapped[UUID]
    what: Mapped[str]
    who: Mapped[str]
    actor_id: Mapped[UUID | None]
    assignee_id: Mapped[UUID | None]
    reason_sealed: Mapped[bytes | None]
    at: Mapped[datetime]


class DecisionRow(Base):
    __tablename__ = "decision"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    what: Mapped[str]
    who: Mapped[str]
    actor_id: Mapped[UUID]
    reason_sealed: Mapped[bytes]
    partner_id: Mapped[UUID | None]
    file_id: Mapped[UUID | None]
    remittance_id: Mapped[UUID | None]
    job_id: Mapped[UUID | None]
    before: Mapped[list[str]]
    made_at: Mapped[datetime]


class ChangeRow(Base):
    __tablename__ = "change"
    id: Mapped[Big] = mapped_column(Identity(always=True), primary_key=True)
    xid: Mapped[Big] = mapped_column(server_default=FetchedValue())
    kind: Mapped[str]
    about_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
