"""What a 999 says about our claims. Pure: acknowledgment and submissions in, events out."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from edi.acknowledgment_999 import ACCEPTING, PARTIAL, FunctionalAcknowledgment
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent

REPORTER = "clearinghouse, 999"


def acknowledgment_events(
    acknowledgment: FunctionalAcknowledgment,
    submitted: Mapping[str, Sequence[UUID]],
    *,
    outbound_id: UUID,
    file_id: UUID,
) -> tuple[NewEvent, ...]:
    """Return one event for each claim in `submitted`, which is by ST02 of the file we sent.

    A set without its own verdict follows the group's (remittance.md 6); in a partial group it
    stays as it is.
    """
    verdicts = {each.control_number: each for each in acknowledgment.sets}
    events: list[NewEvent] = []
    for set_number, claim_ids in submitted.items():
        verdict = verdicts.get(set_number)
        code = verdict.code if verdict and verdict.code else acknowledgment.code
        if code == PARTIAL:
            continue
        is_accepted = code in ACCEPTING
        errors = verdict.errors if verdict else ()
        detail = {
            "code": code,
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
                event=ClaimEvent.ACKNOWLEDGED if is_accepted else ClaimEvent.REFUSED,
                reporter=REPORTER,
                file_id=file_id,
                detail=detail,
            )
            for claim_id in claim_ids
        )
    return tuple(events)
