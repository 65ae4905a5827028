"""A functional group of 270s: a 999 to all of them, and one file of 271s to those accepted."""

from edi.acknowledge_group import acknowledge
from edi.acknowledgment_999 import write_999
from edi.eligibility_270 import EligibilityInquiry, read_270
from edi.eligibility_271 import write_271
from edi.envelope import FunctionalGroup, TransactionSet
from edi.findings import Finding, ReadError, WriteError, error
from edi.guides import FileType, Guide
from edi.writer import SetWriter
from sandbox.eligibility import answer_inquiry, is_anybody_asked
from sandbox.outbox import Outbox
from sandbox.remit import PayerIdentity


def answer_inquiries(group: FunctionalGroup, outbox: Outbox, identity: PayerIdentity) -> None:
    """Add the 999, and the 271s where a set is accepted.

    Not judged by the guide: a set is refused where our own reader finds an error, where it asks
    about nobody, and where it has a value that no answer can carry.
    """
    envelope = outbox.envelope(group, Guide.ACKNOWLEDGMENT)
    answers: list[tuple[SetWriter, ...]] = []
    findings: dict[str, tuple[Finding, ...]] = {}
    for position, each in enumerate(group.sets, start=1):
        prefix = f"SBE{envelope.interchange_number:09d}{position:04d}"
        written, found = _answer(each, prefix, outbox, identity)
        answers.append(written)
        findings[each.control_number] = findings.get(each.control_number, ()) + found
    acknowledgment = acknowledge(group, findings, outbox.interchange)
    outbox.add(envelope, "999", [("999", write_999(acknowledgment, outbox.delimiters))])
    sets = [
        ("271", answer)
        for written, verdict in zip(answers, acknowledgment.sets, strict=True)
        if verdict.is_accepted
        for answer in written
    ]
    if sets:
        outbox.add(outbox.envelope(group, Guide.ELIGIBILITY), "271", sets)


def _answer(
    transaction_set: TransactionSet, prefix: str, outbox: Outbox, identity: PayerIdentity
) -> tuple[tuple[SetWriter, ...], tuple[Finding, ...]]:
    """Return the 271s of one 270, and why it is refused, which the envelope's findings are not."""
    try:
        inquiry = read_270(transaction_set)
    except ReadError as refusal:
        return (), (refusal.finding,)
    of_envelope = len(transaction_set.findings)
    found = (*inquiry.findings[of_envelope:], *_refusals(transaction_set, inquiry))
    responses = answer_inquiry(inquiry, prefix=prefix, now=outbox.now, identity=identity)
    try:
        return tuple(write_271(each, outbox.delimiters) for each in responses), found
    except WriteError:
        message = "The inquiry has a character that no answer can carry."
        return (), (*found, _refusal(transaction_set, "SANDBOX-CHARACTER", message))


def _refusals(transaction_set: TransactionSet, inquiry: EligibilityInquiry) -> tuple[Finding, ...]:
    if transaction_set.file_type is not FileType.ELIGIBILITY_INQUIRY:
        message = "Only the guide 005010X279A1 is answered."
        return (_refusal(transaction_set, "SANDBOX-GUIDE", message),)
    if not is_anybody_asked(inquiry):
        message = "The inquiry asks about nobody."
        return (_refusal(transaction_set, "SANDBOX-NOBODY", message),)
    return ()


def _refusal(transaction_set: TransactionSet, code: str, message: str) -> Finding:
    return error(code, message, place=transaction_set.segments[0].place())
