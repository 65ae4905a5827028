"""SQL of breakers: one row a partner, locked while it is decided on, by the database's clock."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Update, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rcm.jobs import ClaimedJob, PostponedError
from rcm.parties.breaker import Breaker, Outcome, Standing, after, passage, probing
from rcm.rows import PartnerBreakerRow
from rcm.waiting import wake

#: What waits for an open breaker; the other jobs of a partner need no connection.
TRAVEL = ("deliver_file", "collect_files", "fetch_archived")

_BUSY_SECONDS = 5  #: Between two looks; whoever ends a meeting wakes the next one anyway.
_NO_MEETING = {"meeting_job_id": None, "meeting_token": None}
_IS_MEETING = text("""
    SELECT EXISTS (SELECT FROM job WHERE id = :job_id AND lease_token = :token
        AND state = 'running' AND lease_until >= now())
""")


def admit(session: Session, partner_id: UUID, job: ClaimedJob) -> None:
    """Let a job meet a partner, or make it wait: raises PostponedError.

    One meets at a time: a partner that stalls holds one worker, and no login is refused to two at
    once. Should the process of that one die, its lease runs out and another one passes.
    """
    row = _locked(session, partner_id)
    breaker = breaker_of(row)
    meeting = {"job_id": row.meeting_job_id, "token": row.meeting_token}
    is_met = row.meeting_token is not None and session.scalars(_IS_MEETING, meeting).one()
    allowed = passage(breaker, now=_now(session), is_probed=is_met)
    if not allowed.may_pass:
        raise PostponedError("BREAKER-OPEN", seconds=allowed.wait_seconds)
    if is_met:
        raise PostponedError("BREAKER-BUSY", seconds=_BUSY_SECONDS)
    begun = probing(breaker) if allowed.is_probe else breaker
    session.execute(_set(partner_id, begun).values(meeting_job_id=job.id, meeting_token=job.token))


def record(
    session: Session, partner_id: UUID, job: ClaimedJob, outcome: Outcome, *, code: str = ""
) -> int:
    """Learn from a meeting that is over; returns for how many seconds nobody may meet, or 0."""
    row = _locked(session, partner_id)
    is_mine = row.meeting_token == job.token
    is_probe = is_mine and row.standing == Standing.HALF_OPEN
    stood = breaker_of(row)
    stands = after(stood, outcome, code=code, now=_now(session), is_probe=is_probe)
    statement = _set(partner_id, stands)
    session.execute(statement.values(**_NO_MEETING) if is_mine else statement)
    _wake(session, partner_id, stood, stands)
    return passage(stands, now=_now(session), is_probed=True).wait_seconds


def record_test(session: Session, partner_id: UUID, outcome: Outcome, *, code: str) -> None:
    """Learn from a connection test. It was let through whatever stood, so it decides nothing."""
    stood = breaker_of(_locked(session, partner_id))
    stands = after(stood, outcome, code=code, now=_now(session), is_probe=False)
    if stands != stood:
        session.execute(_set(partner_id, stands))


def close(session: Session, partner_id: UUID) -> Breaker:
    """Close a breaker and wake what waits for it; returns how it stood."""
    stood = breaker_of(_locked(session, partner_id))
    session.execute(_set(partner_id, Breaker()))
    _wake(session, partner_id, stood, Breaker())
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


def _wake(session: Session, partner_id: UUID, stood: Breaker, stands: Breaker) -> None:
    """Let those run that waited: all where the breaker was closed, else whoever is next."""
    if stands.standing is not Standing.CLOSED:
        return
    if stood.standing is not Standing.CLOSED:
        wake(session, TRAVEL, partner_id)
    else:
        wake(session, TRAVEL, partner_id, waits_for="BREAKER-BUSY", count=1)


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


def _set(partner_id: UUID, breaker: Breaker) -> Update:
    mine = PartnerBreakerRow.partner_id == partner_id
    return update(PartnerBreakerRow).where(mine).values(**asdict(breaker))


def _now(session: Session) -> datetime:
    """Return this moment, not the transaction's beginning: the row may have been waited for."""
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now
