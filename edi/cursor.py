"""A place in a transaction set's segments, from which readers take what they know."""

from collections.abc import Iterator

from edi.delimiters import Delimiters
from edi.envelope import TransactionSet
from edi.segment import Segment

_END = Segment(("",))


class Cursor:
    """Walk the segments between ST and SE; `peek` past the end is a segment with an empty id."""

    def __init__(self, transaction_set: TransactionSet) -> None:
        segments = transaction_set.segments
        self._segments = segments
        self._at = 1
        self._end = len(segments) - (segments[-1].id == "SE")
        self.delimiters: Delimiters = transaction_set.delimiters
        self.set_number = transaction_set.control_number

    def peek(self) -> Segment:
        """Return the next segment without taking it."""
        return self._segments[self._at] if self._at < self._end else _END

    def take(self) -> Segment:
        """Return the next segment and move behind it."""
        segment = self.peek()
        self._at += 1
        return segment

    def take_if(self, segment_id: str, *qualifiers: str) -> Segment | None:
        """Take the next segment where it has this id and, if given, one of these first elements."""
        segment = self.peek()
        if segment.elements[0] != segment_id or (qualifiers and segment.get(1) not in qualifiers):
            return None
        self._at += 1
        return segment

    def take_to(self, ends: frozenset[str]) -> tuple[Segment, ...]:
        """Take every segment up to the first whose id is one of these, or to the end."""
        segments, start, end = self._segments, self._at, self._end
        at = start
        while at < end and segments[at].elements[0] not in ends:
            at += 1
        self._at = at
        return segments[start:at]

    def take_while(self, *segment_ids: str) -> Iterator[Segment]:
        """Take segments as long as their id is one of these."""
        while self.peek().id in segment_ids and self._at < self._end:
            yield self.take()

    def components(self, text: str) -> tuple[str, ...]:
        """Return the components of a composite element."""
        return tuple(text.split(self.delimiters.component))

    @property
    def is_at_end(self) -> bool:
        """Tell whether only SE is left."""
        return self._at >= self._end
