"""Use case: exchange with a partner now, whatever its schedule says."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rcm import jobs
from rcm.rows import TradingPartnerRow


class UnknownPartnerError(Exception):
    """No trading partner has this id."""


def exchange_now(session: Session, partner_id: UUID) -> None:
    """Promise a batch of what is ready, and a visit to fetch what is there.

    Any number of calls before the jobs start is one exchange. Raises UnknownPartnerError.
    """
    known = select(TradingPartnerRow.id).where(TradingPartnerRow.id == partner_id)
    if session.scalar(known) is None:
        raise UnknownPartnerError
    jobs.add(session, "batch_claims", ref_id=partner_id)
    jobs.add(session, "collect_files", ref_id=partner_id)
