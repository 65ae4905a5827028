"""Any X12 file, segment by segment, with names, meanings, and what is private: for the viewer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from edi.annotation.codes import amount_words, decode
from edi.annotation.guide_maps import ElementName
from edi.annotation.index import Index, index_segments
from edi.annotation.places import Spot
from edi.annotation.privacy import DOTS, is_private, mask
from edi.annotation.words import gloss_of
from edi.delimiters import Delimiters
from edi.findings import Place
from edi.money import AmountError, read_amount
from edi.room import ELEMENTS_MAX

_UNNAMED = ElementName("")
#: Elements whose amount belongs to the gloss of their segment.
_AMOUNTS = {
    "CLM": 2, "SV1": 2, "SV2": 3, "SV3": 2, "SVC": 2, "CLP": 4, "BPR": 2, "AMT": 2, "PLB": 4,
    "CAS": 3, "STC": 4, "SVD": 2, "EB": 7,
}  # fmt: skip
_COUNTED = {"SE": "segment", "GE": "set", "IEA": "group"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedElement:
    """One element, one of its repetitions, or one component of it."""

    position: str  #: NM109; SV101-2 for a component.
    element: int  #: From 1.
    component: int  #: From 1; 0 for a whole element.
    repetition: int  #: From 1.
    name: str  #: From the guide's map; "" where nobody names it.
    value: str = field(repr=False)  #: As it stands in the file.
    shown: str  #: The value, or what stands in its place for who may not see patients.
    meaning: str = field(repr=False)  #: Of a code, a date or an amount; "" where there is none.
    is_private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedSegment:
    """One segment, from its first byte to where the next begins."""

    number: int  #: In the file, from 1.
    id: str  #: NM1; "" where the bytes are no segment.
    start: int  #: Offset of its first byte.
    end: int  #: Of the byte after it, line end included.
    loop: int  #: Number of its loop.
    name: str  #: From the guide's map.
    gloss: str  #: In our words.
    is_placed: bool  #: The guide has it here.
    elements: tuple[AnnotatedElement, ...]
    text: str = field(repr=False)  #: The bytes as Latin-1, without terminator and line end.
    masked_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A file, or a window of it."""

    index: Index
    segments: tuple[AnnotatedSegment, ...]


def annotate(body: bytes) -> Annotated:
    """Return a whole file with its meanings. Never raises: what is wrong is in `findings`."""
    index = index_segments(body)
    segments = window(index, lambda start, end: body[start:end], first=1, limit=index.segments)
    return Annotated(index=index, segments=tuple(segments))


def window(
    index: Index, read: Callable[[int, int], bytes], *, first: int, limit: int
) -> Iterator[AnnotatedSegment]:
    """Yield up to `limit` segments from number `first` on; `read` gives the bytes of a span."""
    last = min(first + limit - 1, index.segments)
    if first > last:
        return
    start, end = index.span(first)[0], index.span(last)[1]
    text = read(start, end).decode("latin-1")
    for number in range(first, last + 1):
        begins, ends = index.span(number)
        yield _segment(index, number, text[begins - start : ends - start])


def _segment(index: Index, number: int, text: str) -> AnnotatedSegment:
    spot, delimiters = index.spots[number - 1], index.delimiters(number)
    lead = index.starts[number - 1] - index.span(number)[0]  # Blank bytes before the first ISA.
    is_unread = index.unread_from is not None and number >= index.unread_from
    raw = text[lead:] if is_unread else text[lead:].split(delimiters.terminator, 1)[0]
    parts = tuple(raw.split(delimiters.element, ELEMENTS_MAX + 1))
    parts = (parts[0].strip(), *parts[1:])
    # What is longer than an id is a value in its place, and may name somebody.
    is_segment = not is_unread and Place(segment_id=parts[0]).segment_id == parts[0] != ""
    if not is_segment:
        parts = ("", *parts[1:])
    elements = tuple(_elements(parts, spot, delimiters)) if is_segment else ()
    qualifier = _qualifier(parts, delimiters)
    gloss = gloss_of(parts[0], qualifier) or (spot.name.name if spot.name else "")
    begins, ends = index.span(number)
    return AnnotatedSegment(
        number=number,
        id=parts[0],
        start=begins,
        end=ends,
        loop=spot.loop.number,
        name=spot.name.name if spot.name and is_segment else "",
        gloss=_with_figure(gloss, parts) if is_segment else "Bytes that are no segment",
        is_placed=spot.is_placed,
        elements=elements,
        text=raw,
        masked_text=_masked(parts[0], elements, delimiters) if is_segment else DOTS,
    )


