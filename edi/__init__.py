"""X12: bytes to values and back. Pure: no clock, no counter, no network, no database."""
