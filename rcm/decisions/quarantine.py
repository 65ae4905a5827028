"""Use cases: read again what was kept aside, after a fix; or say that it is never to be used."""

from uuid import UUID

from sqlalchemy.orm import Session

from rcm import jobs
from rcm.access import Actor
from rcm.decisions.model import ReplayIn, UnknownSubjectError, What
from rcm.decisions.store import add_decision
from rcm.exchange import quarantine
from rcm.exchange.store import set_file
from rcm.remittance.decide import CONFLICT_CODE
from rcm.tools import Tools
from rcm.worklists.items import ItemKind
from rcm.worklists.store import settle_items

_AGAIN_FROM = {"quarantined", "discarded"}  #: A discarded file can still be read again.
_JUDGE_AGAIN_FROM = {"held", "discarded"}


class NotInQuarantineError(Exception):
    """The file is in use, or is being read: there is nothing to decide."""


class NotHeldError(Exception):
    """The remittance is posted, or is being judged: there is nothing to decide."""


class NoConflictError(Exception):
    """The remittance is held for another reason than that it resembles one that was posted."""


def replay_file(
    session: Session, tools: Tools, file_id: UUID, asked: ReplayIn, actor: Actor
) -> None:
    """Let a file that was kept aside be read again. Raises UnknownSubject-, NotInQuarantineError.

    Its work item stays until it is used; where it is kept aside again, with the new reason.
    """
    kept = _kept_file(session, file_id, _AGAIN_FROM)
    decided = [What.REPLAY_FILE]
    if asked.allow_number_again:
        decided.append(What.ALLOW_NUMBER_AGAIN)
    for what in decided:
        add_decision(
            session, tools, what, actor,
            reason=asked.reason, before=kept.before, file_id=file_id,
        )  # fmt: skip
    set_file(session, file_id, state="received")
    jobs.add(session, "read_file", ref_id=file_id)


def discard_file(session: Session, tools: Tools, file_id: UUID, reason: str, actor: Actor) -> None:
    """Say that a file in quarantine is never to be used; its bytes and findings stay."""
    kept = _kept_file(session, file_id, {"quarantined"})
    add_decision(
        session, tools, What.DISCARD_FILE, actor,
        reason=reason, before=kept.before, file_id=file_id,
    )  # fmt: skip
    set_file(session, file_id, state="discarded")
    settle_items(session, ItemKind.FILE, now=tools.clock(), by=actor, file_id=file_id)


def replay_remittance(
    session: Session, tools: Tools, remittance_id: UUID, reason: str, actor: Actor
) -> None:
    """Let a held remittance be judged again, for example now that its practice is known.

    Raises UnknownSubjectError, NotHeldError.
    """
    kept = _held(session, remittance_id, _JUDGE_AGAIN_FROM)
    add_decision(
        session, tools, What.REPLAY_REMITTANCE, actor,
        reason=reason, before=kept.before, remittance_id=remittance_id,
    )  # fmt: skip
    quarantine.set_remittance_state(session, remittance_id, "waiting")
    jobs.add(session, "post_remittance", ref_id=kept.file_id, ref_part=kept.set_index)


def post_despite_conflict(
    session: Session, tools: Tools, remittance_id: UUID, reason: str, actor: Actor
) -> None:
    """Let a remittance be posted although another has its trace, day, amount and payee.

    A person says that both are payments; it is judged again, with that answered. Raises
    UnknownSubjectError, NotHeldError, NoConflictError.
    """
    kept = _held(session, remittance_id, {"held"})
    if CONFLICT_CODE not in kept.codes:
        raise NoConflictError
    add_decision(
        session, tools, What.POST_DESPITE_CONFLICT, actor,
        reason=reason, before=kept.before, remittance_id=remittance_id,
    )  # fmt: skip
    quarantine.set_remittance_state(session, remittance_id, "waiting")
    jobs.add(session, "post_remittance", ref_id=kept.file_id, ref_part=kept.set_index)


def discard_remittance(
    session: Session, tools: Tools, remittance_id: UUID, reason: str, actor: Actor
) -> None:
    """Say that a held remittance is never to be posted."""
    kept = _held(session, remittance_id, {"held"})
    add_decision(
        session, tools, What.DISCARD_REMITTANCE, actor,
        reason=reason, before=kept.before, remittance_id=remittance_id,
    )  # fmt: skip
    quarantine.set_remittance_state(session, remittance_id, "discarded")
    settle_items(
        session,
        ItemKind.REMITTANCE,
        now=tools.clock(),
        by=actor,
        remittance_id=remittance_id,
    )


def _kept_file(session: Session, file_id: UUID, states: set[str]) -> quarantine.Kept:
    kept = quarantine.locked_file(session, file_id)
    if kept is None:
        raise UnknownSubjectError
    if kept.state not in states:
        raise NotInQuarantineError
    return kept


def _held(session: Session, remittance_id: UUID, states: set[str]) -> quarantine.KeptRemittance:
    kept = quarantine.locked_remittance(session, remittance_id)
    if kept is None:
        raise UnknownSubjectError
    if kept.state not in states:
        raise NotHeldError
    return kept
