"""Use cases of putting right: correct an encounter, and send a claim that was refused again.

A claim that a clearinghouse or payer rejected was never adjudicated: it goes again as frequency 1,
under a new number, so that late answers to the first journey are known as such (claims.md 5). One
that a 999 or TA1 refused never reached a payer: it goes again under its number (rules-that-bite
M36). A claim on its way, or adjudicated, is not touched.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from rcm import jobs
from rcm.access import Actor, audit
from rcm.claims.event_store import refused_in
from rcm.claims.store import encounter_of
from rcm.encode import findings_to_json
from rcm.encounters import store
from rcm.encounters.edits import Difference, differences
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.encounters.rebuild import Resubmitted, Why, rebuild
from rcm.encounters.service import known_parties, preview, read_parties
from rcm.tools import Tools


class UnknownClaimError(Exception):
    """No claim or encounter has this id."""


class OtherEncounterError(Exception):
    """A correction names another source or external id than the encounter it corrects."""


class NothingRefusedError(Exception):
    """No claim waits that was refused with this file: perhaps it is the answer, or went again."""


class SavedMeanwhileError(Exception):
    """Somebody has saved the encounter since its version was read.

    `theirs` is what they changed of the version that was read, `yours` what this call would have;
    `theirs` is empty where that version is not known any more.
    """

    def __init__(self, theirs: Sequence[Difference], yours: Sequence[Difference]) -> None:
        super().__init__(f"{len(theirs)} and {len(yours)} fields")
        self.theirs = tuple(theirs)
        self.yours = tuple(yours)


def lock_encounter_of(session: Session, tools: Tools, claim_id: UUID) -> tuple[UUID, bytes]:
    """Lock the encounter of a claim: its id, and its content. Raises UnknownClaimError.

    Before the claim, as everywhere: two calls wait for each other and never block each other.
    """
    encounter_id = encounter_of(session, claim_id)
    body = store.lock_body(session, tools.keys, encounter_id) if encounter_id else None
    if encounter_id is None or body is None:
        raise UnknownClaimError
    return encounter_id, body


def correct_encounter(
    session: Session,
    tools: Tools,
    encounter_id: UUID,
    body: bytes,
    *,
    by: Actor,
    tag: str | None = None,
) -> store.StoredEncounter:
    """Replace an encounter by its correction, and build its claim again; the earlier one is kept.

    Where `tag` is given, the version must be the one that was read. Raises BadEncounterError where
    the correction is no encounter or names parties unknown here, SavedMeanwhileError,
    OtherEncounterError, NotCorrectableError, UnknownClaimError.
    """
    encounter = read_encounter(body)
    before = store.lock_body(session, tools.keys, encounter_id)
    stored = store.find(session, encounter_id)
    if before is None or stored is None:
        raise UnknownClaimError
    refuse_stale(session, tools, encounter_id, tag, now=before, yours=lambda _: encounter)
    if (stored.source, stored.external_id) != (encounter.source, encounter.external_id):
        raise OtherEncounterError
    parties = read_parties(session)
    unknown, _, _ = known_parties(encounter, parties)
    if unknown:
        raise BadEncounterError(unknown)
    findings = findings_to_json(preview(encounter, parties, tools))
    store.correct(
        session,
        tools.keys,
        encounter_id,
        before=before,
        body=body,
        fingerprint=tools.keys.index("encounter", encounter.model_dump_json()),
        findings=findings,
        status="claimed" if stored.claim_id else "received",
        actor_id=by.id,
        now=tools.clock(),
    )
    changed = _changed(before, encounter)
    _record(session, tools, stored, changed, by=by)
    if stored.claim_id is None:
        jobs.add(session, "sweep_encounters")
    else:
        why, claim_id = Why.CORRECTED, stored.claim_id
        rebuild(session, tools, claim_id, encounter, parties, by=by, why=why, changed=changed)
    found = store.find(session, encounter_id)
    assert found is not None
    return found


def _record(
    session: Session,
    tools: Tools,
    stored: store.StoredEncounter,
    changed: Sequence[str],
    *,
    by: Actor,
) -> None:
    """Let the audit say who changed which fields, never what of."""
    claim_id = stored.claim_id
    audit.record(
        session,
        tools,
        by,
        "encounter.correct",
        about="claim" if claim_id else "encounter",
        about_id=claim_id or stored.id,
        detail=" ".join(changed),
    )


def refuse_stale(
    session: Session,
    tools: Tools,
    encounter_id: UUID,
    tag: str | None,
    *,
    now: bytes,
    yours: Callable[[bytes], EncounterIn],
) -> None:
    """Raise SavedMeanwhileError unless `tag` is of the version that `now` is; None passes.

    `yours` makes of the version that was read what was wanted.
    """
    version = store.version_of(session, encounter_id)
    assert version is not None
    if tag is None or tag == version.tag:
        return
    number, _, _ = tag.partition("-")
    known = number.isascii() and number.isdigit() and len(number) <= 9  # An int.
    base = store.body_at(session, tools.keys, encounter_id, int(number)) if known else None
    read = read_encounter(base or now)
    wanted = yours(base or now)
    raise SavedMeanwhileError(differences(read, read_encounter(now)), differences(read, wanted))


def _changed(before: bytes, after: EncounterIn) -> list[str]:
    """Return the pointers of what a correction changes; none where what was there is unreadable."""
    try:
        earlier = read_encounter(before)
    except BadEncounterError:
        return []
    return [each.pointer for each in differences(earlier, after)]


def resubmit_claim(session: Session, tools: Tools, claim_id: UUID, *, by: Actor) -> Resubmitted:
    """Build a claim again from its encounter: it waits for the next batch, or is held.

    One that goes again as it was rejected is warned of. Raises NotCorrectableError, OnHoldError,
    UnknownClaimError; BadEncounterError where its parties are unknown.
    """
    _, body = lock_encounter_of(session, tools, claim_id)
    encounter = read_encounter(body)
    parties = read_parties(session)
    return rebuild(session, tools, claim_id, encounter, parties, by=by, why=Why.AGAIN)


def resubmit_file(
    session: Session, tools: Tools, file_id: UUID, *, by: Actor
) -> tuple[Resubmitted, ...]:
    """Send again every claim that was refused with a file of ours (rules-that-bite M36).

    Raises NothingRefusedError where no claim of such a file waits for that.
    """
    refused = refused_in(session, file_id)
    if not refused:
        raise NothingRefusedError
    return tuple(resubmit_claim(session, tools, claim_id, by=by) for claim_id in refused)
