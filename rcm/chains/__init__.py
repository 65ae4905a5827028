"""Tamper evidence: hash chains over the ledger and the audit log, signed outside the database."""
