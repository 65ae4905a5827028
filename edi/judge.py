"""All that we find wrong with a file: its envelope, its guide by pyx12, its money."""

from edi.claim_837 import read_837p
from edi.envelope import Interchange, TransactionSet
from edi.findings import Finding, ReadError
from edi.guides import FileType
from edi.pyx12_validator import validate_with_pyx12
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.read import read_835


def judge(body: bytes) -> list[Finding]:
    """Return every finding of a file. Raises ReadError where it is not X12 at all."""
    return [found for each in read_interchanges(body) for found in _findings_of(each)]


def _findings_of(interchange: Interchange) -> list[Finding]:
    found = list(interchange.findings)
    for group in interchange.groups:
        for each in group.sets:
            found.extend(each.findings)
            found.extend(validate_with_pyx12(each, group, interchange))
            found.extend(_checks(each))
    return found


def _checks(transaction_set: TransactionSet) -> list[Finding]:
    """Return what we find above the guide, for the types we read."""
    try:
        if transaction_set.file_type is FileType.REMITTANCE:
            remittance = read_835(transaction_set)
            envelope = set(transaction_set.findings)
            own = [found for found in remittance.findings if found not in envelope]
            return [*own, *check_balance(remittance).findings()]
        if transaction_set.file_type is FileType.CLAIM_PROFESSIONAL:
            read_837p(transaction_set)
    except ReadError as refusal:
        return [refusal.finding]
    return []
