"""Use cases of putting right: correct an encounter, and send a claim that was refused again.

A claim that a clearinghouse or payer rejected was never adjudicated: it goes again as frequency 1,
under a new number, so that late answers to the first journey are known as such (claims.md 5). One
that a 999 or TA1 refused never reached a payer: it goes again under its number (rules-that-bite
M36). A claim on its way, or adjudicated, is not touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from edi.findings import Finding, Severity
from rcm import jobs
from rcm.access import Actor
from rcm.claims.build import build_claim, lost_characters, new_control_number
from rcm.claims.events import NewEvent
from rcm.claims.scrub import scrub
from rcm.claims.status import CORRECTABLE, ClaimEvent, ClaimStatus
from rcm.claims.store import (
    NewClaim,
    encounter_of,
    lock_claim,
    record_events,
    refused_in,
    replace_claim,
)
from rcm.encode import findings_to_json
from rcm.encounters import store
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.encounters.service import (
    Parties,
    known_parties,
    preview,
    read_parties,
)
from rcm.matching.store import SeenCoverage, SeenPatient, save_coverages, save_patients
from rcm.tools import Tools
from rcm.worklists.items import ItemKind, held
from rcm.worklists.store import add_items, close_items

_REJECTED = frozenset({ClaimStatus.REJECTED, ClaimStatus.REJECTED_BY_PAYER})


class NotCorrectableError(Exception):
    """The claim is on its way or was adjudicated: correcting it here would change nothing."""


class UnknownClaimError(Exception):
    """No claim or encounter has this id."""


class OtherEncounterError(Exception):
    """A correction names another source or external id than the encounter it corrects."""


class NothingRefusedError(Exception):
    """No claim waits that was refused with this file: perhaps it is the answer, or went again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resubmitted:
    """What became of a claim that was built again."""

    claim_id: UUID
    status: ClaimStatus  #: READY for the next batch, or HELD.
    patient_control_number: str  #: Another one where the claim was rejected.
    findings: Sequence[Mapping[str, Any]]


def correct_encounter(
    session: Session, tools: Tools, encounter_id: UUID, body: bytes, *, by: Actor
) -> store.StoredEncounter:
    """Replace an encounter by its correction, and build its claim again; the earlier one is kept.

    Raises BadEncounterError where the correction is no encounter or names parties unknown here,
    OtherEncounterError, NotCorrectableError, UnknownClaimError.
    """
    encounter = read_encounter(body)
    locked = store.lock_body(session, encounter_id)
    stored = store.find(session, encounter_id=encounter_id)
    if locked is None or stored is None:
        raise UnknownClaimError
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
        before=store.open_body(tools.keys, encounter_id, locked[1]),
        body=body,
        fingerprint=tools.keys.index("encounter", encounter.model_dump_json()),
        findings=findings,
        status="claimed" if stored.claim_id else "received",
        actor_id=by.id,
        now=tools.clock(),
    )
    if stored.claim_id is None:
        jobs.add(session, "sweep_encounters")
    else:
        _rebuild(session, tools, stored.claim_id, encounter, parties, by=by, is_corrected=True)
    found = store.find(session, encounter_id=encounter_id)
    assert found is not None
    return found


def resubmit_claim(session: Session, tools: Tools, claim_id: UUID, *, by: Actor) -> Resubmitted:
    """Build a claim again from its encounter: it waits for the next batch, or is held.

    Raises NotCorrectableError, UnknownClaimError; BadEncounterError where its parties are unknown.
    """
    encounter_id = encounter_of(session, claim_id)
    # The encounter first, as everywhere: two calls wait for each other and never block each other.
    locked = store.lock_body(session, encounter_id) if encounter_id else None
    if encounter_id is None or locked is None:
        raise UnknownClaimError
    encounter = read_encounter(store.open_body(tools.keys, encounter_id, locked[1]))
    parties = read_parties(session)
    return _rebuild(session, tools, claim_id, encounter, parties, by=by, is_corrected=False)


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


def _rebuild(  # What is built, of what, and on whose word.
    session: Session,
    tools: Tools,
    claim_id: UUID,
    encounter: EncounterIn,
    parties: Parties,
    *,
    by: Actor,
    is_corrected: bool,
) -> Resubmitted:
    found, practice, payer = known_parties(encounter, parties)
    if practice is None or payer is None:
        raise BadEncounterError(found)
    keys, now = tools.keys, tools.clock()
    seen = SeenPatient(
        billing_provider_id=practice.id, source=encounter.source, patient=encounter.patient
    )
    patients = save_patients(session, keys, tools.randomness, [seen], now=now)
    patient_id = patients[seen.key(keys)]
    cover = SeenCoverage(patient_id=patient_id, payer_id=payer.id, coverage=encounter.coverages[0])
    coverages = save_coverages(session, keys, tools.randomness, [cover], now=now)
    # After its coverage, as where a 271 is read: the two wait for each other and never block.
    claim = lock_claim(session, claim_id)
    assert claim is not None
    if claim.status not in CORRECTABLE:
        raise NotCorrectableError
    number = claim.patient_control_number
    if claim.status in _REJECTED:
        number = new_control_number(tools.randomness)
    built = build_claim(encounter, practice=practice, payer=payer, control_number=number)
    findings = (*lost_characters(encounter), *scrub(built, today=tools.today()))
    new = NewClaim(
        id=claim_id,
        encounter_id=claim.encounter_id,
        patient_id=patient_id,
        coverage_id=coverages[cover.key(keys)],
        billing_provider_id=practice.id,
        payer_id=payer.id,
        partner_id=payer.partner_id,
        claim=built,
        status=_status_of(findings),
        findings=findings_to_json(findings),
    )
    replace_claim(session, keys, new, now=now)
    _tell(session, tools, new, by=by, is_corrected=is_corrected)
    return Resubmitted(
        claim_id=claim_id,
        status=new.status,
        patient_control_number=number,
        findings=new.findings,
    )


def _status_of(findings: Sequence[Finding]) -> ClaimStatus:
    is_wanting = any(found.severity is Severity.ERROR for found in findings)
    return ClaimStatus.HELD if is_wanting else ClaimStatus.READY


def _tell(session: Session, tools: Tools, new: NewClaim, *, by: Actor, is_corrected: bool) -> None:
    """Record the event, close the work that led to it, and open what is still wanting."""
    now = tools.clock()
    is_held = new.status is ClaimStatus.HELD
    event = NewEvent(
        claim_id=new.id,
        key=f"rebuilt/{new.id}/{tools.randomness.uuid()}",
        event=ClaimEvent.FOUND_WANTING if is_held else ClaimEvent.FOUND_CLEAN,
        reporter=f"us, {by.name}",
        detail={
            "corrected": is_corrected,
            "patient_control_number": new.claim.patient_control_number,
            "findings": [found["code"] for found in new.findings],
        },
    )
    record_events(session, [event], now=now)
    close_items(session, [new.id], [ItemKind.HELD, ItemKind.REJECTED], now=now, by=by)
    item = held(new.id, new.claim.charge_cents, new.findings, token=tools.randomness.uuid())
    add_items(session, tools, [item] if item else [], now=now)
