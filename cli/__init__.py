"""The `rcm` command: every process of the service starts here."""
