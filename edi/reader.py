"""Bytes to interchanges: our own tokeniser, which loses nothing silently."""

import re
from dataclasses import replace

from edi.envelope import Interchange
from edi.findings import Finding, Place, ReadError, error, warning
from edi.reading import Reading
from edi.room import Room
from edi.tokens import BLANK

_BLANKS = re.compile(f"[{BLANK}]*")
_BOM = "\xef\xbb\xbf"


def read_interchanges(body: bytes) -> tuple[Interchange, ...]:
    """Return every interchange of a file, each read with its own delimiters.

    Raises ReadError where the file does not start with an interchange at all. Everything else
    that is wrong is a finding on the interchange or set it concerns; `edi.room` says how many are
    kept, and where reading stops.
    """
    room = Room()
    text = body.decode("latin-1")  # One character a byte: offsets stay true and nothing is lost.
    start = _skip_blank(text, len(_BOM) if text.startswith(_BOM) else 0)
    if start == len(text):
        raise ReadError(error("X12-EMPTY", "The file is empty.", place=Place(byte_offset=0)))
    interchanges: list[Interchange] = []
    position = start
    while position < len(text):
        try:
            reading = Reading(text, position, room)
        except ReadError as refusal:
            if not interchanges:
                raise
            trailing = error(
                "X12-DATA-AFTER-IEA",
                "There are bytes after the last interchange that are not an interchange.",
                cure="Ask the sender what they are: they were not read.",
                place=refusal.finding.place,
            )
            interchanges[-1] = _with_finding(interchanges[-1], trailing)
            break
        interchange = reading.read()
        if position == start and start:
            message = "Blank bytes or a BOM stand before the ISA."
            stripped = warning("X12-LEADING-BYTES", message, place=Place(byte_offset=0))
            interchange = _with_finding(interchange, stripped)
        interchanges.append(interchange)
        position = _skip_blank(text, reading.position)
    return tuple(interchanges)


def _skip_blank(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _with_finding(interchange: Interchange, finding: Finding) -> Interchange:
    return replace(interchange, findings=(*interchange.findings, finding))
