"""Queries of jobs that gave up: about what, why, and when; until a person tries them again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from rcm.db import ReadSession
from rcm.reading.job_words import job_words, kind_words
from rcm.reading.pages import Page, Position, following, page_of, total_of
from rcm.rows import ConnectionTestRow, FileRow, JobRow, TradingPartnerRow

_GIVEN_UP = JobRow.state.in_(("dead", "quarantined"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A job that nobody will try again by itself."""

    id: UUID
    kind: str
    state: str
    error_code: str | None
    words: str  #: What it does.
    message: str  #: Why it failed.
    cure: str
    is_retry_safe: bool
    attempts: int
    partner_id: UUID | None  #: None: it concerns them all.
    file_id: UUID | None
    set_index: int | None  #: Of a transaction set in its file, from 0.
    created_at: datetime
    failed_at: datetime | None


def failed_jobs(
    session: ReadSession, kinds: Sequence[str], *, after: Position | None, limit: int
) -> Page[FailedJob]:
    """A page of failed jobs, newest first; the facets count them by kind."""
    partner_id = func.coalesce(
        TradingPartnerRow.id, FileRow.partner_id, ConnectionTestRow.partner_id
    )
    query = (
        select(
            JobRow.id,
            JobRow.created_at,
            JobRow.kind,
            JobRow.state,
            JobRow.last_error_code,
            JobRow.attempts,
            JobRow.ref_part,
            JobRow.finished_at,
            partner_id.label("partner_id"),
            FileRow.id.label("file_id"),
        )
        .outerjoin(TradingPartnerRow, TradingPartnerRow.id == JobRow.ref_id)
        .outerjoin(FileRow, FileRow.id == JobRow.ref_id)
        .outerjoin(ConnectionTestRow, ConnectionTestRow.id == JobRow.ref_id)
        .where(_GIVEN_UP)
    )
    if kinds:
        query = query.where(JobRow.kind.in_(kinds))
    rows = session.execute(
        page_of(query, at=JobRow.created_at, row_id=JobRow.id, after=after, limit=limit)
    ).all()
    shown, position = following(rows, limit)
    by_kind = session.execute(
        select(JobRow.kind, func.count())
        .where(_GIVEN_UP)
        .group_by(JobRow.kind)
        .order_by(JobRow.kind)
    )
    facets = {kind: count for kind, count in by_kind}  # noqa: C416  # dict(rows) is untyped.
    return Page(
        items=tuple(
            FailedJob(
                id=row.id,
                kind=row.kind,
                state=row.state,
                error_code=row.last_error_code,
                words=kind_words(row.kind),
                **asdict(job_words(row.last_error_code)),
                attempts=row.attempts,
                partner_id=row.partner_id,
                file_id=row.file_id,
                set_index=row.ref_part if row.kind == "post_remittance" else None,
                created_at=row.created_at,
                failed_at=row.finished_at,
            )
            for row in shown
        ),
        following=position,
        facets=facets,
        total=total_of(facets, kinds),
    )
