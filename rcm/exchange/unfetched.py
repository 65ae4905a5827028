"""SQL of files that lie in a partner's folder and are not ours yet, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rcm.db import ReadSession
from rcm.rows import UnfetchedRow

Sight = tuple[bytes, int, int]  #: HMAC of the name, bytes, modified: a changed file is another.


class Reason(StrEnum):
    """Why a file is not fetched."""

    NAME = "NAME"  #: It is not one we would fetch; an upload in progress has such a name too.
    READ = "READ"  #: The partner refused it, or the line broke while it was read.
    SIZE = "SIZE"  #: Larger than FILE_BYTES_MAX.
    INCOMPLETE = "INCOMPLETE"  #: Its IEA is not there yet.
    ARCHIVE = "ARCHIVE"  #: It is ours, but the partner does not let us put it away.


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """A file that lies with a partner. Its name may be PHI: it is not kept."""

    size: int  #: Bytes.
    modified: int  #: Unix seconds, by the partner's clock.
    reason: Reason
    first_seen_at: datetime
    last_seen_at: datetime


def unfetched(session: ReadSession, partner_id: UUID) -> tuple[Unfetched, ...]:
    """What lies with a partner and could not be fetched or put away, the oldest first."""
    rows = session.scalars(
        select(UnfetchedRow)
        .where(UnfetchedRow.partner_id == partner_id)
        .order_by(UnfetchedRow.first_seen_at, UnfetchedRow.name_index)
    )
    return tuple(
        Unfetched(
            size=row.size,
            modified=row.modified,
            reason=Reason(row.reason),
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
        )
        for row in rows
    )


def seen_again(
    session: Session, partner_id: UUID, listed: Collection[Sight], *, now: datetime
) -> dict[Sight, datetime]:
    """Return when each noted file was first seen that is still listed; forget the others."""
    key = (UnfetchedRow.name_index, UnfetchedRow.size, UnfetchedRow.modified)
    mine = UnfetchedRow.partner_id == partner_id
    rows = session.execute(select(*key, UnfetchedRow.first_seen_at).where(mine))
    noted = {(row.name_index, row.size, row.modified): row.first_seen_at for row in rows}
    forget(session, partner_id, noted.keys() - set(listed))
    session.execute(update(UnfetchedRow).where(mine).values(last_seen_at=now))
    return {sight: noted[sight] for sight in noted.keys() & set(listed)}


def note(
    session: Session, partner_id: UUID, found: Mapping[Sight, Reason], *, now: datetime
) -> None:
    """Remember why these are not fetched; when they were first seen stays."""
    if not found:
        return
    statement = insert(UnfetchedRow)
    changes = {
        "reason": statement.excluded.reason,
        "last_seen_at": statement.excluded.last_seen_at,
    }
    session.execute(
        statement.on_conflict_do_update(constraint="unfetched_pkey", set_=changes),
        [
            {
                "partner_id": partner_id,
                "name_index": name_index,
                "size": size,
                "modified": modified,
                "reason": reason,
                "first_seen_at": now,
                "last_seen_at": now,
            }
            for (name_index, size, modified), reason in found.items()
        ],
    )


def forget(session: Session, partner_id: UUID, sights: Collection[Sight]) -> None:
    """Remove what was fetched, or is gone."""
    if not sights:
        return
    session.connection().execute(
        delete(UnfetchedRow).where(
            UnfetchedRow.partner_id == partner_id,
            UnfetchedRow.name_index == bindparam("n"),
            UnfetchedRow.size == bindparam("s"),
            UnfetchedRow.modified == bindparam("m"),
        ),
        [{"n": name_index, "s": size, "m": modified} for name_index, size, modified in sights],
    )
