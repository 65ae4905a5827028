"""The database: engine, sessions, and the only commit of the service."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from rcm.failpoint import failpoint
from rcm.refusals import RefusalError

ReadSession = Session  #: A session that is only read from: nothing is ever added through it.
Ring = Callable[[Sequence[tuple[UUID, str]]], None]  #: Told (job id, kind) after a commit.
UnitOfWork = Callable[[], AbstractContextManager[Session]]

PROMISED = "promised jobs"  #: Key in `Session.info`.
SCHEMA_VERSION = "0013"  #: The migration this code is written for.
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_STATEMENT_TIMEOUT_MS = 300_000
_LOCK_TIMEOUT_MS = 30_000


class UnsafeRoleError(RefusalError):
    """The service was given the owner's or a superuser's login: it refuses to start."""


class SchemaVersionError(RefusalError):
    """The database's migration is not the one this code is written for."""


class WrongDeploymentError(RefusalError):
    """RCM_DEPLOYMENT is not what this database was made for, for good."""


def make_engine(url: str, *, pool_size: int) -> Engine:
    """Return an engine whose connections speak UTC and never wait for ever."""
    options = (
        f"-c timezone=UTC -c statement_timeout={_STATEMENT_TIMEOUT_MS}"
        f" -c lock_timeout={_LOCK_TIMEOUT_MS} -c idle_in_transaction_session_timeout=600000"
    )
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        pool_pre_ping=True,
        hide_parameters=True,  # An error must not show the values of a row.
        connect_args={"options": options, "connect_timeout": 10},
    )


def make_unit_of_work(engine: Engine, ring: Ring | None = None) -> UnitOfWork:
    """Return `unit_of_work`: one request, or one step of a job, is one transaction.

    Everything in the block is committed together when it ends, or not at all. After the commit
    `ring` is told the jobs that were promised in it; the relay finds those it does not hear of.
    """
    sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def unit_of_work() -> Iterator[Session]:
        with sessions() as session:
            yield session
            failpoint("commit.before")
            session.commit()
            failpoint("commit.after")
            promised = session.info.pop(PROMISED, ())
        if promised and ring is not None:
            ring(promised)

    return unit_of_work


@contextmanager
def snapshot(unit_of_work: UnitOfWork) -> Iterator[ReadSession]:
    """Give a session whose queries all see one moment; the database refuses any write."""
    with unit_of_work() as session:
        session.connection(execution_options=_SNAPSHOT)
        yield session


def schema_version(connection: Connection) -> str | None:
    """Return the migration that the database is at; None where it has no schema."""
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one() is None:
        return None
    version: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return version


def refuse_other_schema(connection: Connection) -> None:
    """Raise SchemaVersionError where the database is not at this code's migration."""
    found = schema_version(connection)
    if found is None:
        raise SchemaVersionError("the database is empty: run `rcm db upgrade`")
    if found != SCHEMA_VERSION:
        cure = (
            "run `rcm db upgrade`"
            if found < SCHEMA_VERSION
            else "start the version that migrated it"
        )
        raise SchemaVersionError(
            f"the database is at {found}, this code at {SCHEMA_VERSION}: {cure}"
        )


def refuse_unsafe(engine: Engine, *, deployment: str) -> None:
    """Raise where this process must not start.

    UnsafeRoleError: it is the owner or a superuser. SchemaVersionError: the database is not at
    this code's migration. WrongDeploymentError: a sandbox opened production's data, or the reverse.
    """
    with engine.connect() as connection:
        unsafe = connection.execute(
            text(
                "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class"
                " WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p'))"
                " FROM pg_roles WHERE rolname = current_user"
            )
        ).scalar_one()
        if unsafe:
            raise UnsafeRoleError("RCM_DATABASE_URL must name rcm_app, which owns nothing")
        refuse_other_schema(connection)
        kind = connection.execute(text("SELECT kind FROM deployment")).scalar_one_or_none()
        if kind != deployment:
            raise WrongDeploymentError(f"the database is of a {kind} deployment")
