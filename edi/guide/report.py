"""What is wrong with a set, as findings: the first are kept, the others counted."""

from dataclasses import replace

from edi.findings import Finding, Place, Severity, error
from edi.guide.check import Fault
from edi.guide.nodes import LoopNode, SegmentNode
from edi.room import FINDINGS_MAX, more_findings
from edi.segment import Segment

SEGMENT_MESSAGES = {  # X12 data element 620, IK304; pyx12's own codes below.
    "1": "The segment has no place here in the guide",
    "2": "The segment or loop is not used in the guide",
    "3": "A segment that the guide requires is missing",
    "4": "The loop repeats more often than the guide allows",
    "5": "The segment repeats more often than the guide allows",
    "6": "The segment is not in its place",
    "7": "The segment is out of sequence",
    "8": "The segment is empty, or its data elements contradict the guide",
    "HL1": "The hierarchical levels are not numbered 1, 2, 3",
    "HL2": "The hierarchical parent is no open level",
    "LX": "The service lines are not numbered 1, 2, 3",
    "SEG1": "The segment ends with empty elements",
}
ELEMENT_MESSAGES = {  # X12 data element 621, IK403.
    "1": "A required element is missing",
    "2": "An element is missing that another one makes necessary",
    "3": "There are too many elements or components",
    "4": "The element is too short",
    "5": "The element is too long",
    "6": "The element has an invalid character",
    "7": "The element is not one of the guide's codes",
    "8": "The element is not a valid date",
    "9": "The element is not a valid time",
    "10": "The element must not be used here",
}
REPETITION_MESSAGE = "The element repeats more often than the guide allows."
CURE = "Correct the data where it was entered, or ask the sender to."


class Report:
    """The findings of one transaction set."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}  # Repetitions of one element share a finding.
        self._others = 0

    def findings(self, set_number: str) -> tuple[Finding, ...]:
        """Return them in the order of the segments, placed in their set."""
        placed = tuple(
            replace(each, place=replace(each.place, transaction_set=set_number))
            for each in self._found
        )
        more = (more_findings(self._others, Severity.ERROR),) if self._others else ()
        return (*placed, *more)

    def segment(
        self,
        code: str,
        segment: Segment,
        loop: str,
        named: SegmentNode | LoopNode | None = None,
        segment_id: str = "",
    ) -> None:
        """Take the fault of a segment; `named` is the place or loop that it is about."""
        message = SEGMENT_MESSAGES.get(code, "The segment contradicts the guide")
        place = Place(
            segment_number=segment.number,
            segment_id=segment_id or segment.id,
            loop=loop,
            byte_offset=segment.offset,
        )
        text = f"{message}: {named.name}." if named is not None and named.name else f"{message}."
        self._take(error(f"GUIDE-SEGMENT-{code}", text, cure=CURE, place=place))

    def element(self, fault: Fault, segment: Segment, loop: str) -> None:
        """Take the fault of an element."""
        message = ELEMENT_MESSAGES.get(fault.code, "The element contradicts the guide")
        text = f"{message}: {fault.name}." if fault.name else f"{message}."
        place = segment.place(fault.element, fault.component, loop=loop)
        self._take(error(f"GUIDE-ELEMENT-{fault.code}", text, cure=CURE, place=place))

    def repetition(self, element: int, segment: Segment, loop: str) -> None:
        """Take an element that repeats too often."""
        place = segment.place(element, loop=loop)
        self._take(error("GUIDE-REPETITION", REPETITION_MESSAGE, cure=CURE, place=place))

    def _take(self, finding: Finding) -> None:
        if len(self._found) < FINDINGS_MAX:
            self._found[finding] = None
        else:
            self._others += finding not in self._found
