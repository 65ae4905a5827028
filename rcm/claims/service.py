"""Use case: freeze the READY claims of a partner into an 837P that is proven before it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from edi.claim_837 import Claim, ClaimBatch, Receiver, Submitter
from edi.envelope import Envelope
from edi.findings import Finding, Place, error
from edi.guides import FileType, Guide
from edi.reader import read_interchanges
from rcm import jobs
from rcm.claims.batch import in_writing_order, ready_until
from rcm.claims.charge import Charged, charge_entries
from rcm.claims.event_store import record_events
from rcm.claims.events import NewEvent
from rcm.claims.prove import HeaderRefusedError, ProofUnfinishedError, prove
from rcm.claims.status import ClaimEvent
from rcm.claims.store import set_findings, take_ready
from rcm.eligibility.hold import hold_inactive
from rcm.encode import findings_to_json
from rcm.exchange import store, submissions
from rcm.exchange.control import allocate
from rcm.failpoint import failpoint
from rcm.ledger.store import append, charges_before
from rcm.limits import CLAIMS_PER_SET_MAX
from rcm.parties.addressing import envelope_to, name_of, partner_time
from rcm.parties.model import TradingPartner
from rcm.parties.store import partner as find_partner
from rcm.tools import Tools
from rcm.worklists.items import held
from rcm.worklists.store import add_items, charges_of

_SET_NUMBER = "0001"


class WrongUsageError(Exception):
    """A sandbox met a production partner, or the reverse: nothing is frozen or sent."""

    code = "WRONG-USAGE"


_UNREADABLE = error(
    "CLAIM-UNREADABLE",
    "The claim does not open as it is stored.",
    cure="Tell the operator its id: the sealing key or the stored bytes have changed.",
    place=Place(loop="2300"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    id: UUID
    billing_provider_id: UUID
    payer_id: UUID
    claim: Claim


def batch_claims(
    session: Session, tools: Tools, partner_id: UUID, *, is_scheduled: bool = False
) -> UUID | None:
    """Freeze one file of READY claims and promise its delivery; None where none waits.

    By schedule, claims that became ready after the partner's cut-off wait for the next day. A
    paused partner gets nothing. Claims that the proof finds wanting, or whose coverage is
    inactive, are held with their findings; the others go. Numbers, bytes, submissions, events and
    charges are one transaction with the promise. Raises PermanentJobError where an operator must
    correct the partner first: the claims stay READY.
    """
    partner = find_partner(session, tools.keys, partner_id)
    refuse_wrong_usage(partner, tools)
    if partner.is_paused:
        return None
    now = tools.clock()
    until = ready_until(partner.cut_off, partner.time_zone, now=now) if is_scheduled else None
    ready = take_ready(session, tools.keys, partner_id, until=until, limit=CLAIMS_PER_SET_MAX)
    failpoint("batch.taken")
    inactive = hold_inactive(session, tools, [row[0] for row in ready])
    ready = [row for row in ready if row[0] not in inactive]
    waiting = {
        claim.patient_control_number: _Waiting(
            id=claim_id, billing_provider_id=provider_id, payer_id=payer_id, claim=claim
        )
        for claim_id, provider_id, payer_id, claim in ready
        if claim is not None
    }
    _hold(session, tools, {row[0]: [_UNREADABLE] for row in ready if row[3] is None})
    if not waiting:
        return None
    numbers = allocate(session, partner_id)
    envelope = envelope_to(
        partner,
        Guide.CLAIM_PROFESSIONAL,
        interchange=numbers.interchange,
        group=numbers.group,
        written_at=partner_time(partner, now),
    )
    claims = in_writing_order([each.claim for each in waiting.values()])
    while claims:
        batch = _batch(claims, partner, envelope)
        try:
            refused, body = prove(batch, envelope, tools.conformance)
        except (HeaderRefusedError, ProofUnfinishedError) as reason:
            raise jobs.PermanentJobError(reason.code) from None
        if not refused:
            failpoint("batch.proven")
            kept = [waiting[claim.patient_control_number] for claim in claims]
            return _freeze(session, tools, partner, envelope, kept, body)
        _hold(session, tools, {waiting[number].id: found for number, found in refused.items()})
        claims = tuple(c for c in claims if c.patient_control_number not in refused)
    return None


def refuse_wrong_usage(partner: TradingPartner, tools: Tools) -> None:
    """Raise WrongUsageError unless partner and deployment are of one kind (design.md, rule 9)."""
    if partner.usage != tools.deployment.usage:
        raise WrongUsageError(partner.name)


def _batch(claims: Sequence[Claim], partner: TradingPartner, envelope: Envelope) -> ClaimBatch:
    return ClaimBatch(
        reference=f"{envelope.interchange_number:09d}",
        created_at=envelope.written_at.replace(tzinfo=None, second=0, microsecond=0),
        submitter=Submitter(
            name=partner.submitter_name,
            id=partner.group_sender,
            contact_name=partner.submitter_contact,
            contact_phone=partner.submitter_phone,
        ),
        receiver=Receiver(name=partner.receiver_name, id=partner.group_receiver),
        claims=tuple(claims),
    )


def _hold(session: Session, tools: Tools, refused: Mapping[UUID, Sequence[Finding]]) -> None:
    now = tools.clock()
    rows = {claim_id: findings_to_json(findings) for claim_id, findings in refused.items()}
    set_findings(session, rows)
    events = [
        NewEvent(
            claim_id=claim_id,
            key=f"held/{claim_id}/{now.isoformat()}",
            event=ClaimEvent.FOUND_WANTING,
            reporter="us, proof of the 837",
            detail={"findings": [finding["code"] for finding in findings]},
        )
        for claim_id, findings in rows.items()
    ]
    record_events(session, events, now=now)
    charges = charges_of(session, rows)
    wanting = (
        held(claim_id, charges[claim_id], found, token=tools.randomness.uuid())
        for claim_id, found in rows.items()
    )
    items = [item for item in wanting if item is not None]
    add_items(session, tools, items, now=now)


def _freeze(
    session: Session,
    tools: Tools,
    partner: TradingPartner,
    envelope: Envelope,
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
        name=name_of(partner, envelope, FileType.CLAIM_PROFESSIONAL),
        file_type=FileType.CLAIM_PROFESSIONAL,
        body=body,
        interchange_number=envelope.interchange_number,
        group_number=envelope.group_number,
        now=now,
    )
    failpoint("batch.frozen")
    submissions.add_submissions(
        session,
        file_id,
        _SET_NUMBER,
        [
            submissions.NewSubmission(
                claim_id=each.id,
                patient_control_number=each.claim.patient_control_number,
                billing_provider_id=each.billing_provider_id,
                payer_id=each.payer_id,
            )
            for each in kept
        ],
    )
    events = [
        NewEvent(
            claim_id=each.id,
            key=f"batched/{each.id}/{file_id}",
            event=ClaimEvent.BATCHED,
            reporter="us",
            file_id=file_id,
            outbound_id=file_id,
        )
        for each in kept
    ]
    record_events(session, events, now=now)
    failpoint("batch.submitted")
    (interchange,) = read_interchanges(body)
    entries = charge_entries(interchange, _charged(session, kept), file_id=file_id)
    append(session, tools.keys, tools.randomness, entries, now=now)
    failpoint("batch.charged")
    jobs.add(session, "deliver_file", ref_id=file_id)
    return file_id


def _charged(session: Session, kept: Sequence[_Waiting]) -> list[Charged]:
    before = charges_before(session, [each.id for each in kept])
    return [
        Charged(
            claim_id=each.id,
            billing_provider_id=each.billing_provider_id,
            payer_id=each.payer_id,
            claim=each.claim,
            before=before.get(each.id, {}),
        )
        for each in kept
    ]
