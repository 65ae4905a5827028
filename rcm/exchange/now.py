"""Use case: exchange with a partner now, whatever its schedule says."""

from uuid import UUID

from sqlalchemy.orm import Session

from rcm import jobs


def exchange_now(session: Session, partner_id: UUID) -> None:
    """Promise a batch of what is ready, and a visit to fetch what is there."""
    jobs.add(session, "batch_claims", ref_id=partner_id)
    jobs.add(session, "collect_files", ref_id=partner_id)
