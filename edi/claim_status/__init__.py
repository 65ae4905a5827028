"""Claim status (005010X212): the 276 asks for it, the 277 tells it; the STC of every 277."""

from edi.claim_status.model import (
    ClaimInquiry,
    ClaimStatuses,
    LineInquiry,
    StatusMember,
    StatusProvider,
    StatusReceiver,
    StatusSource,
)
from edi.claim_status.read import read_276, read_277
from edi.claim_status.status import STATUS_INFORMATION, StatusCode, StatusInformation
from edi.claim_status.write import write_276, write_277

__all__ = [
    "STATUS_INFORMATION",
    "ClaimInquiry",
    "ClaimStatuses",
    "LineInquiry",
    "StatusCode",
    "StatusInformation",
    "StatusMember",
    "StatusProvider",
    "StatusReceiver",
    "StatusSource",
    "read_276",
    "read_277",
    "write_276",
    "write_277",
]
