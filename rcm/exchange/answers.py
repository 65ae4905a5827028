"""Use cases of what a partner answers, by the type of the transaction set: one table.

A TA1 speaks of a whole interchange of ours, a 999 of a transaction set, a 277CA of each claim, a
271 of each person that we asked about. An 835 is promised a job of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from edi.acknowledgment_277ca import ClaimAcknowledgment, read_277ca
from edi.acknowledgment_999 import read_999
from edi.acknowledgment_ta1 import read_ta1
from edi.envelope import Interchange, TransactionSet
from edi.findings import Finding, ReadError, Severity, warning
from edi.guides import FileType
from edi.reader import read_interchanges
from rcm import jobs
from rcm.claims.acknowledge import acknowledgment_events, is_accepted
from rcm.claims.claim_acknowledgment import (
    Told,
    Verdict,
    batch_numbers,
    control_number,
    events_of,
    read_verdicts,
)
from rcm.claims.event_store import adjudicated, last_files, record_events, submitted_in
from rcm.claims.events import NewEvent
from rcm.claims.status import REJECTIONS, ClaimEvent, ClaimStatus
from rcm.eligibility.answers import refuse_inquiries, take_271
from rcm.exchange import store, submissions
from rcm.failpoint import failpoint
from rcm.files import read_bytes
from rcm.remittance.known import set_payer_numbers
from rcm.tools import Tools
from rcm.worklists.items import ItemKind, NewItem, rejected_by_277ca, rejected_by_ta1
from rcm.worklists.refused import refused_items
from rcm.worklists.store import add_items, charges_of, close_items, reopen_keys

_IN_FLIGHT = ("uncertain", "sent")
_SOLE_SET = "0001"


def _take_999(
    session: Session,
    tools: Tools,
    file: store.StoredFile,
    set_index: int,  # noqa: ARG001  # Use cases share one signature.
    transaction_set: TransactionSet,
) -> list[Finding]:
    if any(found.severity is Severity.ERROR for found in transaction_set.findings):
        return []  # Damaged: it says nothing that could be relied on; its findings say so.
    try:
        acknowledgment = read_999(transaction_set)
    except ReadError as refusal:
        return [refusal.finding]
    group_number = control_number(acknowledgment.group_control_number)
    sent = group_number and store.outbound_by_group(session, file.partner_id, group_number)
    if not sent:
        return [
            warning(
                "999-UNKNOWN-GROUP",
                "The acknowledgment answers a group that we did not send.",
                cure="Check whether the partner's number belongs to another system.",
                place=transaction_set.segments[1].place(2),
            )
        ]
    submitted = {_SOLE_SET: submitted_in(session, sent.id)}
    events = acknowledgment_events(acknowledgment, submitted, outbound_id=sent.id, file_id=file.id)
    moved = record_events(session, events, now=tools.clock())
    failpoint("read.999")
    items: list[NewItem] = []
    accepted = is_accepted(acknowledgment, _SOLE_SET)
    if accepted is False:
        refuse_inquiries(session, tools, sent.id, file.id, "999")
    if accepted is not None:
        state = "accepted" if accepted else "rejected"
        store.advance_file(session, sent.id, state, only_from=_IN_FLIGHT, sent_at=tools.clock())
        if not accepted:
            verdict = next((s for s in acknowledgment.sets if s.control_number == _SOLE_SET), None)
            charges = charges_of(session, submitted[_SOLE_SET])
            claims = {claim_id: charges[claim_id] for claim_id in submitted[_SOLE_SET]}
            ours = _sole_set(session, tools, sent.id)
            items = refused_items(ours, verdict, claims, file_id=file.id, outbound_id=sent.id)
    _settle_rejections(session, tools, moved, items)
    return list(acknowledgment.findings)


def _settle_rejections(
    session: Session, tools: Tools, moved: Mapping[UUID, ClaimStatus], items: Sequence[NewItem]
) -> None:
    """Open the items of claims that an answer rejected; close those of claims it took after all.

    A rejection that moved nothing is no work: it came late, or somebody stronger has spoken.
    """
    rejected = {claim_id for claim_id, status in moved.items() if status in REJECTIONS}
    now = tools.clock()
    close_items(session, moved.keys() - rejected, [ItemKind.REJECTED], now=now)
    work = [item for item in items if item.claim_id in rejected]
    add_items(session, tools, work, now=now)
    # The same file may take back what it said.
    reopen_keys(session, [item.key for item in work], now=now)


def _sole_set(session: Session, tools: Tools, file_id: UUID) -> TransactionSet:
    """Return the transaction set of a file that we sent."""
    (interchange,) = read_interchanges(read_bytes(session, tools.keys, file_id))
    (sent,) = interchange.sets()
    return sent


def _take_277ca(
    session: Session,
    tools: Tools,
    file: store.StoredFile,
    set_index: int,  # noqa: ARG001  # Use cases share one signature.
    transaction_set: TransactionSet,
) -> list[Finding]:
    if any(found.severity is Severity.ERROR for found in transaction_set.findings):
        return []  # Damaged: its findings say so.
    try:
        acknowledgment = read_277ca(transaction_set)
    except ReadError as refusal:
        return [refusal.finding]
    submitted = submissions.submitted_claims(
        session,
        file.partner_id,
        batch_numbers=batch_numbers(acknowledgment),
        control_numbers=_claim_numbers(acknowledgment),
    )
    told = read_verdicts(acknowledgment, submitted)
    events = events_of(told, file_id=file.id, set_number=transaction_set.control_number)
    moved = record_events(session, events, now=tools.clock())
    for outbound_id in sorted({event.outbound_id for event in events if event.outbound_id}):
        store.record_arrived(session, outbound_id, now=tools.clock())
    failpoint("read.277ca")
    last = last_files(session, [each.claim_id for each in told])
    timely = [each for each in told if last[each.claim_id] == each.outbound_id]
    _settle_rejections(session, tools, moved, _rejections(session, file.id, timely))
    _remember_numbers(session, timely)
    own = [found for found in acknowledgment.findings if found not in transaction_set.findings]
    return own if told else [*own, _unknown_claims(transaction_set)]


def _claim_numbers(acknowledgment: ClaimAcknowledgment) -> list[str]:
    return [
        claim.patient_control_number
        for reporter in acknowledgment.reporters
        for batch in reporter.batches
        for provider in batch.providers
        for patient in provider.patients
        for claim in patient.claims
    ]


def _remember_numbers(session: Session, told: Sequence[Told]) -> None:
    """Remember the payer's numbers; an acknowledgment replaces none that came with the money."""
    numbers = {each.claim_id: each.payer_claim_number for each in told if each.payer_claim_number}
    final = adjudicated(session, list(numbers))
    set_payer_numbers(session, {key: n for key, n in numbers.items() if key not in final})


