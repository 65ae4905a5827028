"""What a remittance settles of the work that was open, and what it brings back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.remittance.history import History
from rcm.remittance.settle import Adjudication, pair
from rcm.worklists.follow_up import ANSWERED, FollowUp, follow_up_key
from rcm.worklists.items import ItemKind, denial_key
from rcm.worklists.store import close_items, close_keys, close_reasons, reopen_keys


def close_answered(session: Session, history: History, *, now: datetime) -> None:
    """Close what waited for an answer of the payer: there is one."""
    answered = set(history.claims.values())
    close_items(session, answered, [ItemKind.REJECTED, ItemKind.HELD, ItemKind.ON_HOLD], now=now)
    close_reasons(session, answered, ANSWERED, now=now)


def keep_standing(session: Session, history: History, *, now: datetime) -> None:
    """Let what an adjudication left to do be work as long as no reversal takes it back.

    Denied money stays on its account until then, and what the patient was sent is owed by him.
    In whatever order they arrive.
    """
    gone: list[str] = []
    standing: list[str] = []
    for claim_id in set(history.claims.values()):
        said = history.of(claim_id)
        stands = set(pair(said)[0])
        for each in said:
            (standing if each in stands else gone).extend(_keys(claim_id, each))
    kept = set(standing)
    close_keys(session, [key for key in gone if key not in kept], now=now)
    reopen_keys(session, standing, now=now)


def _keys(claim_id: UUID, adjudication: Adjudication) -> tuple[str, str]:
    remittance_id = adjudication.remittance_id
    return (
        denial_key(remittance_id, adjudication.position),
        follow_up_key(FollowUp.PAID_TO_PATIENT, claim_id, remittance_id),
    )
