"""Work: who does it, until when; notes; what changed since."""

from rcm.migrations import run_sql_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
