"""Answers over time: reversals, lines, PLB by reference, claims that are sent again."""

from rcm.migrations import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
