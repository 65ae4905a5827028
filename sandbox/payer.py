"""What the sandbox payer answers: an 837P in, a 999, an 835 and rows for the journal out.

Pure: the clock and the counters are arguments, the counters' next values are part of the answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from edi.acknowledge_group import acknowledge
from edi.acknowledgment_999 import write_999
from edi.claim_837 import Claim, read_837p
from edi.delimiters import STANDARD
from edi.envelope import Envelope, FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, ReadError, error
from edi.guides import Guide
from edi.pyx12_validator import validate_with_pyx12
from edi.remittance_835.write import write_835
from edi.segment import Segment
from edi.writer import SetWriter, write_interchange
from sandbox.adjudicate import Kind, adjudicate, choose
from sandbox.journal import ClaimRow, PaymentRow, Row, claim_row
from sandbox.remit import Adjudicated, PayerIdentity, remittance

_CLAIM = "HC"  #: GS01 of an 837.
_ACKNOWLEDGMENT = "FA"  #: GS01 of a 999: never answered, or the two would never end.


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The next control numbers that are free."""

    interchange: int = 1  #: ISA13 and GS06.
    claim: int = 1  #: CLP07.
    trace: int = 1  #: TRN02.


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """One file for the practice."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one interchange is answered with."""

    files: tuple[AnswerFile, ...]  #: For each functional group a 999, and an 835 if any.
    rows: tuple[Row, ...]  #: For the journal.
    numbers: Numbers  #: What is free afterwards.


def answer(
    interchange: Interchange, *, numbers: Numbers, now: datetime, identity: PayerIdentity
) -> Answers:
    """Return the answers to every functional group of an interchange, but to a 999.

    A set that is no legal 837P, whose claims are not the sum of their lines, or that holds a claim
    of the kind REJECTED_999, is refused whole in the 999. Raises WriteError for a value that no
    X12 file can carry, such as a letter outside ASCII in a name.
    """
    answering = _Answering(interchange, numbers, now, identity)
    for group in interchange.groups:
        if group.functional_id != _ACKNOWLEDGMENT:
            answering.answer_group(group)
    return Answers(
        files=tuple(answering.files), rows=tuple(answering.rows), numbers=answering.numbers
    )


