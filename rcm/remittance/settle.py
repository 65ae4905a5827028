"""What all that payers have said of a claim amounts to, in whatever order it arrived. Pure.

A reversal takes one adjudication away, whether it comes before or after it; what is left decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from edi.money import Cents
from edi.remittance_835.model import REVERSAL, AdjustmentGroup, ClaimPayment
from rcm.claims.status import ClaimEvent
from rcm.ledger.accounts import Account
from rcm.remittance.codes import PENDING_REASON, PRIOR_PAYER_REASON, adjustment_account
from rcm.remittance.decide import SECONDARY_STATUSES, adjustments_of


class Verdict(StrEnum):
    """What one claim of one remittance says."""

    PAID = "paid"  #: Something is paid, or left to the patient or to the contract.
    DENIED = "denied"  #: Nothing is paid, and something is denied.
    PENDED = "pended"  #: The payer has not decided a part of it (CARC 133).
    TAKEN_BACK = "taken_back"  #: A reversal.


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudication:
    """One claim of one posted remittance."""

    remittance_id: UUID
    position: int
    verdict: Verdict
    payer_claim_number: str
    charge_cents: Cents  #: CLP03: below zero in a reversal.
    paid_cents: Cents  #: CLP04.
    is_other: bool = False  #: It is told by the second or third payer.


def verdict_of(payment: ClaimPayment, contractual_codes: frozenset[str]) -> Verdict:
    """Return what a claim of a remittance says: by its amounts, not by CLP02 alone."""
    if payment.status_code == REVERSAL:
        return Verdict.TAKEN_BACK
    if any(each.reason == PENDING_REASON for each in adjustments_of(payment)):
        return Verdict.PENDED
    return Verdict.DENIED if is_denied(payment, contractual_codes) else Verdict.PAID


def is_denied(payment: ClaimPayment, contractual_codes: frozenset[str]) -> bool:
    """Tell whether nothing was paid and something denied (remittance.md 3)."""
    denied = sum(
        adjustment.amount_cents
        for adjustment in adjustments_of(payment)
        if adjustment_account(adjustment, contractual_codes) is Account.RECEIVABLE_DENIED
    )
    return payment.paid_cents == 0 and denied > 0


def is_secondary(payment: ClaimPayment) -> bool:
    """Tell whether a payer speaks as the second or third: by CLP02, or by its OA-23.

    A reversal does not say which payer it is of; like its original it names what others did. It
    is asked only where its original is not here (`with_originals`).
    """
    if payment.status_code in SECONDARY_STATUSES:
        return True
    return payment.status_code == REVERSAL and any(
        (each.group, each.reason) == (AdjustmentGroup.OTHER, PRIOR_PAYER_REASON)
        for each in adjustments_of(payment)
    )


def settle(adjudications: Sequence[Adjudication]) -> ClaimEvent:
    """Return what stands when every reversal has taken its adjudication away.

    The first payer decides; what the others said counts where it took nothing back.
    """
    if is_taken_back(adjudications):
        return ClaimEvent.REVERSED
    standing, _ = pair(adjudications)
    said = {each.verdict for each in standing}
    return next((event for verdict, event in _EVENTS if verdict in said), ClaimEvent.REVERSED)


def is_taken_back(adjudications: Sequence[Adjudication]) -> bool:
    """Tell whether the first payer took back as much as it adjudicated, or more."""
    of_first = [each for each in adjudications if not each.is_other]
    has_reversal = any(each.verdict is Verdict.TAKEN_BACK for each in of_first)
    return has_reversal and sum(each.charge_cents for each in of_first) <= 0


def missing(adjudications: Sequence[Adjudication], charge_cents: Cents) -> Cents | None:
    """Return what the first payer took back and nothing replaces, in cents; None if all is well.

    `charge_cents` is what was charged: as much must be adjudicated when all reversals have taken
    theirs. Whatever the order of arrival, the greatest reversals are those that miss an answer.
    """
    of_first = [each for each in adjudications if not each.is_other]
    reversals = [each for each in of_first if each.verdict is Verdict.TAKEN_BACK]
    open_cents = charge_cents - sum(each.charge_cents for each in of_first)
    is_odd = any(each.charge_cents > 0 for each in reversals)  # Against the guide: people look.
    if not reversals or (open_cents <= 0 and not is_odd):
        return None
    total = 0
    for reversal in sorted(reversals, key=lambda each: each.paid_cents):
        total += abs(reversal.paid_cents)
        open_cents -= abs(reversal.charge_cents)
        if open_cents <= 0:
            break
    return Cents(total)


def pair(
    adjudications: Sequence[Adjudication],
) -> tuple[list[Adjudication], dict[tuple[UUID, int], Adjudication]]:
    """Return what stands, and the original of each reversal by its remittance and position."""
    standing = [each for each in adjudications if each.verdict is not Verdict.TAKEN_BACK]
    originals: dict[tuple[UUID, int], Adjudication] = {}
    for reversal in adjudications:
        if reversal.verdict is Verdict.TAKEN_BACK:
            original = _original_of(reversal, standing)
            if original is not None:
                standing.remove(original)
                originals[reversal.remittance_id, reversal.position] = original
    return standing, originals


#: The first that stands counts: money that was paid is there, whatever else is said.
_EVENTS = (
    (Verdict.PAID, ClaimEvent.PAID),
    (Verdict.PENDED, ClaimEvent.PENDED),
    (Verdict.DENIED, ClaimEvent.DENIED),
)


def _original_of(reversal: Adjudication, candidates: Sequence[Adjudication]) -> Adjudication | None:
    """Return which of the candidates a reversal takes back: by its amounts, then by CLP07.

    The number alone never counts: a correction may have the number of the original
    (remittance.md 3), and which of the two came first says nothing.
    """
    opposite = (-reversal.charge_cents, -reversal.paid_cents)
    of_amounts = [each for each in candidates if (each.charge_cents, each.paid_cents) == opposite]
    numbered = [
        each for each in of_amounts if each.payer_claim_number == reversal.payer_claim_number
    ]
    return next(iter([*numbered, *of_amounts]), None)
