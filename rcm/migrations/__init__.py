"""Alembic migrations. `upgrade` is the only way the schema changes."""

import time
from pathlib import Path

from alembic import command, op
from alembic.config import Config
from psycopg.errors import LockNotAvailable
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from rcm.db import WrongDeploymentError
from rcm.refusals import RefusalError

TRIES = 60  #: With the waits for a lock and between them, about five minutes.
_PAUSE_SECONDS = 2


class DatabaseBusyError(RefusalError):
    """Work in flight kept the tables that a migration changes; nothing was changed."""


def upgrade(owner_url: str, *, deployment: str, revision: str = "head", tries: int = TRIES) -> None:
    """Bring the database of `owner_url` (rcm_owner) to `revision`, and say what it is for.

    Work may be in flight: where it holds a table, the migration steps back and tries again, all or
    nothing, so that nobody waits behind it for long. Raises WrongDeploymentError where the database
    was made for the other kind of deployment, DatabaseBusyError where no try found a quiet moment.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = owner_url
    engine = create_engine(owner_url, poolclass=NullPool)
    _refuse_other(engine, deployment)
    _in_a_quiet_moment(config, revision, tries)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO deployment (kind, created_at) VALUES (:kind, now())"
                " ON CONFLICT DO NOTHING"
            ),
            {"kind": deployment},
        )
    _refuse_other(engine, deployment)  # Two may have made it at one moment.


def _refuse_other(engine: Engine, deployment: str) -> None:
    """Raise WrongDeploymentError where the database says that it is of the other kind."""
    with engine.connect() as connection:
        if connection.execute(text("SELECT to_regclass('deployment')")).scalar_one() is None:
            return
        kind = connection.execute(text("SELECT kind FROM deployment")).scalar_one_or_none()
    if kind not in (None, deployment):
        raise WrongDeploymentError(f"the database is of a {kind} deployment")


def _in_a_quiet_moment(config: Config, revision: str, tries: int) -> None:
    for left in reversed(range(tries)):
        try:
            command.upgrade(config, revision)
        except (OperationalError, LockNotAvailable) as reason:  # The latter: from `run_sql_beside`.
            if not isinstance(getattr(reason, "orig", reason), LockNotAvailable):
                raise
            if not left:
                raise DatabaseBusyError(
                    "running work holds what is to be migrated; nothing was changed."
                    " Stop the workers, or wait for their jobs, and run `rcm db upgrade` again"
                ) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def run_sql_beside(migration: str) -> None:
    """Run the SQL that stands beside the file of a migration, as one script."""
    script = Path(migration).with_suffix(".sql").read_text(encoding="utf-8")
    # Straight to the driver: with parameters, even none, it would refuse several statements.
    op.get_bind().connection.cursor().execute(script)
