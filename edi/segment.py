"""One segment: its elements as text, and where it stood."""

from typing import NamedTuple

from edi.findings import Place

_NOTHING = ("",) * 20  #: Elements behind the last one, as far as a guide names any.


class Segment(NamedTuple):
    """The elements of a segment; a tuple, since millions of them are made."""

    elements: tuple[str, ...]  #: The first is the segment id.
    number: int = 0  #: Counted from 1 at the ISA of the interchange.
    offset: int = -1  #: Of the first byte in the file.

    @property
    def id(self) -> str:
        """The segment id, for example `CLP`."""
        return self.elements[0]

    def get(self, element: int) -> str:
        """Return the element counted from 1, or "" where the segment is shorter.

        >>> Segment(("CLP", "A1")).get(1), Segment(("CLP", "A1")).get(9)
        ('A1', '')
        """
        return self.elements[element] if element < len(self.elements) else ""

    def first(self, count: int) -> tuple[str, ...]:
        """Return so many elements behind the id, at most 20, "" where the segment is shorter.

        >>> Segment(("CLP", "A1", "1")).first(3)
        ('A1', '1', '')
        """
        return (self.elements + _NOTHING)[1 : count + 1]

    def place(
        self, element: int = 0, component: int = 0, *, loop: str = "", transaction_set: str = ""
    ) -> Place:
        """Return where this element is, for a finding."""
        return Place(
            transaction_set=transaction_set,
            segment_number=self.number,
            segment_id=self.id,
            element=element,
            component=component,
            loop=loop,
            byte_offset=self.offset,
        )
