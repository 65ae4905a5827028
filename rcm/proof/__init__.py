"""The ledger proven against the raw files."""

from rcm.proof.verify import Proof, verify

__all__ = ["Proof", "verify"]
