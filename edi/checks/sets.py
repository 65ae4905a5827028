"""What must hold of any set beyond its guide: NPIs, codes on their day, the tree of levels."""

from collections.abc import Iterator

from edi.check_table import Check, Found
from edi.codes.check import CODE_CURE, codes_not_listed
from edi.elements import is_npi, read_date
from edi.envelope import TransactionSet
from edi.findings import Severity
from edi.hierarchy import CHILD_MESSAGE, NUMBER_MESSAGE, is_numbered, tells_of_children
from edi.segment import Segment

_NPI_AT = {"NM1": (8, "XX", 9), "N1": (3, "XX", 4), "REF": (1, "HPI", 2)}
_DAY_AT = {"BPR": 16, "BHT": 4}  #: The day that a set speaks of.


def npis_are_true(transaction_set: TransactionSet) -> Iterator[Found]:
    """What is said to be an NPI has ten digits and a true check digit; told once for each number.

    Source: 45 CFR 162.406; NM109 with NM108 XX, N104 with N103 XX, REF02 with REF01 HPI.
    """
    seen: set[str] = set()
    for segment in transaction_set.segments:
        at = _NPI_AT.get(segment.id)
        if at is None or segment.get(at[0]) != at[1]:
            continue
        npi = segment.get(at[2])
        if npi and npi not in seen and not is_npi(npi):
            place = segment.place(at[2], transaction_set=transaction_set.control_number)
            yield place, "The NPI has a wrong check digit, or not ten digits."
        seen.add(npi)


def codes_are_known(transaction_set: TransactionSet) -> Iterator[Found]:
    """A code of an outer list is on our copy of it on the day of the set (BPR16, BHT04)."""
    for segment in transaction_set.segments:
        if segment.id in _DAY_AT:
            day = read_date(segment.get(_DAY_AT[segment.id]))
            if day is not None:
                yield from codes_not_listed(transaction_set, day)
            return


def levels_are_numbered(transaction_set: TransactionSet) -> Iterator[Found]:
    """HL01 counts 1, 2, 3; told where the count first breaks."""
    for count, segment in enumerate(_levels(transaction_set), start=1):
        if not is_numbered(segment, count):
            yield segment.place(1, transaction_set=transaction_set.control_number), NUMBER_MESSAGE
            return  # One that is left out puts all that follow out of step.


def parents_are_there(transaction_set: TransactionSet) -> Iterator[Found]:
    """HL02 names a level that stands before."""
    seen: set[str] = set()
    for segment in _levels(transaction_set):
        if segment.get(2) and segment.get(2) not in seen:
            place = segment.place(2, transaction_set=transaction_set.control_number)
            yield place, "HL02 names no level before this one."
        seen.add(segment.get(1))


def children_are_told(transaction_set: TransactionSet) -> Iterator[Found]:
    """HL04 is 1 where levels stand below, else 0."""
    levels = _levels(transaction_set)
    parents = {segment.get(2) for segment in levels}
    for segment in levels:
        if not tells_of_children(segment, has_children=segment.get(1) in parents):
            yield segment.place(4, transaction_set=transaction_set.control_number), CHILD_MESSAGE


def _levels(transaction_set: TransactionSet) -> list[Segment]:
    return [segment for segment in transaction_set.segments if segment.id == "HL"]


_REGISTRY = "Look the provider up in the NPI registry."
_TREE = "Correct the hierarchy where the file is written, or tell the sender."

SET_CHECKS: tuple[Check[TransactionSet], ...] = (
    Check("X12-NPI", Severity.WARNING, _REGISTRY, npis_are_true),
    Check("X12-CODE-UNKNOWN", Severity.WARNING, CODE_CURE, codes_are_known),
    Check(
        "X12-HL-NUMBER", Severity.WARNING, _TREE, levels_are_numbered,
        said_as=frozenset({"GUIDE-SEGMENT-HL1"}), needs_whole=True,
    ),
    Check(
        "X12-HL-PARENT", Severity.ERROR, _TREE, parents_are_there,
        said_as=frozenset({"GUIDE-SEGMENT-HL2"}), needs_whole=True,
    ),
    Check("X12-HL-CHILD", Severity.WARNING, _TREE, children_are_told, needs_whole=True),
)  # fmt: skip
