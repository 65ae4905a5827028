"""The proof of a 270 before it is kept: it reads back as its questions, and pyx12 finds nothing.

pyx12 judges by our map (it has none of the 270). What is wrong with a question is a finding on
it; what is wrong around the questions is the set-up of the partner, and no question's fault.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from edi.eligibility_270 import EligibilityInquiry, read_270, write_270
from edi.envelope import Envelope, TransactionSet
from edi.findings import Finding, ReadError, Severity, WriteError, error
from edi.reader import read_interchanges
from edi.room import MORE
from edi.writer import write_interchange
from rcm.claims.prove import ALONE_SECONDS_MAX, STOPPING_MAX, ProofError, ProofUnfinishedError
from rcm.conformance.model import STOPPED, Conformance
from rcm.eligibility.inquiry import Question, build_inquiry, in_asking_order

Refused = dict[UUID, Finding]  #: By check: the first thing that is wrong with its question.
_SUBSCRIBER = "22"  #: HL03: each is one question of ours, with its dependent.
_LEVELS = frozenset({"20", "21", _SUBSCRIBER})  #: HL03 where a question begins, or ends.
_CURE = "Correct it in the encounter, or ask about another service; then check it again."


class UnsendableError(Exception):
    """Practice, payer or partner cannot be sent as they are set up; the questions may be fine."""

    code = "HEADER-REFUSED"


_UNWRITABLE = error(
    "270-UNWRITABLE",
    "A name or the member id has a character that the partner's files cannot carry.",
    cure="Write it without special characters.",
)
_UNEQUAL = error(
    "270-PROOF",
    "The question does not read back from X12 as it was meant.",
    cure="Correct what is unusual in it, and report it: we may write something wrongly.",
)


def prove(
    questions: Sequence[Question],
    envelope: Envelope,
    conformance: Conformance,
    *,
    reference: str,
    written_at: datetime,
) -> tuple[Refused, bytes]:
    """Return the questions that cannot go, and the bytes of all; sendable where none is.

    Raises UnsendableError where the fault is not a question's, ProofError where it is
    nobody's, ProofUnfinishedError where pyx12 gives no verdict.
    """

    def build(some: Sequence[Question]) -> EligibilityInquiry:
        return build_inquiry(some, reference=reference, written_at=written_at)

    ordered = in_asking_order(questions)
    inquiry = build(ordered)
    _refuse_around(inquiry, envelope)
    try:
        body = _write(inquiry, envelope)
    except WriteError:
        return _alone(ordered, lambda each: _is_written(build([each]), envelope), _UNWRITABLE), b""
    if not _reads_back(inquiry, body):
        return _alone(ordered, lambda each: _is_equal(build([each]), envelope), _UNEQUAL), b""
    found = conformance(body)
    if any(each.code == STOPPED for each in found):
        bodies = {each.check_id: _write(build([each]), envelope) for each in ordered}
        return _stopping(bodies, conformance), b""
    return _judge(ordered, body, found), body


def _write(inquiry: EligibilityInquiry, envelope: Envelope) -> bytes:
    return write_interchange(envelope, [("270", write_270(inquiry, envelope.delimiters))])


def _refuse_around(inquiry: EligibilityInquiry, envelope: Envelope) -> None:
    """Write what stands around the questions, without any of them."""
    around = replace(
        inquiry,
        sources=tuple(
            replace(
                source,
                receivers=tuple(replace(each, subscribers=()) for each in source.receivers),
            )
            for source in inquiry.sources
        ),
    )
    if not _is_written(around, envelope):
        raise UnsendableError


def _is_written(inquiry: EligibilityInquiry, envelope: Envelope) -> bool:
    try:
        _write(inquiry, envelope)
    except WriteError:
        return False
    return True


def _is_equal(inquiry: EligibilityInquiry, envelope: Envelope) -> bool:
    return _reads_back(inquiry, _write(inquiry, envelope))


def _reads_back(inquiry: EligibilityInquiry, body: bytes) -> bool:
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    try:
        return not interchange.findings and read_270(transaction_set) == inquiry
    except ReadError:
        return False


def _alone(
    ordered: Iterable[Question], goes: Callable[[Question], bool], finding: Finding
) -> Refused:
    """Return the questions that alone do not go. Raises ProofError where each does."""
    refused = {each.check_id: finding for each in ordered if not goes(each)}
    if not refused:
        raise ProofError
    return refused


def _stopping(bodies: Mapping[UUID, bytes], conformance: Conformance) -> Refused:
    """Return the questions that alone stop pyx12. Raises ProofUnfinishedError."""
    refused: Refused = {}
    for check_id, body in bodies.items():
        for found in conformance(body, seconds=ALONE_SECONDS_MAX):
            if found.code == STOPPED:
                refused[check_id] = found
        if len(refused) > STOPPING_MAX:
            raise ProofUnfinishedError
    if not refused:
        raise ProofUnfinishedError
    return refused


def _judge(ordered: Sequence[Question], body: bytes, found: Iterable[Finding]) -> Refused:
    """Return pyx12's errors by question. Raises UnsendableError for one that is of none."""
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    places = _questions_at(transaction_set)
    refused: Refused = {}
    for finding in found:
        # Those that were only counted are found when the questions of these are gone.
        if finding.severity is not Severity.ERROR or finding.code == MORE:
            continue
        position = places.get(finding.place.segment_number)
        if position is None:
            raise UnsendableError
        refused.setdefault(ordered[position].check_id, replace(finding, cure=_CURE))
    return refused


def _questions_at(transaction_set: TransactionSet) -> dict[int, int]:
    """Return, for each segment number of a question, its position among the questions."""
    found: dict[int, int] = {}
    position, is_inside = -1, False
    for segment in transaction_set.segments:
        if segment.id == "HL" and segment.get(3) in _LEVELS:
            is_inside = segment.get(3) == _SUBSCRIBER
            position += is_inside
        if is_inside and segment.id != "SE":
            found[segment.number] = position
    return found
