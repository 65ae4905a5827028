"""What changed since: safe against transactions that end in another order than they began.

A transaction below pg_snapshot_xmin has ended, and none will begin below it: of its rows all are
here. So nothing is told before it can no longer be overtaken, and nothing is missed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Text, cast, func, select, tuple_

from rcm.access import Actor, Right
from rcm.db import ReadSession
from rcm.rows import (
    ChangeRow,
    ClaimRow,
    EligibilityCheckRow,
    RemittanceRow,
    WorkItemRow,
)

CHANGES_MAX = 1_000  #: Of one answer; a page that is looked at asks every five seconds.
KEPT = timedelta(hours=24)  #: How far back one may ask; the rows are kept an hour longer.

#: What somebody must be allowed to read, to be told that it changed.
RIGHTS: Mapping[str, Right] = {
    "claim": Right.CLAIMS_READ,
    "work_item": Right.WORK_READ,
    "remittance": Right.REMITTANCES_READ,
    "file": Right.FILES_READ,
    "partner": Right.PARTNERS_READ,
    "eligibility_check": Right.ELIGIBILITY_READ,
    "job": Right.JOBS_READ,
}
_OF_PRACTICES = {
    "claim": ClaimRow.id,
    "work_item": WorkItemRow.id,
    "remittance": RemittanceRow.id,
    "eligibility_check": EligibilityCheckRow.id,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesCursor:
    """Up to where changes were told, and when."""

    xid: int
    id: int
    at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """That something changed; what it is now, its own operation tells."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed, and where to go on."""

    cursor: ChangesCursor
    changes: tuple[Change, ...]
    is_reset: bool  #: Not known any more: everything may have changed.
    has_more: bool


def changes(
    session: ReadSession, actor: Actor, after: ChangesCursor | None, *, now: datetime
) -> Changes:
    """What changed after a cursor, each thing once; without a cursor only where to begin."""
    horizon = session.scalar(
        select(cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger))
    )
    assert horizon is not None
    here = ChangesCursor(xid=horizon, id=0, at=now)
    # A cursor from beyond the horizon is of another life of the database: it was restored.
    is_lost = after is not None and (after.at < now - KEPT or after.xid > horizon)
    if after is None or is_lost:
        return Changes(cursor=here, changes=(), is_reset=is_lost, has_more=False)
    rows = session.execute(
        select(ChangeRow.xid, ChangeRow.id, ChangeRow.kind, ChangeRow.about_id)
        .where(
            tuple_(ChangeRow.xid, ChangeRow.id) > tuple_(after.xid, after.id),
            ChangeRow.xid < horizon,
        )
        .order_by(ChangeRow.xid, ChangeRow.id)
        .limit(CHANGES_MAX)
    ).all()
    has_more = len(rows) == CHANGES_MAX
    if has_more:
        here = ChangesCursor(xid=rows[-1].xid, id=rows[-1].id, at=now)
    told = {
        Change(row.kind, row.about_id)
        for row in rows
        if row.kind in RIGHTS and actor.may(RIGHTS[row.kind])
    }
    if actor.practices is not None:
        told = _of_practices(session, told)
    return Changes(cursor=here, changes=tuple(sorted(told)), is_reset=False, has_more=has_more)


def _of_practices(session: ReadSession, told: Collection[Change]) -> set[Change]:
    """Those that `session`, which is limited, can see."""
    seen = {each for each in told if each.kind not in _OF_PRACTICES}
    for kind, row_id in _OF_PRACTICES.items():
        ids = [each.id for each in told if each.kind == kind]
        if ids:
            found = session.scalars(select(row_id).where(row_id.in_(ids)))
            seen |= {Change(kind, each) for each in found}
    return seen
