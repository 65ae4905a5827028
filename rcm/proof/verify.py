"""The ledger proven against the raw files: every entry is built again from bytes and compared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from edi.money import Cents
from rcm.claims.charge import Charges
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry
from rcm.ledger.store import balances, hidden
from rcm.proof.charges import charges
from rcm.proof.listings import listing_differences
from rcm.proof.payments import payments
from rcm.proof.sums import sum_differences
from rcm.rows import FileRow, LedgerEntryRow, PostingRow
from rcm.tools import Tools

_Posting = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What `rcm ledger verify` found. Money in cents."""

    files: int
    entries: int
    postings: int
    balances: Mapping[str, Cents]
    payments_cents: Cents  #: Sum of BPR02 of what was posted, read from the raw files.
    in_transit_cents: Cents
    differences: tuple[str, ...]  #: What does not agree, by entry key; empty is the proof.

    @property
    def is_true(self) -> bool:
        """Tell whether ledger and files agree in everything."""
        return not self.differences


def verify(
    session: ReadSession, tools: Tools, told: Callable[[int, int], None] = lambda _, __: None
) -> Proof:
    """Build every entry again from the raw files, and compare with the ledger, to the cent.

    Every 835 of every file must have been decided: one that waits, or whose job gave up, is a
    difference. So is a claim of which lists say something else than the ledger. Give it a
    `snapshot`, so that work in progress is seen whole or not at all. `told` how many files are
    done, of how many.
    """
    differences: list[str] = []
    charged: dict[UUID, Charges] = {}
    files = entries = postings = paid_cents = 0
    rows = session.execute(
        select(FileRow.id, FileRow.direction, FileRow.state).order_by(
            FileRow.created_at, FileRow.interchange_number, FileRow.id
        )
    ).all()
    for row in rows:
        files += 1
        told(files, len(rows))
        if row.state == "received":
            differences.append(f"not read yet: file {row.id}")
        expected: Sequence[JournalEntry]
        if row.direction == "outbound":
            expected = charges(session, tools, row.id, charged)
        else:
            expected, paid, undecided = payments(session, tools, row.id)
            paid_cents += paid
            differences.extend(undecided)
        found = _ledger_of(session, row.id)
        entries += len(found)
        postings += sum(len(each) for each in found.values())
        differences.extend(_compare(tools.keys, expected, found))
    differences.extend(sum_differences(session))
    total = balances(session)
    if sum(total.values()) != 0:
        differences.append("the ledger does not sum to zero")
    in_ledger = session.scalar(select(func.count()).select_from(LedgerEntryRow))
    if in_ledger != entries:
        differences.append("the ledger has entries of files that post nothing")
    in_transit = Cents(
        sum(total.get(account, 0) for account in (Account.CASH_IN_TRANSIT, Account.CASH_BANK))
    )
    if in_transit != paid_cents:
        differences.append("cash differs from the sum of BPR02")
    differences.extend(listing_differences(session))
    return Proof(
        files=files,
        entries=entries,
        postings=postings,
        balances=total,
        payments_cents=Cents(paid_cents),
        in_transit_cents=in_transit,
        differences=tuple(differences),
    )


def _ledger_of(session: Session, file_id: UUID) -> dict[str, list[_Posting]]:
    rows = session.execute(
        select(
            LedgerEntryRow.key,
            LedgerEntryRow.kind,
            LedgerEntryRow.set_number,
            LedgerEntryRow.effective_on,
            PostingRow.account,
            PostingRow.amount_cents,
            PostingRow.billing_provider_id,
            PostingRow.claim_id,
            PostingRow.line,
            PostingRow.payer_id,
            PostingRow.remittance_id,
            PostingRow.reason,
            PostingRow.reference,
            PostingRow.segment_number,
            PostingRow.element,
        )
        .join(PostingRow, PostingRow.entry_id == LedgerEntryRow.id)
        .where(LedgerEntryRow.file_id == file_id)
        .order_by(LedgerEntryRow.key, PostingRow.n)
    )
    found: dict[str, list[_Posting]] = {}
    for key, *posting in rows:
        found.setdefault(key, []).append(tuple(posting))
    return found


def _compare(
    keys: Keys, expected: Sequence[JournalEntry], found: Mapping[str, list[_Posting]]
) -> Iterator[str]:
    wanted = {
        entry.key: [
            (
                entry.kind,
                entry.set_number,
                entry.effective_on,
                str(posting.account),
                posting.amount_cents,
                posting.billing_provider_id,
                posting.claim_id,
                posting.line,
                posting.payer_id,
                posting.remittance_id,
                posting.reason,
                hidden(keys, posting.reference),
                posting.segment_number,
                posting.element,
            )
            for posting in entry.postings
        ]
        for entry in expected
    }
    for key in sorted(wanted.keys() | found.keys()):
        if key not in found:
            yield f"missing in the ledger: {key}"
        elif key not in wanted:
            yield f"in the ledger, but not in the files: {key}"
        elif wanted[key] != found[key]:
            yield f"differs from the file: {key}"
