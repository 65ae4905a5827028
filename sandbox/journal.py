"""The journal of the sandbox payer: what it decided, one JSON object a line, append-only.

It names nobody: control numbers, kinds and cents. The books of whoever reads the 835s have to
agree with it to the cent.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, assert_never

from edi.claim_837 import Claim
from edi.money import Cents
from edi.remittance_835.model import ClaimPayment, Remittance
from sandbox.decision import Column, Kind, LineDecision
from sandbox.remit import Adjudicated, Books

_ZERO = Cents(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One service line. The charge is the sum of the other five."""

    control_number: str  #: REF*6R; empty where the 837 had none.
    charge_cents: Cents
    paid_cents: Cents
    contractual_cents: Cents
    patient_cents: Cents
    denied_cents: Cents
    pending_cents: Cents = _ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim of one 835, or one that has none: what the books have to show of it.

    The charge is the sum of the other five, or they are all zero: the claim was not adjudicated,
    or its 835 must not be posted at the claim. A reversal has every amount negated, and the rows
    of a claim add up: that of a second payer charges nothing, and takes what it pays from what
    was the patient's.
    """

    patient_control_number: str  #: CLP01.
    payer_control_number: str  #: CLP07; empty where no 835 answers the claim.
    kind: Kind
    charge_cents: Cents
    paid_cents: Cents = _ZERO
    contractual_cents: Cents = _ZERO
    patient_cents: Cents = _ZERO
    denied_cents: Cents = _ZERO
    pending_cents: Cents = _ZERO  #: Still open with the payer: neither paid nor denied.
    lines: tuple[LineRow, ...] = ()  #: None where there is nothing to post at the claim.
    trace: str = ""  #: TRN02; empty where no 835 answers the claim.
    file: str = ""  #: The 835 that answers the claim.
    suspense_cents: Cents = _ZERO  #: CLP04, of a claim that is unbalanced or not ours.


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRow:
    """One pair of a PLB. A positive amount is kept by the payer."""

    reason: str  #: PLB03-1.
    reference: str  #: PLB03-2.
    amount_cents: Cents  #: PLB04.


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One 835 transaction set."""

    trace: str  #: TRN02.
    payment_cents: Cents  #: BPR02: its claims' payments, posted or in suspense, less its PLB.
    file: str
    adjustments: tuple[AdjustmentRow, ...] = ()  #: PLB.
    is_posted: bool = True  #: False: a notice, a test, unbalanced or cut short; no money moves.


Row = ClaimRow | PaymentRow
_ROWS: dict[str, type[Row]] = {"claim": ClaimRow, "payment": PaymentRow}
_WORDS = {row: word for word, row in _ROWS.items()}


def claim_row(
    adjudicated: Adjudicated, payment: ClaimPayment, *, trace: str, file: str
) -> ClaimRow:
    """Return the row of a claim that an 835 answers with this payment."""
    decision = adjudicated.decision
    row = ClaimRow(
        patient_control_number=adjudicated.claim.patient_control_number,
        payer_control_number=adjudicated.payer_claim_number,
        kind=decision.kind,
        charge_cents=adjudicated.claim.charge_cents,
        trace=trace,
        file=file,
    )
    match adjudicated.books:
        case Books.CLAIM:
            return _with_lines(row, [_line_row(line) for line in decision.lines])
        case Books.PATIENT_SHARE:
            return _with_lines(row, [_share_row(line) for line in decision.lines])
        case Books.SUSPENSE:
            return replace(row, suspense_cents=payment.paid_cents)
        case Books.NOWHERE | Books.PRICE:
            return row
        case _:
            assert_never(adjudicated.books)


def _with_lines(row: ClaimRow, lines: Sequence[LineRow]) -> ClaimRow:
    return replace(
        row,
        charge_cents=Cents(sum(line.charge_cents for line in lines)),
        paid_cents=Cents(sum(line.paid_cents for line in lines)),
        contractual_cents=Cents(sum(line.contractual_cents for line in lines)),
        patient_cents=Cents(sum(line.patient_cents for line in lines)),
        denied_cents=Cents(sum(line.denied_cents for line in lines)),
        pending_cents=Cents(sum(line.pending_cents for line in lines)),
        lines=tuple(lines),
    )


def unanswered_row(claim: Claim, kind: Kind) -> ClaimRow:
    """Return the row of a claim that no 835 answers."""
    return ClaimRow(
        patient_control_number=claim.patient_control_number,
        payer_control_number="",
        kind=kind,
        charge_cents=claim.charge_cents,
    )


def payment_row(adjudicated: Sequence[Adjudicated], paid: Remittance, *, file: str) -> PaymentRow:
    """Return the row of a remittance of these claims."""
    return PaymentRow(
        trace=paid.trace.number,
        payment_cents=paid.payment_cents,
        file=file,
        adjustments=tuple(
            AdjustmentRow(
                reason=each.reason, reference=each.reference, amount_cents=each.amount_cents
            )
            for each in paid.provider_adjustments
        ),
        is_posted=all(each.books is not Books.NOWHERE for each in adjudicated),
    )


def _line_row(decision: LineDecision) -> LineRow:
    return LineRow(
        control_number=decision.line.control_number,
        charge_cents=decision.line.charge_cents,
        paid_cents=decision.paid_cents,
        contractual_cents=decision.in_column(Column.CONTRACTUAL),
        patient_cents=decision.in_column(Column.PATIENT),
        denied_cents=decision.in_column(Column.DENIED),
        pending_cents=decision.in_column(Column.PENDING),
    )


def _share_row(decision: LineDecision) -> LineRow:
    """Return what a second payer changes: all that the first did not leave is in its OA-23."""
    left_cents = decision.line.charge_cents - decision.in_column(Column.PRIOR)
    row = _line_row(decision)
    return replace(row, charge_cents=_ZERO, patient_cents=Cents(row.patient_cents - left_cents))


def write_rows(rows: Iterable[Row]) -> bytes:
    """Return the lines of the journal for these rows; the member `row` is claim or payment."""
    objects = ({"row": _WORDS[type(row)], **asdict(row)} for row in rows)
    return b"".join(json.dumps(each).encode() + b"\n" for each in objects)


def append_rows(path: Path, rows: bytes, *, at: int) -> None:
    """Make `rows` what follows the first `at` bytes of the journal, and wait for the disk.

    May be called again after a crash: what was half written is written again, once.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as journal:
        journal.seek(at)
        if journal.read() != rows:
            journal.seek(at)
            journal.truncate()
            journal.write(rows)
        journal.flush()
        os.fsync(journal.fileno())


def read_journal(path: Path) -> tuple[Row, ...]:
    """Return every row so far; none where there is no journal yet.

    A last line without its end is one that is being written: it is left out.
    """
    if not path.exists():
        return ()
    whole = [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    return tuple(_read_row(json.loads(line)) for line in whole)


def _read_row(members: dict[str, Any]) -> Row:
    row = _ROWS[str(members.pop("row"))]
    if row is PaymentRow:
        members["adjustments"] = tuple(
            AdjustmentRow(**each) for each in members.get("adjustments", ())
        )
        return PaymentRow(**members)
    members["kind"] = Kind(members["kind"])
    members["lines"] = tuple(LineRow(**line) for line in members["lines"])
    return ClaimRow(**members)
