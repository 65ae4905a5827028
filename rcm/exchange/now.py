"""Use cases: exchange with a partner now, by a person or by schedule."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rcm import jobs
from rcm.db import ReadSession
from rcm.parties.store import partner_ids
from rcm.rows import FileRow, JobRow, RemittanceRow, TradingPartnerRow

#: The job that a file in this state waits for.
_AWAITED = {"frozen": "deliver_file", "uncertain": "deliver_file", "received": "read_file"}


class UnknownPartnerError(Exception):
    """No trading partner has this id."""


class PartnerPausedError(Exception):
    """The partner is paused: nothing is exchanged until a person lets it go on."""


#: Of a job `batch_claims`: a batch by schedule keeps the partner's cut-off, a person's does not.
BY_PERSON, BY_SCHEDULE = 0, 1


def exchange_now(session: Session, partner_id: UUID, *, by: int = BY_PERSON) -> None:
    """Promise files of what is ready, a visit to fetch what is there, and what was given up.

    Work that was given up comes back here: after an operator's repair, and with each visit by
    schedule. Any number of calls before the jobs start is one exchange. Raises
    UnknownPartnerError, PartnerPausedError.
    """
    is_paused = session.scalar(
        select(TradingPartnerRow.is_paused).where(TradingPartnerRow.id == partner_id)
    )
    if is_paused is None:
        raise UnknownPartnerError
    if is_paused:
        raise PartnerPausedError
    jobs.add_anew(session, "batch_claims", ref_id=partner_id, ref_part=by)
    jobs.add_anew(session, "ask_eligibility", ref_id=partner_id)
    jobs.add_anew(session, "collect_files", ref_id=partner_id)
    for kind, file_id, set_index in _unfinished(session, partner_id):
        jobs.add_again(session, kind, ref_id=file_id, ref_part=set_index)


def exchange_with_all(session: Session) -> tuple[int, int]:
    """Promise the same with every partner; returns with how many, and how many are paused."""
    found, paused = partner_ids(session), 0
    for partner_id in found:
        try:
            exchange_now(session, partner_id)
        except PartnerPausedError:
            paused += 1
    return len(found) - paused, paused


def deliver_frozen(session: Session, partner_id: UUID) -> None:
    """Promise the delivery of what was frozen while a partner was paused."""
    waiting = select(FileRow.id).where(
        FileRow.partner_id == partner_id, FileRow.state.in_(("frozen", "uncertain"))
    )
    for file_id in session.scalars(waiting.order_by(FileRow.created_at)).all():
        jobs.add(session, "deliver_file", ref_id=file_id)


def _unfinished(session: ReadSession, partner_id: UUID) -> Iterator[tuple[str, UUID, int]]:
    """Yield (kind of job, file, set) of each step of a file of this partner that is not done."""
    files = select(FileRow.id, FileRow.state).where(
        FileRow.partner_id == partner_id, FileRow.state.in_(_AWAITED)
    )
    for file_id, state in session.execute(files.order_by(FileRow.created_at)).all():
        yield _AWAITED[state], file_id, 0
    decided = select(RemittanceRow.id).where(
        RemittanceRow.file_id == JobRow.ref_id,
        RemittanceRow.set_index == JobRow.ref_part,
        RemittanceRow.state != "waiting",
    )
    sets = (
        select(FileRow.id, JobRow.ref_part)
        .join(JobRow, JobRow.ref_id == FileRow.id)
        .where(
            JobRow.kind == "post_remittance",
            JobRow.state.in_(("dead", "quarantined")),
            FileRow.partner_id == partner_id,
            ~decided.exists(),
        )
        .distinct()
    )
    for file_id, set_index in session.execute(sets).all():
        yield "post_remittance", file_id, set_index
