"""A clearinghouse and payer to practice on. Knows `edi` only."""
