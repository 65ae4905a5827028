"""What was met is drawn only where the payer leaves no doubt; and when it may be asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.money import Cents, Thousandths
from edi.party_segments import Procedure
from rcm.eligibility.accumulators import accumulators
from rcm.eligibility.interpret import state
from rcm.eligibility.model import (
    TRANSITIONS,
    CheckEvent,
    CheckState,
    FollowUp,
    Level,
    Refusal,
    StatedBenefit,
)
from rcm.eligibility.retry import ADVICE, TRIES_MAX, advice_of, retry_at
from tests.rcm.eligibility_files import eb

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def deductible(period: str, cents: int, **more: object) -> StatedBenefit:
    values = {"coverage_level": "IND", "in_network": "Y"} | more
    return state(eb("C", period=period, amount_cents=Cents(cents), **values))


LIMITS = {
    "total and remaining": ((("23", 150_000), ("29", 48_750)), (150_000, 48_750, 101_250, True)),
    "total and met": ((("23", 150_000), ("24", 50_000)), (150_000, 100_000, 50_000, True)),
    "met and remaining": ((("24", 1), ("29", 2)), (3, 2, 1, True)),
    "all three, agreed": ((("22", 9), ("29", 4), ("24", 5)), (9, 4, 5, True)),
    "all three, not agreed": ((("22", 9), ("29", 4), ("24", 6)), (9, 4, None, False)),
    "only the total": ((("23", 7),), (7, None, None, True)),
    "nothing is left": ((("23", 7), ("29", 0)), (7, 0, 7, True)),
    "more left than there was": ((("23", 7), ("29", 8)), (7, 8, None, False)),
    "said twice alike": ((("23", 7), ("23", 7), ("29", 3)), (7, 3, 4, True)),
    "said twice otherwise": ((("23", 7), ("23", 8), ("29", 3)), (None, None, None, False)),
    "more met than there is": ((("23", 7), ("24", 8)), (7, None, 8, True)),
}


@pytest.mark.parametrize(("told", "expected"), LIMITS.values(), ids=LIMITS)
def test_what_was_met_is_the_whole_less_what_is_left(
    told: tuple[tuple[str, int], ...],
    expected: tuple[int | None, int | None, int | None, bool],
) -> None:
    (found,) = accumulators(deductible(period, cents) for period, cents in told)
    assert (
        found.total_cents,
        found.remaining_cents,
        found.met_cents,
        found.is_consistent,
    ) == expected


@pytest.mark.parametrize(
    "other", [{"coverage_level": "FAM"}, {"in_network": "N"}, {"insurance_type": "MB"}]
)
def test_limits_of_different_things_are_not_mixed(other: dict[str, object]) -> None:
    found = accumulators([deductible("23", 9), deductible("29", 4, **other)])
    assert [(each.total_cents, each.met_cents) for each in found] == [(9, None), (None, None)]


def test_limits_of_different_services_are_not_mixed() -> None:
    whole, visits = (
        state(eb("C", service, period=period, amount_cents=Cents(9)))
        for service, period in (("30", "23"), ("98", "29"))
    )
    assert [each.met_cents for each in accumulators([whole, visits])] == [None, None]


def test_a_lifetime_is_not_a_year() -> None:
    stated = [deductible("32", 900), deductible("29", 100), deductible("33", 300)]
    found = {each.is_lifetime: each for each in accumulators(stated)}
    assert (found[True].met_cents, found[False].met_cents) == (600, None)


def test_what_is_no_limit_or_has_no_amount_is_left_out() -> None:
    of_procedure = Procedure(qualifier="HC", code="97110")
    stated = [
        state(eb("B", period="23", amount_cents=Cents(5))),
        state(eb("C", period="23")),
        deductible("27", 5),
        deductible("23", 5, procedure=of_procedure),
        state(eb("C", period="23", amount_cents=Cents(5), is_readable=False)),
    ]
    assert accumulators(stated) == ()


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_met_and_left_are_the_whole(total: int, left: int) -> None:
    (found,) = accumulators([deductible("23", total), deductible("29", left)])
    if found.met_cents is None:
        assert left > total
    else:
        assert found.met_cents + left == total


@pytest.mark.parametrize(
    ("ratio", "percent"), [(200, 20_000), (0, 0), (1000, 100_000), (20_000, 20_000), (125, 12_500)]
)
def test_a_ratio_is_told_as_percent(ratio: int, percent: int) -> None:
    assert state(eb("A", percent=Thousandths(ratio))).percent == percent


def refusal(follow_up: str, level: Level = Level.SUBSCRIBER) -> Refusal:
    known = FollowUp(follow_up) if follow_up else None
    return Refusal(level=level, code="42", follow_up=known)


@pytest.mark.parametrize(
    ("follow_ups", "tries", "wait"),
    [
        ("R", 1, timedelta(minutes=15)),
        ("R", 2, timedelta(hours=1)),
        ("R", 3, timedelta(hours=4)),
        ("R", TRIES_MAX, None),
        ("P", 1, timedelta(minutes=15)),
        ("W", 1, timedelta(days=30)),
        ("W", 2, timedelta(days=30)),
        ("X", 1, timedelta(days=10)),
        ("C", 1, None),
        ("N", 1, None),
        ("S", 1, None),
        ("Y", 1, None),
        ("", 1, None),
        ("RX", 1, timedelta(days=10)),
        ("RC", 1, None),
        ("RN", 1, None),
    ],
)
def test_when_to_ask_again_is_decided_by_the_follow_up_alone(
    follow_ups: str, tries: int, wait: timedelta | None
) -> None:
    refusals = tuple(map(refusal, follow_ups)) or (refusal(""),)
    expected = None if wait is None else NOW + wait
    assert retry_at(refusals, tries=tries, now=NOW) == expected


def test_a_refusal_of_one_benefit_does_not_decide_it() -> None:
    about_benefit = refusal("C", Level.BENEFIT)
    assert retry_at((about_benefit,), tries=1, now=NOW) is None
    soon = retry_at((refusal("R"), about_benefit), tries=1, now=NOW)
    assert soon == NOW + timedelta(minutes=15)


def test_every_follow_up_says_what_to_do() -> None:
    assert set(ADVICE) == set(FollowUp)
    assert all(advice.message.endswith(".") for advice in ADVICE.values())
    assert advice_of(refusal("")).wait is None


def test_every_state_and_event_is_decided() -> None:
    decided = {
        (str(state), str(event)): str(after) for (state, event), after in TRANSITIONS.items()
    }
    assert decided == {
        ("waiting", "frozen"): "frozen",
        ("waiting", "refused"): "failed",
        ("frozen", "delivered"): "sent",
        ("frozen", "refused"): "failed",
        ("sent", "refused"): "failed",
        ("frozen", "answered"): "answered",
        ("sent", "answered"): "answered",
        ("failed", "answered"): "answered",
        ("answered", "answered"): "answered",
    }
    assert {event for _, event in TRANSITIONS} == set(CheckEvent)
    assert set(TRANSITIONS.values()) | {CheckState.WAITING} == set(CheckState)
