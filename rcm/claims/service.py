"""Use case: freeze the READY claims of a partner into an 837P that is proven before it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from edi.claim_837 import Claim, ClaimBatch, Receiver, Submitter, read_837p, write_837p
from edi.envelope import Envelope, Interchange
from edi.findings import Finding, Severity, WriteError, error
from edi.guides import FileType, Guide
from edi.pyx12_validator import validate_with_pyx12
from edi.reader import read_interchanges
from edi.writer import write_interchange
from rcm import jobs
from rcm.claims.batch import claims_at, in_writing_order, unwritable
from rcm.claims.charge import charge_entries
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent
from rcm.claims.store import record_events, set_findings, take_ready
from rcm.encode import findings_to_json
from rcm.exchange import store
from rcm.exchange.control import ControlNumbers, allocate
from rcm.ledger.store import append
from rcm.limits import CLAIMS_PER_SET_MAX
from rcm.parties.model import TradingPartner
from rcm.parties.store import partner as find_partner
from rcm.tools import Tools

_SET_NUMBER = "0001"


class WrongUsageError(Exception):
    """A sandbox met a production partner, or the reverse: nothing is frozen or sent."""

    code = "WRONG-USAGE"


class ProofError(Exception):
    """Our bug: the file we wrote does not read back as the claims we meant."""

    code = "PROOF-FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    id: UUID
    billing_provider_id: UUID
    payer_id: UUID
    claim: Claim


def batch_claims(session: Session, tools: Tools, partner_id: UUID) -> UUID | None:
    """Freeze one file of READY claims and promise its delivery; None where none waits.

    Claims that the proof finds wanting are held with their findings; the others go. Numbers,
    bytes, submissions, events and charges are one transaction with the promise.
    """
    partner = find_partner(session, tools.keys, partner_id)
    refuse_wrong_usage(partner, tools)
    ready = take_ready(session, tools.keys, partner_id, limit=CLAIMS_PER_SET_MAX)
    waiting = {
        claim.patient_control_number: _Waiting(
            id=claim_id, billing_provider_id=provider_id, payer_id=payer_id, claim=claim
        )
        for claim_id, provider_id, payer_id, claim in ready
    }
    if not waiting:
        return None
    numbers = allocate(session, partner_id)
    claims = in_writing_order([each.claim for each in waiting.values()])
    while claims:
        batch, envelope = _batch(claims, partner, numbers, tools)
        refused, body = _prove(batch, envelope)
        if not refused:
            kept = [waiting[claim.patient_control_number] for claim in claims]
            return _freeze(session, tools, partner, numbers, kept, body)
        _hold(session, tools, {waiting[number].id: found for number, found in refused.items()})
        claims = tuple(c for c in claims if c.patient_control_number not in refused)
    return None


def refuse_wrong_usage(partner: TradingPartner, tools: Tools) -> None:
    """Raise WrongUsageError unless partner and deployment are of one kind (design.md, rule 9)."""
    if partner.usage != tools.deployment.usage:
        raise WrongUsageError(partner.name)


def _batch(
    claims: Sequence[Claim], partner: TradingPartner, numbers: ControlNumbers, tools: Tools
) -> tuple[ClaimBatch, Envelope]:
    written_at = tools.clock().astimezone(ZoneInfo(partner.time_zone))
    batch = ClaimBatch(
        reference=f"{numbers.interchange:09d}",
        created_at=written_at.replace(tzinfo=None, second=0, microsecond=0),
        submitter=Submitter(
            name=partner.submitter_name,
            id=partner.group_sender,
            contact_name=partner.submitter_contact,
            contact_phone=partner.submitter_phone,
        ),
        receiver=Receiver(name=partner.receiver_name, id=partner.group_receiver),
        claims=tuple(claims),
    )
    envelope = Envelope(
        sender_qualifier=partner.our_qualifier,
        sender_id=partner.our_id,
        receiver_qualifier=partner.their_qualifier,
        receiver_id=partner.their_id,
        group_sender=partner.group_sender,
        group_receiver=partner.group_receiver,
        interchange_number=numbers.interchange,
        group_number=numbers.group,
        usage=partner.usage,
        written_at=written_at,
        guide=Guide.CLAIM_PROFESSIONAL,
    )
    return batch, envelope


def _prove(batch: ClaimBatch, envelope: Envelope) -> tuple[dict[str, list[Finding]], bytes]:
    """Write the batch and prove it: our reader gives equal claims, pyx12 finds nothing.

    Returns the findings by control number of the claims that cannot go, and the bytes.
    """
    try:
        body = write_interchange(envelope, [("837", write_837p(batch, envelope.delimiters))])
    except WriteError:
        wrong = error(
            "CLAIM-UNWRITABLE",
            "A value of the claim has a character that X12 cannot carry.",
            cure="Remove special characters from names, addresses and notes.",
        )
        numbers = [batch.claims[n].patient_control_number for n in unwritable(batch)]
        if not numbers:
            raise
        return {number: [wrong] for number in numbers}, b""
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    if read_837p(transaction_set) != batch:
        raise ProofError
    return _refused(batch, interchange), body


def _refused(batch: ClaimBatch, interchange: Interchange) -> dict[str, list[Finding]]:
    (transaction_set,) = interchange.sets()
    found = validate_with_pyx12(transaction_set, interchange.groups[0], interchange)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if not errors:
        return {}
    places = claims_at(transaction_set)
    refused: dict[str, list[Finding]] = {}
    everyone = range(len(batch.claims))
    for finding in errors:
        for position in places.get(finding.place.segment_number) or everyone:
            number = batch.claims[position].patient_control_number
            refused.setdefault(number, []).append(finding)
    return refused


def _hold(session: Session, tools: Tools, found: Mapping[UUID, Sequence[Finding]]) -> None:
    set_findings(session, {key: findings_to_json(findings) for key, findings in found.items()})
    now = tools.clock()
    events = [
        NewEvent(
            claim_id=claim_id,
            key=f"held/{claim_id}/{now.isoformat()}",
            event=ClaimEvent.FOUND_WANTING,
            reporter="us, proof of the 837",
            detail={"findings": [finding.code for finding in findings]},
        )
        for claim_id, findings in found.items()
    ]
    record_events(session, events, now=now)


def _freeze(
    session: Session,
    tools: Tools,
    partner: TradingPartner,
    numbers: ControlNumbers,
    kept: Sequence[_Waiting],
    body: bytes,
) -> UUID:
    now = tools.clock()
    file_id = tools.randomness.uuid()
    store.add_outbound(
        session,
        tools.keys,
        file_id,
        partner_id=partner.id,
        name=f"{numbers.interchange:09d}_837P.x12",
        file_type=FileType.CLAIM_PROFESSIONAL,
        body=body,
        interchange_number=numbers.interchange,
        group_number=numbers.group,
        now=now,
    )
    store.add_submissions(session, file_id, _SET_NUMBER, [each.id for each in kept])
    events = [
        NewEvent(
            claim_id=each.id,
            key=f"batched/{each.id}/{file_id}",
            event=ClaimEvent.BATCHED,
            reporter="us",
            file_id=file_id,
        )
        for each in kept
    ]
    record_events(session, events, now=now)
    (interchange,) = read_interchanges(body)
    entries = charge_entries(
        interchange,
        [(each.id, each.billing_provider_id, each.payer_id, each.claim) for each in kept],
        file_id=file_id,
    )
    append(session, tools.keys, tools.randomness, entries, now=now)
    jobs.add(session, "deliver_file", ref_id=file_id)
    return file_id
