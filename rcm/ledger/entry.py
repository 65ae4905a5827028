"""An entry that cannot exist unbalanced, and is never edited."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from edi.money import Cents
from rcm.ledger.accounts import Account


class UnbalancedEntryError(Exception):
    """Our bug: the postings of an entry do not sum to zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One amount on one account; a debit is positive."""

    account: Account
    amount_cents: Cents
    billing_provider_id: UUID | None = None
    claim_id: UUID | None = None
    line: int | None = None  #: None: the claim as a whole.
    payer_id: UUID | None = None
    remittance_id: UUID | None = None
    reason: str = ""  #: Group and reason code, for example CO-45, or the PLB reason.
    reference: str = ""  #: The payer's own number, for example of a recoupment.
    segment_number: int = 0  #: Of the segment in the source file.
    element: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Postings that sum to zero, cited to a file and transaction set."""

    key: str  #: Unique in the ledger: the database refuses to post the same thing twice.
    kind: str  #: charge, claim_payment, provider_adjustment, match or unmatch.
    file_id: UUID
    set_number: str  #: ST02.
    effective_on: date
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        """Refuse to exist unbalanced or empty."""
        if not self.postings or sum(posting.amount_cents for posting in self.postings) != 0:
            raise UnbalancedEntryError(self.key)


def transfer(debit: Posting, *, credit: Account) -> tuple[Posting, Posting]:
    """Return `debit` and its mirror on `credit`.

    >>> posting = Posting(account=Account.CASH_IN_TRANSIT, amount_cents=Cents(500))
    >>> [p.amount_cents for p in transfer(posting, credit=Account.RECEIVABLE_PAYER)]
    [500, -500]
    """
    return debit, replace(debit, account=credit, amount_cents=Cents(-debit.amount_cents))
