"""The entries of a received file, built again from its bytes and from what was decided then."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from edi.envelope import TransactionSet
from edi.findings import ReadError
from edi.guides import FileType
from edi.reader import read_interchanges
from edi.remittance_835.read import read_835
from rcm.clock import today
from rcm.db import ReadSession
from rcm.encode import findings_to_json
from rcm.files import read_bytes
from rcm.ledger.entry import JournalEntry
from rcm.remittance.decide import ClaimState, content_sha256
from rcm.remittance.hand_recall import hand_entries
from rcm.remittance.hand_store import hand_rows
from rcm.remittance.known import claims_by_id
from rcm.remittance.match import Match
from rcm.remittance.match_line import match_lines
from rcm.remittance.post import Decisions, Source, post_remittance
from rcm.remittance.recall import read_payments
from rcm.remittance.reverse import expand
from rcm.rows import (
    FileRow,
    InterchangeRow,
    ProviderAdjustmentRow,
    RemittanceClaimRow,
    RemittanceRow,
    RemittanceServiceRow,
)
from rcm.tools import Tools


def payments(
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
            if row is None and _is_told_unreadable(session, file_id, transaction_set):
                continue  # It is no 835 at all: it posts nothing, and a person knows.
            if row is None or row.state == "waiting":
                undecided.append(f"not decided yet: 835 number {set_index} of file {file_id}")
            elif row.state == "posted":
                cents, posted = _posted(session, tools, row, transaction_set)
                paid += cents
                entries.extend(posted)
    return entries, paid, undecided


def _is_told_unreadable(
    session: ReadSession, file_id: UUID, transaction_set: TransactionSet
) -> bool:
    """Tell whether the set is no 835 at all, and the findings of its file say so."""
    try:
        read_835(transaction_set)
    except ReadError as refusal:
        told = session.scalars(select(FileRow.findings).where(FileRow.id == file_id)).one()
        return findings_to_json([refusal.finding])[0] in told
    return False


def _posted(
    session: ReadSession, tools: Tools, row: RemittanceRow, transaction_set: TransactionSet
) -> tuple[int, Sequence[JournalEntry]]:
    """Return BPR02 and the entries of a posted remittance.

    Matches, lines and states are as they were decided: a claim sent later, or codes changed
    later, change no old posting. Amounts, accounts and places come from the bytes.
    """
    remittance = read_835(transaction_set)
    source = Source(
        remittance_id=row.id,
        file_id=row.file_id,
        received_on=today(row.received_at, tools.time_zone),
        content=content_sha256(transaction_set),
    )
    hands = hand_rows(session, row.id)
    by_hand = {each.position for each in hands}
    rows = session.scalars(
        select(RemittanceClaimRow).where(RemittanceClaimRow.remittance_id == row.id)
    ).all()
    claims = [each for each in rows if each.position not in by_hand]
    places = {
        each.position: (each.reverses_remittance_id, each.reverses_position)
        for each in claims
        if each.is_expanded
        and each.reverses_remittance_id is not None
        and each.reverses_position is not None
    }
    originals = read_payments(session, tools.keys, places, {row.id: remittance})
    whole = expand(remittance, originals)
    matches = _matches(session, claims)
    stored = _stored_lines(session, row.id)
    decisions = Decisions(
        # What a person matched was in suspense before.
        states={each.position: ClaimState(each.state) for each in claims}
        | dict.fromkeys(by_hand, ClaimState.UNMATCHED),
        matches=matches,
        lines={
            payment.position: stored.get(payment.position)
            or tuple(m.line for m in match_lines(payment, matches[payment.position].claim))
            for payment in whole.claims
            if payment.position in matches
        },
        practices=_practices(session, row.id),
        others=frozenset(each.position for each in claims if each.is_other_payer),
    )
    entries = post_remittance(whole, decisions, source)
    decided = hand_entries(session, tools, remittance, source, hands)
    return remittance.payment_cents, (*entries, *decided)


def _matches(session: ReadSession, rows: Sequence[RemittanceClaimRow]) -> dict[int, Match]:
    known = claims_by_id(session, {row.claim_id for row in rows if row.claim_id})
    return {
        row.position: Match(
            claim=replace(
                known[row.claim_id],
                billing_provider_id=row.billing_provider_id,
                payer_id=row.payer_id,
                contractual_codes=frozenset(row.contractual_codes),
            ),
            rule=row.match_rule,
            confidence=row.match_confidence,
        )
        for row in rows
        if row.claim_id and row.billing_provider_id and row.payer_id
    }


def _stored_lines(session: ReadSession, remittance_id: UUID) -> dict[int, tuple[int | None, ...]]:
    rows = session.scalars(
        select(RemittanceServiceRow)
        .where(RemittanceServiceRow.remittance_id == remittance_id)
        .order_by(RemittanceServiceRow.position, RemittanceServiceRow.service)
    )
    lines: dict[int, tuple[int | None, ...]] = {}
    for row in rows:
        lines[row.position] = (*lines.get(row.position, ()), row.line)
    return lines


def _practices(session: ReadSession, remittance_id: UUID) -> dict[int, UUID]:
    rows = session.execute(
        select(ProviderAdjustmentRow.n, ProviderAdjustmentRow.billing_provider_id).where(
            ProviderAdjustmentRow.remittance_id == remittance_id,
            ProviderAdjustmentRow.billing_provider_id.is_not(None),
        )
    ).all()
    return {row.n: row.billing_provider_id for row in rows}
