"""A balanced remittance becomes journal entries. Pure: the same remittance, the same entries.

The sum posted to cash in transit is always BPR02: matched claims to their receivables, the
others to suspense, provider adjustments to accounts of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from rcm.remittance.decide import ClaimState
from rcm.remittance.match import KnownClaim, Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What every entry of a remittance cites."""

    remittance_id: UUID
    file_id: UUID
    received_on: date
    content: bytes  #: Of `content_sha256`.


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What was decided about a remittance: stored with it, so that it can be proven again."""

    states: Mapping[int, ClaimState]  #: By claim position.
    matches: Mapping[int, Match]  #: By claim position, where there is one.
    lines: Mapping[int, tuple[int | None, ...]]  #: Our line of each service, by claim position.
    practices: Mapping[int, UUID]  #: Whose each PLB pair is, from 1, where it names one of ours.
    others: frozenset[int]  #: Positions of claims that are told by the second or third payer.


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
    remittance: Remittance, decisions: Decisions, source: Source
) -> tuple[JournalEntry, ...]:
    """Return the entries of one transaction set, in file order.

    The caller has made sure that the set balances (B3) and may be posted (BPR01).
    """
    key = payment_key(remittance, source.content)
    day = remittance.payment.payment_date or remittance.production_date or source.received_on
    drafts: list[tuple[str, str, tuple[Posting, ...]]] = []
    for payment in remittance.claims:
        position = payment.position
        state = decisions.states[position]
        if state is ClaimState.POSTED:
            claim = decisions.matches[position].claim
            lines = decisions.lines.get(position, ())
            is_other = position in decisions.others
            postings = tuple(_claim_postings(payment, claim, lines, source, is_other=is_other))
        else:
            postings = tuple(_suspense_postings(payment, state, source))
        drafts.append((f"{key}/clp/{position}", "claim_payment", postings))
    for n, adjustment in enumerate(remittance.provider_adjustments, start=1):
        postings = _provider_postings(adjustment, decisions.practices.get(n), source)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMatch:
    """What a person decided about a payment in suspense: stored, so that it can be proven again."""

    position: int
    n: int  #: Of the decisions about this payment, from 1.
    is_undone: bool  #: It takes the match before it away again.
    claim: KnownClaim  #: As its payer and practice were then.
    lines: tuple[int | None, ...]
    is_other: bool
    on: date


def hand_entry(
    payment: ClaimPayment, hand: HandMatch, remittance: Remittance, source: Source
) -> tuple[JournalEntry, ...]:
    """Return the entry that moves a payment out of suspense and posts it as if it had matched.

    Undone, it is the same with every amount negated. No entry where nothing moves.
    """
    postings = [
        *map(_negated, _suspense_postings(payment, ClaimState.UNMATCHED, source)),
        *_claim_postings(payment, hand.claim, hand.lines, source, is_other=hand.is_other),
    ]
    if not postings:
        return ()
    kind = "unmatch" if hand.is_undone else "match"
    key = payment_key(remittance, source.content)
    entry = JournalEntry(
        key=f"{key}/clp/{hand.position}/{kind}/{hand.n}",
        kind=kind,
        file_id=source.file_id,
        set_number=remittance.set_control_number,
        effective_on=hand.on,
        postings=tuple(map(_negated, postings) if hand.is_undone else postings),
    )
    return (entry,)


def _negated(posting: Posting) -> Posting:
    return replace(posting, amount_cents=Cents(-posting.amount_cents))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Where a part of a claim payment is told, and whose it is."""

    claim: KnownClaim
    owed_on: Account  #: What it settles.
    source: Source
    line: int | None = None
    segment_number: int
    element: int
    reason: str = ""

    def move(self, cents: Cents, account: Account) -> tuple[Posting, ...]:
        """Return the postings that move what was owed to `account`; none of zero cents."""
        if cents == 0:
            return ()
        debit = Posting(
            account=account,
            amount_cents=cents,
            billing_provider_id=self.claim.billing_provider_id,
            claim_id=self.claim.id,
            line=self.line,
            payer_id=self.claim.payer_id,
            remittance_id=self.source.remittance_id,
            reason=self.reason,
            segment_number=self.segment_number,
            element=self.element,
        )
        return transfer(debit, credit=self.owed_on)


def _claim_postings(
    payment: ClaimPayment,
    claim: KnownClaim,
    lines: Sequence[int | None],
    source: Source,
    *,
    is_other: bool,
) -> Iterator[Posting]:
    """Move what was owed to cash, and to where its adjustments say.

    The first payer settles what it owed; the others settle what the first left to the patient, in
    any order of arrival (ADR 0018).
    """
    whole = _Told(
        claim=claim,
        owed_on=Account.RECEIVABLE_PATIENT if is_other else Account.RECEIVABLE_PAYER,
        source=source,
        segment_number=payment.segment_number,
        element=4,
    )
    unassigned = payment.paid_cents
    for service, line in zip(payment.services, lines, strict=True):
        at_line = replace(whole, line=line, segment_number=service.segment_number, element=3)
        unassigned = Cents(unassigned - service.paid_cents)
        yield from at_line.move(service.paid_cents, Account.CASH_IN_TRANSIT)
        for adjustment in service.adjustments:
            yield from _adjustment(adjustment, at_line)
    # What no line carries: claims without lines, and claim-level adjustments (M27).
    yield from whole.move(unassigned, Account.CASH_IN_TRANSIT)
    for adjustment in payment.adjustments:
        yield from _adjustment(adjustment, whole)


def _adjustment(adjustment: Adjustment, told: _Told) -> tuple[Posting, ...]:
    account = adjustment_account(adjustment, told.claim.contractual_codes)
    if account is None or account is told.owed_on:
        return ()
    at = replace(
        told,
        reason=f"{adjustment.group}-{adjustment.reason}",
        segment_number=adjustment.segment_number,
        element=adjustment.element,
    )
    return at.move(adjustment.amount_cents, account)


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


def _provider_postings(
    adjustment: ProviderAdjustment, practice_id: UUID | None, source: Source
) -> tuple[Posting, ...]:
    """A positive PLB is money the payer keeps: it credits cash in transit."""
    if adjustment.amount_cents == 0:
        return ()
    debit = Posting(
        account=provider_adjustment_account(adjustment.reason),
        amount_cents=adjustment.amount_cents,
        billing_provider_id=practice_id,
        remittance_id=source.remittance_id,
        reason=f"PLB-{adjustment.reason}",
        reference=adjustment.reference,
        segment_number=adjustment.segment_number,
        element=adjustment.element,
    )
    return transfer(debit, credit=Account.CASH_IN_TRANSIT)
