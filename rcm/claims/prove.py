"""The proof of an 837P before it is kept: it reads back as its claims, and pyx12 finds nothing.

What is wrong with a claim is a finding on that claim, found by trying each alone; what is wrong
around the claims is the partner's set-up, and no claim's fault. pyx12 is the caller's to give.
"""

from collections.abc import Iterable
from dataclasses import replace

from edi.claim_837 import ClaimBatch, read_837p, write_837p
from edi.envelope import Envelope
from edi.findings import Finding, ReadError, Severity, WriteError, error
from edi.reader import read_interchanges
from edi.room import MORE
from edi.writer import SetWriter, write_interchange
from rcm.claims.batch import claims_at, unwritable
from rcm.conformance.model import STOPPED, Conformance

Refused = dict[str, list[Finding]]  #: By patient control number.
ALONE_SECONDS_MAX = 5  #: Of pyx12 for one claim; it needs a hundredth of a second.
STOPPING_MAX = 3  #: Claims of one file that stop pyx12; more, and it is no claim's fault.


class HeaderRefusedError(Exception):
    """Submitter, receiver or envelope cannot be sent as they are set up; the claims may be fine."""

    code = "HEADER-REFUSED"


class ProofError(Exception):
    """Our bug: the file we wrote does not read back, and nothing in it is to blame."""

    code = "PROOF-FAILED"


class ProofUnfinishedError(Exception):
    """pyx12 was stopped at a file, and no claim of it is to blame: nothing is known of it."""

    code = "PROOF-UNFINISHED"


_UNWRITABLE = error(
    "CLAIM-UNWRITABLE",
    "A value of the claim has a character that X12 cannot carry.",
    cure="Remove special characters from names, addresses and notes.",
)
_UNEQUAL = error(
    "CLAIM-PROOF",
    "The claim does not read back from X12 as it was meant.",
    cure="Correct what is unusual in it, and report it: we may write something wrongly.",
)


def prove(batch: ClaimBatch, envelope: Envelope, conformance: Conformance) -> tuple[Refused, bytes]:
    """Return the findings of the claims that cannot go, and the bytes; sendable where none is.

    Raises HeaderRefusedError where the fault is not a claim's, ProofError where it is nobody's,
    ProofUnfinishedError where pyx12 gives no verdict.
    """
    _refuse_header(batch, envelope)
    try:
        body = _write(batch, envelope)
    except WriteError:
        positions = unwritable(batch)
        if not positions:
            raise
        return _refused(batch, positions, _UNWRITABLE), b""
    if not _reads_back(batch, body):
        return _refused(batch, _unequal(batch, envelope), _UNEQUAL), b""
    found = conformance(body)
    if _is_stopped(found):
        return _stopping(batch, envelope, conformance), b""
    return _judge(batch, body, found), body


def _write(batch: ClaimBatch, envelope: Envelope) -> bytes:
    return write_interchange(envelope, [("837", write_837p(batch, envelope.delimiters))])


def _refuse_header(batch: ClaimBatch, envelope: Envelope) -> None:
    """Write what stands around the claims, without any of them."""
    submitter, receiver = batch.submitter, batch.receiver
    around = SetWriter(envelope.delimiters)
    try:
        around.add("BHT", batch.reference)
        around.add("NM1", submitter.name, submitter.id)
        around.add("PER", submitter.contact_name, submitter.contact_phone)
        around.add("NM1", receiver.name, receiver.id)
        write_interchange(envelope, [("837", around)])
    except WriteError:
        raise HeaderRefusedError from None


def _reads_back(batch: ClaimBatch, body: bytes) -> bool:
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    try:
        return read_837p(transaction_set) == batch
    except ReadError:
        return False


def _unequal(batch: ClaimBatch, envelope: Envelope) -> tuple[int, ...]:
    """Return the positions of claims that alone do not read back equal. Raises ProofError."""
    found = []
    for position, claim in enumerate(batch.claims):
        alone = replace(batch, claims=(claim,))
        if not _reads_back(alone, _write(alone, envelope)):
            found.append(position)
    if not found:
        raise ProofError
    return tuple(found)


def _refused(batch: ClaimBatch, positions: Iterable[int], finding: Finding) -> Refused:
    return {batch.claims[position].patient_control_number: [finding] for position in positions}


def _is_stopped(found: Iterable[Finding]) -> bool:
    return any(finding.code == STOPPED for finding in found)


def _stopping(batch: ClaimBatch, envelope: Envelope, conformance: Conformance) -> Refused:
    """Return the claims that alone stop pyx12, with its finding. Raises ProofUnfinishedError."""
    refused: Refused = {}
    for claim in batch.claims:
        body = _write(replace(batch, claims=(claim,)), envelope)
        found = [*conformance(body, seconds=ALONE_SECONDS_MAX)]
        if _is_stopped(found):
            refused[claim.patient_control_number] = found
            if len(refused) > STOPPING_MAX:
                raise ProofUnfinishedError
    if not refused:
        raise ProofUnfinishedError
    return refused


def _judge(batch: ClaimBatch, body: bytes, found: Iterable[Finding]) -> Refused:
    """Return pyx12's errors by claim. Raises HeaderRefusedError for one that is of no claim."""
    # Those that were only counted are found when the claims of these are gone.
    errors = [each for each in found if each.severity is Severity.ERROR and each.code != MORE]
    if not errors:
        return {}
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    places = claims_at(transaction_set)
    refused: Refused = {}
    for finding in errors:
        positions = places.get(finding.place.segment_number)
        if not positions:
            raise HeaderRefusedError
        for position in positions:
            number = batch.claims[position].patient_control_number
            refused.setdefault(number, []).append(finding)
    return refused
