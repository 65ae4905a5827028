"""Lists: the amounts of a claim beside it, and what lists are sorted and searched by."""

from rcm.migrations import run_sql_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
