"""The ledger proven against the raw files: every entry is built again from bytes and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from edi.claim_837 import read_837p
from edi.guides import FileType
from edi.money import Cents
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.model import Remittance
from edi.remittance_835.read import read_835
from rcm.claims.charge import charge_entries
from rcm.clock import today
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.files import read_bytes
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry
from rcm.ledger.store import balances, hidden
from rcm.remittance.decide import ClaimState, content_sha256, decide_claims
from rcm.remittance.known import known_claims
from rcm.remittance.match import Match
from rcm.remittance.post import Source, post_remittance
from rcm.rows import (
    ClaimRow,
    FileRow,
    InterchangeRow,
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
    """Build every entry again from the raw files, and compare with the ledger, to the cent.

    Every 835 of every file must have been decided: one that waits, or whose job gave up, is a
    difference. Give it a `snapshot`, so that work in progress is seen whole or not at all.
    """
    differences: list[str] = []
    files = entries = postings = payments = 0
    for row in session.execute(
        select(FileRow.id, FileRow.direction, FileRow.state).order_by(
            FileRow.created_at, FileRow.id
        )
    ).all():
        files += 1
        if row.state == "received":
            differences.append(f"not read yet: file {row.id}")
        expected: Sequence[JournalEntry]
        if row.direction == "outbound":
            expected = _charges(session, tools, row.id)
        else:
            expected, paid, undecided = _payments(session, tools, row.id)
            payments += paid
            differences.extend(undecided)
        found = _ledger_of(session, row.id)
        entries += len(found)
        postings += sum(len(each) for each in found.values())
        differences.extend(_compare(tools.keys, expected, found))
    total = balances(session)
    if sum(total.values()) != 0:
        differences.append("the ledger does not sum to zero")
    in_ledger = session.scalar(select(func.count()).select_from(LedgerEntryRow))
    if in_ledger != entries:
        differences.append("the ledger has entries of files that post nothing")
    in_transit = Cents(
        sum(total.get(account, 0) for account in (Account.CASH_IN_TRANSIT, Account.CASH_BANK))
    )
    if in_transit != payments:
        differences.append("cash differs from the sum of BPR02")
    return Proof(
        files=files,
        entries=entries,
        postings=postings,
        balances=total,
        payments_cents=Cents(payments),
        in_transit_cents=in_transit,
        differences=tuple(differences),
    )


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
) -> tuple[Sequence[JournalEntry], int, Sequence[str]]:
    """Return the entries of a received file, the money it says, and its 835s nobody decided."""
    interchanges = set(
        session.scalars(select(InterchangeRow.n).where(InterchangeRow.file_id == file_id))
    )
    if not interchanges:
        return (), 0, ()  # Quarantined, or all of it took effect before: it posts nothing.
    decided = {
        row.set_index: row
        for row in session.scalars(select(RemittanceRow).where(RemittanceRow.file_id == file_id))
    }
    entries: list[JournalEntry] = []
    undecided: list[str] = []
    paid = 0
    set_index = -1
    for n, interchange in enumerate(read_interchanges(read_bytes(session, tools.keys, file_id))):
        for transaction_set in interchange.sets():
            set_index += 1
            if transaction_set.file_type is not FileType.REMITTANCE or n not in interchanges:
                continue
            row = decided.get(set_index)
            if row is None:
                undecided.append(f"not decided yet: 835 number {set_index} of file {file_id}")
            elif row.state == "posted":
                remittance = read_835(transaction_set)
                paid += remittance.payment_cents
                content = content_sha256(transaction_set)
                entries.extend(_entries(session, tools, row, remittance, content))
    return entries, paid, undecided


def _entries(
    session: ReadSession,
    tools: Tools,
    row: RemittanceRow,
    remittance: Remittance,
    content: bytes,
) -> Sequence[JournalEntry]:
    source = Source(
        remittance_id=row.id,
        file_id=row.file_id,
        received_on=today(row.received_at, tools.time_zone),
        content=content,
    )
    matches, recorded = _decisions(session, row.id)
    states = decide_claims(remittance, check_balance(remittance), matches, frozenset())
    return post_remittance(remittance, states | recorded, matches, source)


def _decisions(
    session: ReadSession, remittance_id: UUID
) -> tuple[dict[int, Match], dict[int, ClaimState]]:
    """Return the matches as they were decided, and the claims that were only recorded.

    A claim sent later, or codes changed later, change no old posting.
    """
    rows = session.scalars(
        select(RemittanceClaimRow).where(RemittanceClaimRow.remittance_id == remittance_id)
    ).all()
    known = {
        claim.patient_control_number: claim
        for claim in known_claims(
            session,
            control_numbers=[row.patient_control_number for row in rows if row.claim_id],
            payer_numbers=(),
        )
    }
    matches = {
        row.position: Match(
            claim=replace(
                known[row.patient_control_number],
                contractual_codes=frozenset(row.contractual_codes),
            ),
            rule=row.match_rule,
            confidence=row.match_confidence,
        )
        for row in rows
        if row.claim_id
    }
    recorded = {
        row.position: ClaimState.RECORDED for row in rows if row.state == ClaimState.RECORDED
    }
    return matches, recorded


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
