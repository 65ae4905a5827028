"""Queries of what was done and seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from rcm.db import ReadSession
from rcm.rows import AuditEventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events; what is empty chooses all."""

    actors: Sequence[UUID] = ()
    actions: Sequence[str] = ()
    about: Sequence[str] = ()
    about_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvents:
    """A page of events; `following` is the event after which the next page begins."""

    items: Sequence[AuditEventRow]
    following: int | None
    facets: Mapping[str, int]  #: By action, with every other filter applied.
    total: int


def audit_events(
    session: ReadSession, chosen: AuditFilter, *, after: int | None, limit: int
) -> AuditEvents:
    """A page of events, newest first."""
    others = _conditions(chosen)
    query = select(AuditEventRow).where(*others)
    if chosen.actions:
        query = query.where(AuditEventRow.action.in_(chosen.actions))
    if after is not None:
        query = query.where(AuditEventRow.id < after)
    rows = session.scalars(query.order_by(AuditEventRow.id.desc()).limit(limit + 1)).all()
    counts = session.execute(
        select(AuditEventRow.action, func.count())
        .where(*others)
        .group_by(AuditEventRow.action)
        .order_by(AuditEventRow.action)
    )
    facets = {action: count for action, count in counts}  # noqa: C416  # dict(rows) is untyped.
    return AuditEvents(
        items=rows[:limit],
        following=rows[limit - 1].id if len(rows) > limit else None,
        facets=facets,
        total=sum(
            count
            for action, count in facets.items()
            if not chosen.actions or action in chosen.actions
        ),
    )


def _conditions(chosen: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.actors:
        conditions.append(AuditEventRow.actor_id.in_(chosen.actors))
    if chosen.about:
        conditions.append(AuditEventRow.about.in_(chosen.about))
    if chosen.about_id is not None:
        conditions.append(AuditEventRow.about_id == chosen.about_id)
    if chosen.since is not None:
        conditions.append(AuditEventRow.at >= chosen.since)
    if chosen.until is not None:
        conditions.append(AuditEventRow.at < chosen.until)
    return conditions
