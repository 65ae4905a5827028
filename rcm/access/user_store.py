"""SQL of people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import any_, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from rcm.access.rights import Role
from rcm.db import ReadSession
from rcm.rows import ActorRow, BillingProviderRow, UserRow

_LAST_ADMINISTRATOR = 0x72636D61646D696E  #: An advisory lock: who ends an administrator is alone.


def add_user(
    session: Session,
    user_id: UUID,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    practices: Collection[UUID] | None,
    now: datetime,
) -> None:
    """Store a person. Raises IntegrityError where the address is taken."""
    session.execute(
        insert(ActorRow).values(
            id=user_id,
            kind="person",
            name=name,
            roles=sorted(roles),
            practices=None if practices is None else sorted(practices),
            created_at=now,
        )
    )
    session.execute(insert(UserRow).values(id=user_id, email=email))


def find_user(session: ReadSession, user_id: UUID) -> tuple[UserRow, ActorRow] | None:
    """One person."""
    row = session.execute(_users().where(UserRow.id == user_id)).one_or_none()
    return (row[0], row[1]) if row else None


def lock_user(session: Session, user_id: UUID) -> tuple[UserRow, ActorRow] | None:
    """One person, who changes only after this transaction."""
    locked = _users().where(UserRow.id == user_id).with_for_update()
    row = session.execute(locked.execution_options(populate_existing=True)).one_or_none()
    return (row[0], row[1]) if row else None


def find_by_email(session: ReadSession, email: str) -> tuple[UserRow, ActorRow] | None:
    """The person of this address (lower case) who was not disabled."""
    if "\0" in email:  # No text of the database can hold it.
        return None
    row = session.execute(
        _users().where(UserRow.email == email, ActorRow.ended_at.is_(None))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def list_users(session: ReadSession) -> Sequence[tuple[UserRow, ActorRow]]:
    """Every person, by name."""
    rows = session.execute(_users().order_by(func.lower(ActorRow.name), ActorRow.id))
    return [(row[0], row[1]) for row in rows]


def set_user(session: Session, user_id: UUID, **values: Any) -> None:  # noqa: ANN401  # Columns.
    """Change the way in of a person, or what they prefer."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(**values))


def set_actor(session: Session, actor_id: UUID, **values: Any) -> None:  # noqa: ANN401  # Columns.
    """Change what somebody may do."""
    session.execute(update(ActorRow).where(ActorRow.id == actor_id).values(**values))


def count_version(session: Session, user_id: UUID) -> None:
    """Let edits of what was read before be refused."""
    session.execute(
        update(UserRow).where(UserRow.id == user_id).values(version=UserRow.version + 1)
    )


def lock_administrators(session: Session) -> None:
    """Let nobody else end or demote an administrator meanwhile: two at once would leave none."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LAST_ADMINISTRATOR})


def has_other_administrator(session: ReadSession, user_id: UUID | None) -> bool:
    """Tell whether a person besides this one is an administrator, of every practice."""
    found = select(ActorRow.id).where(
        ActorRow.kind == "person",
        ActorRow.ended_at.is_(None),
        ActorRow.practices.is_(None),
        literal(Role.ADMIN.value) == any_(ActorRow.roles),
    )
    if user_id is not None:
        found = found.where(ActorRow.id != user_id)
    return session.scalar(found.limit(1)) is not None


def practice_names(
    session: ReadSession, practices: Collection[UUID] | None = None
) -> Sequence[BillingProviderRow]:
    """Our practices, or those of them, by name."""
    query = select(BillingProviderRow).order_by(BillingProviderRow.name, BillingProviderRow.id)
    if practices is not None:
        query = query.where(BillingProviderRow.id.in_(practices))
    return session.scalars(query).all()


def _users() -> Any:  # noqa: ANN401  # A Select of two rows.
    return select(UserRow, ActorRow).join(ActorRow, ActorRow.id == UserRow.id)
