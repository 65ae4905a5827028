"""What the sandbox payer answers: an 837P in; a 999, a 277CA, 835s and rows for the journal out.

A 270 in; a 999 and a 271 out (sandbox.inquiring). Pure: the clock and the counters are arguments,
the counters' next values are part of the answer.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from edi.acknowledge_group import acknowledge
from edi.acknowledgment_277ca import write_277ca
from edi.acknowledgment_999 import write_999
from edi.acknowledgment_ta1 import acknowledge_interchange, write_ta1
from edi.claim_837 import Claim, ClaimBatch, read_837p
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, ReadError, error
from edi.guides import Guide
from edi.pyx12_validator import validate_with_pyx12
from edi.segment import Segment
from sandbox.acknowledge import Judged, acknowledge_claims
from sandbox.adjudicate import choose, choose_all
from sandbox.decision import Kind
from sandbox.inquiring import answer_inquiries
from sandbox.journal import unanswered_row
from sandbox.outbox import Answers, Numbers, Outbox
from sandbox.remit import PayerIdentity
from sandbox.remitting import remit

_ACKNOWLEDGMENT = "FA"  #: GS01 of a 999: never answered, or the two would never end.
_INQUIRY = "HS"  #: GS01 of a 270.
#: What is wrong with a set by its guide.
Check = Callable[[TransactionSet, FunctionalGroup, Interchange], tuple[Finding, ...]]


def answer(
    interchange: Interchange,
    *,
    numbers: Numbers,
    now: datetime,
    identity: PayerIdentity,
    check: Check = validate_with_pyx12,
) -> Answers:
    """Return the answers to every functional group of an interchange, but to a 999.

    A set that is no legal 837P, whose claims are not the sum of their lines, or that holds a claim
    of the kind REJECTED_999, is refused whole in the 999; so is a 270 that our reader cannot read
    without an error. Raises WriteError for a value that no X12 file can carry, such as a letter
    outside ASCII in the sender's name.
    """
    outbox = Outbox(interchange, numbers, now)
    for group in interchange.groups:
        if group.functional_id == _INQUIRY:
            answer_inquiries(group, outbox, identity)
        elif group.functional_id != _ACKNOWLEDGMENT:
            _answer_claims(group, outbox, identity, check)
    return outbox.answers()


def _answer_claims(
    group: FunctionalGroup, outbox: Outbox, identity: PayerIdentity, check: Check
) -> None:
    examined = [
        (each, *_examine(each, check(each, group, outbox.interchange))) for each in group.sets
    ]
    findings: dict[str, tuple[Finding, ...]] = {}
    for each, _, found in examined:
        findings[each.control_number] = findings.get(each.control_number, ()) + found
    acknowledgment = acknowledge(group, findings, outbox.interchange)
    batches = [batch for _, batch, _ in examined]
    accepted: list[ClaimBatch] = []
    for batch, verdict in zip(batches, acknowledgment.sets, strict=True):
        if batch is not None and verdict.is_accepted:
            accepted.append(batch)
        elif batch is not None:
            for claim in batch.claims:
                outbox.add_row(unanswered_row(claim, Kind.REJECTED_999))
    claims = [claim for batch in batches if batch is not None for claim in batch.claims]
    asks_ta1 = any(choose(claim) is Kind.TA1_WITH_999 for claim in claims)
    outbox.add(
        outbox.envelope(group, Guide.ACKNOWLEDGMENT),
        "999",
        [("999", write_999(acknowledgment, outbox.delimiters))],
        acknowledgments=write_ta1([acknowledge_interchange(outbox.interchange)], outbox.delimiters)
        if asks_ta1
        else None,
    )
    judged = [_judge(batch, outbox) for batch in accepted]
    _acknowledge(group, outbox, list(zip(accepted, judged, strict=True)))
    remit(group, outbox, identity, judged)


def _judge(batch: ClaimBatch, outbox: Outbox) -> tuple[Judged, ...]:
    return tuple(
        Judged(claim=claim, kind=kind, number=outbox.take_claim_number())
        for claim, kind in zip(batch.claims, choose_all(batch.claims), strict=True)
    )


def _acknowledge(
    group: FunctionalGroup,
    outbox: Outbox,
    batches: Sequence[tuple[ClaimBatch, Sequence[Judged]]],
) -> None:
    """Write a 277CA file for now and one for the next visit, and the rows of refused claims.

    The claims of the kind EARLY_835 are those of the next visit.
    """
    for is_later in (False, True):
        sets = [
            ("277", write_277ca(each, outbox.delimiters))
            for batch, judged in batches
            for each in acknowledge_claims(batch, _spoken_of(judged, is_later=is_later), outbox.now)
        ]
        if sets:
            envelope = outbox.envelope(group, Guide.CLAIM_ACKNOWLEDGMENT)
            outbox.add(envelope, "277CA", sets, is_later=is_later)
    for _, judged in batches:
        for each in judged:
            if not each.is_answered_by_number:
                outbox.add_row(unanswered_row(each.claim, each.kind))


def _spoken_of(judged: Sequence[Judged], *, is_later: bool) -> list[Judged]:
    return [
        each
        for each in judged
        if each.kind is not Kind.NEVER_ANSWERED and (each.kind is Kind.EARLY_835) is is_later
    ]


def _examine(
    transaction_set: TransactionSet, found: tuple[Finding, ...]
) -> tuple[ClaimBatch | None, tuple[Finding, ...]]:
    """Return the batch of a set, None where it cannot be read, and why it is refused.

    `found`: what is wrong with it by its guide.
    """
    try:
        batch = read_837p(transaction_set)
    except ReadError as refusal:
        return None, (*found, refusal.finding)
    places = {
        segment.get(1): segment for segment in transaction_set.segments if segment.id == "CLM"
    }
    refused = (
        finding
        for claim in batch.claims
        for finding in _refusals(claim, places[claim.patient_control_number])
    )
    return batch, (*found, *refused)


def _refusals(claim: Claim, clm: Segment) -> Iterator[Finding]:
    charges = [line.charge_cents for line in claim.lines]
    if not charges or min(charges) < 0 or sum(charges) != claim.charge_cents:
        message = "The claim's charge is not the sum of the charges of its lines."
        yield error("SANDBOX-CHARGE", message, place=clm.place(2, loop="2300"))
    if choose(claim) is Kind.REJECTED_999:
        message = "The member id asks for the refusal of its transaction set."
        yield error("SANDBOX-REFUSED", message, place=clm.place(5, loop="2300"))
