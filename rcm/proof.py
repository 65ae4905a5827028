"""The ledger proven against the raw files: every entry is built again from bytes and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from edi.claim_837 import read_837p
from edi.money import Cents
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.read import read_835
from rcm.claims.charge import charge_entries
from rcm.claims.store import known_claims
from rcm.clock import today
from rcm.db import ReadSession
from rcm.files import read_bytes
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry
from rcm.ledger.store import balances
from rcm.remittance.match import Match
from rcm.remittance.post import Source, post_remittance
from rcm.rows import (
    ClaimRow,
    FileRow,
    LedgerEntryRow,
    PostingRow,
    RemittanceClaimRow,
    RemittanceRow,
    SubmissionRow,
)
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


def verify(session: ReadSession, tools: Tools) -> Proof:
    """Build every entry again from the raw files, and compare with the ledger, to the cent."""
    differences: list[str] = []
    files = entries = postings = payments = 0
    for file_id, expected, paid in _expected(session, tools):
        files += 1
        payments += paid
        found = _ledger_of(session, file_id)
        entries += len(found)
        postings += sum(len(each) for each in found.values())
        differences.extend(_compare(expected, found))
    total = balances(session)
    if sum(total.values()) != 0:
        differences.append("the ledger does not sum to zero")
    in_ledger = session.scalar(select(func.count()).select_from(LedgerEntryRow))
    if in_ledger != entries:
        differences.append("the ledger has entries of files that post nothing")
    in_transit = total.get(Account.CASH_IN_TRANSIT, Cents(0)) + total.get(
        Account.CASH_BANK, Cents(0)
    )
    if in_transit != payments:
        differences.append("cash differs from the sum of BPR02")
    return Proof(
        files=files,
        entries=entries,
        postings=postings,
        balances=total,
        payments_cents=Cents(payments),
        in_transit_cents=Cents(in_transit),
        differences=tuple(differences),
    )


def _expected(
    session: ReadSession, tools: Tools
) -> Iterator[tuple[UUID, Sequence[JournalEntry], int]]:
    """Yield, for each file that posts, the entries its bytes give and the money it says."""
    query = select(FileRow.id, FileRow.direction).order_by(FileRow.created_at, FileRow.id)
    for row in session.execute(query).all():
        if row.direction == "outbound":
            yield row.id, _charges(session, tools, row.id), 0
        else:
            yield row.id, *_payments(session, tools, row.id)


def _charges(session: ReadSession, tools: Tools, file_id: UUID) -> Sequence[JournalEntry]:
    submitted = session.execute(
        select(ClaimRow.id, ClaimRow.billing_provider_id, ClaimRow.payer_id)
        .join(SubmissionRow, SubmissionRow.claim_id == ClaimRow.id)
        .where(SubmissionRow.file_id == file_id)
        .order_by(SubmissionRow.set_number, SubmissionRow.position)
    ).all()
    (interchange,) = read_interchanges(read_bytes(session, tools.keys, file_id))
    claims = [claim for each in interchange.sets() for claim in read_837p(each).claims]
    charged = [
        (row.id, row.billing_provider_id, row.payer_id, claim)
        for row, claim in zip(submitted, claims, strict=True)
    ]
    return charge_entries(interchange, charged, file_id=file_id)


def _payments(
    session: ReadSession, tools: Tools, file_id: UUID
) -> tuple[Sequence[JournalEntry], int]:
    remittances = session.scalars(
        select(RemittanceRow)
        .where(RemittanceRow.file_id == file_id, RemittanceRow.state == "posted")
        .order_by(RemittanceRow.set_index)
    ).all()
    if not remittances:
        return (), 0
    body = read_bytes(session, tools.keys, file_id)
    sets = [each for one in read_interchanges(body) for each in one.sets()]
    entries: list[JournalEntry] = []
    paid = 0
    for row in remittances:
        remittance = read_835(sets[row.set_index])
        paid += remittance.payment_cents
        source = Source(
            remittance_id=row.id,
            file_id=file_id,
            received_on=today(row.received_at, tools.time_zone),
        )
        matches = _matches_of(session, row.id)
        entries.extend(post_remittance(remittance, check_balance(remittance), matches, source))
    return entries, paid


def _matches_of(session: ReadSession, remittance_id: UUID) -> dict[int, Match]:
    """Return the matches as they were decided, so that a later claim changes no old posting."""
    rows = session.execute(
        select(
            RemittanceClaimRow.position,
            RemittanceClaimRow.match_rule,
            RemittanceClaimRow.match_confidence,
            ClaimRow.id,
            ClaimRow.patient_control_number,
        )
        .join(ClaimRow, ClaimRow.id == RemittanceClaimRow.claim_id)
        .where(RemittanceClaimRow.remittance_id == remittance_id)
    ).all()
    numbers = [row.patient_control_number for row in rows]
    known = {
        claim.id: claim
        for claim in known_claims(session, control_numbers=numbers, payer_numbers=())
    }
    return {
        row.position: Match(
            claim=known[row.id], rule=row.match_rule, confidence=row.match_confidence
        )
        for row in rows
    }


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
    expected: Sequence[JournalEntry], found: Mapping[str, list[_Posting]]
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
                posting.reference,
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
