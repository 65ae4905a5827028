"""Values to bytes: segments, transaction sets, and the interchange around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from edi.delimiters import ISA_LENGTH, Delimiters
from edi.envelope import Envelope
from edi.findings import WriteError
from edi.guides import Guide, functional_id

#: The extended character set of X12 (rules-that-bite M5), less delimiters; checked on every value.
_LEGAL = re.compile(r"[A-Za-z0-9!\"&'()*+,\-./:;?= %@\[\]_{}\\|<>~^`#$]*")
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")  #: Of a broken file that was kept: not always.


@cache
def _values_between(delimiters: Delimiters) -> re.Pattern[str]:
    """Return the pattern of values that X12 can carry between these delimiters."""
    ascii_signs = map(chr, range(128))
    legal = (c for c in ascii_signs if _LEGAL.fullmatch(c) and c not in delimiters.forbidden)
    return re.compile(f"[{re.escape(''.join(legal))}]*")


@dataclass(frozen=True, slots=True)
class Repeated:
    """One element given several times."""

    values: tuple[str | tuple[str, ...], ...]


Element = str | tuple[str, ...] | Repeated  #: A tuple is a composite.


class SetWriter:
    """The segments of one transaction set, as they are added.

    Values are checked here and nowhere else: a delimiter or an illegal character raises
    WriteError, so no value can end a segment or start another.
    """

    def __init__(self, delimiters: Delimiters) -> None:
        self._delimiters = delimiters
        self._is_legal = _values_between(delimiters).fullmatch
        self._segments: list[str] = []

    def add(self, segment_id: str, *elements: Element) -> None:
        """Append a segment. Empty elements and components at the end are dropped."""
        if not _SEGMENT_ID.fullmatch(segment_id):
            raise WriteError("a segment id is a capital and one or two capitals or digits")
        texts = [self._text(element, segment_id) for element in elements]
        while texts and not texts[-1]:
            texts.pop()
        self._segments.append(self._delimiters.element.join((segment_id, *texts)))

    def add_if(self, segment_id: str, qualifier: str, value: str) -> None:
        """Append `segment_id*qualifier*value` where there is a value."""
        if value:
            self.add(segment_id, qualifier, value)

    def arrange(self, start: int, places: Sequence[int]) -> None:
        """Give each segment from the `start`-th on its place among them, the first being 0.

        Where there are now more or fewer of them than places, they stay as they were added.
        """
        added = self._segments[start:]
        if len(added) == len(places):
            self._segments[start:] = [each for _, each in sorted(zip(places, added, strict=True))]

    def _text(self, element: Element, segment_id: str) -> str:
        if isinstance(element, str):
            return self._legal(element, segment_id)
        if isinstance(element, Repeated):
            texts = [self._text(value, segment_id) for value in element.values]
            if len(texts) > 1 and not self._delimiters.repetition:
                raise WriteError(f"an element of {segment_id} repeats without a delimiter for it")
            return self._delimiters.repetition.join(texts)
        parts = [self._legal(component, segment_id) for component in element]
        while parts and not parts[-1]:
            parts.pop()
        return self._delimiters.component.join(parts)

    def _legal(self, value: str, segment_id: str) -> str:
        if self._is_legal(value):
            return value
        if _LEGAL.fullmatch(value):
            raise WriteError(f"a value of {segment_id} contains a delimiter")
        raise WriteError(f"a value of {segment_id} has a character outside the X12 set")

    def __len__(self) -> int:
        return len(self._segments)

    def segments(self) -> tuple[str, ...]:
        """Return the segments so far, without terminators."""
        return tuple(self._segments)


def write_interchange(
    envelope: Envelope,
    sets: Sequence[tuple[str, SetWriter]],
    acknowledgments: SetWriter | None = None,
) -> bytes:
    """Return one interchange of one group around `sets`: pairs of ST01 and its inner segments.

    `acknowledgments` are TA1 segments; without sets they stand alone, in no group. Same arguments,
    same bytes. Raises WriteError for numbers or identifiers that do not fit, and where there is
    nothing to write.
    """
    delimiters = envelope.delimiters
    lines = [_isa(envelope)]
    if acknowledgments is not None:
        lines.extend(acknowledgments.segments())
    if sets:
        lines.extend(_group(envelope, sets))
    if len(lines) == 1:
        raise WriteError("an interchange holds a group or an acknowledgment")
    groups = "1" if sets else "0"
    lines.append(delimiters.element.join(("IEA", groups, f"{envelope.interchange_number:09d}")))
    end = delimiters.terminator + delimiters.line_end
    return (end.join(lines) + end).encode("ascii")


def _group(envelope: Envelope, sets: Sequence[tuple[str, SetWriter]]) -> list[str]:
    kinds = {functional_id(envelope.guide, set_id) for set_id, _ in sets}
    if len(kinds) != 1:
        raise WriteError("a group holds sets of one kind")
    separator = envelope.delimiters.element
    lines = [_gs(envelope, kinds.pop())]
    for index, (set_id, writer) in enumerate(sets, start=1):
        number = f"{index:04d}"
        # The guide of the 835 does not use ST03; every other one requires it.
        guide = () if envelope.guide is Guide.REMITTANCE else (envelope.guide,)
        lines.append(separator.join(("ST", set_id, number, *guide)))
        lines.extend(writer.segments())
        lines.append(separator.join(("SE", str(len(writer) + 2), number)))
    lines.append(separator.join(("GE", str(len(sets)), str(envelope.group_number))))
    return lines


def _isa(envelope: Envelope) -> str:
    if not 1 <= envelope.interchange_number <= 999_999_999:
        raise WriteError("an interchange control number has nine digits")
    delimiters = envelope.delimiters
    is_legal = _values_between(delimiters).fullmatch
    for identifier in (envelope.sender_id, envelope.receiver_id):
        if not 1 <= len(identifier) <= 15 or not is_legal(identifier):
            raise WriteError("an interchange identifier has 1 to 15 legal characters")
    isa = delimiters.element.join(
        (
            "ISA", "00", " " * 10, "00", " " * 10,
            envelope.sender_qualifier, envelope.sender_id.ljust(15),
            envelope.receiver_qualifier, envelope.receiver_id.ljust(15),
            envelope.written_at.strftime("%y%m%d"), envelope.written_at.strftime("%H%M"),
            delimiters.repetition, "00501", f"{envelope.interchange_number:09d}",
            "1" if envelope.acknowledgment_requested else "0",
            envelope.usage, delimiters.component,
        )
    )  # fmt: skip
    if len(isa) != ISA_LENGTH - 1:
        raise WriteError("an ISA element does not have its fixed width")
    return isa


def _gs(envelope: Envelope, functional: str) -> str:
    is_legal = _values_between(envelope.delimiters).fullmatch
    for code in (envelope.group_sender, envelope.group_receiver):
        if not 2 <= len(code) <= 15 or not is_legal(code):
            raise WriteError("an application code has 2 to 15 legal characters")
    return envelope.delimiters.element.join(
        (
            "GS", functional, envelope.group_sender, envelope.group_receiver,
            envelope.written_at.strftime("%Y%m%d"), envelope.written_at.strftime("%H%M"),
            str(envelope.group_number), "X", envelope.guide,
        )
    )  # fmt: skip
