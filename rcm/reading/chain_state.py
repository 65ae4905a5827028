"""How far a chain reaches: nothing is proven by this, `rcm audit verify` proves it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from rcm.chains.checkpoints import signed_at
from rcm.chains.model import Chain, Cursor
from rcm.chains.store import COVERED, last_link, moment, stray, within
from rcm.db import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """Up to when rows are chained and signed, and how many are not."""

    chained_at: datetime | None  #: None: nothing is yet.
    signed_at: datetime | None  #: None: never, or in a folder that this process does not know.
    unchained: int


def chain_state(session: ReadSession, chain: Chain, folder: Path | None) -> ChainState:
    """Return how far a chain reaches, and its checkpoints in `folder`."""
    last = last_link(session, chain)
    return ChainState(
        chained_at=last.made_at if last else None,
        signed_at=signed_at(folder, chain) if folder else None,
        unchained=unchained_rows(session, chain)[0],
    )


def unchained_rows(session: ReadSession, chain: Chain) -> tuple[int, datetime | None]:
    """How many rows wait to be chained, and when the first of them was written."""
    last = last_link(session, chain)
    cursor = last.cursor if last else Cursor()
    waiting = stray(chain, COVERED[chain].at.label("at"))
    rows = waiting.where(*within(chain, cursor, moment(session))).subquery()
    count, first_at = session.execute(select(func.count(), func.min(rows.c.at))).one()
    return count, first_at
