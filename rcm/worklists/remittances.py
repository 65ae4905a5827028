"""What a remittance gives people to do. Pure."""

from collections.abc import Iterator
from uuid import UUID

from edi.money import Cents
from edi.remittance_835.model import REVERSAL, ClaimPayment, Remittance
from rcm.ledger.accounts import Account
from rcm.remittance.codes import PAID_TO_PATIENT_REASON, adjustment_account
from rcm.remittance.decide import (
    FORWARDED_UNDECIDED,
    ClaimState,
    adjustments_of,
    is_duplicate_denial,
)
from rcm.remittance.denials import classify
from rcm.remittance.events import remarks_of
from rcm.remittance.history import History
from rcm.remittance.match import KnownClaim
from rcm.remittance.post import Decisions, Source
from rcm.remittance.settle import Verdict, missing
from rcm.worklists.follow_up import FollowUp, follow_up
from rcm.worklists.items import NewItem, denied, suspended


def items_of(
    remittance: Remittance, decisions: Decisions, history: History, source: Source
) -> Iterator[NewItem]:
    """Yield what people have to do about each claim of a remittance that was posted."""
    for payment in remittance.claims:
        position = payment.position
        state = decisions.states[position]
        match = decisions.matches.get(position)
        if position in history.here and match is not None:
            yield from _of_posted(payment, match.claim, history, source.remittance_id)
            continue
        if match is not None:
            yield from _of_unposted(payment, match.claim, history, source.remittance_id)
        is_denial_of_others = state is ClaimState.UNMATCHED and not payment.paid_cents
        if state not in (ClaimState.POSTED, ClaimState.RECORDED) and not is_denial_of_others:
            yield suspended(
                payment,
                state,
                remittance.trace.number,
                remittance_id=source.remittance_id,
                file_id=source.file_id,
            )
    for claim_id in sorted(set(history.claims.values())):
        taken = missing(history.of(claim_id), history.charges[claim_id])
        if taken is not None:
            yield follow_up(FollowUp.REVERSED, claim_id, source.remittance_id, taken)


def _of_unposted(
    payment: ClaimPayment, claim: KnownClaim, history: History, remittance_id: UUID
) -> Iterator[NewItem]:
    if payment.status_code == FORWARDED_UNDECIDED:
        yield follow_up(FollowUp.FORWARDED, claim.id, remittance_id, payment.charge_cents)
    is_answered = claim.is_adjudicated or claim.id in history.claims.values()
    is_reversal = payment.status_code == REVERSAL
    if is_duplicate_denial(payment) and not is_reversal and not is_answered:
        yield follow_up(FollowUp.DUPLICATE, claim.id, remittance_id, payment.charge_cents)


def _of_posted(
    payment: ClaimPayment, claim: KnownClaim, history: History, remittance_id: UUID
) -> Iterator[NewItem]:
    told = history.here[payment.position]
    if told.verdict is Verdict.TAKEN_BACK:
        return
    yield from _denial(payment, claim, remittance_id)
    if payment.corrected is not None:
        yield follow_up(FollowUp.CORRECTED_NAME, claim.id, remittance_id, payment.charge_cents)
    to_patient = Cents(
        sum(
            each.amount_cents
            for each in adjustments_of(payment)
            if each.reason == PAID_TO_PATIENT_REASON
        )
    )
    if to_patient > 0:
        yield follow_up(FollowUp.PAID_TO_PATIENT, claim.id, remittance_id, to_patient)


def _denial(payment: ClaimPayment, claim: KnownClaim, remittance_id: UUID) -> Iterator[NewItem]:
    of_denial = [
        each
        for each in adjustments_of(payment)
        if adjustment_account(each, claim.contractual_codes) is Account.RECEIVABLE_DENIED
    ]
    total = Cents(sum(each.amount_cents for each in of_denial))
    if total > 0:
        denial = classify(of_denial, remarks_of(payment))
        yield denied(claim.id, remittance_id, payment.position, denial, total)
