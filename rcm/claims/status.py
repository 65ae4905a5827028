"""The life of a claim: one table decides every status and event, in any order of arrival."""

from enum import StrEnum


class ClaimStatus(StrEnum):
    """What billing staff see."""

    HELD = "held"  #: Findings stop it; a person must act.
    READY = "ready"  #: Clean; waits for the next batch.
    BATCHED = "batched"  #: In a frozen file.
    SUBMITTED = "submitted"  #: The file is at the partner.
    ACCEPTED = "accepted"  #: A 999 accepted its transaction set.
    REJECTED = "rejected"  #: Refused before adjudication.
    PAID = "paid"  #: The payer paid something, or left it to the patient.
    DENIED = "denied"  #: Adjudicated, nothing paid, something denied.


class ClaimEvent(StrEnum):
    """What can happen to a claim."""

    FOUND_CLEAN = "found_clean"
    FOUND_WANTING = "found_wanting"
    BATCHED = "batched"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"  #: 999: the set is accepted.
    REFUSED = "refused"  #: 999: the set is rejected.
    PAID = "paid"  #: 835.
    DENIED = "denied"  #: 835.


class IllegalTransitionError(Exception):
    """Our bug: an event that cannot happen in this status."""


_S, _E = ClaimStatus, ClaimEvent

#: Answers may overtake each other and our own record of the delivery; the stronger one stands.
TRANSITIONS: dict[tuple[ClaimStatus, ClaimEvent], ClaimStatus] = {
    (_S.HELD, _E.FOUND_CLEAN): _S.READY,
    (_S.HELD, _E.FOUND_WANTING): _S.HELD,
    (_S.READY, _E.FOUND_WANTING): _S.HELD,
    (_S.READY, _E.FOUND_CLEAN): _S.READY,
    (_S.READY, _E.BATCHED): _S.BATCHED,
    (_S.BATCHED, _E.DELIVERED): _S.SUBMITTED,
    (_S.BATCHED, _E.ACKNOWLEDGED): _S.ACCEPTED,  # The reply to our upload was lost.
    (_S.BATCHED, _E.REFUSED): _S.REJECTED,
    (_S.BATCHED, _E.PAID): _S.PAID,
    (_S.BATCHED, _E.DENIED): _S.DENIED,
    (_S.SUBMITTED, _E.DELIVERED): _S.SUBMITTED,
    (_S.SUBMITTED, _E.ACKNOWLEDGED): _S.ACCEPTED,
    (_S.SUBMITTED, _E.REFUSED): _S.REJECTED,
    (_S.SUBMITTED, _E.PAID): _S.PAID,  # The 835 overtook the 999.
    (_S.SUBMITTED, _E.DENIED): _S.DENIED,
    (_S.ACCEPTED, _E.DELIVERED): _S.ACCEPTED,
    (_S.ACCEPTED, _E.ACKNOWLEDGED): _S.ACCEPTED,
    (
        _S.ACCEPTED,
        _E.REFUSED,
    ): _S.ACCEPTED,  # A second 999 contradicts the first: it is kept, no more.
    (_S.ACCEPTED, _E.PAID): _S.PAID,
    (_S.ACCEPTED, _E.DENIED): _S.DENIED,
    (_S.REJECTED, _E.DELIVERED): _S.REJECTED,
    (_S.REJECTED, _E.ACKNOWLEDGED): _S.REJECTED,
    (_S.REJECTED, _E.REFUSED): _S.REJECTED,
    (_S.REJECTED, _E.FOUND_CLEAN): _S.READY,  # Corrected.
    (_S.REJECTED, _E.FOUND_WANTING): _S.HELD,
    (_S.REJECTED, _E.PAID): _S.PAID,  # The payer has it after all: money is the stronger word.
    (_S.REJECTED, _E.DENIED): _S.DENIED,
    (_S.PAID, _E.DELIVERED): _S.PAID,
    (_S.PAID, _E.ACKNOWLEDGED): _S.PAID,
    (_S.PAID, _E.REFUSED): _S.PAID,
    (_S.PAID, _E.PAID): _S.PAID,
    (_S.PAID, _E.DENIED): _S.DENIED,
    (_S.DENIED, _E.DELIVERED): _S.DENIED,
    (_S.DENIED, _E.ACKNOWLEDGED): _S.DENIED,
    (_S.DENIED, _E.REFUSED): _S.DENIED,
    (_S.DENIED, _E.PAID): _S.PAID,
    (_S.DENIED, _E.DENIED): _S.DENIED,
}


def advance(status: ClaimStatus, event: ClaimEvent) -> ClaimStatus:
    """Return the status after `event`. Raises IllegalTransitionError.

    >>> advance(ClaimStatus.SUBMITTED, ClaimEvent.ACKNOWLEDGED)
    <ClaimStatus.ACCEPTED: 'accepted'>
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalTransitionError(f"{event} cannot happen to a claim that is {status}") from None
