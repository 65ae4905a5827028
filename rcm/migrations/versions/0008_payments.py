"""Payments: the codes of every line, and payments that a person matched."""

from rcm.migrations import run_sql_beside

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
