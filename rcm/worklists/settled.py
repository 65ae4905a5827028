"""What a remittance settles of the work that was open, and what it brings back."""

from datetime import datetime

from sqlalchemy.orm import Session

from rcm.remittance.history import History
from rcm.remittance.settle import Adjudication, pair
from rcm.worklists.items import ItemKind, denial_key
from rcm.worklists.store import close_items, close_keys, reopen_keys


def close_answered(session: Session, history: History, *, now: datetime) -> None:
    """Close what waited for an answer of the payer: there is one."""
    answered = set(history.claims.values())
    close_items(session, answered, [ItemKind.REJECTED, ItemKind.FOLLOW_UP], now=now)


def keep_standing_denials(session: Session, history: History, *, now: datetime) -> None:
    """Let a denial be work as long as no reversal takes it back, in whatever order they arrive.

    The denied money stays on its account until then.
    """
    every = [history.of(claim_id) for claim_id in set(history.claims.values())]
    standing = {each for said in every for each in pair(said)[0]}
    gone = [each for said in every for each in said if each not in standing]
    close_keys(session, [_key(each) for each in gone], now=now)
    reopen_keys(session, [_key(each) for each in standing])


def _key(adjudication: Adjudication) -> str:
    return denial_key(adjudication.remittance_id, adjudication.position)
