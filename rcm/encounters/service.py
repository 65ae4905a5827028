"""Use cases of intake: receive an encounter once, and sweep what was received into claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from edi.findings import Finding, Place, Severity, error
from rcm import jobs
from rcm.claims.build import build_claim, new_control_number
from rcm.claims.scrub import scrub
from rcm.claims.status import ClaimStatus
from rcm.claims.store import NewClaim, add_claims
from rcm.encode import findings_to_json
from rcm.encounters import store
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import read_encounter
from rcm.limits import ENCOUNTERS_PER_SWEEP
from rcm.matching.store import save_coverage, save_patient
from rcm.parties.model import PayerParty, Practice
from rcm.parties.store import payers, practices
from rcm.tools import Tools


class EncounterConflictError(Exception):
    """This source has posted other content under this external id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who the encounters of one transaction may name."""

    practices: Mapping[str, Practice]  #: By NPI.
    payers: Mapping[str, PayerParty]  #: By identifier.


def receive_encounter(
    session: Session, tools: Tools, body: bytes, *, api_key_id: UUID
) -> store.StoredEncounter:
    """Store an encounter and promise its claim; the same content twice is the same encounter.

    What is wrong with a well-formed encounter is in `findings`: its claim will be held, not
    lost. Raises BadEncounterError for what is no encounter, EncounterConflictError for other
    content under a known (source, external_id).
    """
    encounter = read_encounter(body)
    fingerprint = tools.keys.index("encounter", encounter.model_dump_json())
    findings = preview(encounter, _parties(session), tools)
    added = store.add(
        session,
        tools.keys,
        tools.randomness.uuid(),
        source=encounter.source,
        external_id=encounter.external_id,
        api_key_id=api_key_id,
        body=body,
        fingerprint=fingerprint,
        findings=findings_to_json(findings),
        now=tools.clock(),
    )
    stored = store.find(session, source=encounter.source, external_id=encounter.external_id)
    assert stored is not None
    if added:
        jobs.add(session, "sweep_encounters")
    elif stored.status == "held":
        # No claim was built: the correction, or the same after the payer was added, replaces it.
        store.replace(session, tools.keys, stored.id, body, fingerprint, findings_to_json(findings))
        jobs.add(session, "sweep_encounters")
        stored = replace(stored, status="received", findings=findings_to_json(findings))
    elif stored.fingerprint != fingerprint:
        raise EncounterConflictError
    return replace(stored, is_new=added)


def preview(encounter: EncounterIn, parties: Parties, tools: Tools) -> tuple[Finding, ...]:
    """Return every finding that the claim of this encounter will have."""
    found, practice, payer = _known_parties(encounter, parties)
    if practice is None or payer is None:
        return found
    claim = build_claim(encounter, practice=practice, payer=payer, control_number="PREVIEW")
    return (*found, *scrub(claim, today=tools.today()))


def _parties(session: Session) -> Parties:
    return Parties(practices=practices(session), payers=payers(session))


def _known_parties(
    encounter: EncounterIn, parties: Parties
) -> tuple[tuple[Finding, ...], Practice | None, PayerParty | None]:
    found: list[Finding] = []
    practice = parties.practices.get(encounter.billing_provider.npi)
    payer = parties.payers.get(encounter.coverages[0].payer.id)
    if practice is None:
        found.append(
            error(
                "ENCOUNTER-PRACTICE-UNKNOWN",
                "The billing provider is not one of this organisation's practices.",
                cure="Correct the NPI, or have the practice set up.",
                place=Place(pointer="/billing_provider/npi"),
            )
        )
    if payer is None:
        found.append(
            error(
                "ENCOUNTER-PAYER-UNKNOWN",
                "No payer is known by this id.",
                cure="Correct the payer id, or add the payer with its clearinghouse number.",
                place=Place(pointer="/coverages/0/payer/id"),
            )
        )
    return tuple(found), practice, payer


def sweep_encounters(session: Session, tools: Tools) -> int:
    """Build and scrub the claims of what was received; returns how many encounters it took.

    Where more encounters wait, another sweep is promised.
    """
    waiting = store.take_received(session, tools.keys, limit=ENCOUNTERS_PER_SWEEP)
    parties = _parties(session)
    now = tools.clock()
    claims: list[NewClaim] = []
    outcomes: list[dict[str, object]] = []
    findings: Sequence[Mapping[str, object]]
    for encounter_id, body in waiting:
        encounter = read_encounter(body)
        found, practice, payer = _known_parties(encounter, parties)
        if practice is not None and payer is not None:
            new = _new_claim(session, tools, encounter_id, encounter, practice, payer)
            claims.append(new)
            findings, status = [*new.findings], "claimed"
        else:
            findings, status = findings_to_json(found), "held"
        outcomes.append({"id": encounter_id, "status": status, "findings": list(findings)})
    add_claims(session, tools.keys, claims, now=now)
    store.set_outcomes(session, outcomes)
    if len(waiting) == ENCOUNTERS_PER_SWEEP:
        jobs.add(session, "sweep_encounters")
    return len(waiting)


def _new_claim(  # An encounter and its parties.
    session: Session,
    tools: Tools,
    encounter_id: UUID,
    encounter: EncounterIn,
    practice: Practice,
    payer: PayerParty,
) -> NewClaim:
    now = tools.clock()
    patient_id = save_patient(
        session,
        tools.keys,
        tools.randomness,
        encounter.patient,
        billing_provider_id=practice.id,
        source=encounter.source,
        now=now,
    )
    coverage_id = save_coverage(
        session,
        tools.keys,
        tools.randomness,
        encounter.coverages[0],
        patient_id=patient_id,
        payer_id=payer.id,
        now=now,
    )
    control_number = new_control_number(tools.randomness)
    claim = build_claim(encounter, practice=practice, payer=payer, control_number=control_number)
    found = scrub(claim, today=tools.today())
    is_held = any(finding.severity is Severity.ERROR for finding in found)
    return NewClaim(
        id=tools.randomness.uuid(),
        encounter_id=encounter_id,
        patient_id=patient_id,
        coverage_id=coverage_id,
        billing_provider_id=practice.id,
        payer_id=payer.id,
        partner_id=payer.partner_id,
        claim=claim,
        status=ClaimStatus.HELD if is_held else ClaimStatus.READY,
        findings=findings_to_json(found),
    )
