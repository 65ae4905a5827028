"""The 835 files for the claims of one functional group, and their rows for the journal.

Claims of ordinary kinds share one file. Claims of a kind whose remittance is odd have files of
their own, as `sandbox.courses` says, so that what is odd about them touches no other claim.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from edi.envelope import Envelope, FunctionalGroup
from edi.guides import Guide
from edi.remittance_835.model import Remittance
from edi.remittance_835.write import write_835
from edi.writer import write_interchange
from sandbox.acknowledge import Judged
from sandbox.adjudicate import adjudicate
from sandbox.courses import COURSES, ORDINARY, Again, Step
from sandbox.decision import Kind
from sandbox.journal import claim_row, payment_row
from sandbox.outbox import AnswerFile, Outbox, Sets, file_name
from sandbox.remit import Adjudicated, Parties, PayerIdentity, remittance
from sandbox.split import split_by

_Payees = Sequence[tuple[Adjudicated, ...]]


def remit(
    group: FunctionalGroup,
    outbox: Outbox,
    identity: PayerIdentity,
    judged_of_sets: Sequence[Sequence[Judged]],
) -> None:
    """Add the 835s of all claims that are remitted, in the order of their kinds' first claims.

    A file has a transaction set for each 837 set, payee and payer.
    """
    remitted = [
        (at, each)
        for at, judged in enumerate(judged_of_sets)
        for each in judged
        if each.is_remitted
    ]
    for of_course in split_by(remitted, _course_key):
        payees = split_by(of_course, _payee_key)
        adjudicated = [tuple(_adjudicated(each) for _, each in pairs) for pairs in payees]
        told: list[Remittance] | list[None] = [None] * len(adjudicated)
        for step in COURSES.get(of_course[0][1].kind, ORDINARY):
            told = _Remitting(group, outbox, identity, step).write(adjudicated, told)


def _course_key(pair: tuple[int, Judged]) -> Kind | None:
    kind = pair[1].kind
    return kind if kind in COURSES else None


def _payee_key(pair: tuple[int, Judged]) -> tuple[int, str, str]:
    at, judged = pair
    return at, judged.claim.billing_provider.npi, judged.claim.payer.id


def _adjudicated(judged: Judged) -> Adjudicated:
    return Adjudicated(
        claim=judged.claim,
        decision=adjudicate(judged.claim, judged.kind),
        payer_claim_number=judged.payer_claim_number,
    )


class _Remitting:
    """One step of a course being written; lives only inside `remit`."""

    def __init__(
        self, group: FunctionalGroup, outbox: Outbox, identity: PayerIdentity, step: Step
    ) -> None:
        self.group = group
        self.outbox = outbox
        self.identity = identity
        self.step = step
        self.envelope = step.envelope(outbox.envelope(group, Guide.REMITTANCE))

    def write(self, payees: _Payees, earlier: Sequence[Remittance | None]) -> list[Remittance]:
        """Add the file and its rows; return the remittance of each payee."""
        told = [
            self.remittance(adjudicated, f"{number:04d}", before)
            for number, (adjudicated, before) in enumerate(
                zip(payees, earlier, strict=True), start=1
            )
        ]
        delimiters = self.envelope.delimiters
        self.add_files([("835", write_835(each, delimiters)) for each in told])
        return told

    def remittance(
        self, adjudicated: tuple[Adjudicated, ...], set_number: str, earlier: Remittance | None
    ) -> Remittance:
        step, is_later = self.step, self.step.is_later
        told = tuple(part for each in adjudicated for part in step.claims(each))
        paid = remittance(
            told,
            parties=Parties.of(adjudicated[0].claim),
            set_control_number=set_number,
            trace=self.outbox.take_trace(),
            today=self.outbox.now.date(),
            identity=step.identity(self.identity),
            delimiters=self.envelope.delimiters,
            change=lambda each: step.change(each, earlier),
        )
        paid = replace(paid, payment=step.payment(paid.payment))
        file = file_name(self.envelope, "835")
        for each, payment in zip(told, paid.claims, strict=True):
            row = claim_row(each, payment, trace=paid.trace.number, file=file)
            self.outbox.add_row(row, is_later=is_later)
        self.outbox.add_row(payment_row(told, paid, file=file), is_later=is_later)
        return paid

    def add_files(self, sets: Sets) -> None:
        body = write_interchange(self.envelope, sets)
        if self.step.is_cut:
            body = body[: len(body) * 2 // 3]
        self.add_file(self.envelope, "835", body)
        match self.step.again:
            case Again.BYTES:
                self.add_file(self.envelope, "835_again", body)
            case Again.INTERCHANGE:
                written_at = self.envelope.written_at + timedelta(minutes=1)
                other = replace(self.envelope, written_at=written_at)
                self.add_file(other, "835_again", write_interchange(other, sets))
            case Again.PAYMENT:
                other = self.step.envelope(self.outbox.envelope(self.group, Guide.REMITTANCE))
                self.add_file(other, "835", write_interchange(other, sets))
            case None:
                pass

    def add_file(self, envelope: Envelope, kind: str, body: bytes) -> None:
        file = AnswerFile(name=file_name(envelope, kind), body=body)
        self.outbox.add_file(file, is_later=self.step.is_later)
