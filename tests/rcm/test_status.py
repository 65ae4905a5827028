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
OURS = (E.FOUND_CLEAN, E.FOUND_WANTING, E.PUT_ON_HOLD, E.RELEASED, E.BATCHED)
ANSWERS = tuple(event for event in ClaimEvent if event not in (*OURS, E.UNMATCHED))
SENT = tuple(status for status in ClaimStatus if status not in (S.HELD, S.ON_HOLD, S.READY))
MONEY = {
    E.PAID: S.PAID, E.DENIED: S.DENIED, E.PENDED: S.PENDED, E.REVERSED: S.REVERSED,
}  # fmt: skip
REFUSED = (S.REFUSED, S.REJECTED, S.REJECTED_BY_PAYER)

IMPOSSIBLE = {
    # What is undone leaves what was before: its history says what that is, no table does.
    *product(S, [E.UNMATCHED]),
    # What a person must look at is not sent.
    (S.HELD, E.BATCHED),
    (S.ON_HOLD, E.BATCHED),
    # Only what would go can be held back, and only what is held back is let go.
    *product([S.ON_HOLD, *SENT], [E.PUT_ON_HOLD]),
    *product([S.HELD, S.READY, *SENT], [E.RELEASED]),
    # A claim travels once: sending it again is first a correction.
    *product(SENT, [E.BATCHED]),
    # What is frozen, sent or adjudicated is not judged again, unless it was refused.
    *product(
        [status for status in SENT if status not in REFUSED], [E.FOUND_CLEAN, E.FOUND_WANTING]
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
        ((E.DELIVERED, E.ACKNOWLEDGED), S.ACKNOWLEDGED),
        ((E.DELIVERED, E.REFUSED), S.REFUSED),
        ((E.DELIVERED, E.ACKNOWLEDGED, E.ACCEPTED_BY_CLEARINGHOUSE), S.ACCEPTED),
        ((E.DELIVERED, E.ACKNOWLEDGED, E.REJECTED_BY_CLEARINGHOUSE), S.REJECTED),
        # The stronger reporter counts, whoever spoke first.
        ((E.ACCEPTED_BY_CLEARINGHOUSE, E.REJECTED_BY_PAYER), S.REJECTED_BY_PAYER),
        ((E.ACCEPTED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_PAYER, E.PAID), S.PAID),
        ((E.REJECTED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_PAYER), S.ACCEPTED_BY_PAYER),
        # A rejection overrides acceptances at or below its reporter.
        ((E.ACCEPTED_BY_CLEARINGHOUSE, E.REJECTED_BY_CLEARINGHOUSE), S.REJECTED),
        ((E.ACCEPTED_BY_PAYER, E.REJECTED_BY_PAYER), S.REJECTED_BY_PAYER),
        ((E.REFUSED, E.ACCEPTED_BY_CLEARINGHOUSE), S.ACCEPTED),
        ((E.DELIVERED, E.ACKNOWLEDGED, E.PAID), S.PAID),
        ((E.DELIVERED, E.REJECTED_BY_PAYER, E.PAID), S.PAID),
        ((E.DELIVERED, E.ACKNOWLEDGED, E.DENIED), S.DENIED),
    ],
)
def test_answers_may_overtake_each_other(events: tuple[ClaimEvent, ...], end: ClaimStatus) -> None:
    assert {after(order) for order in permutations(events)} == {end}


@pytest.mark.parametrize("status", [S.HELD, S.ON_HOLD, S.READY])
@pytest.mark.parametrize("event", ANSWERS)
def test_a_late_answer_to_a_first_submission_changes_nothing_but_for_money(
    status: ClaimStatus, event: ClaimEvent
) -> None:
    assert advance(status, event) is MONEY.get(event, status)


@given(st.lists(st.sampled_from(ANSWERS)))
def test_the_last_word_of_the_payer_stands(events: list[ClaimEvent]) -> None:
    """No order of answers is refused, and once the payer has spoken only the payer counts."""
    payer = [event for event in events if event in MONEY]
    end = after(tuple(events))
    if payer:
        assert end == MONEY[payer[-1]]
    else:
        assert end not in (*MONEY.values(), S.HELD, S.ON_HOLD, S.READY)
