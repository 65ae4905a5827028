"""A claim is built anew of its encounter: as corrected, as it is once more, or when released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from edi.claim_837 import Claim
from edi.findings import Finding, Place, Severity, warning
from rcm.access import Actor
from rcm.claims.build import build_claim, lost_characters, new_control_number
from rcm.claims.event_store import record_events
from rcm.claims.events import NewEvent
from rcm.claims.scrub import scrub
from rcm.claims.status import CORRECTABLE, ClaimEvent, ClaimStatus
from rcm.claims.store import LockedClaim, NewClaim, lock_claim, replace_claim
from rcm.encode import findings_to_json
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import BadEncounterError
from rcm.encounters.service import Parties, known_parties
from rcm.matching.store import SeenCoverage, SeenPatient, save_coverages, save_patients
from rcm.parties.model import PayerParty, Practice
from rcm.tools import Tools
from rcm.worklists.items import ItemKind, held
from rcm.worklists.store import add_items, close_items

#: Whoever said no reads the claim again: the same claim gets the same answer.
_REJECTED = frozenset({ClaimStatus.REJECTED, ClaimStatus.REJECTED_BY_PAYER})
UNCHANGED = warning(
    "CLAIM-UNCHANGED",
    "Nothing was changed since the claim was rejected.",
    cure="Correct what the rejection names; the same claim is likely to be rejected again.",
    place=Place(pointer=""),
)


class NotCorrectableError(Exception):
    """The claim is on its way or was adjudicated: correcting it here would change nothing."""


class OnHoldError(Exception):
    """A person holds the claim back: only a release lets it go."""


class NotOnHoldError(Exception):
    """No person holds this claim back."""


class Why(StrEnum):
    """Why a claim is built anew."""

    AGAIN = "again"
    CORRECTED = "corrected"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resubmitted:
    """What became of a claim that was built again."""

    claim_id: UUID
    status: ClaimStatus  #: READY for the next batch, HELD by its findings, or ON_HOLD.
    patient_control_number: str  #: Another one where the claim was rejected.
    findings: Sequence[Mapping[str, Any]]


def refuse_uncorrectable(status: ClaimStatus, why: Why) -> None:
    """Raise where a claim in this status is not built anew for this.

    NotOnHoldError, NotCorrectableError, OnHoldError.
    """
    if status is not ClaimStatus.ON_HOLD and why is Why.RELEASED:
        raise NotOnHoldError
    if status not in CORRECTABLE:
        raise NotCorrectableError
    if status is ClaimStatus.ON_HOLD and why is Why.AGAIN:
        raise OnHoldError


def rebuild(  # What is built, of what, and on whose word.
    session: Session,
    tools: Tools,
    claim_id: UUID,
    encounter: EncounterIn,
    parties: Parties,
    *,
    by: Actor,
    why: Why,
    changed: Sequence[str] = (),
) -> Resubmitted:
    """Build a claim again: it waits for the next batch, or is held. `changed` names fields.

    Raises BadEncounterError where its parties are unknown, NotCorrectableError, OnHoldError.
    """
    found, practice, payer = known_parties(encounter, parties)
    if practice is None or payer is None:
        raise BadEncounterError(found)
    patient_id, coverage_id = _people(session, tools, encounter, practice, payer)
    # After its coverage, as where a 271 is read: the two wait for each other and never block.
    claim = lock_claim(session, tools.keys, claim_id)
    assert claim is not None
    refuse_uncorrectable(claim.status, why)
    same_number = claim.patient_control_number
    built = build_claim(encounter, practice=practice, payer=payer, control_number=same_number)
    again = [UNCHANGED] if is_unchanged(claim, built) else []
    if claim.status in _REJECTED:
        number = new_control_number(tools.randomness)
        built = build_claim(encounter, practice=practice, payer=payer, control_number=number)
    findings = (*lost_characters(encounter), *scrub(built, today=tools.today()))
    new = NewClaim(
        id=claim_id,
        encounter_id=claim.encounter_id,
        patient_id=patient_id,
        coverage_id=coverage_id,
        billing_provider_id=practice.id,
        payer_id=payer.id,
        partner_id=payer.partner_id,
        claim=built,
        status=status_of(findings),
        findings=findings_to_json(findings),
    )
    replace_claim(session, tools.keys, new, now=tools.clock())
    status = _tell(session, tools, new, claim.status, by=by, why=why, changed=changed)
    return Resubmitted(
        claim_id=claim_id,
        status=status,
        patient_control_number=built.patient_control_number,
        findings=[*new.findings, *findings_to_json(again)],
    )


def is_unchanged(claim: LockedClaim, built: Claim) -> bool:
    """Tell whether a claim that was rejected would go again as it was."""
    return claim.status in _REJECTED and claim.snapshot == built


def status_of(findings: Sequence[Finding]) -> ClaimStatus:
    """Return what findings make of a claim that nobody holds back."""
    is_wanting = any(found.severity is Severity.ERROR for found in findings)
    return ClaimStatus.HELD if is_wanting else ClaimStatus.READY


def _people(
    session: Session, tools: Tools, encounter: EncounterIn, practice: Practice, payer: PayerParty
) -> tuple[UUID, UUID]:
    """Return patient and coverage of an encounter, new or brought up to date."""
    keys, now = tools.keys, tools.clock()
    seen = SeenPatient(
        billing_provider_id=practice.id, source=encounter.source, patient=encounter.patient
    )
    patients = save_patients(session, keys, tools.randomness, [seen], now=now)
    patient_id = patients[seen.key(keys)]
    cover = SeenCoverage(patient_id=patient_id, payer_id=payer.id, coverage=encounter.coverages[0])
    coverages = save_coverages(session, keys, tools.randomness, [cover], now=now)
    return patient_id, coverages[cover.key(keys)]


def _tell(  # What was built, what it was before, and on whose word.
    session: Session,
    tools: Tools,
    new: NewClaim,
    before: ClaimStatus,
    *,
    by: Actor,
    why: Why,
    changed: Sequence[str],
) -> ClaimStatus:
    """Record the events, close the work that led to them, and open what is still wanting."""
    now = tools.clock()
    token = tools.randomness.uuid()
    is_held = new.status is ClaimStatus.HELD
    reporter = f"us, {by.name}"
    built = NewEvent(
        claim_id=new.id,
        key=f"rebuilt/{new.id}/{token}",
        event=ClaimEvent.FOUND_WANTING if is_held else ClaimEvent.FOUND_CLEAN,
        reporter=reporter,
        detail={
            "corrected": why is Why.CORRECTED,
            "changed": list(changed),
            "patient_control_number": new.claim.patient_control_number,
            "findings": [found["code"] for found in new.findings],
        },
    )
    released = NewEvent(
        claim_id=new.id,
        key=f"released/{new.id}/{token}",
        event=ClaimEvent.RELEASED,
        reporter=reporter,
    )
    events = [released, built] if why is Why.RELEASED else [built]
    moved = record_events(session, events, now=now)
    done = [ItemKind.HELD, ItemKind.REJECTED]
    done += [ItemKind.ON_HOLD] if why is Why.RELEASED else []
    close_items(session, [new.id], done, now=now, by=by)
    item = held(new.id, new.claim.charge_cents, new.findings, token=token)
    add_items(session, tools, [item] if item else [], now=now)
    return moved.get(new.id, before)
