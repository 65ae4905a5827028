"""Files as the viewer shows them: an index kept in memory, and windows of segments."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from threading import Lock
from uuid import UUID

from edi.annotation import AnnotatedSegment, Index, annotate, index_segments, window
from edi.findings import Place, warning
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.encode import findings_to_json
from rcm.files import read_chunk
from rcm.limits import CHUNK_BYTES, DIFF_BYTES_MAX, VIEW_BYTES_MAX
from rcm.reading.files import FileSummary
from rcm.reading.pins import Pin, answered_pins, claims_of, own_pins

_KEPT_SEGMENTS_MAX = 2_000_000  #: Of all indexes that a process keeps.


class UnlikeFilesError(Exception):
    """Two files that are too large to be compared."""


class Indexes:
    """The indexes of the files that were looked at last. A file's bytes never change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, Index] = OrderedDict()
        self._lock = Lock()

    def get(self, session: ReadSession, keys: Keys, file: FileSummary) -> Index:
        """Return the index of a file."""
        with self._lock:
            found = self._kept.get(file.id)
            if found is not None:
                self._kept.move_to_end(file.id)
                return found
        made = index_segments(_bytes(session, keys, file, 0, min(file.size_bytes, VIEW_BYTES_MAX)))
        with self._lock:
            self._kept[file.id] = made
            while len(self._kept) > 1 and self._segments() > _KEPT_SEGMENTS_MAX:
                self._kept.popitem(last=False)
        return made

    def _segments(self) -> int:
        return sum(each.segments for each in self._kept.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """A window of a file, with what was said about it."""

    index: Index
    segments: tuple[AnnotatedSegment, ...]
    pins: tuple[Pin, ...]  #: Of the whole file.
    claims: Mapping[int, UUID]  #: Our claims, by the number of the segment that begins each.


def view(
    session: ReadSession, keys: Keys, indexes: Indexes, file: FileSummary, *, first: int, limit: int
) -> Viewed:
    """Return `limit` segments of a file from number `first` on."""
    index = indexes.get(session, keys, file)

    def read(start: int, end: int) -> bytes:
        return _bytes(session, keys, file, start, end)

    pins = list(own_pins(index, file.findings))
    if file.size_bytes > index.size:
        cut = warning(
            "X12-VIEW-CUT",
            "The viewer shows the beginning of this file only.",
            cure="Download it to see the rest.",
            place=Place(byte_offset=index.size),
        )
        pins.extend(own_pins(index, findings_to_json([cut])))
    if file.direction == "outbound":
        pins.extend(answered_pins(session, index, file.id))
    return Viewed(
        index=index,
        segments=tuple(window(index, read, first=first, limit=limit)),
        pins=tuple(pins),
        claims=claims_of(session, index, file.id, file.partner_id),
    )


def _bytes(session: ReadSession, keys: Keys, file: FileSummary, start: int, end: int) -> bytes:
    """Return a span of a file; only the rows that hold it are opened."""
    rows = range(start // CHUNK_BYTES, max(end - 1, 0) // CHUNK_BYTES + 1)
    held = b"".join(read_chunk(session, keys, file.id, n)[0] for n in rows)
    begin = start - rows.start * CHUNK_BYTES
    return held[begin : begin + end - start]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A segment that both files have, or only one of them."""

    change: str  #: same, removed, added.
    number: int  #: In the first file where it was removed, else in the second.
    text: str  #: Masked.
    gloss: str


def difference(
    session: ReadSession, keys: Keys, a: FileSummary, b: FileSummary
) -> tuple[Difference, ...]:
    """Compare two files segment by segment, by their bytes. Raises UnlikeFilesError."""
    if max(a.size_bytes, b.size_bytes) > DIFF_BYTES_MAX:
        raise UnlikeFilesError
    before, after = (
        annotate(_bytes(session, keys, each, 0, each.size_bytes)).segments for each in (a, b)
    )
    matcher = SequenceMatcher(
        None, [each.text for each in before], [each.text for each in after], autojunk=False
    )
    found: list[Difference] = []
    for change, a1, a2, b1, b2 in matcher.get_opcodes():
        if change == "equal":
            found.extend(_difference("same", each) for each in after[b1:b2])
            continue
        found.extend(_difference("removed", each) for each in before[a1:a2])
        found.extend(_difference("added", each) for each in after[b1:b2])
    return tuple(found)


def _difference(change: str, segment: AnnotatedSegment) -> Difference:
    return Difference(
        change=change, number=segment.number, text=segment.masked_text, gloss=segment.gloss
    )
