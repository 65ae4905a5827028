"""Queries of files: what we sent and received, never their bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from rcm.db import ReadSession
from rcm.reading.pages import Page, Position, equal, following, page_of, total_of
from rcm.rows import FileRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilter:
    """Which files; what is empty chooses all."""

    file_types: Sequence[str] = ()
    direction: str | None = None
    state: str | None = None
    partner_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """A file as its row knows it."""

    id: UUID
    partner_id: UUID
    direction: str
    name: str
    file_type: str
    state: str
    size_bytes: int
    sha256: str  #: Hexadecimal.
    conformance: str
    interchange_number: int | None
    group_number: int | None
    findings: Sequence[Mapping[str, Any]]
    created_at: datetime
    sent_at: datetime | None
    archived_at: datetime | None


def files(
    session: ReadSession, chosen: FileFilter, *, after: Position | None, limit: int
) -> Page[FileSummary]:
    """A page of files, newest first; the facets count them by type."""
    others = equal(
        (FileRow.direction, chosen.direction),
        (FileRow.state, chosen.state),
        (FileRow.partner_id, chosen.partner_id),
    )
    query = select(FileRow).where(*others)
    if chosen.file_types:
        query = query.where(FileRow.file_type.in_(chosen.file_types))
    rows = session.scalars(
        page_of(query, at=FileRow.created_at, row_id=FileRow.id, after=after, limit=limit)
    ).all()
    shown, position = following(rows, limit)
    by_type = session.execute(
        select(FileRow.file_type, func.count())
        .where(*others)
        .group_by(FileRow.file_type)
        .order_by(FileRow.file_type)
    )
    facets = {file_type: count for file_type, count in by_type}  # noqa: C416  # dict(rows) is untyped.
    return Page(
        items=tuple(_summary(row) for row in shown),
        following=position,
        facets=facets,
        total=total_of(facets, chosen.file_types),
    )


def file(session: ReadSession, file_id: UUID) -> FileSummary | None:
    """The file with this id."""
    row = session.get(FileRow, file_id)
    return _summary(row) if row else None


def _summary(row: FileRow) -> FileSummary:
    return FileSummary(
        id=row.id,
        partner_id=row.partner_id,
        direction=row.direction,
        name=row.name,
        file_type=row.file_type,
        state=row.state,
        size_bytes=row.size_bytes,
        sha256=row.sha256.hex(),
        conformance=row.conformance,
        interchange_number=row.interchange_number,
        group_number=row.group_number,
        findings=row.findings,
        created_at=row.created_at,
        sent_at=row.sent_at,
        archived_at=row.archived_at,
    )
