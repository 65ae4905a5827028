"""What an 837 files, whole and lossless: professional, institutional and dental, both ways."""

from edi.claim_837.filed.claim import (
    FiledClaim,
    FiledDrug,
    FiledLine,
    Form,
    LineAdjudication,
    OtherCoverage,
)
from edi.claim_837.filed.codes import CodedFact, CodedFacts, CodeUse
from edi.claim_837.filed.model import BillingLevel, FiledClaims, PatientLevel, SubscriberLevel
from edi.claim_837.filed.party import Party
from edi.claim_837.filed.read import read_837
from edi.claim_837.filed.write import write_837

__all__ = [
    "BillingLevel",
    "CodeUse",
    "CodedFact",
    "CodedFacts",
    "FiledClaim",
    "FiledClaims",
    "FiledDrug",
    "FiledLine",
    "Form",
    "LineAdjudication",
    "OtherCoverage",
    "Party",
    "PatientLevel",
    "SubscriberLevel",
    "read_837",
    "write_837",
]
