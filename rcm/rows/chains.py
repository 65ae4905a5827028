"""Rows: the hash chains over ledger and audit log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from rcm.rows.base import Base, Big


class ChainLinkRow(Base):
    __tablename__ = "chain_link"
    chain: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[Big] = mapped_column(primary_key=True, autoincrement=False)
    from_place: Mapped[Big]
    to_place: Mapped[Big]
    next_xid: Mapped[Big]
    server_started_at: Mapped[datetime]
    is_caught_up: Mapped[bool]
    made_at: Mapped[datetime]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]


class ChainedEntryRow(Base):
    __tablename__ = "chained_entry"
    place: Mapped[Big] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    digest: Mapped[bytes]


class ChainedEventRow(Base):
    __tablename__ = "chained_event"
    place: Mapped[Big] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[Big]
    at: Mapped[datetime]
    kind: Mapped[str]
    digest: Mapped[bytes]
