"""Where in a file something is that somebody said about it: findings, 999 and 277CA errors."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from edi.annotation.codes import decode
from edi.annotation.index import Index


@dataclass(frozen=True, slots=True)
class Pinned:
    """An element of a segment, or the segment as a whole."""

    segment: int  #: Number in the file, from 1.
    element: int = 0
    component: int = 0


@dataclass(frozen=True, slots=True)
class _Status:
    message: str
    segment_id: str
    element: int
    qualifier: str = ""  #: NM101 where it is not the entity of the status.


#: Health care claim status codes (X12 508) that speak of one place, in our words.
_STATUSES: Mapping[str, _Status] = {
    "26": _Status("This party is not known", "NM1", 9),
    "33": _Status("The payer does not know this member ID", "NM1", 9, "IL"),
    "88": _Status("Not covered on the day of service", "NM1", 9, "IL"),
    "97": _Status("The payer does not know this patient", "NM1", 9, "IL"),
    "116": _Status("Sent to the wrong payer", "NM1", 9, "PR"),
    "125": _Status("A name is missing or wrong", "NM1", 3),
    "126": _Status("An address is missing or wrong", "N3", 1),
    "128": _Status("The tax number is missing or wrong", "REF", 2),
    "132": _Status("A Medicaid number is missing or wrong", "REF", 2, "85"),
    "153": _Status("An identifier is missing or wrong", "NM1", 9),
    "158": _Status("The birth date is missing or wrong", "DMG", 2),
    "164": _Status("The payer does not know this member ID", "NM1", 9),
    "178": _Status("The charge is missing or wrong", "CLM", 2),
    "187": _Status("The date of service is missing or wrong", "DTP", 3),
    "249": _Status("The place of service is missing or wrong", "CLM", 5),
    "254": _Status("The first diagnosis is missing or wrong", "HI", 1),
    "255": _Status("A diagnosis is missing or wrong", "HI", 1),
    "453": _Status("A modifier is missing or wrong", "SV1", 1),
    "454": _Status("A procedure is missing or wrong", "SV1", 1),
    "455": _Status("A revenue code is missing or wrong", "SV2", 1),
    "500": _Status("The ZIP code is missing or wrong", "N4", 3),
    "535": _Status("The claim frequency is missing or wrong", "CLM", 5),
    "562": _Status("The NPI is missing or wrong", "NM1", 9),
}


def segment_at(index: Index, offset: int) -> int:
    """Return the number of the segment that has this byte; 0 where there is none."""
    return bisect_right(index.starts, offset) if 0 <= offset < index.size else 0


def segment_of_set(index: Index, set_number: str, position: int) -> int:
    """Return the segment at a position of a transaction set, ST being 1; 0 where there is none."""
    for loop in index.loops:
        if loop.id == "ST" and (not set_number or loop.value == set_number):
            number = loop.first + max(position, 1) - 1
            return number if number <= index.segments else loop.first
    return 0


def place_of_status(index: Index, claim: int, status: str, entity: str) -> Pinned:
    """Return what a status of a 277CA is about, for the claim whose CLM has this number.

    Who is named above the claim is looked for above it first: subscriber, payer, billing provider.
    """
    known = _STATUSES.get(status)
    if known is None:
        return Pinned(claim)
    who = entity or known.qualifier
    begin = next((n for n in range(claim, 0, -1) if _id(index, n) == "ST"), 1)
    following = (number for _, number in index.claims if number > claim)
    end = min(next(following, index.segments + 1), index.segments + 1)
    is_party = known.segment_id in {"NM1", "N3", "N4", "DMG", "REF"}
    above = range(claim, begin - 1, -1)
    below = range(claim, end)
    for numbers in (above, below) if is_party else (below, above):
        for number in numbers:
            if _id(index, number) != known.segment_id:
                continue
            if is_party and who and index.spots[number - 1].entity != who:
                continue
            return Pinned(number, known.element)
    return Pinned(claim)


def _id(index: Index, number: int) -> str:
    name = index.spots[number - 1].name
    return name.id if name else ""


def status_words(category: str, status: str) -> str:
    """Return what a status says: `The payer does not know this member ID`."""
    known = _STATUSES.get(status)
    if known is not None:
        return known.message
    return decode("STC01-1", category, "ID") or "A status that we have no words for"


def segment_error_words(code: str) -> str:
    """Return what IK304 says of a segment."""
    return decode("IK304", code, "ID") or "The segment is in error"


def element_error_words(code: str) -> str:
    """Return what IK403 says of an element."""
    return decode("IK403", code, "ID") or "The element is in error"
