"""The proof of an 837P before it is kept: it reads back as its claims, and pyx12 finds nothing.

What is wrong with a claim is a finding on that claim, found by trying each alone; what is wrong
around the claims is the partner's set-up, and no claim's fault. Pure.
"""

from collections.abc import Iterable
from dataclasses import replace

from edi.claim_837 import ClaimBatch, read_837p, write_837p
from edi.envelope import Envelope, Interchange
from edi.findings import Finding, ReadError, Severity, WriteError, error
from edi.pyx12_validator import validate_with_pyx12
from edi.reader import read_interchanges
from edi.writer import SetWriter, write_interchange
from rcm.claims.batch import claims_at, unwritable

Refused = dict[str, list[Finding]]  #: By patient control number.


class HeaderRefusedError(Exception):
    """Submitter, receiver or envelope cannot be sent as they are set up; the claims may be fine."""

    code = "HEADER-REFUSED"


class ProofError(Exception):
    """Our bug: the file we wrote does not read back, and no claim of it is to blame."""

    code = "PROOF-FAILED"


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


def prove(batch: ClaimBatch, envelope: Envelope) -> tuple[Refused, bytes]:
    """Return the findings of the claims that cannot go, and the bytes; sendable where none is.

    Raises HeaderRefusedError where the fault is not a claim's, ProofError where it is nobody's.
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
    (interchange,) = read_interchanges(body)
    return _judge(batch, interchange), body


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


def _judge(batch: ClaimBatch, interchange: Interchange) -> Refused:
    """Return pyx12's errors by claim. Raises HeaderRefusedError for one that is of no claim."""
    (group,) = interchange.groups
    (transaction_set,) = group.sets
    found = validate_with_pyx12(transaction_set, group, interchange)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    places = claims_at(transaction_set) if errors else {}
    refused: Refused = {}
    for finding in errors:
        positions = places.get(finding.place.segment_number)
        if not positions:
            raise HeaderRefusedError
        for position in positions:
            number = batch.claims[position].patient_control_number
            refused.setdefault(number, []).append(finding)
    return refused
