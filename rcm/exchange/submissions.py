"""SQL of submissions: which claims travelled in which file of ours, and as what."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rcm.bulk import among, copy_rows
from rcm.claims.claim_acknowledgment import Submitted
from rcm.db import ReadSession
from rcm.exchange.store import has_left
from rcm.rows import BillingProviderRow, FileRow, SubmissionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubmission:
    """A claim that travels in a transaction set, and as what."""

    claim_id: UUID
    patient_control_number: str  #: CLM01.
    billing_provider_id: UUID
    payer_id: UUID


def add_submissions(
    session: Session, file_id: UUID, set_number: str, submissions: Sequence[NewSubmission]
) -> None:
    """Remember which claims travel in a transaction set, in order."""
    copy_rows(
        session,
        SubmissionRow,
        [
            {"file_id": file_id, "set_number": set_number, "position": n, **asdict(each)}
            for n, each in enumerate(submissions, start=1)
        ],
    )


def submitted_claims(
    session: ReadSession,
    partner_id: UUID,
    *,
    batch_numbers: Sequence[int],
    control_numbers: Sequence[str],
) -> dict[int, list[Submitted]]:
    """The sent claims of these batches, and with these control numbers, by our ISA13 (BHT03)."""
    rows = session.execute(
        select(
            SubmissionRow.claim_id,
            SubmissionRow.file_id,
            SubmissionRow.patient_control_number,
            BillingProviderRow.npi,
            FileRow.interchange_number,
        )
        .join(FileRow, FileRow.id == SubmissionRow.file_id)
        .join(BillingProviderRow, BillingProviderRow.id == SubmissionRow.billing_provider_id)
        .where(
            FileRow.partner_id == partner_id,
            has_left(),
            FileRow.interchange_number.in_(batch_numbers)
            | among(SubmissionRow.patient_control_number, control_numbers),
        )
        .order_by(FileRow.interchange_number, SubmissionRow.position)
    )
    found: dict[int, list[Submitted]] = {}
    for row in rows:
        found.setdefault(row.interchange_number, []).append(
            Submitted(
                claim_id=row.claim_id,
                file_id=row.file_id,
                patient_control_number=row.patient_control_number,
                provider_npi=row.npi,
            )
        )
    return found
