"""What must hold of an 835 beyond its guide and its balance: days in order, and how it is paid."""

from collections.abc import Iterator

from edi.check_table import Check, Found
from edi.checks.view import amount
from edi.elements import read_date
from edi.envelope import TransactionSet
from edi.findings import Severity

_BEGINNINGS = {"233": "232", "151": "150"}  #: DTM01 of an end, and of its beginning.
_NO_PAYMENT = "NON"


def ranges_are_in_order(transaction_set: TransactionSet) -> Iterator[Found]:
    """The end of a statement or service (DTM*233, DTM*151) is not before its beginning."""
    begins: dict[str, str] = {}
    loop = ""
    for segment in transaction_set.segments:
        if segment.id in {"CLP", "SVC"}:
            begins.clear()
            loop = "2100" if segment.id == "CLP" else "2110"
        elif segment.id == "DTM":
            day, kind = segment.get(2), segment.get(1)
            begins[kind] = day
            first = begins.get(_BEGINNINGS.get(kind, ""), "")
            if first and read_date(day) and read_date(first) and day < first:
                number = transaction_set.control_number
                place = segment.place(2, loop=loop, transaction_set=number)
                yield place, "The range of days ends before it begins."


def nothing_is_paid_by_nothing(transaction_set: TransactionSet) -> Iterator[Found]:
    """BPR04 is NON where BPR02 is zero, and nowhere else.

    Source: X221A1, BPR04.
    """
    bpr = next((each for each in transaction_set.segments if each.id == "BPR"), None)
    if bpr is None or not bpr.get(2):
        return
    cents = amount(bpr, 2)
    if cents is not None and (cents == 0) != (bpr.get(4) == _NO_PAYMENT):
        place = bpr.place(4, transaction_set=transaction_set.control_number)
        yield place, "BPR04 NON and a payment of zero go together."


_DAY = "Nothing waits for it; tell the payer if it happens again."
_METHOD = "Ask the payer whether a payment is to be expected."

REMITTANCE_CHECKS: tuple[Check[TransactionSet], ...] = (
    Check("835-DATE-ORDER", Severity.WARNING, _DAY, ranges_are_in_order),
    Check("835-METHOD", Severity.WARNING, _METHOD, nothing_is_paid_by_nothing),
)
