"""Use case of intake: sweep what was received into claims, and tell beforehand what they lack."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from edi.findings import Finding, Place, Severity, error
from rcm import jobs
from rcm.claims.build import build_claim, lost_characters, new_control_number
from rcm.claims.scrub import scrub
from rcm.claims.status import ClaimStatus
from rcm.claims.store import NewClaim, add_claims
from rcm.crypto import SealError
from rcm.eligibility.answer_store import inactive_on
from rcm.eligibility.holding import INACTIVE
from rcm.encode import findings_to_json
from rcm.encounters import store
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.failpoint import failpoint
from rcm.limits import ENCOUNTERS_PER_SWEEP
from rcm.matching.store import SeenCoverage, SeenPatient, save_coverages, save_patients
from rcm.parties.model import PayerParty, Practice
from rcm.parties.store import payers, practices
from rcm.tools import Tools
from rcm.worklists.items import held, held_encounter
from rcm.worklists.store import add_items, close_encounters

#: What one encounter can do to all: other shape or key than when it was stored, a value that
#: nothing here foresaw, one that the database refuses. What passes by itself is not among them.
_SPOILT = (BadEncounterError, SealError, LookupError, ValueError, DataError, IntegrityError)
_UNREADABLE = error(
    "ENCOUNTER-UNREADABLE",
    "No claim could be made of the encounter as it is stored.",
    cure="Post it again; if that does not help, tell the operator its id.",
)
_Outcome = dict[str, Any]  #: Id, status and findings of an encounter.


class _Ready(NamedTuple):
    encounter_id: UUID
    encounter: EncounterIn
    practice: Practice
    payer: PayerParty
    seen: SeenPatient


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who the encounters of one transaction may name."""

    practices: Mapping[str, Practice]  #: By NPI.
    payers: Mapping[str, PayerParty]  #: By identifier.


def preview(encounter: EncounterIn, parties: Parties, tools: Tools) -> tuple[Finding, ...]:
    """Return every finding that the claim of this encounter will have."""
    found, practice, payer = known_parties(encounter, parties)
    if practice is None or payer is None:
        return found
    claim = build_claim(encounter, practice=practice, payer=payer, control_number="PREVIEW")
    return (*found, *lost_characters(encounter), *scrub(claim, today=tools.today()))


def read_parties(session: Session) -> Parties:
    """Return our practices and payers."""
    return Parties(practices=practices(session), payers=payers(session))


