"""An open file as text, a window at a time, each cut behind a segment."""

import re
from typing import Protocol

from edi.tokens import BLANK

_WINDOW_BYTES = 1 << 20
_BLANKS = re.compile(f"[{BLANK}]*")


class Bytes(Protocol):
    """What is read: an open file, standard input."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


class Source:
    """The text of a file, a window at a time; `offset` is that of what was not handed out yet."""

    def __init__(self, file: Bytes) -> None:
        self._file = file
        self._rest = ""
        self._is_at_end = False
        self.offset = 0
        self.lost_at: int | None = None  #: Where a segment begins that is too long for a window.

    def look(self, length: int) -> str:
        """Return the next characters without taking them; fewer at the end."""
        while len(self._rest) < length and self._grow():
            pass
        return self._rest[:length]

    def skip(self, text: str) -> bool:
        """Take this text where it comes next."""
        if self.look(len(text)) != text:
            return False
        self._drop(len(text))
        return True

    def skip_blanks(self) -> bool:
        """Take what may stand around interchanges."""
        start = self.offset
        while self.look(1):
            found = _BLANKS.match(self._rest)
            length = found.end() if found else 0
            self._drop(length)
            if self._rest:
                break
        return self.offset > start

    def window(self, terminator: str) -> tuple[str, int]:
        """Take text up to a terminator, and return it with its offset; all that is left at the end.

        A segment that does not fit is not in it: `lost_at` says where it begins.
        """
        cut = self._rest.rfind(terminator) + 1
        while not cut and self._grow():
            cut = self._rest.rfind(terminator) + 1
            if not cut and len(self._rest) > _WINDOW_BYTES:
                self._lose(terminator)
        text, offset = self._rest[: cut or len(self._rest)], self.offset
        self._drop(len(text))
        return text, offset

    def put_back(self, text: str) -> None:
        """Take back the end of the last window."""
        self._rest = text + self._rest
        self.offset -= len(text)

    def _lose(self, terminator: str) -> None:
        self.lost_at = self.offset
        at = -1
        while at < 0:
            self._drop(len(self._rest))
            if not self._grow():
                return
            at = self._rest.find(terminator)
        self._drop(at + 1)

    def _drop(self, length: int) -> None:
        self._rest = self._rest[length:]
        self.offset += length

    def _grow(self) -> bool:
        if not self._is_at_end:
            piece = self._file.read(_WINDOW_BYTES)
            self._is_at_end = not piece
            self._rest += piece.decode("latin-1")  # One character a byte: offsets stay true.
        return not self._is_at_end
