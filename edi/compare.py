"""Two files side by side: which segments and elements differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from edi.annotation import AnnotatedSegment

_ALIGN_MAX = 4_000  #: Segments of a differing stretch that are aligned; longer: one by one.


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One segment that is only in one file, or that differs in some elements."""

    before: AnnotatedSegment | None  #: None: the segment was put in.
    after: AnnotatedSegment | None  #: None: the segment was left out.
    elements: tuple[int, ...] = ()  #: Which differ, from 1, where it is in both.


def compare(
    before: Sequence[AnnotatedSegment], after: Sequence[AnnotatedSegment]
) -> Iterator[Difference]:
    """Yield what differs between two annotated files, in order."""
    start, ends = 0, min(len(before), len(after))
    while start < ends and before[start].text == after[start].text:
        start += 1
    end = 0
    while end < ends - start and before[-1 - end].text == after[-1 - end].text:
        end += 1
    left = before[start : len(before) - end]
    right = after[start : len(after) - end]
    if max(len(left), len(right)) > _ALIGN_MAX:
        yield from _pairs(left, right)
        return
    texts = ([each.text for each in left], [each.text for each in right])
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield from _pairs(left[i:j], right[k:m])


def _pairs(
    left: Sequence[AnnotatedSegment], right: Sequence[AnnotatedSegment]
) -> Iterator[Difference]:
    """Yield segments with the same id as changed, the others as left out or put in."""
    matcher = SequenceMatcher(
        None, [each.id for each in left[:_ALIGN_MAX]], [each.id for each in right[:_ALIGN_MAX]],
        autojunk=False,
    )  # fmt: skip
    i = k = 0
    for block in matcher.get_matching_blocks():
        yield from (Difference(before=each, after=None) for each in left[i : block.a])
        yield from (Difference(before=None, after=each) for each in right[k : block.b])
        for a, b in zip(
            left[block.a : block.a + block.size], right[block.b : block.b + block.size], strict=True
        ):
            if a.text != b.text:
                yield Difference(before=a, after=b, elements=_differing(a, b))
        i, k = block.a + block.size, block.b + block.size
    yield from (Difference(before=each, after=None) for each in left[i:])
    yield from (Difference(before=None, after=each) for each in right[k:])


def _differing(before: AnnotatedSegment, after: AnnotatedSegment) -> tuple[int, ...]:
    values: list[dict[int, list[str]]] = [{}, {}]
    for segment, found in zip((before, after), values, strict=True):
        for each in segment.elements:
            found.setdefault(each.element, []).append(each.value)
    left, right = values
    return tuple(at for at in sorted(left.keys() | right.keys()) if left.get(at) != right.get(at))
