"""Patients are found by birth date."""

from rcm.migrations import run_sql_beside

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
