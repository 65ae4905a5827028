"""Codes that no list has on their day: perhaps a payer's own, perhaps newer than our tables."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from edi.check_table import Found
from edi.codes import CodeList, as_of, is_known
from edi.elements import is_code
from edi.envelope import TransactionSet
from edi.findings import Finding, warning
from edi.segment import Segment


class _Spot(NamedTuple):
    """An element, or a component of it, that holds a code."""

    code_list: CodeList
    element: int
    component: int = 0


_L = CodeList
_ADJUSTMENTS = tuple(_Spot(_L.ADJUSTMENT_REASON, n) for n in range(2, 18, 3))
_STATUSES = tuple(
    spot for n in (1, 10, 11) for spot in (_Spot(_L.STATUS_CATEGORY, n, 1), _Spot(_L.STATUS, n, 2))
)
#: By ST01 and segment.
_SPOTS: Mapping[str, Mapping[str, Sequence[_Spot]]] = {
    "835": {
        "CAS": _ADJUSTMENTS,
        "LQ": (_Spot(_L.REMARK, 2),),
        "MOA": tuple(_Spot(_L.REMARK, n) for n in range(3, 8)),
        "MIA": tuple(_Spot(_L.REMARK, n) for n in (5, 20, 21, 22, 23)),
        "PLB": tuple(_Spot(_L.PROVIDER_ADJUSTMENT, n, 1) for n in range(3, 14, 2)),
    },
    "837": {
        "CAS": _ADJUSTMENTS,
        "CLM": (_Spot(_L.PLACE_OF_SERVICE, 5, 1),),
        "SV1": (_Spot(_L.PLACE_OF_SERVICE, 5),),
    },
    "277": {"STC": _STATUSES},
}  # fmt: skip
#: Where another element says whose code it is: segment, list -> element, component, what it says.
_TOLD_BY: Mapping[tuple[str, CodeList], tuple[int, int, str]] = {
    ("CLM", _L.PLACE_OF_SERVICE): (5, 2, "B"),  # A: a type of bill.
    ("LQ", _L.REMARK): (1, 0, "HE"),
}
_OF_PHARMACIES = "RX"  #: Component 4 of a status: its code is on a list of NCPDP.
_WORDS: Mapping[CodeList, str] = {
    _L.ADJUSTMENT_REASON: "adjustment reason code (CARC)",
    _L.REMARK: "remark code (RARC)",
    _L.PROVIDER_ADJUSTMENT: "reason of the provider adjustment",
    _L.STATUS_CATEGORY: "claim status category",
    _L.STATUS: "claim status code",
    _L.PLACE_OF_SERVICE: "place of service",
}

CODE_CURE = "Look it up at X12; ask the sender where it is not there either."


def unknown_codes(transaction_set: TransactionSet, on: date) -> Iterator[Finding]:
    """Yield a warning for each code that its list does not have on a day, where it first stands.

    The group of an adjustment is no outer list; what has not the form of a code, reading refuses.
    """
    for place, message in codes_not_listed(transaction_set, on):
        yield warning("X12-CODE-UNKNOWN", message, cure=CODE_CURE, place=place)


def codes_not_listed(transaction_set: TransactionSet, on: date) -> Iterator[Found]:
    """Yield where such a code first stands, and what is wrong with it."""
    separator = transaction_set.delimiters.component
    seen: set[tuple[CodeList, str]] = set()
    spots = _SPOTS.get(transaction_set.set_id, {})
    for segment in transaction_set.segments:
        for spot in spots.get(segment.id, ()):
            code = _at(segment, spot.element, spot.component, separator)
            key = (spot.code_list, code)
            if key in seen or not is_code(code) or not _is_of(segment, spot, separator):
                continue
            seen.add(key)
            if not is_known(spot.code_list, code, on):
                number = transaction_set.control_number
                place = segment.place(spot.element, spot.component, transaction_set=number)
                words, day = _WORDS[spot.code_list], as_of(spot.code_list)
                yield place, f"The {words} is not on our list of {day}, or had ended."


def _at(segment: Segment, element: int, component: int, separator: str) -> str:
    text = segment.get(element)
    if not component:
        return text
    parts = text.split(separator)
    return parts[component - 1] if component <= len(parts) else ""


def _is_of(segment: Segment, spot: _Spot, separator: str) -> bool:
    if spot.code_list is _L.STATUS:
        return _at(segment, spot.element, 4, separator) != _OF_PHARMACIES
    told_by = _TOLD_BY.get((segment.id, spot.code_list))
    if told_by is None:
        return True
    element, component, expected = told_by
    return _at(segment, element, component, separator) == expected
