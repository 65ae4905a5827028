"""What a 999 says about our claims. Pure: acknowledgment and submissions in, events out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from edi.acknowledgment_999 import (
    ACCEPTING,
    PARTIAL,
    REJECTING,
    FunctionalAcknowledgment,
    SegmentError,
)
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent

REPORTER = "clearinghouse, 999"
_ERRORS_MAX = 20  #: Of a set, and of a segment: they are kept with each claim.
_VERDICTS = ACCEPTING | REJECTING | {PARTIAL}
#: A damaged 999 can have a name where a code should be: what has not the form of one is not kept.
_CODE = re.compile(r"I?[0-9]{1,2}")  #: IK304, IK403, IK502 to IK506, AK905 to AK909.
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{1,2}")  #: IK301.
_LOOP = re.compile(r"[0-9]{4}[A-Z]{0,2}")  #: IK303.
_POSITION_MAX = 1_000_000  #: IK302: more segments no set has; a telephone number is longer.
_ELEMENT_MAX = 100  #: IK401.


def is_accepted(acknowledgment: FunctionalAcknowledgment, set_number: str) -> bool | None:
    """Tell whether the set with this ST02 was accepted; None where nothing is said of it.

    A set without its own verdict follows the group's (remittance.md 6), unless that is partial.
    """
    own = (each.code for each in acknowledgment.sets if each.control_number == set_number)
    code = next(filter(None, own), acknowledgment.code)
    return True if code in ACCEPTING else False if code in REJECTING else None


def acknowledgment_events(
    acknowledgment: FunctionalAcknowledgment,
    submitted: Mapping[str, Sequence[UUID]],
    *,
    outbound_id: UUID,
    file_id: UUID,
) -> tuple[NewEvent, ...]:
    """Return one event for each claim in `submitted`, which is by ST02 of the file we sent.

    Where nothing is said of a set, its claims stay as they are.
    """
    verdicts = {each.control_number: each for each in acknowledgment.sets}
    events: list[NewEvent] = []
    for set_number, claim_ids in submitted.items():
        accepted = is_accepted(acknowledgment, set_number)
        if accepted is None:
            continue
        verdict = verdicts.get(set_number)
        errors = verdict.errors if verdict else ()
        code = (verdict and verdict.code) or acknowledgment.code
        detail = {
            "code": code if code in _VERDICTS else "",
            "reasons": _codes(verdict.reasons if verdict else acknowledgment.reasons),
            "errors": [_error(each) for each in errors[:_ERRORS_MAX]],
        }
        events.extend(
            NewEvent(
                claim_id=claim_id,
                key=f"999/{file_id}/{outbound_id}/{claim_id}",
                event=ClaimEvent.ACKNOWLEDGED if accepted else ClaimEvent.REFUSED,
                reporter=REPORTER,
                file_id=file_id,
                outbound_id=outbound_id,
                detail=detail,
            )
            for claim_id in claim_ids
        )
    return tuple(events)


def _error(fault: SegmentError) -> dict[str, Any]:
    return {
        "segment": _known(_SEGMENT, fault.segment_id),
        "position": fault.position if fault.position <= _POSITION_MAX else 0,
        "loop": _known(_LOOP, fault.loop),
        "code": _known(_CODE, fault.code),
        "elements": [
            {
                "element": each.element if each.element <= _ELEMENT_MAX else 0,
                "component": each.component if each.component <= _ELEMENT_MAX else 0,
                "code": _known(_CODE, each.code),
            }
            for each in fault.elements[:_ERRORS_MAX]
        ],
    }


def _codes(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if _CODE.fullmatch(text)]


def _known(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""
