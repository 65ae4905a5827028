"""The entries of a sent file, built again from its bytes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from edi.claim_837 import read_837p
from edi.guides import FileType
from edi.reader import read_interchanges
from rcm.claims.charge import Charged, Charges, charge_entries
from rcm.db import ReadSession
from rcm.files import read_bytes
from rcm.ledger.entry import JournalEntry
from rcm.rows import SubmissionRow
from rcm.tools import Tools


def charges(
    session: ReadSession, tools: Tools, file_id: UUID, before: dict[UUID, Charges]
) -> Sequence[JournalEntry]:
    """Return the entries of a file, given what its claims were charged with in earlier ones.

    `before` is brought up to date: files are given in the order in which they were frozen.
    """
    submitted = session.scalars(
        select(SubmissionRow)
        .where(SubmissionRow.file_id == file_id)
        .order_by(SubmissionRow.set_number, SubmissionRow.position)
    ).all()
    (interchange,) = read_interchanges(read_bytes(session, tools.keys, file_id))
    claims = [
        claim
        for each in interchange.sets()
        if each.file_type is FileType.CLAIM_PROFESSIONAL
        for claim in read_837p(each).claims
    ]
    charged = [
        Charged(
            claim_id=row.claim_id,
            billing_provider_id=row.billing_provider_id,
            payer_id=row.payer_id,
            claim=claim,
            before=before.get(row.claim_id, {}),
        )
        for row, claim in zip(submitted, claims, strict=True)
    ]
    before.update({each.claim_id: each.charges() for each in charged})
    return charge_entries(interchange, charged, file_id=file_id)
