"""Rows: remittances and the ledger."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, FetchedValue, Integer
from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Big, Json


class RemittanceRow(Base):
    __tablename__ = "remittance"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    file_id: Mapped[UUID]
    set_index: Mapped[int]
    set_number: Mapped[str]
    partner_id: Mapped[UUID]
    state: Mapped[str]
    payer_name: Mapped[str]
    payer_id: Mapped[str]
    trace: Mapped[str]
    payee_id: Mapped[str]
    payment_date: Mapped[date | None]
    payment_cents: Mapped[Big]
    method: Mapped[str]
    claims: Mapped[int]
    claims_paid_cents: Mapped[Big]
    provider_adjustments_cents: Mapped[Big]
    content_sha256: Mapped[bytes]
    findings: Mapped[Json]
    received_at: Mapped[datetime]


class RemittanceClaimRow(Base):
    __tablename__ = "remittance_claim"
    remittance_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID | None]
    billing_provider_id: Mapped[UUID | None]
    payer_id: Mapped[UUID | None]
    patient_control_number: Mapped[str]
    payer_control_number: Mapped[str]
    status_code: Mapped[str]
    charge_cents: Mapped[Big]
    paid_cents: Mapped[Big]
    patient_cents: Mapped[Big]
    match_rule: Mapped[str]
    match_confidence: Mapped[str]
    contractual_codes: Mapped[list[str]]
    state: Mapped[str]
    segment_number: Mapped[int]
    verdict: Mapped[str]
    is_other_payer: Mapped[bool]
    reverses_remittance_id: Mapped[UUID | None]
    reverses_position: Mapped[int | None]
    is_expanded: Mapped[bool]
    is_dismissed: Mapped[bool] = mapped_column(server_default="false")


class HandMatchRow(Base):
    __tablename__ = "hand_match"
    remittance_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]
    claim_id: Mapped[UUID]
    billing_provider_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    contractual_codes: Mapped[list[str]]
    lines: Mapped[list[int | None]] = mapped_column(ARRAY(Integer))
    is_other_payer: Mapped[bool]
    original_remittance_id: Mapped[UUID | None]
    original_position: Mapped[int | None]
    told_index: Mapped[bytes]
    payer_number_before: Mapped[str]
    event_key: Mapped[str]
    actor_id: Mapped[UUID]
    who: Mapped[str]
    made_at: Mapped[datetime]


class RemittanceServiceRow(Base):
    __tablename__ = "remittance_service"
    remittance_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int | None]
    match_rule: Mapped[str]
    match_confidence: Mapped[str]
    charge_cents: Mapped[Big]
    paid_cents: Mapped[Big]


class ProviderAdjustmentRow(Base):
    __tablename__ = "provider_adjustment"
    remittance_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    reference: Mapped[str]
    account: Mapped[str]
    amount_cents: Mapped[Big]
    billing_provider_id: Mapped[UUID | None]
    claim_id: Mapped[UUID | None]
    segment_number: Mapped[int]


class LedgerEntryRow(Base):
    __tablename__ = "ledger_entry"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    kind: Mapped[str]
    file_id: Mapped[UUID]
    set_number: Mapped[str]
    effective_on: Mapped[date]
    posted_at: Mapped[datetime]
    xid: Mapped[Big] = mapped_column(server_default=FetchedValue())


class PostingRow(Base):
    __tablename__ = "posting"
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    amount_cents: Mapped[Big]
    billing_provider_id: Mapped[UUID | None]
    claim_id: Mapped[UUID | None]
    line: Mapped[int | None]
    payer_id: Mapped[UUID | None]
    remittance_id: Mapped[UUID | None]
    reason: Mapped[str]
    reference: Mapped[str]
    segment_number: Mapped[int]
    element: Mapped[int]
