"""The 837 claim: model, writer and reader of the professional guide 005010X222A1."""

from edi.claim_837.model import (
    Address,
    BillingProvider,
    Claim,
    ClaimBatch,
    ClaimDates,
    Drug,
    Patient,
    Payer,
    Person,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from edi.claim_837.read import read_837p
from edi.claim_837.write import write_837p

__all__ = [
    "Address",
    "BillingProvider",
    "Claim",
    "ClaimBatch",
    "ClaimDates",
    "Drug",
    "Patient",
    "Payer",
    "Person",
    "Provider",
    "Receiver",
    "ServiceLine",
    "Submitter",
    "Subscriber",
    "read_837p",
    "write_837p",
]
