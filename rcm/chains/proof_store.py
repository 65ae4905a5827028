"""SQL of proving a chain: streams, so that memory stays flat however long it is."""

from collections.abc import Iterator

from sqlalchemy import Text, cast, func, select

from rcm.chains.model import Chain, ChainedRow, Link
from rcm.chains.store import COVERED, StrayRow, instant, link_of, stray
from rcm.db import ReadSession
from rcm.rows import ChainLinkRow

_AT_ONCE = {"yield_per": 2_000}  #: Rows that a stream holds in memory.


def strays(session: ReadSession, chain: Chain) -> Iterator[StrayRow]:
    """Stream every row that no link covers."""
    covered = COVERED[chain]
    found = stray(chain, covered.id, cast(covered.at, Text), covered.kind, covered.xid).order_by(
        covered.id
    )
    for row_id, at, kind, xid in session.execute(found, execution_options=_AT_ONCE):
        yield StrayRow(id=str(row_id), at=instant(at), kind=kind, xid=xid)


def links(session: ReadSession, chain: Chain) -> Iterator[Link]:
    """Stream every link, in order."""
    found = select(ChainLinkRow).where(ChainLinkRow.chain == chain).order_by(ChainLinkRow.n)
    for row in session.scalars(found, execution_options=_AT_ONCE):
        yield link_of(row)
        session.expunge(row)


def count_chained(session: ReadSession, chain: Chain) -> int:
    """How many rows are noted in a chain."""
    return session.scalar(select(func.count()).select_from(COVERED[chain].chained)) or 0


def chained_and_now(session: ReadSession, chain: Chain) -> Iterator[tuple[ChainedRow, str | None]]:
    """Stream every chained row in order, and what the row says now; None: it is gone."""
    covered = COVERED[chain]
    chained = covered.chained
    found = (
        select(
            chained.place, chained.id, cast(chained.at, Text), chained.kind, chained.digest,
            covered.id, covered.content,
        )
        .outerjoin_from(chained, covered.id.class_, covered.id == chained.id)
        .order_by(chained.place)
    )  # fmt: skip
    for place, row_id, at, kind, digest, here, content in session.execute(
        found, execution_options=_AT_ONCE
    ):
        row = ChainedRow(place=place, id=str(row_id), at=instant(at), kind=kind, digest=digest)
        yield row, None if here is None else content
