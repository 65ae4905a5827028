"""SQL of the chains: which rows are not chained yet, and what the chained ones say now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    cast,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session

from rcm.chains.model import Chain, ChainedRow, Cursor, Link
from rcm.db import ReadSession
from rcm.rows import (
    AuditEventRow,
    ChainedEntryRow,
    ChainedEventRow,
    ChainLinkRow,
    JobRow,
    LedgerEntryRow,
    PostingRow,
)

#: What a digest is over, in this order, for good: a column that is added later needs a chain of its
#: own form, or what is chained already would no longer match. `xid` is left out: a row that was
#: restored from a backup is of another transaction.
ENTRY = ("key", "kind", "file_id", "set_number", "effective_on", "posted_at")
POSTING = (
    "n", "account", "amount_cents", "billing_provider_id", "claim_id", "line", "payer_id",
    "remittance_id", "reason", "reference", "segment_number", "element",
)  # fmt: skip
EVENT = (
    "at", "actor_id", "actor_name", "action", "about", "about_id", "detail", "roles", "address",
    "outcome",
)  # fmt: skip
_LOCK = 0x72636D636861696E  #: An advisory lock: one process makes links of a chain at a time.


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Where the rows of a chain are, and what is chained of each."""

    id: Any
    at: Any
    kind: Any
    xid: Any
    content: ColumnElement[str]  #: Everything a row says but its id, in one canonical text.
    chained: Any
    read_id: Callable[[str], UUID | int]


def _text_of(row: type[Any], names: Sequence[str], *more: Any) -> ColumnElement[str]:  # noqa: ANN401 - any column
    """Return a row's text as PostgreSQL writes composite values: each value quoted, none merged."""
    return cast(func.row(*(getattr(row, name) for name in names), *more), Text)


