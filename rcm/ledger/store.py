"""SQL of the ledger: append, and add up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from edi.money import Cents
from rcm.bulk import among, copy_rows
from rcm.clock import Randomness
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.failpoint import failpoint
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry
from rcm.rows import LedgerEntryRow, PostingRow


def hidden(keys: Keys, reference: str) -> str:
    """Return how the ledger keeps a payer's reference: equal ones are equal, none can be read.

    Payers write account numbers and dates into them (remittance.md 2), and the ledger is never
    purged; the text stays in the sealed file that the posting cites.
    """
    return keys.index("reference", reference).hex() if reference else ""


def append(
    session: Session,
    keys: Keys,
    randomness: Randomness,
    entries: Sequence[JournalEntry],
    *,
    now: datetime,
) -> None:
    """Append entries. The database refuses a key that is there already, and an unbalanced entry."""
    if not entries:
        return
    ids = [randomness.uuid() for _ in entries]
    copy_rows(
        session,
        LedgerEntryRow,
        [
            {
                "id": entry_id,
                "key": entry.key,
                "kind": entry.kind,
                "file_id": entry.file_id,
                "set_number": entry.set_number,
                "effective_on": entry.effective_on,
                "posted_at": now,
            }
            for entry_id, entry in zip(ids, entries, strict=True)
        ],
    )
    failpoint("ledger.entered")
    copy_rows(  # Of one statement: the trigger that adds up what lists show runs once for all.
        session,
        PostingRow,
        [
            {
                "entry_id": entry_id,
                "n": n,
                "account": posting.account,
                "amount_cents": posting.amount_cents,
                "billing_provider_id": posting.billing_provider_id,
                "claim_id": posting.claim_id,
                "line": posting.line,
                "payer_id": posting.payer_id,
                "remittance_id": posting.remittance_id,
                "reason": posting.reason,
                "reference": hidden(keys, posting.reference),
                "segment_number": posting.segment_number,
                "element": posting.element,
            }
            for entry_id, entry in zip(ids, entries, strict=True)
            for n, posting in enumerate(entry.postings, start=1)
        ],
    )


def balances(session: ReadSession, *, claim_id: UUID | None = None) -> dict[str, Cents]:
    """The balance of each account, of the whole ledger or of one claim."""
    query = select(PostingRow.account, func.sum(PostingRow.amount_cents)).group_by(
        PostingRow.account
    )
    if claim_id is not None:
        query = query.where(PostingRow.claim_id == claim_id)
    rows = session.execute(query.order_by(PostingRow.account))
    return {account: Cents(int(total)) for account, total in rows}


def charges_before(
    session: ReadSession, claim_ids: Sequence[UUID]
) -> dict[UUID, dict[tuple[int, UUID, UUID], Cents]]:
    """What these claims are charged with: by line, billing provider and payer."""
    rows = session.execute(
        select(
            PostingRow.claim_id,
            PostingRow.line,
            PostingRow.billing_provider_id,
            PostingRow.payer_id,
            func.sum(-PostingRow.amount_cents).label("cents"),
        )
        .where(among(PostingRow.claim_id, claim_ids), PostingRow.account == Account.REVENUE_CHARGES)
        .group_by(
            PostingRow.claim_id,
            PostingRow.line,
            PostingRow.billing_provider_id,
            PostingRow.payer_id,
        )
        .having(func.sum(PostingRow.amount_cents) != 0)
    )
    found: dict[UUID, dict[tuple[int, UUID, UUID], Cents]] = {}
    for claim_id, line, provider_id, payer_id, cents in rows:
        assert claim_id is not None and line is not None  # noqa: PT018  # A charge says whose
        assert provider_id is not None and payer_id is not None  # noqa: PT018  # it is.
        found.setdefault(claim_id, {})[line, provider_id, payer_id] = Cents(int(cents))
    return found
