"""Our own verdict on a functional group we received: findings to a 999.

A finding keeps no value, so IK404 stays empty. What goes back is the sender's own number of the
claim or inquiry (CTX), so that the error is found again: nothing else of a patient.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from edi.acknowledgment_999 import (
    PARTIAL,
    Context,
    ElementError,
    FunctionalAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, Severity
from edi.guide.catalog import element_numbers, find_map
from edi.guide.validate import NO_GUIDE
from edi.guides import FileType

_ACCEPTED, _WITH_ERRORS, _REJECTED = "A", "E", "R"
#: IK502 for findings on the envelope of a set; anything else is 5, segments in error.
_ENVELOPE_REASONS = {"X12-NO-SE": "2", "X12-SE02-NUMBER": "3", "X12-SE01-COUNT": "4"}
#: AK905 for findings on the envelope of the group.
_GROUP_REASONS = {"X12-NO-GE": "3", "X12-GE02-NUMBER": "4", "X12-GE01-COUNT": "5"}
_ST_REASONS = {1: "6", 2: "7"}  #: IK502 for errors in ST01 and ST02.
_NOT_SUPPORTED, _SEGMENTS_IN_ERROR, _NUMBER_AGAIN, _OTHER_GUIDE = "1", "5", "23", "I6"
_REASONS_MAX = 5
_ERRORS_MAX = 1000  #: Of one set: a 999 names faults, it need not repeat the file.
_BY_GUIDE = re.compile(r"(?:GUIDE|PYX12)-(SEGMENT|ELEMENT)-([0-9]{1,2})")
_REPEATED = re.compile(r"(?:GUIDE|PYX12)-REPETITION")
#: Numbers that do not count on, which X12 has no code for: a value of this element is wrong.
_NUMBERING = re.compile(r"(?:GUIDE|PYX12)-SEGMENT-(HL1|HL2|LX)")
_NUMBERED = {"HL1": 1, "HL2": 2, "LX": 1}
_HAS_ELEMENT_ERRORS = "8"  #: IK304.
_TOO_MANY, _TOO_MANY_COMPONENTS = "3", "13"  #: IK403.
_NOT_A_CODE, _TOO_OFTEN = "7", "12"  #: IK403.
_GUIDE_PATTERN = "I12"  #: IK403: the guide's pattern is not met; what no other code says.
_IN_SET_MAX = 3  #: Characters of a segment id.
_COUNT = re.compile("[0-9]{1,6}")  #: AK902.
#: What a sender knows a claim or inquiry by: the segment, and CTX01-1.
_UNITS = {"CLM": (1, "CLM01"), "TRN": (2, "TRN02")}
_UNIT_VALUE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]{0,33}[A-Za-z0-9._/-])?")


def acknowledge(
    group: FunctionalGroup,
    findings_by_set: Mapping[str, Sequence[Finding]],
    interchange: Interchange | None = None,
) -> FunctionalAcknowledgment:
    """Return the 999 for a group: each set rejected that has an error, accepted otherwise.

    `findings_by_set` is by ST02; the findings of the envelopes are taken from the sets, and from
    `interchange` where it is given. Warnings and notes reject nothing. A set of which neither
    type nor guide is known is rejected: nothing of it was checked.
    """
    times = Counter(each.control_number for each in group.sets)
    sets = tuple(
        _verdict(
            group,
            each,
            (*each.findings, *findings_by_set.get(each.control_number, ())),
            is_repeated=times[each.control_number] > 1,
        )
        for each in group.sets
    )
    accepted = sum(verdict.is_accepted for verdict in sets)
    reasons = _group_reasons(group, interchange)
    if accepted == len(sets):
        code = _WITH_ERRORS if reasons else _ACCEPTED
    else:
        code = PARTIAL if accepted else _REJECTED
    told = group.trailer.get(1) if group.trailer else ""
    is_count = _COUNT.fullmatch(told) is not None
    return FunctionalAcknowledgment(
        functional_id=group.functional_id,
        group_control_number=group.control_number,
        version=group.version,
        sets=sets,
        code=code,
        sets_included=int(told) if is_count else len(sets),
        sets_received=len(sets),
        sets_accepted=accepted,
        reasons=reasons,
    )


def _group_reasons(group: FunctionalGroup, interchange: Interchange | None) -> tuple[str, ...]:
    """Return AK905 to AK909: what is wrong with GE."""
    ends = group.trailer or group.header
    return tuple(
        sorted(
            _GROUP_REASONS[each.code]
            for each in (interchange.findings if interchange else ())
            if each.code in _GROUP_REASONS and each.place.segment_number == ends.number
        )
    )


def _verdict(
    group: FunctionalGroup,
    transaction_set: TransactionSet,
    findings: Iterable[Finding],
    *,
    is_repeated: bool,
) -> SetAcknowledgment:
    findings = tuple(findings)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    codes = {each.code for each in errors}
    inside = [
        each
        for each in errors
        if each.code not in _ENVELOPE_REASONS
        and not _st_reason(each)
        and not ("X12-NO-SE" in codes and each.place.segment_id == "SE")
    ]
    reasons = {_ENVELOPE_REASONS[code] for code in codes if code in _ENVELOPE_REASONS}
    reasons |= {_st_reason(each) for each in errors if _st_reason(each)}
    reasons |= {_SEGMENTS_IN_ERROR} if inside else set()
    reasons |= {_NUMBER_AGAIN} if is_repeated else set()
    if any(each.code == NO_GUIDE for each in findings):
        reasons |= _unsupported(transaction_set)
    return SetAcknowledgment(
        set_id=transaction_set.set_id,
        control_number=transaction_set.control_number.rstrip(),  # Reason 7 says that it ended so.
        guide=transaction_set.version,
        # Which of two sets with one number a finding is about is not known.
        errors=() if is_repeated else tuple(_Errors(group, transaction_set).of(inside)),
        code=_REJECTED if reasons else _ACCEPTED,
        reasons=tuple(sorted(reasons)[:_REASONS_MAX]),
    )


def _st_reason(finding: Finding) -> str:
    """Return what is wrong with ST01 or ST02; "" where something else is."""
    place = finding.place
    is_element = _BY_GUIDE.fullmatch(finding.code) and "-ELEMENT-" in finding.code
    return _ST_REASONS.get(place.element, "") if is_element and place.segment_id == "ST" else ""


def _unsupported(transaction_set: TransactionSet) -> set[str]:
    """Return why a set without a guide is not taken; a known type of an older guide is."""
    if transaction_set.file_type is not FileType.UNKNOWN:
        return set()
    known = {each.value[:_IN_SET_MAX] for each in FileType}
    return {_OTHER_GUIDE if transaction_set.set_id in known else _NOT_SUPPORTED}


class _Errors:
    """The IK3s of one set."""

    def __init__(self, group: FunctionalGroup, transaction_set: TransactionSet) -> None:
        interchange_version = "00401" if transaction_set.version.startswith("00401") else "00501"
        versions = (group.version, transaction_set.version)
        found = find_map(interchange_version, versions, group.functional_id)
        self._numbers = element_numbers(found) if found else {}
        self._first = transaction_set.segments[0].number
        self._units = tuple(_units(transaction_set))

    def of(self, findings: Iterable[Finding]) -> list[SegmentError]:
        """Return one IK3 for each segment and code, with its IK4s, in the order of segments."""

        def key(finding: Finding) -> tuple[int, str, str]:
            return finding.place.segment_number, finding.place.segment_id, _segment_code(finding)

        errors: list[SegmentError] = []
        for (number, segment_id, code), same in groupby(sorted(findings, key=key), key):
            if not segment_id:
                continue  # Nothing a 999 could name: IK5 still says that the set has errors.
            elements = (self._element(each) for each in same)
            errors.append(
                SegmentError(
                    segment_id=segment_id[:_IN_SET_MAX],
                    position=max(number - self._first + 1, 1),
                    code=code,
                    contexts=self._context(number),
                    elements=tuple(each for each in elements if each.element),
                )
            )
        return errors[:_ERRORS_MAX]

    def _element(self, finding: Finding) -> ElementError:
        place = finding.place
        element, component = place.element, place.component
        if match := _NUMBERING.fullmatch(finding.code):
            element, component = _NUMBERED[match[1]], 0
        return ElementError(
            element=element,
            component=component,
            element_reference=self._numbers.get((place.segment_id, element, component), ""),
            code=_element_code(finding),
        )

    def _context(self, number: int) -> tuple[Context, ...]:
        """Return the claim or inquiry that a segment belongs to, where the sender named one."""
        at = bisect_right(self._units, number, key=lambda unit: unit[0]) - 1
        context = self._units[at][1] if at >= 0 else None
        return (context,) if context else ()


def _units(transaction_set: TransactionSet) -> Iterator[tuple[int, Context | None]]:
    """Yield where a claim or inquiry begins, or a level in which none did yet."""
    for segment in transaction_set.segments:
        if segment.id == "HL":
            yield segment.number, None
        elif segment.id in _UNITS:
            element, name = _UNITS[segment.id]
            value = segment.get(element)
            is_value = _UNIT_VALUE.fullmatch(value) is not None
            yield segment.number, Context(name=name, value=value) if is_value else None


def _segment_code(finding: Finding) -> str:
    match = _BY_GUIDE.fullmatch(finding.code)
    if match is not None and match[1] == "SEGMENT":
        return match[2]
    return _HAS_ELEMENT_ERRORS


def _element_code(finding: Finding) -> str:
    if _REPEATED.fullmatch(finding.code):
        return _TOO_OFTEN
    if _NUMBERING.fullmatch(finding.code):
        return _NOT_A_CODE
    match = _BY_GUIDE.fullmatch(finding.code)
    if match is None or match[1] != "ELEMENT":
        return _GUIDE_PATTERN
    return _TOO_MANY_COMPONENTS if match[2] == _TOO_MANY and finding.place.component else match[2]
