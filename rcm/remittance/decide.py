"""What becomes of a remittance and of each claim in it. Pure: a table of cases, each decided."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from edi.envelope import TransactionSet
from edi.findings import Finding, Severity, error, warning
from edi.remittance_835.balance import Balance
from edi.remittance_835.model import (
    INFORMATION_STATUSES,
    PREDETERMINATION,
    Adjustment,
    ClaimPayment,
    Remittance,
)
from rcm.remittance.match import Match

UNPOSTABLE_HANDLING = frozenset({"P", "D"})  #: BPR01: prenote, and the bank's copy (RFI 2228).
DUPLICATE_CLAIM = "18"  #: CARC: the payer has another adjudication of this claim.

State = Literal["posted", "held", "recorded", "duplicate"]  #: Of a remittance.

SECONDARY_STATUSES = frozenset({"2", "3", "20", "21"})  #: CLP02: as secondary or tertiary payer.
FORWARDED_UNDECIDED = "23"  #: CLP02: not our claim, forwarded to another payer.


class ClaimState(StrEnum):
    """Where the money of a claim goes."""

    POSTED = "posted"  #: To the claim's accounts.
    UNMATCHED = "unmatched"  #: Its payment waits in suspense: we know no such claim.
    UNBALANCED = "unbalanced"  #: Its payment waits in suspense: it does not add up.
    RECORDED = "recorded"  #: It moves no money.


def judge(
    remittance: Remittance,
    balance: Balance,
    *,
    same_is_posted: bool,
    other_is_posted: bool,
    payee_is_ours: bool,
) -> tuple[State, tuple[Finding, ...]]:
    """Return what becomes of a remittance as a whole, and why where people must know.

    `same_is_posted`: this payment was posted from another file. `other_is_posted`: one with the
    same trace, day, amount and payee was, which says other things of claims.
    """
    payment = remittance.payment
    is_broken = any(
        found.severity is Severity.ERROR and found.code.startswith("X12-")
        for found in remittance.findings
    )
    if same_is_posted:
        return "duplicate", (_SAME_PAYMENT,)
    if not remittance.is_readable or not balance.is_set_balanced or is_broken:
        return "held", (_HELD,)
    if payment.handling_code in UNPOSTABLE_HANDLING:
        return "recorded", ()
    if payment.credit_debit == "D" or payment.payment_cents < 0:
        return "held", (_DEBIT,)
    if not payee_is_ours:
        return "held", (_PAYEE_UNKNOWN,)
    # Payers that pay nothing use trace numbers again: about no money there is no conflict.
    if other_is_posted and payment.payment_cents:
        return "held", (_CONFLICT,)
    return "posted", ()


_SAME_PAYMENT = warning(
    "835-SAME-PAYMENT",
    "This payment was already received in another file; it is not posted again.",
    cure="Nothing, unless the payer says that it is another payment.",
)
_HELD = error(
    "835-HELD",
    "Nothing of this remittance is posted: it does not add up or is damaged.",
    cure="Ask the payer for a corrected remittance; the findings name the place.",
)
_DEBIT = error(
    "835-DEBIT",
    "The remittance says that the payer takes money from the bank account.",
    cure="Ask the payer: a remittance pays or pays nothing (RFI 2660).",
)
_PAYEE_UNKNOWN = error(
    "835-PAYEE-UNKNOWN",
    "The payee is none of this organization's practices.",
    cure="Ask the partner whether the file was meant for somebody else.",
)
CONFLICT_CODE = "835-PAYMENT-CONFLICT"
_CONFLICT = error(
    CONFLICT_CODE,
    "A payment with this trace, day and amount was posted with other claims.",
    cure="Ask the payer which of the two remittances is the true one; where both are, post it.",
)


def decide_claims(
    remittance: Remittance,
    balance: Balance,
    matches: Mapping[int, Match],
) -> dict[int, ClaimState]:
    """Return the state of each claim by its position."""
    unbalanced = frozenset(balance.unbalanced_claims)
    return {
        payment.position: _decide(payment, matches.get(payment.position), unbalanced)
        for payment in remittance.claims
    }


def _decide(
    payment: ClaimPayment,
    match: Match | None,
    unbalanced: frozenset[int],
) -> ClaimState:
    if payment.status_code == PREDETERMINATION:
        return ClaimState.RECORDED  # A price, not a payment: BPR02 does not hold it.
    if not payment.is_readable or payment.position in unbalanced:
        return ClaimState.UNBALANCED
    if payment.status_code in INFORMATION_STATUSES and payment.paid_cents == 0:
        return ClaimState.RECORDED  # Pended, received, ...: no adjudication (remittance.md 3).
    if payment.status_code == FORWARDED_UNDECIDED and payment.paid_cents == 0:
        return ClaimState.RECORDED
    if match is None or payment.status_code == FORWARDED_UNDECIDED:
        return ClaimState.UNMATCHED
    if is_duplicate_denial(payment):
        return ClaimState.RECORDED  # What it is a duplicate of decides, whichever comes first.
    return ClaimState.POSTED


def adjustments_of(payment: ClaimPayment) -> tuple[Adjustment, ...]:
    """Return the adjustments of a claim and of all its lines."""
    of_lines = (each for service in payment.services for each in service.adjustments)
    return (*payment.adjustments, *of_lines)


def is_duplicate_denial(payment: ClaimPayment) -> bool:
    """Tell whether all that is said, or taken back, is that the claim came twice."""
    reasons = {each.reason for each in adjustments_of(payment)}
    return payment.paid_cents == 0 and reasons == {DUPLICATE_CLAIM}


def content_sha256(transaction_set: TransactionSet) -> bytes:
    """Return a digest of what a remittance says below its header: claims and adjustments.

    Two payments with equal keys and other content are not the same (rules-that-bite M20); equal
    content with other delimiters or segment numbers is.
    """
    digest = hashlib.sha256()
    is_body = False
    for segment in transaction_set.segments:
        is_body = is_body or segment.id in {"LX", "CLP", "PLB"}
        if is_body and segment.id != "SE":
            text = "\x1d".join(segment.elements) + "\x1c"
            text = text.replace(transaction_set.delimiters.component, "\x1f")
            digest.update(text.encode("utf-8"))
    return digest.digest()