class _Answering:
    """One interchange being answered; lives only inside `answer`."""

    def __init__(
        self, interchange: Interchange, numbers: Numbers, now: datetime, identity: PayerIdentity
    ) -> None:
        self.interchange = interchange
        self.numbers = numbers
        self.now = now
        self.identity = identity
        given = interchange.delimiters  # No value that came in can contain them.
        self.delimiters = given if given.repetition else STANDARD
        self.files: list[AnswerFile] = []
        self.rows: list[Row] = []

    def answer_group(self, group: FunctionalGroup) -> None:
        examined = [(each, *_examine(each, group, self.interchange)) for each in group.sets]
        findings: dict[str, tuple[Finding, ...]] = {}
        for each, _, found in examined:
            findings[each.control_number] = findings.get(each.control_number, ()) + found
        acknowledgment = acknowledge(group, findings)
        writer = write_999(acknowledgment, self.delimiters)
        self.add_file(group, Guide.ACKNOWLEDGMENT, [("999", writer)])
        claims_of_sets: list[tuple[Claim, ...]] = []
        for (_, claims, _), verdict in zip(examined, acknowledgment.sets, strict=True):
            if verdict.is_accepted:
                claims_of_sets.append(claims)
            else:
                self.rows.extend(_refused(claim) for claim in claims)
        if any(claims_of_sets):
            self.remit(group, claims_of_sets)

    def remit(self, group: FunctionalGroup, claims_of_sets: Iterable[tuple[Claim, ...]]) -> None:
        """Write one 835 file: a transaction set for each 837 set, payee and payer."""
        file = self.name_next("835")
        sets: list[tuple[str, SetWriter]] = []
        for claims in claims_of_sets:
            for of_payee in _by_payee(claims):
                sets.append(("835", self.remittance(of_payee, file, len(sets) + 1)))
        self.add_file(group, Guide.REMITTANCE, sets)

    def remittance(self, claims: Iterable[Claim], file: str, set_number: int) -> SetWriter:
        adjudicated: list[Adjudicated] = []
        for claim in claims:
            decision = adjudicate(claim, choose(claim))
            number = self.numbers.claim
            self.numbers = replace(self.numbers, claim=number + 1)
            adjudicated.append(
                Adjudicated(claim=claim, decision=decision, payer_claim_number=f"SB{number:010d}")
            )
        trace = f"SBX{self.numbers.trace:09d}"
        self.numbers = replace(self.numbers, trace=self.numbers.trace + 1)
        paid = remittance(
            adjudicated,
            set_control_number=f"{set_number:04d}",
            trace=trace,
            today=self.now.date(),
            identity=self.identity,
            delimiters=self.delimiters,
        )
        self.rows.extend(claim_row(each, trace=trace, file=file) for each in adjudicated)
        self.rows.append(PaymentRow(trace=trace, payment_cents=paid.payment_cents, file=file))
        return write_835(paid, self.delimiters)

    def name_next(self, kind: str) -> str:
        return f"{self.numbers.interchange:09d}_{kind}.x12"

    def add_file(
        self, group: FunctionalGroup, guide: Guide, sets: Sequence[tuple[str, SetWriter]]
    ) -> None:
        """Write an interchange back to the sender of the group: everything swapped."""
        asked = self.interchange
        number = self.numbers.interchange
        envelope = Envelope(
            sender_qualifier=asked.receiver_qualifier,
            sender_id=asked.receiver_id,
            receiver_qualifier=asked.sender_qualifier,
            receiver_id=asked.sender_id,
            group_sender=group.receiver,
            group_receiver=group.sender,
            interchange_number=number,
            group_number=number,
            usage=asked.usage,
            written_at=self.now,
            guide=guide,
            delimiters=self.delimiters,
        )
        name = self.name_next(sets[0][0])
        self.files.append(AnswerFile(name=name, body=write_interchange(envelope, sets)))
        self.numbers = replace(self.numbers, interchange=number + 1)


def _examine(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    """Return the claims of a set, none where it cannot be read, and why it is refused."""
    found = validate_with_pyx12(transaction_set, group, interchange)
    try:
        claims = read_837p(transaction_set).claims
    except ReadError as refusal:
        return (), (*found, refusal.finding)
    places = {
        segment.get(1): segment for segment in transaction_set.segments if segment.id == "CLM"
    }
    refused = (
        finding
        for claim in claims
        for finding in _refusals(claim, places[claim.patient_control_number])
    )
    return claims, (*found, *refused)


def _refusals(claim: Claim, clm: Segment) -> Iterator[Finding]:
    charges = [line.charge_cents for line in claim.lines]
    if not charges or min(charges) < 0 or sum(charges) != claim.charge_cents:
        message = "The claim's charge is not the sum of the charges of its lines."
        yield error("SANDBOX-CHARGE", message, place=clm.place(2, loop="2300"))
    if choose(claim) is Kind.REJECTED_999:
        message = "The member id asks for the refusal of its transaction set."
        yield error("SANDBOX-REFUSED", message, place=clm.place(5, loop="2300"))


def _refused(claim: Claim) -> ClaimRow:
    return ClaimRow(
        patient_control_number=claim.patient_control_number,
        payer_control_number="",
        kind=Kind.REJECTED_999,
        charge_cents=claim.charge_cents,
    )


def _by_payee(claims: Iterable[Claim]) -> Iterable[list[Claim]]:
    """Split claims by who is paid and who pays, in the order of their first claims."""
    split: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        split.setdefault((claim.billing_provider.npi, claim.payer.id), []).append(claim)
    return split.values()
