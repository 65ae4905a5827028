"""A window of a file as it is shown: masked or revealed, with the outline of the whole."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from api.schemas.problem import FindingOut, PlaceOut
from api.schemas.viewer import (
    AnnotatedElementOut,
    AnnotatedOut,
    AnnotatedSegmentOut,
    DelimitersShownOut,
    LoopOut,
    PinOut,
)
from edi.annotation import AnnotatedSegment, Index, Loop, loop_words
from edi.delimiters import Delimiters
from rcm.reading.pins import Pin
from rcm.reading.viewer import Viewed

_LOOPS_MAX = 1_500  #: Of the outline: of a larger file the inner loops are left out.
_ERRORS_MAX = 1_000


def annotated_out(viewed: Viewed, *, offset: int, reveal: bool) -> AnnotatedOut:
    """Return a window as it is shown, masked unless `reveal`."""
    index = viewed.index
    pins: dict[int, list[Pin]] = {}
    for pin in viewed.pins:
        pins.setdefault(pin.segment, []).append(pin)
    return AnnotatedOut(
        segments=[
            _segment(index, each, pins.get(each.number, ()), viewed.claims, reveal=reveal)
            for each in viewed.segments
        ],
        total=index.segments,
        offset=offset,
        delimiters=_delimiters(index.delimiters(1)),
        loops=_outline(viewed, pins),
        errors=sorted(number for number in pins if number)[:_ERRORS_MAX],
        findings=[_finding(pin) for pin in viewed.pins if not pin.segment],
        is_revealed=reveal,
    )


def _segment(
    index: Index,
    segment: AnnotatedSegment,
    pins: Iterable[Pin],
    claims: Mapping[int, UUID],
    *,
    reveal: bool,
) -> AnnotatedSegmentOut:
    elements = [
        AnnotatedElementOut(
            position=each.position,
            element=each.element,
            component=each.component,
            repetition=each.repetition,
            name=each.name,
            shown=each.value if reveal else each.shown,
            meaning=each.meaning if reveal or not each.is_private else "",
            is_private=each.is_private,
        )
        for each in segment.elements
    ]
    if not segment.id and segment.masked_text:
        elements.append(_bytes(segment, reveal=reveal))
    return AnnotatedSegmentOut(
        number=segment.number,
        id=segment.id,
        start=segment.start,
        end=segment.end,
        loop=segment.loop,
        name=segment.name,
        gloss=segment.gloss,
        is_placed=segment.is_placed,
        delimiters=_delimiters(index.delimiters(segment.number)),
        elements=elements,
        pins=[PinOut.model_validate(each) for each in pins],
        claim_id=claims.get(segment.number),
    )


def _bytes(segment: AnnotatedSegment, *, reveal: bool) -> AnnotatedElementOut:
    """Return what stands where no segment is, as one element without a place."""
    return AnnotatedElementOut(
        position="",
        element=0,
        component=0,
        repetition=1,
        name="Bytes that are no segment",
        shown=segment.text if reveal else segment.masked_text,
        meaning="",
        is_private=True,
    )


def _delimiters(delimiters: Delimiters) -> DelimitersShownOut:
    return DelimitersShownOut.model_validate(delimiters)


def _outline(viewed: Viewed, pins: Mapping[int, list[Pin]]) -> list[LoopOut]:
    loops = viewed.index.loops
    errors: dict[int, int] = {}
    for number, found in pins.items():
        if number:
            loop = viewed.index.spots[number - 1].loop.number
            errors[loop] = errors.get(loop, 0) + len(found)
    here = {segment.loop for segment in viewed.segments}
    shown = _within(loops, here | errors.keys())
    return [
        LoopOut(
            number=each.number,
            parent=each.parent,
            depth=each.depth,
            id=each.id,
            words=loop_words(each),
            first=each.first,
            errors=errors.get(each.number, 0),
        )
        for each in shown
    ]


def _within(loops: tuple[Loop, ...], wanted: set[int]) -> list[Loop]:
    """Return all loops, or of many the outer ones, with those that are looked at."""
    depth = max((each.depth for each in loops), default=0)
    while depth > 0 and sum(each.depth <= depth for each in loops) > _LOOPS_MAX:
        depth -= 1
    outer = [each for each in loops if each.depth <= depth or each.number in wanted]
    return outer[: 2 * _LOOPS_MAX]


def _finding(pin: Pin) -> FindingOut:
    return FindingOut(
        code=pin.code,
        severity=pin.severity,
        message=pin.message,
        cure=pin.cure,
        place=PlaceOut(),
    )
