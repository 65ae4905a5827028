"""People: who acts, how they sign in, and what they did."""

from rcm.migrations import run_sql_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
