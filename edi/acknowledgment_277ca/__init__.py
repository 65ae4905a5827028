"""The 277CA (005010X214): what a clearinghouse or payer says about each claim it received."""

from edi.acknowledgment_277ca.model import (
    AcknowledgedBatch,
    AcknowledgedClaim,
    AcknowledgedLine,
    AcknowledgedPatient,
    AcknowledgedProvider,
    ClaimAcknowledgment,
    Reporter,
    Totals,
)
from edi.acknowledgment_277ca.read import read_277ca
from edi.acknowledgment_277ca.write import write_277ca

__all__ = [
    "AcknowledgedBatch",
    "AcknowledgedClaim",
    "AcknowledgedLine",
    "AcknowledgedPatient",
    "AcknowledgedProvider",
    "ClaimAcknowledgment",
    "Reporter",
    "Totals",
    "read_277ca",
    "write_277ca",
]
