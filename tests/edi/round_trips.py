"""What is read and written again, segment by segment, for every transaction that we read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from edi.acknowledgment_277ca import read_277ca, write_277ca
from edi.acknowledgment_999 import read_999, write_999
from edi.claim_837.filed import read_837, write_837
from edi.claim_status import read_276, read_277, write_276, write_277
from edi.delimiters import Delimiters
from edi.eligibility_270 import read_270, write_270
from edi.eligibility_271 import read_271, write_271
from edi.envelope import TransactionSet
from edi.guides import FileType
from edi.money import read_quantity, write_quantity
from edi.remittance_835.read import read_835
from edi.remittance_835.write import write_835
from edi.writer import SetWriter

Elements = tuple[str, ...]


@dataclass(frozen=True)
class Road:
    """How a transaction is read, and written."""

    read: Callable[[TransactionSet], Any]
    write: Callable[[Any, Delimiters], SetWriter]


BY_SET = {
    "270": Road(read_270, write_270),
    "271": Road(read_271, write_271),
    "276": Road(read_276, write_276),
    "277": Road(read_277, write_277),
    "835": Road(read_835, write_835),
    "837": Road(read_837, write_837),
    "999": Road(read_999, write_999),
}
_CLAIM_ACKNOWLEDGMENT = Road(read_277ca, write_277ca)


def road_of(transaction_set: TransactionSet) -> Road | None:
    """How this set is read and written, None where we do not read it."""
    if transaction_set.file_type is FileType.CLAIM_ACKNOWLEDGMENT:
        return _CLAIM_ACKNOWLEDGMENT
    return BY_SET.get(transaction_set.set_id)


def theirs(transaction_set: TransactionSet) -> list[Elements]:
    """The segments between ST and SE."""
    segments = transaction_set.segments
    inner = segments[1 : -1 if segments[-1].id == "SE" else None]
    return [plain(each.elements) for each in inner]


def ours(transaction_set: TransactionSet, road: Road) -> list[Elements]:
    """The same segments, read and written again."""
    delimiters = transaction_set.delimiters
    written = road.write(road.read(transaction_set), delimiters).segments()
    return [plain(tuple(each.split(delimiters.element))) for each in written]


def plain(elements: Elements) -> Elements:
    """The elements with their decimals in shortest form, and none at the end that is empty.

    125 and 125.0 are one number: we write the shorter (rules-that-bite M4 and M6).
    """
    return tuple(_without_end([_shortest(each) for each in elements]))


def _shortest(element: str) -> str:
    is_decimal = re.fullmatch(r"-?[0-9]*\.[0-9]+", element)
    return write_quantity(read_quantity(element)) if is_decimal else element


def _without_end(elements: list[str]) -> Iterator[str]:
    while elements and not elements[-1]:
        elements.pop()
    return iter(elements)