def known_parties(
    encounter: EncounterIn, parties: Parties
) -> tuple[tuple[Finding, ...], Practice | None, PayerParty | None]:
    """Return the practice and payer of an encounter, or what is wrong with those it names."""
    found: list[Finding] = []
    practice = parties.practices.get(encounter.billing_provider.npi)
    payer = parties.payers.get(encounter.coverages[0].payer.id)
    if practice is None:
        found.append(
            error(
                "ENCOUNTER-PRACTICE-UNKNOWN",
                "The billing provider is not one of this organization's practices.",
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

    An encounter of which no claim can be made is held with a finding; the others get theirs.
    Where more encounters wait, another sweep is promised.
    """
    waiting = store.take_received(session, limit=ENCOUNTERS_PER_SWEEP)
    parties = read_parties(session)
    outcomes: list[_Outcome] = []
    ready: list[_Ready] = []
    for encounter_id, sealed in waiting:
        try:
            encounter = read_encounter(store.open_body(tools.keys, encounter_id, sealed))
            found, practice, payer = known_parties(encounter, parties)
        except BadEncounterError as refusal:
            outcomes.append(_held(encounter_id, [_UNREADABLE, *refusal.findings]))
        except _SPOILT:
            outcomes.append(_held(encounter_id, [_UNREADABLE]))
        else:
            if practice is None or payer is None:
                outcomes.append(_held(encounter_id, found))
            else:
                seen = SeenPatient(
                    billing_provider_id=practice.id,
                    source=encounter.source,
                    patient=encounter.patient,
                )
                ready.append(_Ready(encounter_id, encounter, practice, payer, seen))
    ready.sort(key=lambda each: each.seen.key(tools.keys))  # As they are locked.
    outcomes.extend(_claim(session, tools, ready))
    failpoint("sweep.claimed")
    store.set_outcomes(session, outcomes)
    _tell(session, tools, outcomes)
    if len(waiting) == ENCOUNTERS_PER_SWEEP:
        jobs.add(session, "sweep_encounters")
    failpoint("sweep.told")
    return len(waiting)


def _tell(session: Session, tools: Tools, outcomes: Sequence[_Outcome]) -> None:
    """Open an item for each encounter of which no claim was made, and close those of the others."""
    now = tools.clock()
    held = [each for each in outcomes if each["status"] == "held"]
    items = [
        held_encounter(each["id"], each["findings"], token=tools.randomness.uuid()) for each in held
    ]
    close_encounters(session, [each["id"] for each in outcomes], now=now)
    add_items(session, tools, items, now=now)


def _held(encounter_id: UUID, findings: Iterable[Finding]) -> _Outcome:
    return {"id": encounter_id, "status": "held", "findings": findings_to_json(findings)}


def _claim(session: Session, tools: Tools, ready: Sequence[_Ready]) -> list[_Outcome]:
    """Claim encounters together; where one of them spoils that, each half on its own."""
    if not ready:
        return []
    try:
        with session.begin_nested():
            now = tools.clock()
            claims = _new_claims(session, tools, ready)
            add_claims(session, tools.keys, claims, now=now)
            wanting = (
                held(new.id, new.claim.charge_cents, new.findings, token=tools.randomness.uuid())
                for new in claims
            )
            add_items(session, tools, [item for item in wanting if item is not None], now=now)
    except _SPOILT:
        if len(ready) == 1:
            return [_held(ready[0].encounter_id, [_UNREADABLE])]
        half = len(ready) // 2
        return [*_claim(session, tools, ready[:half]), *_claim(session, tools, ready[half:])]
    return [
        {"id": new.encounter_id, "status": "claimed", "findings": list(new.findings)}
        for new in claims
    ]


def _new_claims(session: Session, tools: Tools, ready: Sequence[_Ready]) -> list[NewClaim]:
    keys, randomness, now = tools.keys, tools.randomness, tools.clock()
    patients = save_patients(session, keys, randomness, (each.seen for each in ready), now=now)
    covered = [
        SeenCoverage(
            patient_id=patients[each.seen.key(keys)],
            payer_id=each.payer.id,
            coverage=each.encounter.coverages[0],
        )
        for each in ready
    ]
    coverages = save_coverages(session, keys, randomness, covered, now=now)
    found = [coverages[cover.key(keys)] for cover in covered]
    # After the coverages are locked: an answer that comes meanwhile waits, and sees the claims.
    inactive = inactive_on(
        session, ((one, _first_day(each)) for one, each in zip(found, ready, strict=True))
    )
    return [
        _new_claim(
            tools,
            each,
            patient_id=cover.patient_id,
            coverage_id=coverage_id,
            is_inactive=(coverage_id, _first_day(each)) in inactive,
        )
        for each, cover, coverage_id in zip(ready, covered, found, strict=True)
    ]


def _first_day(ready: _Ready) -> date:
    return min(line.date_of_service for line in ready.encounter.lines)


def _new_claim(
    tools: Tools, ready: _Ready, *, patient_id: UUID, coverage_id: UUID, is_inactive: bool
) -> NewClaim:
    claim = build_claim(
        ready.encounter,
        practice=ready.practice,
        payer=ready.payer,
        control_number=new_control_number(tools.randomness),
    )
    found = (
        *lost_characters(ready.encounter),
        *scrub(claim, today=tools.today()),
        *((INACTIVE,) if is_inactive else ()),
    )
    is_held = any(finding.severity is Severity.ERROR for finding in found)
    return NewClaim(
        id=tools.randomness.uuid(),
        encounter_id=ready.encounter_id,
        patient_id=patient_id,
        coverage_id=coverage_id,
        billing_provider_id=ready.practice.id,
        payer_id=ready.payer.id,
        partner_id=ready.payer.partner_id,
        claim=claim,
        status=ClaimStatus.HELD if is_held else ClaimStatus.READY,
        findings=findings_to_json(found),
    )
