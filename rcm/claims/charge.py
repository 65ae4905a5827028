"""The journal entry of a claim's charges: posted when the claim is frozen into a file.

A claim that is sent again is charged by the difference: nothing where it is the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from edi.claim_837 import Claim
from edi.envelope import Interchange
from edi.money import Cents
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry, Posting, transfer

ChargeKey = tuple[int, UUID, UUID]  #: Line, billing provider, payer.
Charges = Mapping[ChargeKey, Cents]
_NOTHING = Cents(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """A claim of a file that is about to be sent, and what it was charged with before."""

    claim_id: UUID
    billing_provider_id: UUID
    payer_id: UUID
    claim: Claim
    before: Charges = field(default_factory=dict)

    def charges(self) -> Charges:
        """Return the charge of each line, in cents."""
        return {
            (n, self.billing_provider_id, self.payer_id): line.charge_cents
            for n, line in enumerate(self.claim.lines, start=1)
        }


def charge_entries(
    interchange: Interchange, charged: Sequence[Charged], *, file_id: UUID
) -> tuple[JournalEntry, ...]:
    """Return an entry for each claim of an 837 whose charges are new, in file order.

    Debits receivable:payer, credits revenue:charges; effective on the first day of service. Each
    line cites its SV1; one that the claim no longer has cites the claim's first.
    """
    entries: list[JournalEntry] = []
    start = 0
    for transaction_set in interchange.sets():
        services = (each for each in transaction_set.segments if each.id == "SV1")
        claims = sum(1 for each in transaction_set.segments if each.id == "CLM")
        for one in charged[start : start + claims]:
            places = [next(services).number for _ in one.claim.lines]
            postings = tuple(_postings(one, places))
            if not postings:
                continue
            again = f"/{file_id}" if one.before else ""
            entries.append(
                JournalEntry(
                    key=f"charge/{one.claim_id}{again}",
                    kind="charge",
                    file_id=file_id,
                    set_number=transaction_set.control_number,
                    effective_on=min(line.service_from for line in one.claim.lines),
                    postings=postings,
                )
            )
        start += claims
    return tuple(entries)


def _postings(charged: Charged, places: Sequence[int]) -> Iterator[Posting]:
    now = charged.charges()
    for key in [*now, *(key for key in charged.before if key not in now)]:
        line, provider_id, payer_id = key
        cents = now.get(key, _NOTHING) - charged.before.get(key, _NOTHING)
        if cents == 0 and charged.before:
            continue
        debit = Posting(
            account=Account.RECEIVABLE_PAYER,
            amount_cents=Cents(cents),
            billing_provider_id=provider_id,
            claim_id=charged.claim_id,
            line=line,
            payer_id=payer_id,
            segment_number=places[line - 1] if key in now else places[0],
            element=2,
        )
        yield from transfer(debit, credit=Account.REVENUE_CHARGES)
