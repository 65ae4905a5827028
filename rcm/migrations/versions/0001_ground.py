"""The first floor: parties, encounters, claims, files, remittances, ledger, jobs."""

from rcm.migrations import run_sql_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
