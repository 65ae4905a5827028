"""The checks above the guide, in one table: what must hold, how bad it is, and what to do.

Each table stands beside its functions, by the fact they look at; `CHECKS` is all of them. The
balance of an 835 needs its amounts read, and runs with the reader: `edi.remittance_835.balance`.
"""

from collections.abc import Collection, Iterator
from typing import Any

from edi.check_table import Check, run
from edi.checks.claims import CLAIM_CHECKS
from edi.checks.payers import PAYER_CHECKS
from edi.checks.remittances import REMITTANCE_CHECKS
from edi.checks.sets import SET_CHECKS
from edi.checks.view import claim_views
from edi.envelope import TransactionSet
from edi.findings import Finding
from edi.remittance_835.balance import BALANCE_CHECKS, LIKELY_CHECKS

__all__ = ["CHECKS", "Check", "run_checks"]

#: Every check of every fact.
CHECKS: tuple[Check[Any], ...] = (
    *CLAIM_CHECKS,
    *PAYER_CHECKS,
    *SET_CHECKS,
    *REMITTANCE_CHECKS,
    *BALANCE_CHECKS,
    *LIKELY_CHECKS,
)
_ROWS = {check.code: check for check in CHECKS}


def run_checks(
    transaction_set: TransactionSet,
    *,
    said: Collection[tuple[str, int]] = (),
    fresh: int = 0,
    is_whole: bool = True,
) -> Iterator[Finding]:
    """Yield what is wrong with a set beyond its guide, except the balance of an 835.

    `said` are the code and the segment number of what the guide found: nothing is told twice. Of
    a part of a set, what stands in its first `fresh` segments was told with an earlier part.

    >>> from edi.delimiters import STANDARD
    >>> from edi.segment import Segment
    >>> segments = (Segment(("ST", "271")), Segment(("NM1", *[""] * 7, "XX", "1234567890")))
    >>> made = TransactionSet(
    ...     set_id="271", control_number="1", version="", segments=segments, delimiters=STANDARD
    ... )
    >>> [(found.code, found.place.element) for found in run_checks(made)]
    [('X12-NPI', 9)]
    """
    first = transaction_set.segments[fresh].number if fresh < len(transaction_set.segments) else 0
    for found in _every(transaction_set):
        row, number = _ROWS[found.code], found.place.segment_number
        if number < first or (row.needs_whole and not is_whole):
            continue
        if not any((code, number) in said for code in row.said_as):
            yield found


def _every(transaction_set: TransactionSet) -> Iterator[Finding]:
    yield from run(SET_CHECKS, transaction_set)
    if transaction_set.set_id == "835":
        yield from run(REMITTANCE_CHECKS, transaction_set)
    if transaction_set.set_id == "837":
        for claim in claim_views(transaction_set):
            yield from run((*CLAIM_CHECKS, *PAYER_CHECKS), claim)
