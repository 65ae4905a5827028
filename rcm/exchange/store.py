"""SQL of files: what we froze to send, what we received, and how each was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from edi.envelope import Interchange
from rcm.crypto import Keys, sha256
from rcm.db import ReadSession
from rcm.failpoint import failpoint
from rcm.files import store_bytes
from rcm.rows import (
    FileRow,
    FileSightingRow,
    InterchangeRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as its row knows it; the bytes are in the vault."""

    id: UUID
    partner_id: UUID
    direction: str
    name: str
    file_type: str
    state: str
    sha256: bytes
    interchange_number: int | None


def _stored(row: FileRow) -> StoredFile:
    return StoredFile(
        id=row.id,
        partner_id=row.partner_id,
        direction=row.direction,
        name=row.name,
        file_type=row.file_type,
        state=row.state,
        sha256=row.sha256,
        interchange_number=row.interchange_number,
    )


def file(session: ReadSession, file_id: UUID) -> StoredFile:
    """The file with this id. Raises NoResultFound."""
    return _stored(session.scalars(select(FileRow).where(FileRow.id == file_id)).one())


def add_outbound(  # noqa: PLR0913  # One row.
    session: Session,
    keys: Keys,
    file_id: UUID,
    *,
    partner_id: UUID,
    name: str,
    file_type: str,
    body: bytes,
    interchange_number: int,
    group_number: int,
    now: datetime,
) -> None:
    """Freeze a file: from here on its bytes never change."""
    session.execute(
        insert(FileRow).values(
            id=file_id,
            partner_id=partner_id,
            direction="outbound",
            name=name,
            file_type=file_type,
            state="frozen",
            sha256=sha256(body),
            size_bytes=len(body),
            interchange_number=interchange_number,
            group_number=group_number,
            conformance="clean",  # Whatever is frozen was proven.
            created_at=now,
        )
    )
    store_bytes(session, keys, file_id, body)


def add_inbound(  # One row and its sighting.
    session: Session,
    keys: Keys,
    file_id: UUID,
    *,
    partner_id: UUID,
    name: str,
    modified: int,
    body: bytes,
    now: datetime,
) -> tuple[UUID, bool]:
    """Store a received file, or find the one with the same bytes: (its id, whether it is new).

    Every sighting, name and time, is kept (reliability.md 2.3, key 1).
    """
    digest = sha256(body)
    added = session.scalar(
        upsert(FileRow)
        .values(
            id=file_id,
            partner_id=partner_id,
            direction="inbound",
            name=name,
            file_type="unknown",
            state="received",
            sha256=digest,
            size_bytes=len(body),
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(FileRow.id)
    )
    known = (
        added
        or session.scalars(
            select(FileRow.id).where(
                FileRow.partner_id == partner_id,
                FileRow.sha256 == digest,
                FileRow.direction == "inbound",
            )
        ).one()
    )
    if added is not None:
        failpoint("inbox.added")
        store_bytes(session, keys, file_id, body)
    session.execute(
        upsert(FileSightingRow)
        .values(file_id=known, name=name, modified=modified, seen_at=now)
        .on_conflict_do_nothing()
    )
    return known, added is not None


def is_sighted(
    session: ReadSession, partner_id: UUID, *, name: str, modified: int, size: int
) -> bool:
    """Tell whether a file of this name, time and size is ours already."""
    return (
        session.scalar(
            select(FileSightingRow.file_id)
            .join(FileRow, FileRow.id == FileSightingRow.file_id)
            .where(
                FileRow.partner_id == partner_id,
                FileSightingRow.name == name,
                FileSightingRow.modified == modified,
                FileRow.size_bytes == size,
            )
            .limit(1)
        )
        is not None
    )


def identity_of(partner_id: UUID, interchange: Interchange) -> dict[str, Any]:
    """Return what makes an interchange the same (reliability.md 2.3, key 2)."""
    return {
        "partner_id": partner_id,
        "sender_qualifier": interchange.sender_qualifier,
        "sender_id": interchange.sender_id,
        "receiver_qualifier": interchange.receiver_qualifier,
        "receiver_id": interchange.receiver_id,
        "control_number": interchange.control_number,
        "usage": interchange.usage,
    }


def interchange_sha256s(
    session: ReadSession, partner_id: UUID, interchange: Interchange
) -> Sequence[bytes]:
    """The SHA-256 of the interchange that took effect with this identity, if any.

    Several where a person allowed the number again.
    """
    query = select(InterchangeRow.sha256).filter_by(**identity_of(partner_id, interchange))
    return session.scalars(query.order_by(InterchangeRow.again)).all()


def add_interchange(
    session: Session,
    file: StoredFile,
    n: int,
    interchange: Interchange,
    raw: bytes,
    *,
    again: int = 0,
) -> None:
    """Register the interchange at place `n` of a file: it takes effect now.

    `again`: how often a person has allowed its number before for other bytes.
    """
    identity = identity_of(file.partner_id, interchange)
    session.execute(
        insert(InterchangeRow).values(
            file_id=file.id, n=n, sha256=sha256(raw), again=again, **identity
        )
    )


def set_file(session: Session, file_id: UUID, **values: Any) -> None:  # noqa: ANN401
    """Update columns of a file's row."""
    session.execute(update(FileRow).where(FileRow.id == file_id).values(**values))


def add_findings(session: Session, file_id: UUID, findings: Sequence[dict[str, Any]]) -> None:
    """Add findings to those of the file."""
    row = session.scalars(select(FileRow).where(FileRow.id == file_id).with_for_update()).one()
    set_file(session, file_id, findings=[*row.findings, *findings])


def advance_file(
    session: Session,
    file_id: UUID,
    state: str,
    *,
    only_from: Sequence[str],
    sent_at: datetime | None = None,
) -> None:
    """Move an outbound file on, unless an answer has already moved it further."""
    session.execute(
        update(FileRow)
        .where(FileRow.id == file_id, FileRow.state.in_(only_from))
        .values(state=state, sent_at=func.coalesce(FileRow.sent_at, sent_at))
    )


def has_left() -> ColumnElement[bool]:
    """Tell of a row whether a byte of it may be with the partner; of no other is there an answer.

    A partner may name any number: an old one of another system, for example. Were a file that
    still waits taken for answered, it would never go.
    """
    return and_(FileRow.direction == "outbound", FileRow.state != "frozen")


def record_arrived(session: Session, file_id: UUID, *, now: datetime) -> None:
    """Remember that an answer proves that a file of ours arrived: it is not sent again.

    The answer may overtake the reply to our upload, or what we note of it.
    """
    advance_file(session, file_id, "sent", only_from=("uncertain",), sent_at=now)


def outbound_by_group(
    session: ReadSession, partner_id: UUID, group_number: int
) -> StoredFile | None:
    """The file we sent with this GS06, which a 999 answers by AK102."""
    row = session.scalars(
        select(FileRow).where(
            FileRow.partner_id == partner_id,
            has_left(),
            FileRow.group_number == group_number,
        )
    ).one_or_none()
    return _stored(row) if row else None


def outbound_by_number(
    session: ReadSession, partner_id: UUID, interchange_number: int
) -> StoredFile | None:
    """The file we sent with this ISA13, which a TA1 answers by TA101."""
    row = session.scalars(
        select(FileRow).where(
            FileRow.partner_id == partner_id,
            has_left(),
            FileRow.interchange_number == interchange_number,
        )
    ).one_or_none()
    return _stored(row) if row else None
