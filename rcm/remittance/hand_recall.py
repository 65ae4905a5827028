"""The entries of what people decided about payments in suspense, built from the raw files.

The same function posts a match, takes it back, and proves both.
"""

from collections.abc import Sequence
from dataclasses import replace

from edi.remittance_835.model import Remittance
from rcm.db import ReadSession
from rcm.ledger.entry import JournalEntry
from rcm.remittance.hand_store import hand_matches
from rcm.remittance.post import Source, hand_entry
from rcm.remittance.recall import read_payments
from rcm.remittance.reverse import expand
from rcm.rows import HandMatchRow
from rcm.tools import Tools


def hand_entries(
    session: ReadSession,
    tools: Tools,
    remittance: Remittance,
    source: Source,
    rows: Sequence[HandMatchRow],
) -> list[JournalEntry]:
    """Return the entries of these decisions about payments of one remittance, in order."""
    places = {
        n: (row.original_remittance_id, row.original_position)
        for n, row in enumerate(rows)
        if row.original_remittance_id is not None and row.original_position is not None
    }
    known = {source.remittance_id: remittance}
    originals = read_payments(session, tools.keys, places, known)
    entries: list[JournalEntry] = []
    for n, hand in enumerate(hand_matches(session, rows, tools.time_zone)):
        payment = remittance.claims[hand.position - 1]
        if n in originals:
            alone = replace(remittance, claims=(payment,))
            (payment,) = expand(alone, {hand.position: originals[n]}).claims
        entries.extend(hand_entry(payment, hand, remittance, source))
    return entries
