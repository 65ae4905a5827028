"""Rows: trading partners, payers, billing providers, patients, coverages."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Json


class TradingPartnerRow(Base):
    __tablename__ = "trading_partner"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    usage: Mapped[str]
    our_qualifier: Mapped[str]
    our_id: Mapped[str]
    their_qualifier: Mapped[str]
    their_id: Mapped[str]
    group_sender: Mapped[str]
    group_receiver: Mapped[str]
    submitter_name: Mapped[str]
    submitter_contact: Mapped[str]
    submitter_phone: Mapped[str]
    receiver_name: Mapped[str]
    time_zone: Mapped[str]
    host: Mapped[str]
    port: Mapped[int]
    username: Mapped[str]
    private_key_sealed: Mapped[bytes]
    host_keys: Mapped[list[str]]
    outbound_folder: Mapped[str]
    inbound_folder: Mapped[str]
    archive_folder: Mapped[str]
    stable_seconds: Mapped[int]
    incomplete_minutes: Mapped[int] = mapped_column(server_default="60")
    last_exchange_at: Mapped[datetime | None]
    last_received_at: Mapped[datetime | None]
    element_separator: Mapped[str] = mapped_column(server_default="*")
    component_separator: Mapped[str] = mapped_column(server_default=":")
    repetition_separator: Mapped[str] = mapped_column(server_default="^")
    segment_terminator: Mapped[str] = mapped_column(server_default="~")
    line_end: Mapped[str] = mapped_column(server_default="")
    outbound_name: Mapped[str] = mapped_column(server_default="{isa13}_{type}.x12")
    inbound_names: Mapped[list[str]] = mapped_column(server_default="{}")
    cut_off: Mapped[time | None]
    silent_hours: Mapped[int] = mapped_column(server_default="72")
    is_paused: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int] = mapped_column(server_default="1")


class ConnectionTestRow(Base):
    __tablename__ = "connection_test"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    steps: Mapped[Json] = mapped_column(server_default="[]")


class PartnerBreakerRow(Base):
    __tablename__ = "partner_breaker"
    partner_id: Mapped[UUID] = mapped_column(primary_key=True)
    standing: Mapped[str] = mapped_column(server_default="closed")
    last: Mapped[str] = mapped_column(server_default="")
    refusals: Mapped[int] = mapped_column(server_default="0")
    openings: Mapped[int] = mapped_column(server_default="0")
    opened_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(server_default="")
    meeting_job_id: Mapped[UUID | None]
    meeting_token: Mapped[UUID | None]


class PayerRow(Base):
    __tablename__ = "payer"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    identifier: Mapped[str]
    name: Mapped[str]
    filing_code: Mapped[str]
    dependents_have_own_id: Mapped[bool]
    contractual_codes: Mapped[list[str]]
    partner_id: Mapped[UUID]


class BillingProviderRow(Base):
    __tablename__ = "billing_provider"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    npi: Mapped[str]
    name: Mapped[str]
    tax_id: Mapped[str]
    profile: Mapped[Json]


class PatientRow(Base):
    __tablename__ = "patient"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    billing_provider_id: Mapped[UUID]
    source: Mapped[str]
    record_number_index: Mapped[bytes]
    last_name_index: Mapped[bytes]
    last_name_prefix_indexes: Mapped[list[bytes]]
    birth_date_index: Mapped[bytes]
    identity: Mapped[bytes]
    updated_at: Mapped[datetime]


class CoverageRow(Base):
    __tablename__ = "coverage"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    responsibility: Mapped[str]
    member_id_index: Mapped[bytes]
    identity: Mapped[bytes]
    updated_at: Mapped[datetime]
