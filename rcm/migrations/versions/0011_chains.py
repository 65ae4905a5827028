"""Tamper evidence: hash chains over the ledger and the audit log."""

from rcm.migrations import run_sql_beside

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the SQL beside this file."""
    run_sql_beside(__file__)
