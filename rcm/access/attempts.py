"""Back-off: five attempts in 15 minutes, of an account and of an address, then none for a while.

An attempt counts before it is tried and is taken back when it succeeds, so a hundred at once are
five. Kept in PostgreSQL: Redis being away changes nothing. Accounts and addresses are kept as keyed
digests.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.access import session_store
from rcm.tools import Tools

ATTEMPTS_MAX = 5  #: reliability.md 4: login 5/15 min per account and address.
WINDOW = timedelta(minutes=15)


class TooManyAttemptsError(Exception):
    """Wait `seconds`; until then not even the right answer is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def address_of(tools: Tools, host: str) -> bytes:
    """Return what stands for a network address."""
    return tools.keys.index("address", host)


def account_of(tools: Tools, kind: str, name: str) -> bytes:
    """Return what stands for an account, for one kind of proof: password, or second factor."""
    return tools.keys.index(f"sign in by {kind}", name)


def begin_attempt(session: Session, tools: Tools, subjects: Sequence[bytes]) -> UUID:
    """Count an attempt against every subject. Commit it before the answer is looked at.

    Raises TooManyAttemptsError; then nothing is counted.
    """
    now = tools.clock()
    session_store.lock_subjects(session, subjects)
    session_store.forget_attempts_before(session, now - WINDOW)
    for subject in subjects:
        fifth = session_store.attempts_of(session, subject, since=now - WINDOW, nth=ATTEMPTS_MAX)
        if fifth is not None:
            wait = fifth + WINDOW - now
            raise TooManyAttemptsError(max(1, math.ceil(wait.total_seconds())))
    attempt_id = tools.randomness.uuid()
    session_store.add_attempt(session, attempt_id, subjects, now=now)
    return attempt_id


def forget_attempt(session: Session, attempt_id: UUID, account: bytes | None = None) -> None:
    """Take back an attempt that succeeded, and what its account failed before.

    What the address failed with other accounts still counts.
    """
    session_store.forget_attempt(session, attempt_id, account)
