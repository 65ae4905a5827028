"""What pyx12 asks of segments wherever they stand: numbers in order, and the form of each."""

import re
from collections.abc import Iterator, Sequence

from edi.guide.check import joined

_SEGMENT_ID = re.compile(r"^[A-Z][A-Z0-9]{1,2}$")
_ID_LENGTHS = (2, 3)


class Numbering:
    """The hierarchical levels and service lines of one set, as far as they were met."""

    def __init__(self, *, has_lines: bool) -> None:
        self._has_lines = has_lines
        self._levels = 0
        self._lines = 0
        self._open: list[int] = []  #: The levels from the top down to the last.

    def faults(self, elements: Sequence[str], component: str) -> tuple[str, ...]:
        """Return the codes of what is wrong with the number of an HL or LX; a CLM begins anew."""
        match elements[0]:
            case "HL":
                return tuple(self._level(elements, component))
            case "CLM":
                self._lines = 0
            case "LX" if self._has_lines:
                self._lines += 1
                if _value(elements, 1, component) != str(self._lines):
                    return ("LX",)
        return ()

    def _level(self, elements: Sequence[str], component: str) -> Iterator[str]:
        self._levels += 1
        if _number(_value(elements, 1, component)) != self._levels:
            yield "HL1"
        above = _value(elements, 2, component)
        if above != "":
            parent = _number(above)
            if parent not in self._open:
                yield "HL2"
            while self._open and self._open[-1] != parent:
                self._open.pop()
        self._open.append(self._levels)


def segment_faults(elements: Sequence[str], component: str) -> Iterator[str]:
    """Yield the codes of what is wrong with the form of a segment without repetitions."""
    segment_id = elements[0]
    if segment_id.startswith(" "):
        yield "1"
        segment_id = segment_id.lstrip()
    if len(elements) > 1 and not elements[-1]:
        yield "SEG1"
    if not any(each.strip(component) for each in elements[1:]):
        yield "8"
    if len(segment_id) not in _ID_LENGTHS or not _SEGMENT_ID.search(segment_id):
        yield "1"


def _value(elements: Sequence[str], at: int, component: str) -> str | None:
    """Return an element as text; None where the segment is shorter."""
    return joined(elements[at].split(component), component) if at < len(elements) else None


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
