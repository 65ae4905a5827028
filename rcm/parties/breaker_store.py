"""SQL of breakers: one row a partner, locked while it is decided on, by the database's clock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rcm.jobs import ClaimedJob, PostponedError
from rcm.parties.breaker import Breaker, Outcome, Standing, after, passage, probing
from rcm.rows import PartnerBreakerRow
from rcm.waiting import wake

#: What waits for an open breaker; the other jobs of a partner need no connection.
TRAVEL = ("deliver_file", "collect_files", "fetch_archived")

_IS_PROBED = text("""
    SELECT EXISTS (SELECT FROM job WHERE id = :job_id AND lease_token = :token
        AND state = 'running' AND lease_until >= now())
""")


def admit(session: Session, partner_id: UUID, job: ClaimedJob) -> None:
    """Let a job meet a partner, or make it wait: raises PostponedError.

    Half open, one job passes; should its process die, its lease runs out and another one passes.
    """
    if not session.scalar(_is_stopped(partner_id)):
        return  # As nearly always: nobody waits for the row.
    row = _locked(session, partner_id)
    breaker = breaker_of(row)
    if breaker.standing is Standing.CLOSED:
        return
    probe = {"job_id": row.probe_job_id, "token": row.probe_token}
    is_probed = breaker.standing is Standing.HALF_OPEN and session.scalars(_IS_PROBED, probe).one()
    allowed = passage(breaker, now=_now(session), is_probed=is_probed)
    if not allowed.may_pass:
        raise PostponedError("BREAKER-OPEN", seconds=allowed.wait_seconds)
    _save(session, partner_id, probing(breaker), probe_job_id=job.id, probe_token=job.token)


def record(
    session: Session, partner_id: UUID, job: ClaimedJob, outcome: Outcome, *, code: str = ""
) -> int:
    """Learn from a meeting that a job had; returns for how many seconds nobody may meet, or 0."""
    row = _locked(session, partner_id)
    is_probe = row.standing == Standing.HALF_OPEN and row.probe_token == job.token
    stands = _decide(session, row, outcome, code=code, is_probe=is_probe)
    return passage(stands, now=_now(session), is_probed=True).wait_seconds


def record_test(session: Session, partner_id: UUID, outcome: Outcome, *, code: str) -> None:
    """Learn from a connection test. It was let through whatever stood, so it decides nothing."""
    _decide(session, _locked(session, partner_id), outcome, code=code, is_probe=False)


def close(session: Session, partner_id: UUID) -> Breaker:
    """Close a breaker and wake what waits for it; returns how it stood."""
    stood = breaker_of(_locked(session, partner_id))
    if stood != Breaker():
        _save(session, partner_id, Breaker())
    if stood.standing is not Standing.CLOSED:
        wake(session, TRAVEL, partner_id)
    return stood


def breaker_of(row: PartnerBreakerRow) -> Breaker:
    """Return a row as a value."""
    return Breaker(
        standing=Standing(row.standing),
        last=row.last,
        refusals=row.refusals,
        openings=row.openings,
        opened_at=row.opened_at,
        until=row.until,
        code=row.code,
    )


def _decide(
    session: Session, row: PartnerBreakerRow, outcome: Outcome, *, code: str, is_probe: bool
) -> Breaker:
    stood = breaker_of(row)
    stands = after(stood, outcome, code=code, now=_now(session), is_probe=is_probe)
    if stands != stood:
        _save(session, row.partner_id, stands)
    if stands.standing is Standing.CLOSED and stood.standing is not Standing.CLOSED:
        wake(session, TRAVEL, row.partner_id)
    return stands


def _is_stopped(partner_id: UUID) -> Select[bool]:
    mine = PartnerBreakerRow.partner_id == partner_id
    return select(PartnerBreakerRow.standing != Standing.CLOSED).where(mine)


def _locked(session: Session, partner_id: UUID) -> PartnerBreakerRow:
    one = (
        select(PartnerBreakerRow)
        .where(PartnerBreakerRow.partner_id == partner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(one).one_or_none()
    if found is not None:
        return found
    session.execute(
        insert(PartnerBreakerRow).values(partner_id=partner_id).on_conflict_do_nothing()
    )
    return session.scalars(one).one()


def _save(
    session: Session,
    partner_id: UUID,
    breaker: Breaker,
    *,
    probe_job_id: UUID | None = None,
    probe_token: UUID | None = None,
) -> None:
    session.execute(
        update(PartnerBreakerRow)
        .where(PartnerBreakerRow.partner_id == partner_id)
        .values(
            standing=breaker.standing,
            last=breaker.last,
            refusals=breaker.refusals,
            openings=breaker.openings,
            opened_at=breaker.opened_at,
            until=breaker.until,
            code=breaker.code,
            probe_job_id=probe_job_id,
            probe_token=probe_token,
        )
    )


def _now(session: Session) -> datetime:
    """Return this moment, not the transaction's beginning: the row may have been waited for."""
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now