_POSTINGS = func.array(
    select(_text_of(PostingRow, POSTING))
    .where(PostingRow.entry_id == LedgerEntryRow.id)
    .order_by(PostingRow.n)
    .correlate(LedgerEntryRow)
    .scalar_subquery()
)
COVERED: Mapping[Chain, Covered] = MappingProxyType(
    {
        Chain.LEDGER: Covered(
            id=LedgerEntryRow.id,
            at=LedgerEntryRow.posted_at,
            kind=LedgerEntryRow.kind,
            xid=LedgerEntryRow.xid,
            content=_text_of(LedgerEntryRow, ENTRY, _POSTINGS),
            chained=ChainedEntryRow,
            read_id=UUID,
        ),
        Chain.AUDIT: Covered(
            id=AuditEventRow.id,
            at=AuditEventRow.at,
            kind=AuditEventRow.action,
            xid=AuditEventRow.xid,
            content=_text_of(AuditEventRow, EVENT),
            chained=ChainedEventRow,
            read_id=int,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How far transactions are, and since when the server runs."""

    ended_below: int  #: Every transaction below has ended.
    begun_below: int  #: None at or above has begun.
    server_started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayRow:
    """A row that no link covers."""

    id: str
    at: datetime
    kind: str
    xid: int
    content: str = ""


def fix_output(session: ReadSession) -> None:
    """Let this transaction write values one way, whatever the database or the role was set to."""
    session.execute(
        select(
            func.set_config("TimeZone", "UTC", True),  # noqa: FBT003 - is_local
            func.set_config("DateStyle", "ISO, YMD", True),  # noqa: FBT003
            func.set_config("bytea_output", "hex", True),  # noqa: FBT003
        )
    )


def instant(told: str | None) -> datetime:
    """Return an instant as `fix_output` lets it be written.

    What no program of ours writes, and only an intruder can, is the end of time, not an error.

    >>> instant("2026-11-23 15:00:00+00").isoformat(), instant("infinity").year
    ('2026-11-23T15:00:00+00:00', 9999)
    """
    try:
        return datetime.fromisoformat(told or "")
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)


def try_lock(session: Session, chain: Chain) -> bool:
    """Tell whether this transaction alone may make links of the chain. Nobody who posts waits."""
    number = _LOCK + list(Chain).index(chain)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def moment(session: ReadSession) -> Moment:
    """Return where transactions are now."""
    snapshot = func.pg_current_snapshot()

    def number(bound: ColumnElement[Any]) -> ColumnElement[int]:
        return cast(cast(bound, Text), BigInteger)

    below, above, started = session.execute(
        select(
            number(func.pg_snapshot_xmin(snapshot)),
            number(func.pg_snapshot_xmax(snapshot)),
            func.pg_postmaster_start_time(),
        )
    ).one()
    return Moment(ended_below=below, begun_below=above, server_started_at=started)


def stray(chain: Chain, *columns: Any) -> Select[Any]:  # noqa: ANN401 - any column
    """Return a query of the rows that no link covers."""
    covered = COVERED[chain]
    return select(*columns).where(~exists().where(covered.chained.id == covered.id))


def within(chain: Chain, cursor: Cursor, now: Moment) -> list[ColumnElement[bool]]:
    """Which rows are worth a look: in a new life of the server, all of them."""
    if cursor.server_started_at != now.server_started_at:
        return []
    xid = COVERED[chain].xid
    return [xid >= cursor.next_xid, xid < now.begun_below]


def has_unchained(session: ReadSession, chain: Chain, cursor: Cursor, now: Moment) -> bool:
    """Tell whether a row waits to be chained."""
    found = stray(chain, COVERED[chain].id).where(*within(chain, cursor, now)).limit(1)
    return session.execute(found).first() is not None


def unchained(
    session: ReadSession, chain: Chain, cursor: Cursor, now: Moment, *, limit: int
) -> list[StrayRow]:
    """The rows that are here and not chained, in the order of their transactions."""
    covered = COVERED[chain]
    rows = session.execute(
        stray(chain, covered.id, cast(covered.at, Text), covered.kind, covered.xid, covered.content)
        .where(*within(chain, cursor, now))
        .order_by(covered.xid, covered.id)
        .limit(limit)
    )
    return [
        StrayRow(id=str(row_id), at=instant(at), kind=kind, xid=xid, content=content)
        for row_id, at, kind, xid, content in rows
    ]


def add(session: Session, link: Link, rows: Sequence[ChainedRow]) -> None:
    """Append a link and the rows it covers."""
    covered = COVERED[link.chain]
    if rows:
        session.execute(
            insert(covered.chained),
            [
                {
                    "place": row.place,
                    "id": covered.read_id(row.id),
                    "at": row.at,
                    "kind": row.kind,
                    "digest": row.digest,
                }
                for row in rows
            ],
        )
    session.execute(
        insert(ChainLinkRow).values(
            chain=link.chain,
            n=link.n,
            from_place=link.from_place,
            to_place=link.to_place,
            next_xid=link.cursor.next_xid,
            server_started_at=link.cursor.server_started_at,
            is_caught_up=link.is_caught_up,
            made_at=link.made_at,
            previous_hash=link.previous_hash,
            hash=link.hash,
        )
    )


def gave_up_lately(session: ReadSession, kind: str) -> bool:
    """Tell whether a job of this kind was given up within the last quarter of an hour."""
    pause = func.make_interval(0, 0, 0, 0, 0, 15)
    found = exists().where(
        JobRow.kind == kind,
        JobRow.state.in_(("dead", "quarantined")),
        JobRow.finished_at > func.now() - pause,
    )
    return bool(session.scalar(select(found)))


def last_link(session: ReadSession, chain: Chain) -> Link | None:
    """The newest link."""
    newest = select(ChainLinkRow).where(ChainLinkRow.chain == chain)
    row = session.scalars(newest.order_by(ChainLinkRow.n.desc()).limit(1)).one_or_none()
    return link_of(row) if row else None


def links_from(
    session: ReadSession, chain: Chain, n: int, *, limit: int
) -> list[tuple[Link, tuple[ChainedRow, ...]]]:
    """Links with their rows, from number `n` on."""
    found = select(ChainLinkRow).where(ChainLinkRow.chain == chain, ChainLinkRow.n >= n)
    links = [link_of(row) for row in session.scalars(found.order_by(ChainLinkRow.n).limit(limit))]
    return [(link, _rows_of(session, link)) for link in links]


def _rows_of(session: ReadSession, link: Link) -> tuple[ChainedRow, ...]:
    chained = COVERED[link.chain].chained
    rows = session.execute(
        select(chained.place, chained.id, chained.at, chained.kind, chained.digest)
        .where(chained.place.between(link.from_place, link.to_place))
        .order_by(chained.place)
    )
    return tuple(
        ChainedRow(place=place, id=str(row_id), at=at, kind=kind, digest=digest)
        for place, row_id, at, kind, digest in rows
    )


def link_of(row: ChainLinkRow) -> Link:
    """Return a row as a link."""
    return Link(
        chain=Chain(row.chain),
        n=row.n,
        from_place=row.from_place,
        to_place=row.to_place,
        cursor=Cursor(next_xid=row.next_xid, server_started_at=row.server_started_at),
        is_caught_up=row.is_caught_up,
        made_at=row.made_at,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
