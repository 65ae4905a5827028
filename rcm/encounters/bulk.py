"""Use case: one action on many claims; what cannot be done is told with its reason."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.access import Actor
from rcm.claims.note_store import add_note
from rcm.claims.store import encounter_of
from rcm.encounters.correct import UnknownClaimError, resubmit_claim
from rcm.encounters.hold import NotHoldableError, hold_claim, release_claim
from rcm.encounters.read import BadEncounterError
from rcm.encounters.rebuild import NotCorrectableError, NotOnHoldError, OnHoldError
from rcm.tools import Tools


class BulkAction(StrEnum):
    """What may be done to many claims at once."""

    RESUBMIT = "resubmit"
    NOTE = "note"
    HOLD = "hold"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A claim that was left as it is, and why."""

    claim_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What was done, or would be."""

    done: tuple[UUID, ...]
    warned: tuple[UUID, ...]  #: Done, yet likely to come back: unchanged since it was rejected.
    skipped: tuple[Skipped, ...]


_WHY_NOT: Mapping[type[Exception], str] = {
    UnknownClaimError: "There is no such claim.",
    NotCorrectableError: "It is on its way, or the payer has decided it.",
    OnHoldError: "A person holds it back: release it first.",
    NotHoldableError: "It does not wait to be sent: it is on hold, on its way or answered.",
    NotOnHoldError: "No person holds it back.",
    BadEncounterError: "Its practice or payer is not known here: correct it by itself.",
}


class _DryRunError(Exception):
    """Nothing that was tried shall stand."""


def act_on_claims(  # What to do, with what words, on whose word.
    session: Session,
    tools: Tools,
    action: BulkAction,
    claim_ids: Iterable[UUID],
    *,
    text: str,
    by: Actor,
    dry_run: bool,
) -> BulkResult:
    """Do `action` to each claim, those that allow it; with `dry_run` all of it is taken back."""
    ids = sorted(set(claim_ids))  # In one order: two calls wait for each other.
    result: list[BulkResult] = []
    try:
        with session.begin_nested():
            result.append(_act(session, tools, action, ids, text=text, by=by))
            if dry_run:
                raise _DryRunError  # noqa: TRY301  # Leaves the savepoint.
    except _DryRunError:
        pass
    return result[0]


def _act(
    session: Session,
    tools: Tools,
    action: BulkAction,
    ids: Iterable[UUID],
    *,
    text: str,
    by: Actor,
) -> BulkResult:
    does = _ACTIONS[action]
    done: list[UUID] = []
    warned: list[UUID] = []
    skipped: list[Skipped] = []
    for claim_id in ids:
        try:
            with session.begin_nested():
                is_warned = does(session, tools, claim_id, text, by)
        except tuple(_WHY_NOT) as why:
            skipped.append(Skipped(claim_id=claim_id, reason=_WHY_NOT[type(why)]))
        else:
            done.append(claim_id)
            warned += [claim_id] if is_warned else []
    return BulkResult(done=tuple(done), warned=tuple(warned), skipped=tuple(skipped))


def _resubmit(session: Session, tools: Tools, claim_id: UUID, text: str, by: Actor) -> bool:
    again = resubmit_claim(session, tools, claim_id, by=by)
    if text:
        add_note(session, tools, claim_id, text, by=by)
    return any(found["code"] == "CLAIM-UNCHANGED" for found in again.findings)


def _note(session: Session, tools: Tools, claim_id: UUID, text: str, by: Actor) -> bool:
    if encounter_of(session, claim_id) is None:
        raise UnknownClaimError
    add_note(session, tools, claim_id, text, by=by)
    return False


def _hold(session: Session, tools: Tools, claim_id: UUID, text: str, by: Actor) -> bool:
    hold_claim(session, tools, claim_id, text, by=by)
    return False


def _release(session: Session, tools: Tools, claim_id: UUID, text: str, by: Actor) -> bool:
    release_claim(session, tools, claim_id, text, by=by)
    return False


_ACTIONS: Mapping[BulkAction, Callable[[Session, Tools, UUID, str, Actor], bool]] = {
    BulkAction.RESUBMIT: _resubmit,
    BulkAction.NOTE: _note,
    BulkAction.HOLD: _hold,
    BulkAction.RELEASE: _release,
}
