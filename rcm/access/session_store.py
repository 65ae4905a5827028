"""SQL of sessions, one-time links, and attempts to sign in."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from rcm.db import ReadSession
from rcm.rows import ActorRow, SessionRow, SignInAttemptRow, TicketRow, UserRow


def add_session(
    session: Session, id_sha256: bytes, user_id: UUID, *, stage: str, now: datetime
) -> None:
    """Store a new session."""
    session.execute(
        insert(SessionRow).values(
            id_sha256=id_sha256, user_id=user_id, stage=stage, created_at=now, seen_at=now
        )
    )


def find_session(session: ReadSession, id_sha256: bytes) -> tuple[SessionRow, ActorRow] | None:
    """The session with this digest and the actor of it, where that one was not ended."""
    row = session.execute(
        select(SessionRow, ActorRow)
        .join(ActorRow, ActorRow.id == SessionRow.user_id)
        .where(SessionRow.id_sha256 == id_sha256, ActorRow.ended_at.is_(None))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def touch_session(session: Session, id_sha256: bytes, *, now: datetime) -> None:
    """Note that somebody was there just now."""
    session.execute(update(SessionRow).where(SessionRow.id_sha256 == id_sha256).values(seen_at=now))


def delete_session(session: Session, id_sha256: bytes) -> None:
    """End one session."""
    session.execute(delete(SessionRow).where(SessionRow.id_sha256 == id_sha256))


def delete_sessions_of(session: Session, user_id: UUID) -> None:
    """End every session of a person."""
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))


def delete_sessions_before(
    session: Session, *, created_before: datetime, seen_before: datetime
) -> None:
    """Forget sessions that have ended by themselves."""
    session.execute(
        delete(SessionRow).where(
            (SessionRow.created_at <= created_before) | (SessionRow.seen_at <= seen_before)
        )
    )


def add_ticket(
    session: Session, sha256: bytes, user_id: UUID, *, purpose: str, expires_at: datetime
) -> None:
    """Store a one-time link."""
    session.execute(
        insert(TicketRow).values(
            sha256=sha256, user_id=user_id, purpose=purpose, expires_at=expires_at
        )
    )


def end_tickets_of(session: Session, user_id: UUID, *, now: datetime) -> None:
    """Let no link of a person count any more."""
    session.execute(
        update(TicketRow)
        .where(TicketRow.user_id == user_id, TicketRow.used_at.is_(None))
        .values(used_at=now)
    )


def take_ticket(
    session: Session, sha256: bytes, purposes: Collection[str], *, now: datetime
) -> tuple[UUID, str] | None:
    """Use a link up: (person, purpose); None where it does not count. One of two calls gets it."""
    row = session.execute(
        update(TicketRow)
        .where(
            TicketRow.sha256 == sha256,
            TicketRow.used_at.is_(None),
            TicketRow.expires_at > now,
            TicketRow.purpose.in_(purposes),
            TicketRow.user_id.in_(
                select(UserRow.id)
                .join(ActorRow, ActorRow.id == UserRow.id)
                .where(ActorRow.ended_at.is_(None))
            ),
        )
        .values(used_at=now)
        .returning(TicketRow.user_id, TicketRow.purpose)
    ).one_or_none()
    return (row.user_id, row.purpose) if row else None


def lock_subjects(session: Session, subjects: Collection[bytes]) -> None:
    """Let attempts of a subject count one after the other: two at once must not both be the last.

    In order, so that two calls never wait for each other.
    """
    for subject in sorted(subjects):
        number = int.from_bytes(subject[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def attempts_of(
    session: ReadSession, subject: bytes, *, since: datetime, nth: int
) -> datetime | None:
    """The time of the `nth` latest attempt since then; None where there are fewer."""
    return session.scalar(
        select(SignInAttemptRow.at)
        .where(SignInAttemptRow.subject == subject, SignInAttemptRow.at > since)
        .order_by(SignInAttemptRow.at.desc())
        .offset(nth - 1)
        .limit(1)
    )


def add_attempt(
    session: Session, attempt_id: UUID, subjects: Collection[bytes], *, now: datetime
) -> None:
    """Count an attempt against each subject."""
    session.execute(
        insert(SignInAttemptRow),
        [{"id": attempt_id, "subject": subject, "at": now} for subject in subjects],
    )


def forget_attempt(session: Session, attempt_id: UUID, subject: bytes | None) -> None:
    """Take an attempt back that succeeded, and all others of `subject`."""
    taken_back = SignInAttemptRow.id == attempt_id
    if subject is not None:
        taken_back |= SignInAttemptRow.subject == subject
    session.execute(delete(SignInAttemptRow).where(taken_back))


def forget_attempts_before(session: Session, before: datetime) -> None:
    """Forget attempts that count no more."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.at <= before))
