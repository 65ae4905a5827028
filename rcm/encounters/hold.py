"""Use cases: a person holds a claim back, or lets it go again."""

from uuid import UUID

from sqlalchemy.orm import Session

from rcm.access import Actor
from rcm.claims.event_store import record_events
from rcm.claims.events import NewEvent
from rcm.claims.note_store import NoteKind, add_note
from rcm.claims.status import HOLDABLE, ClaimEvent
from rcm.claims.store import lock_claim
from rcm.encounters.correct import UnknownClaimError, lock_encounter_of
from rcm.encounters.read import read_encounter
from rcm.encounters.rebuild import Resubmitted, Why, rebuild
from rcm.encounters.service import read_parties
from rcm.tools import Tools
from rcm.worklists.items import on_hold
from rcm.worklists.store import add_items


class NotHoldableError(Exception):
    """The claim is held back already, on its way, rejected or adjudicated."""


def hold_claim(session: Session, tools: Tools, claim_id: UUID, reason: str, *, by: Actor) -> None:
    """Keep a claim out of every batch until a person releases it; `reason` becomes a note.

    Raises UnknownClaimError, NotHoldableError.
    """
    claim = lock_claim(session, tools.keys, claim_id)
    if claim is None:
        raise UnknownClaimError
    if claim.status not in HOLDABLE:
        raise NotHoldableError
    now, token = tools.clock(), tools.randomness.uuid()
    note = add_note(session, tools, claim_id, reason, by=by, kind=NoteKind.HOLD)
    event = NewEvent(
        claim_id=claim_id,
        key=f"on-hold/{claim_id}/{token}",
        event=ClaimEvent.PUT_ON_HOLD,
        reporter=f"us, {by.name}",
        detail={"note_id": str(note.id)},
    )
    record_events(session, [event], now=now)
    item = on_hold(claim_id, claim.charge_cents, by=by.name, token=token)
    add_items(session, tools, [item], now=now)


def release_claim(
    session: Session, tools: Tools, claim_id: UUID, reason: str, *, by: Actor
) -> Resubmitted:
    """Let a claim go that a person held back: it is built and checked again, as it is now.

    Raises UnknownClaimError, NotOnHoldError; BadEncounterError where its parties are unknown.
    """
    _, body = lock_encounter_of(session, tools, claim_id)
    if reason:
        add_note(session, tools, claim_id, reason, by=by, kind=NoteKind.RELEASE)
    encounter = read_encounter(body)
    parties = read_parties(session)
    return rebuild(session, tools, claim_id, encounter, parties, by=by, why=Why.RELEASED)