def _qualifier(parts: tuple[str, ...], delimiters: Delimiters) -> str:
    at = 3 if parts[0] == "HL" else 1
    return parts[at].split(delimiters.component, 1)[0] if at < len(parts) else ""


def _with_figure(gloss: str, parts: tuple[str, ...]) -> str:
    """Return a gloss with the amount or the count that the segment is about."""
    at = _AMOUNTS.get(parts[0], 0)
    if at and at < len(parts) and parts[at]:
        try:
            return f"{gloss}, {amount_words(read_amount(parts[at]))}"
        except AmountError:
            return gloss
    if len(parts) < 2 or not (parts[1].isdigit() and len(parts[1]) < 10):
        return gloss
    if parts[0] == "LX":
        return f"{gloss} {parts[1]}"
    counted = _COUNTED.get(parts[0])
    return f"{gloss}, {parts[1]} {counted}{'s' * (parts[1] != '1')}" if counted else gloss


def _elements(
    parts: tuple[str, ...], spot: Spot, delimiters: Delimiters
) -> Iterator[AnnotatedElement]:
    named = spot.name.elements if spot.name else ()
    repeats = delimiters.repetition if parts[0] != "ISA" else ""
    for element, text in enumerate(parts[1:], start=1):
        name = _nth(named, element)
        values = text.split(repeats) if repeats else (text,)
        for repetition, value in enumerate(values, start=1):
            components = value.split(delimiters.component) if name.components else (value,)
            for n, part in enumerate(components, start=1):
                yield _element(
                    parts,
                    spot,
                    _nth(name.components, n) if name.components else name,
                    part,
                    element=element,
                    component=n if name.components else 0,
                    repetition=repetition,
                )


def _nth(names: tuple[ElementName, ...], n: int) -> ElementName:
    return names[n - 1] if n <= len(names) else _UNNAMED


def _element(
    parts: tuple[str, ...],
    spot: Spot,
    name: ElementName,
    value: str,
    *,
    element: int,
    component: int,
    repetition: int,
) -> AnnotatedElement:
    position = _position(parts[0], element, component)
    private = is_private(position, value, name, parts, spot.entity)
    form = _date_format(parts, element)
    return AnnotatedElement(
        position=position,
        element=element,
        component=component,
        repetition=repetition,
        name=name.name,
        value=value,
        shown=mask(position, value) if private else value,
        meaning=decode(position, value.strip(), name.data_type, date_format=form),
        is_private=private,
    )


def _date_format(parts: tuple[str, ...], element: int) -> str:
    """Return the qualifier that says what form the date in this element has."""
    at = {("DTP", 3): 2, ("DMG", 2): 1, ("PAT", 6): 5, ("INS", 12): 11}.get((parts[0], element), 0)
    return parts[at] if at else ""


@cache
def _position(segment_id: str, element: int, component: int) -> str:
    return f"{segment_id}{element:02d}" + (f"-{component}" if component else "")


def _masked(segment_id: str, elements: tuple[AnnotatedElement, ...], delimiters: Delimiters) -> str:
    text = segment_id
    before: AnnotatedElement | None = None
    for each in elements:
        if before is None or each.element != before.element:
            text += delimiters.element
        elif each.repetition != before.repetition:
            text += delimiters.repetition
        else:
            text += delimiters.component
        text += each.shown
        before = each
    return text
