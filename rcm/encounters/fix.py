"""Use case: fix a claim in place, field by field, and send it again; or see what would come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from edi.findings import Severity
from rcm.access import Actor
from rcm.claims.build import build_claim
from rcm.claims.status import HOLDABLE, ClaimStatus
from rcm.claims.store import lock_claim
from rcm.encode import findings_to_json
from rcm.encounters import store
from rcm.encounters.correct import (
    OtherEncounterError,
    correct_encounter,
    lock_encounter_of,
    refuse_stale,
    resubmit_claim,
)
from rcm.encounters.edits import Change, Difference, apply, differences
from rcm.encounters.hold import hold_claim
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.encounters.rebuild import UNCHANGED, Why, is_unchanged, refuse_uncorrectable, status_of
from rcm.encounters.service import known_parties, preview, read_parties
from rcm.tools import Tools

_SAVED_ONLY = "Saved, not sent yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What a fix did, or would do."""

    claim_id: UUID
    status: ClaimStatus
    differences: tuple[Difference, ...]
    findings: Sequence[Mapping[str, Any]]
    is_clean: bool  #: Nothing stops the claim.
    tag: str  #: Of the encounter's version afterwards.


def fix_claim(  # What to change, of which version, on whose word.
    session: Session,
    tools: Tools,
    claim_id: UUID,
    changes: Sequence[Change],
    *,
    tag: str,
    by: Actor,
    resubmit: bool,
    dry_run: bool,
) -> Fixed:
    """Change fields of a claim's encounter and check the claim again.

    With `resubmit` a clean claim waits for the next batch; without, it is held back until its
    person releases it. With `dry_run` nothing is stored. Raises UnknownClaimError,
    SavedMeanwhileError, BadEncounterError, OtherEncounterError, NotCorrectableError, OnHoldError.
    """
    encounter_id, before = lock_encounter_of(session, tools, claim_id)

    def changed_of(read: bytes) -> EncounterIn:
        return read_encounter(apply(read, changes))

    refuse_stale(session, tools, encounter_id, tag, now=before, yours=changed_of)
    body = apply(before, changes)
    wanted = read_encounter(body)
    changed = differences(read_encounter(before), wanted)
    if dry_run:
        return _foreseen(session, tools, claim_id, wanted, changed, tag)
    if changed:
        correct_encounter(session, tools, encounter_id, body, by=by)
    elif resubmit:
        again = resubmit_claim(session, tools, claim_id, by=by)
        return _fixed(claim_id, again.status, (), again.findings, tag)
    if not resubmit and _is_holdable(session, tools, claim_id):
        hold_claim(session, tools, claim_id, _SAVED_ONLY, by=by)
    claim = lock_claim(session, tools.keys, claim_id)
    stored = store.find(session, encounter_id)
    version = store.version_of(session, encounter_id)
    assert claim is not None
    assert stored is not None
    assert version is not None
    return _fixed(claim_id, claim.status, changed, stored.findings, version.tag)


def _is_holdable(session: Session, tools: Tools, claim_id: UUID) -> bool:
    claim = lock_claim(session, tools.keys, claim_id)
    return claim is not None and claim.status in HOLDABLE


def _foreseen(
    session: Session,
    tools: Tools,
    claim_id: UUID,
    wanted: EncounterIn,
    changed: tuple[Difference, ...],
    tag: str,
) -> Fixed:
    """Return what a fix would do, without doing it."""
    if any(each.pointer in ("/source", "/external_id") for each in changed):
        raise OtherEncounterError
    claim = lock_claim(session, tools.keys, claim_id)
    assert claim is not None
    refuse_uncorrectable(claim.status, Why.CORRECTED)
    parties = read_parties(session)
    unknown, practice, payer = known_parties(wanted, parties)
    if practice is None or payer is None:
        raise BadEncounterError(unknown)
    number = claim.patient_control_number
    built = build_claim(wanted, practice=practice, payer=payer, control_number=number)
    found = preview(wanted, parties, tools)
    again = (UNCHANGED,) if is_unchanged(claim, built) else ()
    is_kept = claim.status is ClaimStatus.ON_HOLD
    status = ClaimStatus.ON_HOLD if is_kept else status_of(found)
    return _fixed(claim_id, status, changed, findings_to_json((*found, *again)), tag)


def _fixed(
    claim_id: UUID,
    status: ClaimStatus,
    changed: tuple[Difference, ...],
    findings: Sequence[Mapping[str, Any]],
    tag: str,
) -> Fixed:
    return Fixed(
        claim_id=claim_id,
        status=status,
        differences=changed,
        findings=findings,
        is_clean=all(found["severity"] != Severity.ERROR for found in findings),
        tag=tag,
    )
