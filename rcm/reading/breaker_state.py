"""Queries of breakers, with why each is open and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from rcm.db import ReadSession
from rcm.parties.breaker import Breaker, Standing
from rcm.parties.breaker_store import breaker_of
from rcm.reading.job_words import job_words
from rcm.rows import PartnerBreakerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerState:
    """Whether a partner is met now."""

    state: str = "closed"  #: closed, open, half_open.
    since: datetime | None = None  #: When it opened.
    until: datetime | None = None  #: When one meeting is let through. None: a person decides.
    failures: int = 0  #: Meetings in a row that failed.
    code: str = ""
    why: str = ""
    cure: str = ""

    @property
    def waits_for_person(self) -> bool:
        """Tell whether it stays open until somebody acts."""
        return self.state == Standing.OPEN and self.until is None


def breaker_states(session: ReadSession) -> Mapping[UUID, BreakerState]:
    """How the breaker of each partner stands that was met before."""
    rows = session.scalars(select(PartnerBreakerRow))
    return {row.partner_id: state_of_breaker(breaker_of(row)) for row in rows}


def state_of_breaker(breaker: Breaker) -> BreakerState:
    """Return a breaker in words.

    >>> state_of_breaker(Breaker(last=".x")).failures
    1
    """
    if breaker.standing is Standing.CLOSED:
        return BreakerState(failures=breaker.failures)
    words = job_words(breaker.code)
    return BreakerState(
        state=breaker.standing,
        since=breaker.opened_at,
        until=breaker.until,
        failures=breaker.failures,
        code=breaker.code,
        why=words.message,
        cure=words.cure if breaker.waits_for_person else _BY_ITSELF,
    )


_BY_ITSELF = "It is tried again by itself. Test the connection to try it now."
