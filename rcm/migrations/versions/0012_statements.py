"""Speed: lists follow claims, and entries are proven to balance, once a statement."""

from rcm.migrations import run_sql_beside

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
