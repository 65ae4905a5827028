"""Rows: control numbers, files, their bytes, interchanges, submissions, what is not fetched."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Big, Json


class ControlNumberRow(Base):
    __tablename__ = "control_number"
    partner_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[Big]


class FileRow(Base):
    __tablename__ = "file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID]
    direction: Mapped[str]
    name: Mapped[str]
    file_type: Mapped[str]
    state: Mapped[str]
    sha256: Mapped[bytes]
    size_bytes: Mapped[Big]
    interchange_number: Mapped[Big | None]
    group_number: Mapped[Big | None]
    findings: Mapped[Json] = mapped_column(server_default="[]")
    conformance: Mapped[str] = mapped_column(server_default="unchecked")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]


class FileChunkRow(Base):
    __tablename__ = "file_chunk"
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    is_last: Mapped[bool]
    sealed: Mapped[bytes]


class FileSightingRow(Base):
    __tablename__ = "file_sighting"
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    modified: Mapped[Big] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class UnfetchedRow(Base):
    __tablename__ = "unfetched"
    partner_id: Mapped[UUID] = mapped_column(primary_key=True)
    name_index: Mapped[bytes] = mapped_column(primary_key=True)
    size: Mapped[Big] = mapped_column(primary_key=True)
    modified: Mapped[Big] = mapped_column(primary_key=True)
    reason: Mapped[str]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class InterchangeRow(Base):
    __tablename__ = "interchange"
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID]
    sender_qualifier: Mapped[str]
    sender_id: Mapped[str]
    receiver_qualifier: Mapped[str]
    receiver_id: Mapped[str]
    control_number: Mapped[str]
    usage: Mapped[str]
    sha256: Mapped[bytes]
    again: Mapped[int] = mapped_column(server_default="0")


class SubmissionRow(Base):
    __tablename__ = "submission"
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    set_number: Mapped[str] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(primary_key=True)
    patient_control_number: Mapped[str]
    billing_provider_id: Mapped[UUID]
    payer_id: Mapped[UUID]
