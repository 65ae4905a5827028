"""A balanced remittance becomes journal entries. Pure: the same remittance, the same entries.

The sum posted to cash in transit is always BPR02: matched claims to their receivables, the
others to suspense, provider adjustments to accounts of their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from edi.money import Cents
from edi.remittance_835.model import (
    Adjustment,
    ClaimPayment,
    ProviderAdjustment,
    Remittance,
)
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry, Posting, transfer
from rcm.remittance.codes import adjustment_account, provider_adjustment_account
from rcm.remittance.decide import ClaimState, adjustments_of
from rcm.remittance.match import KnownClaim, Match, match_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What every entry of a remittance cites."""

    remittance_id: UUID
    file_id: UUID
    received_on: date
    content: bytes  #: Of `content_sha256`.


def payment_key(remittance: Remittance, content: bytes) -> str:
    """Return what makes a payment the same in another file (reliability.md 2.3, key 3).

    TRN03, TRN02, BPR16, BPR02, the payee, and what it says of claims (rules-that-bite M20).
    """
    payment = remittance.payment
    day = payment.payment_date.isoformat() if payment.payment_date else ""
    payee = remittance.payee.id if remittance.payee else ""
    trace, digest = remittance.trace, content.hex()[:16]
    return f"835/{trace.payer_id}/{trace.number}/{day}/{payment.payment_cents}/{payee}/{digest}"


def post_remittance(
    remittance: Remittance,
    states: Mapping[int, ClaimState],
    matches: Mapping[int, Match],
    source: Source,
) -> tuple[JournalEntry, ...]:
    """Return the entries of one transaction set, in file order.

    The caller has made sure that the set balances (B3) and may be posted (BPR01).
    """
    key = payment_key(remittance, source.content)
    day = remittance.payment.payment_date or remittance.production_date or source.received_on
    drafts: list[tuple[str, str, tuple[Posting, ...]]] = []
    for payment in remittance.claims:
        state = states[payment.position]
        if state is ClaimState.POSTED:
            postings = tuple(_claim_postings(payment, matches[payment.position].claim, source))
        else:
            postings = tuple(_suspense_postings(payment, state, source))
        drafts.append((f"{key}/clp/{payment.position}", "claim_payment", postings))
    for n, adjustment in enumerate(remittance.provider_adjustments, start=1):
        postings = _provider_postings(adjustment, source)
        drafts.append((f"{key}/plb/{n}", "provider_adjustment", postings))
    return tuple(
        JournalEntry(
            key=entry_key,
            kind=kind,
            file_id=source.file_id,
            set_number=remittance.set_control_number,
            effective_on=day,
            postings=postings,
        )
        for entry_key, kind, postings in drafts
        if postings
    )


def _claim_postings(payment: ClaimPayment, claim: KnownClaim, source: Source) -> Iterator[Posting]:
    unassigned = payment.paid_cents
    for service in payment.services:
        line = match_line(service, claim.lines)
        unassigned = Cents(unassigned - service.paid_cents)
        yield from _payment(service.paid_cents, claim, source, line, service.segment_number, 3)
        for adjustment in service.adjustments:
            yield from _adjustment(adjustment, claim, source, line)
    # What no line carries: claims without lines, and claim-level adjustments (M27).
    yield from _payment(unassigned, claim, source, None, payment.segment_number, 4)
    for adjustment in payment.adjustments:
        yield from _adjustment(adjustment, claim, source, None)


def _payment(  # One posting's amount and its citation.
    cents: Cents,
    claim: KnownClaim,
    source: Source,
    line: int | None,
    segment_number: int,
    element: int,
) -> Iterator[Posting]:
    if cents == 0:
        return
    debit = Posting(
        account=Account.CASH_IN_TRANSIT,
        amount_cents=cents,
        billing_provider_id=claim.billing_provider_id,
        claim_id=claim.id,
        line=line,
        payer_id=claim.payer_id,
        remittance_id=source.remittance_id,
        segment_number=segment_number,
        element=element,
    )
    yield from transfer(debit, credit=Account.RECEIVABLE_PAYER)


def _adjustment(
    adjustment: Adjustment, claim: KnownClaim, source: Source, line: int | None
) -> Iterator[Posting]:
    account = adjustment_account(adjustment, claim.contractual_codes)
    if account is None or adjustment.amount_cents == 0:
        return
    debit = Posting(
        account=account,
        amount_cents=adjustment.amount_cents,
        billing_provider_id=claim.billing_provider_id,
        claim_id=claim.id,
        line=line,
        payer_id=claim.payer_id,
        remittance_id=source.remittance_id,
        reason=f"{adjustment.group}-{adjustment.reason}",
        segment_number=adjustment.segment_number,
        element=adjustment.element,
    )
    yield from transfer(debit, credit=Account.RECEIVABLE_PAYER)


def _suspense_postings(
    payment: ClaimPayment, state: ClaimState, source: Source
) -> Iterator[Posting]:
    if payment.paid_cents == 0 or state is ClaimState.RECORDED:
        return
    is_unbalanced = state is ClaimState.UNBALANCED
    debit = Posting(
        account=Account.CASH_IN_TRANSIT,
        amount_cents=payment.paid_cents,
        remittance_id=source.remittance_id,
        segment_number=payment.segment_number,
        element=4,
    )
    suspense = Account.SUSPENSE_UNBALANCED if is_unbalanced else Account.SUSPENSE_UNMATCHED
    yield from transfer(debit, credit=suspense)


def _provider_postings(adjustment: ProviderAdjustment, source: Source) -> tuple[Posting, ...]:
    """A positive PLB is money the payer keeps: it credits cash in transit."""
    if adjustment.amount_cents == 0:
        return ()
    debit = Posting(
        account=provider_adjustment_account(adjustment.reason),
        amount_cents=adjustment.amount_cents,
        remittance_id=source.remittance_id,
        reason=f"PLB-{adjustment.reason}",
        reference=adjustment.reference,
        segment_number=adjustment.segment_number,
        element=adjustment.element,
    )
    return transfer(debit, credit=Account.CASH_IN_TRANSIT)


def is_denied(payment: ClaimPayment, contractual_codes: frozenset[str]) -> bool:
    """Tell whether a claim was denied: by amounts, not by CLP02 alone (remittance.md 3)."""
    denied = sum(
        adjustment.amount_cents
        for adjustment in adjustments_of(payment)
        if adjustment_account(adjustment, contractual_codes) is Account.RECEIVABLE_DENIED
    )
    return payment.paid_cents == 0 and denied > 0
