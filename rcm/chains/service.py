"""Use case: chain what was posted and recorded, and sign it. Whoever posts never waits for it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from rcm import jobs
from rcm.chains import store
from rcm.chains.checkpoints import CheckpointDiffersError, CheckpointWriter
from rcm.chains.model import ROWS_PER_LINK, Chain, ChainedRow, Cursor, Link, digest, link_after
from rcm.chains.store import Moment, StrayRow
from rcm.clock import Clock
from rcm.db import UnitOfWork
from rcm.failpoint import failpoint
from rcm.jobs import PermanentJobError, TransientJobError

KIND = "chain_rows"
EVERY = timedelta(seconds=5)  #: At most so often; what comes in between is one link.
ROWS_PER_LOOK = 20_000  #: Of one transaction; a longer backlog takes several.
_SIGNED_AT_ONCE = 20  #: Links that are in memory with their rows.


def promise_chaining(session: Session, clock: Clock) -> None:
    """Promise the job where a row waits, or the server was restarted, for at least EVERY.

    For every relay. What gave up a moment ago is left alone for a while.
    """
    if store.gave_up_lately(session, KIND):
        return
    now = store.moment(session)
    for chain in Chain:
        last = store.last_link(session, chain)
        if last is not None and last.made_at > clock() - EVERY:
            continue
        is_new_life = last is not None and last.cursor.server_started_at != now.server_started_at
        cursor = last.cursor if last else Cursor()
        if is_new_life or store.has_unchained(session, chain, cursor, now):
            jobs.add_again(session, KIND, ref_id=None)
            return


def chain_rows(transaction: UnitOfWork, clock: Clock, checkpoints: CheckpointWriter | None) -> None:
    """Chain every row that is there, and sign every link that is not signed yet.

    May run any number of times, at the same time too. Raises TransientJobError where the folder of
    checkpoints cannot be written, PermanentJobError where it holds another chain.
    """
    for chain in Chain:
        is_more = True
        while is_more:
            with transaction() as session:
                is_more = _link(session, chain, clock)
                failpoint("chain.linked")
        failpoint("chain.committed")
        if checkpoints is None:
            continue
        try:
            _sign(transaction, chain, clock, checkpoints)
        except OSError:
            raise TransientJobError("CHECKPOINT-WRITE") from None
        except CheckpointDiffersError:
            raise PermanentJobError("CHECKPOINT-DIFFERS") from None


def _link(session: Session, chain: Chain, clock: Clock) -> bool:
    """Make the next links; tell whether there may be more to do.

    What is not seen here belongs to a transaction that had not ended when `moment` was asked, so
    its number is not below `ended_below`: the next look begins there, and leaves out what is
    chained. In a new life of the server, perhaps with a database that was restored, numbers mean
    nothing: everything is looked at once.
    """
    if not store.try_lock(session, chain):
        return False
    store.fix_output(session)
    now = store.moment(session)
    last = store.last_link(session, chain)
    cursor = last.cursor if last else Cursor()
    is_new_life = cursor.server_started_at != now.server_started_at
    found = store.unchained(session, chain, cursor, now, limit=ROWS_PER_LOOK)
    if not found and (last is None or not is_new_life):
        return False
    is_all = len(found) < ROWS_PER_LOOK
    following = _following(cursor, now, found, is_all=is_all)
    rows = _rows(found, last.to_place + 1 if last else 1)
    for start in range(0, max(len(rows), 1), ROWS_PER_LINK):
        is_last = start + ROWS_PER_LINK >= len(rows)
        covered = rows[start : start + ROWS_PER_LINK]
        last = link_after(
            last,
            covered,
            chain=chain,
            cursor=following if is_last else cursor,
            is_caught_up=is_last and is_all,
            made_at=clock(),
        )
        store.add(session, last, covered)
    return not is_all


def _following(cursor: Cursor, now: Moment, found: list[StrayRow], *, is_all: bool) -> Cursor:
    """Where the next look begins."""
    if is_all:
        return Cursor(next_xid=now.ended_below, server_started_at=now.server_started_at)
    if cursor.server_started_at != now.server_started_at:
        return cursor  # Everything, once more: this life begins when all of it was seen.
    return Cursor(
        next_xid=min(now.ended_below, found[-1].xid), server_started_at=now.server_started_at
    )


def _rows(found: list[StrayRow], first_place: int) -> list[ChainedRow]:
    return [
        ChainedRow(place=place, id=row.id, at=row.at, kind=row.kind, digest=digest(row.content))
        for place, row in enumerate(found, start=first_place)
    ]


def _sign(
    transaction: UnitOfWork, chain: Chain, clock: Clock, checkpoints: CheckpointWriter
) -> None:
    with checkpoints.open(chain) as file:
        while True:
            with transaction() as session:
                links: list[tuple[Link, tuple[ChainedRow, ...]]] = store.links_from(
                    session, chain, max(file.follows, 1), limit=_SIGNED_AT_ONCE
                )
            file.append(links, now=clock())
            if len(links) < _SIGNED_AT_ONCE:
                return
