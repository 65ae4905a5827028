"""The life of a claim: one table decides every status and event, in any order of arrival."""

from enum import StrEnum


class ClaimStatus(StrEnum):
    """What billing staff see. Who said so stands beside it."""

    HELD = "held"  #: Findings stop it; a person must act.
    ON_HOLD = "on_hold"  #: A person holds it back: only a person releases it.
    READY = "ready"  #: Clean; waits for the next batch.
    BATCHED = "batched"  #: In a frozen file.
    SUBMITTED = "submitted"  #: The file is at the partner.
    ACKNOWLEDGED = "acknowledged"  #: Received: by a 999, or by a 277CA that is no acceptance.
    ACCEPTED = "accepted"  #: A clearinghouse passed it on.
    ACCEPTED_BY_PAYER = "accepted_by_payer"  #: The payer took it into adjudication.
    REFUSED = "refused"  #: A 999 or TA1 refused its file.
    REJECTED = "rejected"  #: A clearinghouse will not pass it on.
    REJECTED_BY_PAYER = "rejected_by_payer"  #: The payer will not adjudicate it.
    PAID = "paid"  #: The payer paid something, or left it to the patient.
    DENIED = "denied"  #: Adjudicated, nothing paid, something denied.
    PENDED = "pended"  #: Adjudicated in part: the payer has not decided the rest (CARC 133).
    REVERSED = "reversed"  #: The payer took its payment back; nothing stands in its place yet.


class ClaimEvent(StrEnum):
    """What can happen to a claim."""

    FOUND_CLEAN = "found_clean"
    FOUND_WANTING = "found_wanting"
    PUT_ON_HOLD = "put_on_hold"  #: By a person, with a reason.
    RELEASED = "released"  #: By a person; what is wrong with it is found next.
    BATCHED = "batched"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"  #: 999 accepted, 277CA A0, A1.
    REFUSED = "refused"  #: 999 or TA1 rejected.
    ACCEPTED_BY_CLEARINGHOUSE = "accepted_by_clearinghouse"  #: 277CA A2.
    REJECTED_BY_CLEARINGHOUSE = "rejected_by_clearinghouse"  #: 277CA A3, A6 to A8.
    ACCEPTED_BY_PAYER = "accepted_by_payer"
    REJECTED_BY_PAYER = "rejected_by_payer"
    PAID = "paid"  #: 835.
    DENIED = "denied"  #: 835.
    PENDED = "pended"  #: 835.
    REVERSED = "reversed"  #: 835.
    #: A person took a payment away from the claim again: it is what it was before. No pair of the
    #: table says that, so `advance` refuses it; see `rcm.claims.event_store.take_back`.
    UNMATCHED = "unmatched"


class IllegalTransitionError(Exception):
    """Our bug: an event that cannot happen in this status."""


_S, _E = ClaimStatus, ClaimEvent

#: What we do ourselves. Any other pair of these events is our bug.
_OURS: dict[tuple[ClaimStatus, ClaimEvent], ClaimStatus] = {
    (_S.HELD, _E.FOUND_CLEAN): _S.READY,
    (_S.HELD, _E.FOUND_WANTING): _S.HELD,
    (_S.READY, _E.FOUND_CLEAN): _S.READY,
    (_S.READY, _E.FOUND_WANTING): _S.HELD,
    (_S.HELD, _E.PUT_ON_HOLD): _S.ON_HOLD,
    (_S.READY, _E.PUT_ON_HOLD): _S.ON_HOLD,
    (_S.ON_HOLD, _E.RELEASED): _S.READY,
    (_S.ON_HOLD, _E.FOUND_CLEAN): _S.ON_HOLD,  # Corrected meanwhile: it waits for its person.
    (_S.ON_HOLD, _E.FOUND_WANTING): _S.ON_HOLD,
    (_S.READY, _E.BATCHED): _S.BATCHED,
    (_S.REFUSED, _E.FOUND_CLEAN): _S.READY,  # Corrected: a new submission.
    (_S.REFUSED, _E.FOUND_WANTING): _S.HELD,
    (_S.REJECTED, _E.FOUND_CLEAN): _S.READY,
    (_S.REJECTED, _E.FOUND_WANTING): _S.HELD,
    (_S.REJECTED_BY_PAYER, _E.FOUND_CLEAN): _S.READY,
    (_S.REJECTED_BY_PAYER, _E.FOUND_WANTING): _S.HELD,
}

#: How far each answer reaches (remittance.md 6), and what it makes of a claim. Money is the
#: strongest word; a rejection overrides acceptances at or below its reporter; the acceptance of a
#: weaker reporter never revives a rejection; the same reporter's first word stands.
_ANSWERS: dict[ClaimEvent, tuple[int, ClaimStatus]] = {
    _E.DELIVERED: (1, _S.SUBMITTED),
    _E.ACKNOWLEDGED: (2, _S.ACKNOWLEDGED),
    _E.REFUSED: (2, _S.REFUSED),
    _E.ACCEPTED_BY_CLEARINGHOUSE: (3, _S.ACCEPTED),
    _E.REJECTED_BY_CLEARINGHOUSE: (3, _S.REJECTED),
    _E.ACCEPTED_BY_PAYER: (4, _S.ACCEPTED_BY_PAYER),
    _E.REJECTED_BY_PAYER: (4, _S.REJECTED_BY_PAYER),
    _E.PAID: (5, _S.PAID),
    _E.DENIED: (5, _S.DENIED),
    _E.PENDED: (5, _S.PENDED),
    _E.REVERSED: (5, _S.REVERSED),
}
_REACHED = {status: reach for reach, status in _ANSWERS.values()} | {_S.BATCHED: 0}
#: Refused before adjudication: a person has to send it again.
REJECTIONS = frozenset({_S.REFUSED, _S.REJECTED, _S.REJECTED_BY_PAYER})
_MONEY = frozenset({_E.PAID, _E.DENIED, _E.PENDED, _E.REVERSED})


def _answered(status: ClaimStatus, event: ClaimEvent) -> ClaimStatus:
    reach, becomes = _ANSWERS[event]
    if event in _MONEY:
        return becomes
    if status not in _REACHED:
        return status  # It waits to be sent again: a late answer is of its first submission.
    reached = _REACHED[status]
    overrules = becomes in REJECTIONS and status not in REJECTIONS and reach == reached
    # A 999 that contradicts its own acceptance is kept in the history, no more.
    is_contradiction = event is _E.REFUSED and status is _S.ACKNOWLEDGED
    return becomes if reach > reached or (overrules and not is_contradiction) else status


#: Answers may overtake each other and our own record of the delivery.
TRANSITIONS: dict[tuple[ClaimStatus, ClaimEvent], ClaimStatus] = _OURS | {
    (status, event): _answered(status, event) for status in ClaimStatus for event in _ANSWERS
}


#: Not on its way, not adjudicated: what is wrong with it can still be put right here.
CORRECTABLE = frozenset(s for s, event in TRANSITIONS if event is ClaimEvent.FOUND_CLEAN)


#: It would go with a next batch, or could once it is corrected: a person may hold it back.
HOLDABLE = frozenset(s for s, event in TRANSITIONS if event is ClaimEvent.PUT_ON_HOLD)


def advance(status: ClaimStatus, event: ClaimEvent) -> ClaimStatus:
    """Return the status after `event`. Raises IllegalTransitionError.

    >>> advance(ClaimStatus.SUBMITTED, ClaimEvent.ACKNOWLEDGED)
    <ClaimStatus.ACKNOWLEDGED: 'acknowledged'>
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalTransitionError(f"{event} cannot happen to a claim that is {status}") from None
