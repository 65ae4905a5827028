"""The journal entry of a claim's charges: posted when the claim is first frozen into a file."""

from collections.abc import Sequence
from uuid import UUID

from edi.claim_837 import Claim
from edi.envelope import Interchange
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry, Posting, transfer

Charged = tuple[UUID, UUID, UUID, Claim]  #: Claim, billing provider, payer, and what it says.


def charge_entries(
    interchange: Interchange, charged: Sequence[Charged], *, file_id: UUID
) -> tuple[JournalEntry, ...]:
    """Return one entry for each claim of an 837 in file order, each line citing its SV1.

    Debits receivable:payer, credits revenue:charges; effective on the first day of service.
    """
    entries: list[JournalEntry] = []
    for transaction_set in interchange.sets():
        services = (each for each in transaction_set.segments if each.id == "SV1")
        claims = sum(1 for each in transaction_set.segments if each.id == "CLM")
        start = len(entries)
        for claim_id, provider_id, payer_id, claim in charged[start : start + claims]:
            postings: list[Posting] = []
            for number, line in enumerate(claim.lines, start=1):
                debit = Posting(
                    account=Account.RECEIVABLE_PAYER,
                    amount_cents=line.charge_cents,
                    billing_provider_id=provider_id,
                    claim_id=claim_id,
                    line=number,
                    payer_id=payer_id,
                    segment_number=next(services).number,
                    element=2,
                )
                postings.extend(transfer(debit, credit=Account.REVENUE_CHARGES))
            entries.append(
                JournalEntry(
                    key=f"charge/{claim_id}",
                    kind="charge",
                    file_id=file_id,
                    set_number=transaction_set.control_number,
                    effective_on=min(line.service_from for line in claim.lines),
                    postings=tuple(postings),
                )
            )
    return tuple(entries)
