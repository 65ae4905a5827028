"""What all that payers have said of a claim amounts to, in whatever order it arrived. Pure.

A reversal takes one adjudication away, whether it comes before or after it; what is left decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from edi.money import Cents
from edi.remittance_835.model import REVERSAL, ClaimPayment
from rcm.claims.status import ClaimEvent
from rcm.ledger.accounts import Account
from rcm.remittance.codes import PENDING_REASON, adjustment_account
from rcm.remittance.decide import adjustments_of


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
    has_lines: bool = True  #: False: it was posted to the claim as a whole.


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


def settle(adjudications: Sequence[Adjudication]) -> ClaimEvent:
    """Return what stands when every reversal has taken its adjudication away."""
    standing, _ = pair(adjudications)
    said = {each.verdict for each in standing}
    return next((event for verdict, event in _EVENTS if verdict in said), ClaimEvent.REVERSED)


def pair(
    adjudications: Sequence[Adjudication],
) -> tuple[list[Adjudication], dict[tuple[UUID, int], Adjudication]]:
    """Return what stands, and the original of each reversal by its remittance and position."""
    standing = [each for each in adjudications if each.verdict is not Verdict.TAKEN_BACK]
    originals: dict[tuple[UUID, int], Adjudication] = {}
    for n, reversal in enumerate(adjudications):
        if reversal.verdict is Verdict.TAKEN_BACK:
            original = _original_of(reversal, standing, before=adjudications[:n])
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


def _original_of(
    reversal: Adjudication, candidates: Sequence[Adjudication], *, before: Sequence[Adjudication]
) -> Adjudication | None:
    """Return which of the candidates a reversal takes back: by its amounts, then by CLP07.

    A correction may have the number of the original (remittance.md 3), so the number alone counts
    only for what came before the reversal.
    """

    def is_numbered(each: Adjudication) -> bool:
        return each.payer_claim_number == reversal.payer_claim_number

    opposite = (-reversal.charge_cents, -reversal.paid_cents)
    of_amounts = [each for each in candidates if (each.charge_cents, each.paid_cents) == opposite]
    of_number = [
        each
        for each in candidates
        if is_numbered(each) and each.charge_cents == opposite[0] and each in before
    ]
    both = [each for each in of_amounts if is_numbered(each)]
    return next(iter([*both, *of_amounts, *of_number]), None)
