"""What a remittance gives people to do, and what it settles. Pure."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from edi.money import Cents
from edi.remittance_835.model import REVERSAL, ClaimPayment, Remittance
from rcm.ledger.accounts import Account
from rcm.remittance.codes import adjustment_account
from rcm.remittance.decide import ClaimState, adjustments_of
from rcm.remittance.denials import classify
from rcm.remittance.match import Match
from rcm.remittance.post import Source, payment_key
from rcm.worklists.items import NewItem, denied, suspended


def items_of(
    remittance: Remittance,
    states: Mapping[int, ClaimState],
    matches: Mapping[int, Match],
    source: Source,
) -> Iterator[NewItem]:
    """Yield an item for each claim that was denied, whole or in part, or waits in suspense."""
    key = payment_key(remittance, source.content)
    for payment in remittance.claims:
        state = states[payment.position]
        if state is ClaimState.POSTED and payment.status_code != REVERSAL:
            match = matches[payment.position]
            at = f"{key}/{payment.position}"
            yield from _denial(payment, match, source.remittance_id, at)
        elif state not in (ClaimState.POSTED, ClaimState.RECORDED) and payment.paid_cents:
            yield suspended(source.remittance_id, payment.position, state, payment.paid_cents)


def _denial(
    payment: ClaimPayment, match: Match, remittance_id: UUID, key: str
) -> Iterator[NewItem]:
    of_denial = [
        each
        for each in adjustments_of(payment)
        if adjustment_account(each, match.claim.contractual_codes) is Account.RECEIVABLE_DENIED
    ]
    total = Cents(sum(each.amount_cents for each in of_denial))
    if total > 0:
        denial = classify(of_denial, remarks_of(payment))
        yield denied(match.claim.id, remittance_id, key, denial, total)


def remarks_of(payment: ClaimPayment) -> tuple[str, ...]:
    """Return the remark codes of a claim and of all its lines, each once."""
    codes = set(payment.remark_codes)
    for service in payment.services:
        codes.update(service.remark_codes)
    return tuple(sorted(codes))
