"""What a payer says of the payments in suspense of a page of work: whose, and its own number.

Numbers that are not ours may name a person: they stay in the sealed file and are read from there.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from edi.remittance_835.model import ClaimPayment
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.remittance.recall import read_remittance
from rcm.rows import FileRow, RemittanceRow, WorkItemRow

_BYTES_MAX = 1_000_000  #: Of all files that one page of work opens: a list must not wait for them.
_POSITION = re.compile(r"suspense/[^/]+/(\d+)")


def position_of(item: WorkItemRow) -> int | None:
    """Return which payment of its remittance an item of suspense is about."""
    found = _POSITION.fullmatch(item.key)
    return int(found[1]) if found else None


def suspended_payments(
    session: ReadSession, keys: Keys, items: Sequence[WorkItemRow]
) -> Mapping[UUID, ClaimPayment]:
    """The payment of each item of suspense, by the item's id; files over the bound are left."""
    wanted: dict[UUID, list[tuple[UUID, int]]] = {}
    for item in items:
        position = position_of(item)
        if position is not None and item.remittance_id is not None:
            wanted.setdefault(item.remittance_id, []).append((item.id, position))
    told: dict[UUID, ClaimPayment] = {}
    for remittance_id in _small(session, list(wanted)):
        claims = read_remittance(session, keys, remittance_id).claims
        told |= {item_id: claims[position - 1] for item_id, position in wanted[remittance_id]}
    return told


def _small(session: ReadSession, remittance_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Those whose files are within the bound together, the smallest first."""
    if not remittance_ids:
        return ()
    rows = session.execute(
        select(RemittanceRow.id, FileRow.size_bytes)
        .join(FileRow, FileRow.id == RemittanceRow.file_id)
        .where(RemittanceRow.id.in_(remittance_ids))
        .order_by(FileRow.size_bytes, RemittanceRow.id)
    )
    chosen: list[UUID] = []
    left = _BYTES_MAX
    for row in rows:
        left -= row.size_bytes
        if left < 0:
            break
        chosen.append(row.id)
    return chosen
