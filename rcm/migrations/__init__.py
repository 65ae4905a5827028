"""Alembic migrations. `upgrade` is the only way the schema changes."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the database of `owner_url` (rcm_owner) to `revision`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = owner_url
    command.upgrade(config, revision)
