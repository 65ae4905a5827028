"""What a 999 says about our claims. Pure: acknowledgment and submissions in, events out."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from edi.acknowledgment_999 import ACCEPTING, REJECTING, FunctionalAcknowledgment
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent

REPORTER = "clearinghouse, 999"


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
        detail = {
            "code": (verdict and verdict.code) or acknowledgment.code,
            "reasons": list(verdict.reasons) if verdict else list(acknowledgment.reasons),
            "errors": [
                {
                    "segment": fault.segment_id,
                    "position": fault.position,
                    "loop": fault.loop,
                    "code": fault.code,
                    "elements": [
                        {"element": each.element, "component": each.component, "code": each.code}
                        for each in fault.elements
                    ],
                }
                for fault in errors[:20]
            ],
        }
        events.extend(
            NewEvent(
                claim_id=claim_id,
                key=f"999/{file_id}/{outbound_id}/{claim_id}",
                event=ClaimEvent.ACKNOWLEDGED if accepted else ClaimEvent.REFUSED,
                reporter=REPORTER,
                file_id=file_id,
                detail=detail,
            )
            for claim_id in claim_ids
        )
    return tuple(events)
