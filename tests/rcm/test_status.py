"""The life of a claim: every status and every event, decided on purpose."""

from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcm.claims.status import (
    TRANSITIONS,
    ClaimEvent,
    ClaimStatus,
    IllegalTransitionError,
    advance,
)

S, E = ClaimStatus, ClaimEvent
ANSWERS = (E.DELIVERED, E.ACKNOWLEDGED, E.REFUSED, E.PAID, E.DENIED)

IMPOSSIBLE = {
    # Nobody answers a claim that we never sent.
    *product([S.HELD, S.READY], ANSWERS),
    # What a person must look at is not sent.
    (S.HELD, E.BATCHED),
    # A claim travels once: sending it again is a new claim, or first a correction.
    *product([S.BATCHED, S.SUBMITTED, S.ACCEPTED, S.REJECTED, S.PAID, S.DENIED], [E.BATCHED]),
    # What is frozen, sent or adjudicated is not judged again.
    *product(
        [S.BATCHED, S.SUBMITTED, S.ACCEPTED, S.PAID, S.DENIED], [E.FOUND_CLEAN, E.FOUND_WANTING]
    ),
}


@pytest.mark.parametrize(("status", "event"), [*product(ClaimStatus, ClaimEvent)])
def test_every_pair_is_decided(status: ClaimStatus, event: ClaimEvent) -> None:
    is_possible = (status, event) in TRANSITIONS
    assert is_possible != ((status, event) in IMPOSSIBLE)
    if is_possible:
        assert advance(status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(IllegalTransitionError):
            advance(status, event)


def after(events: tuple[ClaimEvent, ...], status: ClaimStatus = S.BATCHED) -> ClaimStatus:
    for event in events:
        status = advance(status, event)
    return status


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ((E.DELIVERED,), S.SUBMITTED),
        ((E.DELIVERED, E.ACKNOWLEDGED), S.ACCEPTED),
        ((E.DELIVERED, E.REFUSED), S.REJECTED),
        ((E.DELIVERED, E.ACKNOWLEDGED, E.PAID), S.PAID),
        ((E.DELIVERED, E.ACKNOWLEDGED, E.DENIED), S.DENIED),
        ((E.DELIVERED, E.REFUSED, E.PAID), S.PAID),
    ],
)
def test_answers_may_overtake_each_other(events: tuple[ClaimEvent, ...], end: ClaimStatus) -> None:
    assert {after(order) for order in permutations(events)} == {end}


@given(st.lists(st.sampled_from(ANSWERS)))
def test_the_last_word_of_the_payer_stands(events: list[ClaimEvent]) -> None:
    """No order of answers is refused, and once the payer has spoken only the payer counts."""
    payer = [event for event in events if event in (E.PAID, E.DENIED)]
    end = after(tuple(events))
    if payer:
        assert end == {E.PAID: S.PAID, E.DENIED: S.DENIED}[payer[-1]]
    else:
        assert end in (S.BATCHED, S.SUBMITTED, S.ACCEPTED, S.REJECTED)
