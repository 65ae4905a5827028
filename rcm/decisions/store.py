"""SQL of decisions: appended, and shown. The database lets nobody change one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from rcm.access import Actor
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.decisions.model import Decision, What
from rcm.rows import DecisionRow
from rcm.tools import Tools

SHOWN_MAX = 100  #: Of one subject: the latest.


def add_decision(
    session: Session,
    tools: Tools,
    what: What,
    actor: Actor,
    *,
    reason: str = "",
    before: Iterable[str] = (),
    **about: UUID,
) -> None:
    """Append a decision of `actor`; `about` names partner_id, file_id, remittance_id or job_id."""
    decision_id = tools.randomness.uuid()
    sealed = tools.keys.seal(reason.encode(), table="decision", row=decision_id, column="reason")
    session.execute(
        insert(DecisionRow).values(
            id=decision_id,
            what=what,
            who=actor.name,
            actor_id=actor.id,
            reason_sealed=sealed,
            before=list(before),
            made_at=tools.clock(),
            **about,
        )
    )


def decisions_about(session: ReadSession, keys: Keys, **about: UUID) -> Sequence[Decision]:
    """The latest decisions about one partner, file, remittance or job, the oldest first."""
    rows = session.scalars(
        select(DecisionRow)
        .filter_by(**about)
        .order_by(DecisionRow.made_at.desc(), DecisionRow.id.desc())
        .limit(SHOWN_MAX)
    ).all()
    return [
        Decision(
            what=What(row.what),
            who=row.who,
            reason=keys.open(
                row.reason_sealed, table="decision", row=row.id, column="reason"
            ).decode(),
            before=tuple(row.before),
            made_at=row.made_at,
        )
        for row in reversed(rows)
    ]


def is_conflict_decided(session: ReadSession, remittance_id: UUID) -> bool:
    """Tell whether a person said that this remittance is another payment than one it resembles."""
    found = select(DecisionRow.id).where(
        DecisionRow.remittance_id == remittance_id,
        DecisionRow.what == What.POST_DESPITE_CONFLICT,
    )
    return session.scalar(found.limit(1)) is not None


def is_number_allowed(session: ReadSession, file_id: UUID) -> bool:
    """Tell whether a person let this file use an interchange control number again."""
    found = select(DecisionRow.id).where(
        DecisionRow.file_id == file_id, DecisionRow.what == What.ALLOW_NUMBER_AGAIN
    )
    return session.scalar(found.limit(1)) is not None
