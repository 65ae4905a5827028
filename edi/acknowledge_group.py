"""Our own verdict on a functional group we received: findings to a 999.

A finding keeps no value, so IK404 stays empty: nothing of a patient goes back in a 999.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from edi.acknowledgment_999 import (
    PARTIAL,
    ElementError,
    FunctionalAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from edi.envelope import FunctionalGroup, TransactionSet
from edi.findings import Finding, Severity

_ACCEPTED, _REJECTED = "A", "R"
#: IK502 for findings on the envelope of a set; anything else is 5, segments in error.
_ENVELOPE_REASONS = {"X12-NO-SE": "2", "X12-SE02-NUMBER": "3", "X12-SE01-COUNT": "4"}
_SEGMENTS_IN_ERROR = "5"
_REASONS_MAX = 5
_ERRORS_MAX = 1000  #: Of one set: a 999 names faults, it need not repeat the file.
_BY_GUIDE = re.compile(r"(?:GUIDE|PYX12)-(SEGMENT|ELEMENT)-([0-9]{1,2})")
_HAS_ELEMENT_ERRORS = "8"  #: IK304.
_GUIDE_PATTERN = "I12"  #: IK403: the guide's pattern is not met; what no other code says.
_UNRECOGNISED = "1"  #: IK304.
_IN_SET_MAX = 3  #: Characters of a segment id.


def acknowledge(
    group: FunctionalGroup, findings_by_set: Mapping[str, Sequence[Finding]]
) -> FunctionalAcknowledgment:
    """Return the 999 for a group: each set rejected that has an error, accepted otherwise.

    `findings_by_set` is by ST02; the findings of the envelope are taken from the sets. Warnings
    and notes reject nothing.
    """
    sets = tuple(
        _verdict(each, (*each.findings, *findings_by_set.get(each.control_number, ())))
        for each in group.sets
    )
    accepted = sum(verdict.is_accepted for verdict in sets)
    code = _ACCEPTED if accepted == len(sets) else PARTIAL if accepted else _REJECTED
    return FunctionalAcknowledgment(
        functional_id=group.functional_id,
        group_control_number=group.control_number,
        version=group.version,
        sets=sets,
        code=code,
        sets_included=len(sets),
        sets_received=len(sets),
        sets_accepted=accepted,
    )


def _verdict(transaction_set: TransactionSet, findings: Iterable[Finding]) -> SetAcknowledgment:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    reasons = sorted({_ENVELOPE_REASONS.get(each.code, _SEGMENTS_IN_ERROR) for each in errors})
    inside = [each for each in errors if each.code not in _ENVELOPE_REASONS]
    return SetAcknowledgment(
        set_id=transaction_set.set_id,
        control_number=transaction_set.control_number,
        guide=transaction_set.version,
        errors=tuple(_segment_errors(transaction_set, inside))[:_ERRORS_MAX],
        code=_REJECTED if errors else _ACCEPTED,
        reasons=tuple(reasons[:_REASONS_MAX]),
    )


def _segment_errors(
    transaction_set: TransactionSet, findings: Iterable[Finding]
) -> Iterable[SegmentError]:
    """Yield one IK3 for each segment and code, with its IK4s, in the order of the segments."""
    first = transaction_set.segments[0].number

    def key(finding: Finding) -> tuple[int, str, str]:
        return finding.place.segment_number, finding.place.segment_id, _segment_code(finding)

    for (number, segment_id, code), same in groupby(sorted(findings, key=key), key):
        if not segment_id:
            continue  # Nothing a 999 could name: IK5 still says that the set has errors.
        yield SegmentError(
            segment_id=segment_id[:_IN_SET_MAX],
            position=max(number - first + 1, 1),
            code=code,
            elements=tuple(_element_error(each) for each in same if each.place.element),
        )


def _segment_code(finding: Finding) -> str:
    match = _BY_GUIDE.fullmatch(finding.code)
    if match is not None and match[1] == "SEGMENT":
        return match[2]
    return _HAS_ELEMENT_ERRORS


def _element_error(finding: Finding) -> ElementError:
    match = _BY_GUIDE.fullmatch(finding.code)
    return ElementError(
        element=finding.place.element,
        component=finding.place.component,
        code=match[2] if match is not None and match[1] == "ELEMENT" else _GUIDE_PATTERN,
    )
