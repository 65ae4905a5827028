"""Rows: encounters, claims, their lines, events and notes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Big, Json


class EncounterRow(Base):
    __tablename__ = "encounter"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    external_id: Mapped[str]
    actor_id: Mapped[UUID]
    fingerprint: Mapped[bytes]
    body: Mapped[bytes]
    status: Mapped[str]
    findings: Mapped[Json]
    received_at: Mapped[datetime]


class EncounterVersionRow(Base):
    __tablename__ = "encounter_version"
    encounter_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    actor_id: Mapped[UUID]
    replaced_at: Mapped[datetime]


class ClaimRow(Base):
    __tablename__ = "claim"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    encounter_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    coverage_id: Mapped[UUID]
    billing_provider_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    patient_control_number: Mapped[str]
    payer_control_number: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str]
    status_by: Mapped[str]
    status_at: Mapped[datetime]
    charge_cents: Mapped[Big]
    service_from: Mapped[date]
    service_to: Mapped[date]
    identity: Mapped[bytes]
    findings: Mapped[Json]
    created_at: Mapped[datetime]


class ClaimListingRow(Base):
    """What lists read of a claim. The database keeps it; the service cannot write it."""

    __tablename__ = "claim_listing"
    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    billing_provider_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    status_at: Mapped[datetime]
    created_at: Mapped[datetime]
    charge_cents: Mapped[Big]
    billed_cents: Mapped[Big] = mapped_column(server_default="0")
    paid_cents: Mapped[Big] = mapped_column(server_default="0")
    adjusted_cents: Mapped[Big] = mapped_column(server_default="0")
    patient_cents: Mapped[Big] = mapped_column(server_default="0")
    denied_cents: Mapped[Big] = mapped_column(server_default="0")
    service_from: Mapped[date]
    service_to: Mapped[date]
    status: Mapped[str]


class ClaimSumRow(Base):
    """Claims by status, payer and practice: the rows of a group add up. Kept as listings are."""

    __tablename__ = "claim_sum"
    id: Mapped[Big] = mapped_column(Identity(always=True), primary_key=True)
    billing_provider_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    claims: Mapped[Big]
    charge_cents: Mapped[Big]
    billed_cents: Mapped[Big]
    paid_cents: Mapped[Big]
    adjusted_cents: Mapped[Big]
    patient_cents: Mapped[Big]
    denied_cents: Mapped[Big]
    status: Mapped[str]


class ClaimLineRow(Base):
    __tablename__ = "claim_line"
    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    control_number: Mapped[str]
    procedure: Mapped[str]
    modifiers: Mapped[list[str]]
    charge_cents: Mapped[Big]
    service_from: Mapped[date]
    quantity: Mapped[Big]


class ClaimEventRow(Base):
    __tablename__ = "claim_event"
    id: Mapped[Big] = mapped_column(primary_key=True, autoincrement=True)
    claim_id: Mapped[UUID]
    key: Mapped[str]
    event: Mapped[str]
    status_after: Mapped[str]
    reporter: Mapped[str]
    file_id: Mapped[UUID | None]
    detail: Mapped[Json]
    recorded_at: Mapped[datetime]
    outbound_id: Mapped[UUID | None]
    segment_number: Mapped[int | None]


class ClaimNoteRow(Base):
    __tablename__ = "claim_note"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID]
    kind: Mapped[str]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    text_sealed: Mapped[bytes]
    written_at: Mapped[datetime]
