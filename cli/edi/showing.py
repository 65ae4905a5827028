"""Findings on the screen: the segment, a caret under its element, and what to do."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from cli.edi.files import screen
from edi.annotation import AnnotatedSegment, Index, index_segments, window
from edi.annotation.pins import segment_at
from edi.findings import Finding, Place, ReadError, Severity

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_WIDTH_MAX = 160  #: Of a segment that is shown.


class Segments:
    """The segments of a file that findings are about; people's names are masked."""

    def __init__(self, body: bytes | None, *, reveal: bool = False) -> None:
        self._body = (
            body  #: None: the file is too large to be held, and its segments are not shown.
        )
        self._reveal = reveal
        self._index: Index | None = None

    def lines(self, place: Place) -> tuple[str, str] | None:
        """Return the segment as text and the caret below it; None where it cannot be shown."""
        body = self._body
        if body is None:
            return None
        if self._index is None:
            self._index = index_segments(body)
        number = segment_at(self._index, place.byte_offset)
        if not number:
            return None
        (segment,) = window(self._index, lambda a, b: body[a:b], first=number, limit=1)
        if not segment.id:
            return None  # What stands there is no segment.
        text, at, width = drawn(segment, self._index, place, reveal=self._reveal)
        start = max(0, at - _WIDTH_MAX // 2) if len(text) > _WIDTH_MAX else 0
        return text[start : start + _WIDTH_MAX], " " * (at - start) + "^" * width


def drawn(
    segment: AnnotatedSegment, index: Index, place: Place, *, reveal: bool
) -> tuple[str, int, int]:
    """Return a segment as text, and where in it a place is: first column and width."""
    delimiters = index.delimiters(segment.number)
    text, at, width = segment.id, 0, len(segment.id) or 1
    before = (0, 1)
    for each in segment.elements:
        if each.element != before[0]:
            text += delimiters.element
        elif each.repetition != before[1]:
            text += delimiters.repetition
        else:
            text += delimiters.component
        shown = each.value if reveal else each.shown
        if each.element == place.element and place.component in {0, each.component}:
            if not (place.component == 0 and before[0] == place.element):
                at = len(text)  # Of an element as a whole, where its first part begins.
            width = max(len(text) + len(shown) - at, 1)
        text += shown
        before = (each.element, each.repetition)
    if place.element > before[0]:
        at, width = len(text), 1  # Behind the end: the element is missing.
    return text, at, min(width, _WIDTH_MAX)


def print_findings(console: Console, findings: Iterable[Finding], segments: Segments) -> None:
    """Print each finding with its segment, its place and its cure."""
    for found in findings:
        style = _STYLES[found.severity]
        console.print(
            f"[{style}]{found.severity}[/{style}] [bold]{escape(found.code)}[/bold]"
            f" {escape(found.message)}"
        )
        lines = segments.lines(found.place)
        if lines is not None:
            console.print(f"        {escape(lines[0])}")
            console.print(f"        [{style}]{lines[1]}[/{style}]")
        where = str(found.place)
        if found.place.byte_offset >= 0:
            where = f"{where}, byte {found.place.byte_offset}".lstrip(", ")
        if where:
            console.print(f"        where: {escape(where)}")
        if found.cure:
            console.print(f"        cure:  {escape(found.cure)}")


def print_refusal(file: Path, refusal: ReadError) -> None:
    """Say on standard error why a file is no X12."""
    console = screen(err=True)
    console.print(f"{escape(str(file))}:")
    print_findings(console, [refusal.finding], Segments(None))


def rows_of(file: Path, findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """Yield findings as rows of CSV."""
    for found in findings:
        place = found.place
        yield {
            "file": str(file),
            "severity": str(found.severity),
            "code": found.code,
            "set": place.transaction_set,
            "loop": place.loop,
            "segment_number": place.segment_number or "",
            "segment": place.segment_id,
            "element": place.element or "",
            "component": place.component or "",
            "byte_offset": place.byte_offset if place.byte_offset >= 0 else "",
            "message": found.message,
            "cure": found.cure,
        }
