"""Use case of the door: encounters are stored once, each for itself, many in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from rcm import jobs
from rcm.encode import findings_to_json
from rcm.encounters import store
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.encounters.service import Parties, preview, read_parties
from rcm.failpoint import failpoint
from rcm.tools import Tools


class OtherPracticeError(Exception):
    """The poster is limited to some practices, and the billing provider is none of them."""


class EncounterConflictError(Exception):
    """This source has posted other content under this external id."""


REFUSALS = (BadEncounterError, OtherPracticeError, EncounterConflictError)
Outcome = store.StoredEncounter | BadEncounterError | OtherPracticeError | EncounterConflictError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An encounter that was read, and how it would be stored."""

    place: int  #: Among those that were posted together.
    body: bytes = field(repr=False)
    row: store.NewEncounter

    @property
    def key(self) -> store.EncounterKey:
        return self.row.source, self.row.external_id


def receive_encounter(
    session: Session,
    tools: Tools,
    body: bytes,
    *,
    actor_id: UUID,
    practices: Collection[UUID] | None = None,
) -> store.StoredEncounter:
    """Store one encounter as `receive_encounters` does; raises its refusal."""
    (outcome,) = receive_encounters(session, tools, [body], actor_id=actor_id, practices=practices)
    if isinstance(outcome, REFUSALS):
        raise outcome
    return outcome


def receive_encounters(
    session: Session,
    tools: Tools,
    bodies: Sequence[bytes],
    *,
    actor_id: UUID,
    practices: Collection[UUID] | None = None,
) -> list[Outcome]:
    """Store encounters and promise their claims; the same content twice is the same encounter.

    What is wrong with a well-formed encounter is in `findings`: its claim will be held, not
    lost. Refused, and no other with it, is what is no encounter (BadEncounterError), other
    content under a known (source, external_id) (EncounterConflictError), and where the poster is
    limited to `practices` what is of another (OtherPracticeError).
    """
    outcomes: dict[int, Outcome] = {}
    reads = _read(session, tools, bodies, outcomes, actor_id=actor_id, practices=practices)
    first = {each.key: each for each in reversed(reads)}
    added = store.add(session, [first[key].row for key in sorted(first)])  # As they are locked.
    found = store.find_all(session, list(first))
    failpoint("encounter.stored")
    is_promised = bool(added)
    for each in reads:
        stored = found.get(each.key)
        if stored is not None and stored.status == "held":
            # No claim was built: a correction, or the same now that the payer is known.
            if store.replace(session, tools.keys, stored.id, each.body, each.row):
                is_promised = True
            stored = store.find(session, stored.id)  # Perhaps another was sooner.
        # None: it is there, and of a practice that this poster does not see.
        outcomes[each.place] = (
            EncounterConflictError()
            if stored is None or stored.fingerprint != each.row.fingerprint
            else replace(stored, is_new=each.row.id in added)
        )
    if is_promised:
        jobs.add(session, "sweep_encounters")
    return [outcomes[place] for place in range(len(bodies))]


def _read(
    session: Session,
    tools: Tools,
    bodies: Sequence[bytes],
    outcomes: dict[int, Outcome],
    *,
    actor_id: UUID,
    practices: Collection[UUID] | None,
) -> list[_Read]:
    """Return what can be read and is the poster's to post; the refusals of others to `outcomes`."""
    parties, now = read_parties(session), tools.clock()
    reads = []
    for place, body in enumerate(bodies):
        try:
            encounter = read_encounter(body)
            practice = parties.practices.get(encounter.billing_provider.npi)
            if practices is not None and (practice is None or practice.id not in practices):
                raise OtherPracticeError  # noqa: TRY301  # As the other refusals of one body.
        except (BadEncounterError, OtherPracticeError) as refusal:
            outcomes[place] = refusal
        else:
            row = _new_row(tools, encounter, parties, body, actor_id=actor_id, now=now)
            reads.append(_Read(place=place, body=body, row=row))
    return reads


def _new_row(
    tools: Tools,
    encounter: EncounterIn,
    parties: Parties,
    body: bytes,
    *,
    actor_id: UUID,
    now: datetime,
) -> store.NewEncounter:
    encounter_id = tools.randomness.uuid()
    return store.NewEncounter(
        id=encounter_id,
        source=encounter.source,
        external_id=encounter.external_id,
        actor_id=actor_id,
        fingerprint=tools.keys.index("encounter", encounter.model_dump_json()),
        body=store.seal_body(tools.keys, encounter_id, body),
        status="received",
        findings=findings_to_json(preview(encounter, parties, tools)),
        received_at=now,
    )
