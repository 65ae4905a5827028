"""The first floor: parties, encounters, claims, files, remittances, ledger, jobs."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the SQL beside this file, as one script."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # Straight to the driver: with parameters, even none, it would refuse several statements.
    op.get_bind().connection.cursor().execute(script)
