"""Is a transaction set legal by its implementation guide? pyx12's verdict, as findings.

No finding carries a value, nor any text that pyx12 made of one: only codes and names of the map.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, Place, Severity, error
from edi.guide.pattern import REPEATING
from edi.guide.report import CURE, ELEMENT_MESSAGES, REPETITION_MESSAGE, SEGMENT_MESSAGES
from edi.pyx12_reader import NoMapError, Step, walk
from edi.reader import read_interchanges
from edi.room import FINDINGS_MAX, more_findings
from edi.segment import Segment

_REFERENCE = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?$")

NO_MAP = "PYX12-NO-MAP"  #: The code of the note that nothing was checked.


def validate_with_pyx12(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> tuple[Finding, ...]:
    """Return what pyx12 finds wrong with one transaction set, in the order of its segments.

    The envelope (SE01, SE02, control numbers) is our own reader's work and not checked here. No
    map for the guide is a note; a validator that could not finish is an error. Nothing is raised
    but MemoryError. The first FINDINGS_MAX are kept, the others counted.
    """
    found: dict[Finding, None] = {}  # Repetitions of one element share a finding.
    others = 0
    seen = 0
    segment = transaction_set.segments[0]
    try:
        for step in walk(transaction_set, group, interchange):
            segment = step.segment
            for finding in _findings(step, transaction_set.delimiters.repetition):
                if len(found) < FINDINGS_MAX:
                    found[finding] = None
                else:
                    others += finding not in found
            seen += 1
    except NoMapError:
        message = "There is no map for this guide: its conformance was not checked."
        place = segment.place(transaction_set=transaction_set.control_number)
        return (Finding(code=NO_MAP, severity=Severity.NOTE, message=message, place=place),)
    except MemoryError:
        raise  # No verdict on the segment at hand: whatever came before it took the memory.
    except Exception as failure:  # noqa: BLE001 - pyx12 raises anything, with values in its text
        message = f"The validator could not finish: {type(failure).__name__} at this segment."
        found[error("PYX12-UNFINISHED", message, place=segment.place())] = None
    else:
        if seen != len(transaction_set.segments) + 1:  # One step for the end of the set.
            message = "The validator did not see every segment of the transaction set."
            found[error("PYX12-COUNT", message, place=segment.place())] = None
    number = transaction_set.control_number
    placed = tuple(
        replace(finding, place=replace(finding.place, transaction_set=number)) for finding in found
    )
    return (*placed, more_findings(others, Severity.ERROR)) if others else placed


def validate_all(body: bytes) -> tuple[Finding, ...]:
    """Return what pyx12 finds wrong with every transaction set of `body`.

    Raises ReadError where `body` is not X12 at all.
    """
    return tuple(
        finding
        for interchange in read_interchanges(body)
        for group in interchange.groups
        for each in group.sets
        for finding in validate_with_pyx12(each, group, interchange)
    )


def _findings(step: Step, separator: str) -> Iterator[Finding]:
    for kind, code in step.counter_errors:
        if kind == "seg":
            yield _segment_error(code, step.segment, step.segment.id, step.loop)
    for wrong in step.walk_errors:
        node = wrong.map_node
        is_other = node is not None and wrong.err_cde == "3"  # A missing segment, by its node.
        segment_id = node.id if is_other else step.segment.id
        loop = node.parent.id if is_other else step.loop
        yield _segment_error(wrong.err_cde, step.segment, segment_id, loop, _name(wrong))
    if step.node is None:
        return
    for theirs in step.repetitions:
        _, wrongs = step.node.is_valid_errors(theirs)
        for wrong in wrongs:
            yield _element_error(wrong, step)
    if len(step.repetitions) > 1:
        yield from _repetitions(step, separator)


def _segment_error(
    code: str, segment: Segment, segment_id: str, loop: str, name: str = ""
) -> Finding:
    message = SEGMENT_MESSAGES.get(code, "The segment contradicts the guide")
    place = Place(
        segment_number=segment.number,
        segment_id=segment_id,
        loop=loop,
        byte_offset=segment.offset,
    )
    text = f"{message}: {name}." if name else f"{message}."
    return error(f"PYX12-SEGMENT-{code}", text, cure=CURE, place=place)


def _name(wrong: Any) -> str:  # noqa: ANN401 - pyx12 has no types
    return "" if wrong.map_node is None or wrong.err_cde == "1" else wrong.map_node.name or ""


def _element_error(wrong: Any, step: Step) -> Finding:  # noqa: ANN401 - pyx12 has no types
    node = wrong.map_node
    element, component, name = 0, 0, ""
    if node is not None:
        is_component = node.parent.is_composite()
        element = node.parent.seq if is_component else node.seq
        component = node.seq if is_component else 0
        name = node.name or ""
    elif match := _REFERENCE.search(str(wrong.refdes)):
        element, component = int(match[1]), int(match[2] or 0)
    message = ELEMENT_MESSAGES.get(wrong.err_cde, "The element contradicts the guide")
    return error(
        f"PYX12-ELEMENT-{wrong.err_cde}",
        f"{message}: {name}." if name else f"{message}.",
        cure=CURE,
        place=step.segment.place(element, component, loop=step.loop),
    )


def _repetitions(step: Step, separator: str) -> Iterator[Finding]:
    """Count repetitions, which pyx12 does not do."""
    allowed = {child.seq: child.repeat for child in step.node.children if child.is_composite()}
    for at, element in enumerate(step.segment.elements[1:], start=1):
        count_max = REPEATING.get((step.segment.id, at), allowed.get(at, 1))
        if element.count(separator) >= count_max:
            place = step.segment.place(at, loop=step.loop)
            yield error("PYX12-REPETITION", REPETITION_MESSAGE, cure=CURE, place=place)