def _rejections(session: Session, file_id: UUID, told: Sequence[Told]) -> list[NewItem]:
    refused = [each for each in told if each.verdict is Verdict.REJECTED]
    charges = charges_of(session, [each.claim_id for each in refused])
    return [rejected_by_277ca(each, file_id, charges[each.claim_id]) for each in refused]


def _unknown_claims(transaction_set: TransactionSet) -> Finding:
    return warning(
        "277CA-UNKNOWN-CLAIMS",
        "The acknowledgment speaks of no claim that we sent.",
        cure="Check whether the claims came from another system.",
        place=transaction_set.segments[0].place(transaction_set=transaction_set.control_number),
    )


def take_ta1(
    session: Session, tools: Tools, file: store.StoredFile, interchange: Interchange
) -> list[Finding]:
    """Let the TA1s beside the groups take effect: a rejected interchange refuses its claims."""
    found: list[Finding] = []
    for ta1, acknowledgment in zip(interchange.acknowledgments, read_ta1(interchange), strict=True):
        found.extend(acknowledgment.findings)
        number = control_number(acknowledgment.control_number)
        sent = number and store.outbound_by_number(session, file.partner_id, number)
        if not sent:
            found.append(
                warning(
                    "TA1-UNKNOWN-INTERCHANGE",
                    "The acknowledgment answers an interchange that we did not send.",
                    cure="Check whether the partner's number belongs to another system.",
                    place=ta1.place(1),
                )
            )
        elif acknowledgment.is_rejected:
            _refuse(session, tools, file.id, sent.id, acknowledgment.note)
        else:
            store.record_arrived(session, sent.id, now=tools.clock())
        failpoint("read.ta1")
    return found


def _refuse(session: Session, tools: Tools, file_id: UUID, outbound_id: UUID, note: str) -> None:
    now = tools.clock()
    claim_ids = submitted_in(session, outbound_id)
    events = [
        NewEvent(
            claim_id=claim_id,
            key=f"TA1/{file_id}/{outbound_id}/{claim_id}",
            event=ClaimEvent.REFUSED,
            reporter="clearinghouse, TA1",
            file_id=file_id,
            outbound_id=outbound_id,
            detail={"code": "R", "note": note},
        )
        for claim_id in claim_ids
    ]
    moved = record_events(session, events, now=now)
    charges = charges_of(session, claim_ids)
    items = [
        rejected_by_ta1(key, file_id, outbound_id, cents, note) for key, cents in charges.items()
    ]
    _settle_rejections(session, tools, moved, items)
    refuse_inquiries(session, tools, outbound_id, file_id, "TA1")
    store.advance_file(session, outbound_id, "rejected", only_from=_IN_FLIGHT, sent_at=now)


def _take_835(
    session: Session,
    tools: Tools,  # noqa: ARG001  # Use cases share one signature.
    file: store.StoredFile,
    set_index: int,
    transaction_set: TransactionSet,  # noqa: ARG001
) -> list[Finding]:
    jobs.add(session, "post_remittance", ref_id=file.id, ref_part=set_index)
    return []


def not_for_us(
    session: Session,  # noqa: ARG001  # Use cases share one signature.
    tools: Tools,  # noqa: ARG001
    file: store.StoredFile,  # noqa: ARG001
    set_index: int,  # noqa: ARG001
    transaction_set: TransactionSet,
) -> list[Finding]:
    header = transaction_set.segments[0]
    return [
        warning(
            "X12-NO-USE-CASE",
            "We keep this transaction set, but nothing here acts on its type.",
            cure="Ask the partner why it came; or read it by hand.",
            place=header.place(1, transaction_set=transaction_set.control_number),
        )
    ]


UseCase = Callable[[Session, Tools, store.StoredFile, int, TransactionSet], list[Finding]]
USE_CASES: Mapping[FileType, UseCase] = {
    FileType.ACKNOWLEDGMENT: _take_999,
    FileType.CLAIM_ACKNOWLEDGMENT: _take_277ca,
    FileType.REMITTANCE: _take_835,
    FileType.ELIGIBILITY_RESPONSE: take_271,
}
