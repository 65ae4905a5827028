"""Alembic migrations. `upgrade` is the only way the schema changes."""

from pathlib import Path

from alembic import command, op
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from rcm.db import WrongDeploymentError


def upgrade(owner_url: str, *, deployment: str, revision: str = "head") -> None:
    """Bring the database of `owner_url` (rcm_owner) to `revision`, and say what it is for.

    Raises WrongDeploymentError where the database was made for the other kind of deployment.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = owner_url
    command.upgrade(config, revision)
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO deployment (kind, created_at) VALUES (:kind, now())"
                " ON CONFLICT DO NOTHING"
            ),
            {"kind": deployment},
        )
        kind = connection.execute(text("SELECT kind FROM deployment")).scalar_one()
    if kind != deployment:
        raise WrongDeploymentError(f"the database is of a {kind} deployment")


def run_sql_beside(migration: str) -> None:
    """Run the SQL that stands beside the file of a migration, as one script."""
    script = Path(migration).with_suffix(".sql").read_text(encoding="utf-8")
    # Straight to the driver: with parameters, even none, it would refuse several statements.
    op.get_bind().connection.cursor().execute(script)
