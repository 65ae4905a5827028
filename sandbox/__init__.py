"""A clearinghouse and payer to practise on. Knows `edi` only."""
