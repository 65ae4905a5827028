"""The double-entry ledger: append-only, whole cents."""
