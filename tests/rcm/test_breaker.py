"""The breaker's decisions: a table of what each meeting does, and of who may pass when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcm.parties.breaker import (
    FAILURES_MAX,
    WINDOW,
    Breaker,
    Outcome,
    Standing,
    after,
    passage,
    probing,
)

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SIGNS = {
    ".": Outcome.ANSWERED,
    "x": Outcome.FAILED,
    "L": Outcome.LOGIN_REFUSED,
    "U": Outcome.UNTRUSTED,
}
OPEN = Breaker(
    standing=Standing.OPEN, last="xxxxx", openings=1, opened_at=NOW, until=NOW, code="SFTP-PORT"
)
HELD = Breaker(standing=Standing.OPEN, openings=1, opened_at=NOW, code="SFTP-HOST-KEY")


def met(signs: str, breaker: Breaker = Breaker(), *, is_probe: bool = False) -> Breaker:  # noqa: B008  # Frozen.
    """Return the breaker after these meetings."""
    for sign in signs:
        breaker = after(breaker, SIGNS[sign], code=f"CODE-{sign}", now=NOW, is_probe=is_probe)
    return breaker


@pytest.mark.parametrize(
    ("signs", "standing"),
    [
        ("xxxx", Standing.CLOSED),
        ("xxxxx", Standing.OPEN),
        ("xxxx.xxxx", Standing.CLOSED),
        (".xxxx" * 3 + ".xxx", Standing.CLOSED),  # 19: the window is not full.
        (".xxxx" * 4, Standing.OPEN),  # 20, 16 of them failed.
        (".xxxx" * 3 + ".xxx.", Standing.CLOSED),  # What answers opens nothing.
        (".x" * 10, Standing.OPEN),  # Just half of them.
        (".x" * 9 + "..", Standing.CLOSED),  # Nine of 20.
        (".x" * 9 + ".." + "..", Standing.CLOSED),  # The oldest are forgotten.
        ("L", Standing.OPEN),
        ("U", Standing.OPEN),
        (".", Standing.CLOSED),
    ],
)
def test_it_opens_after_five_in_a_row_or_half_of_twenty(signs: str, standing: Standing) -> None:
    assert (FAILURES_MAX, WINDOW) == (5, 20)
    assert met(signs).standing is standing


def test_each_opening_waits_twice_as_long_and_fifteen_minutes_at_most() -> None:
    breaker = met("xxxxx")
    waits = []
    for _ in range(8):
        assert breaker.until is not None
        waits.append((breaker.until - NOW) // SECOND)
        breaker = met("x", probing(breaker), is_probe=True)
    assert waits == [60, 120, 240, 480, 900, 900, 900, 900]
    assert breaker.opened_at == NOW


def test_a_success_of_the_one_let_through_forgets_everything() -> None:
    assert met(".", probing(OPEN), is_probe=True) == Breaker()


@pytest.mark.parametrize("stood", [OPEN, HELD, probing(OPEN)])
@pytest.mark.parametrize("sign", ".x")
def test_a_meeting_that_began_before_it_opened_decides_nothing(stood: Breaker, sign: str) -> None:
    assert met(sign, stood) == stood


@pytest.mark.parametrize("stood", [Breaker(), met("xx"), OPEN, probing(OPEN), HELD])
@pytest.mark.parametrize("is_probe", [True, False])
def test_a_stranger_stops_everything_until_a_person_speaks(
    stood: Breaker, *, is_probe: bool
) -> None:
    breaker = met("U", stood, is_probe=is_probe)  # The code stays that of the first time.
    assert breaker.waits_for_person
    assert breaker.code == ("CODE-U" if stood != HELD else HELD.code)
    later = passage(breaker, now=NOW + timedelta(days=9), is_probed=False)
    assert (later.may_pass, later.wait_seconds) == (False, 900)


def test_a_refused_login_is_tried_once_more_and_not_again() -> None:
    first = met("L")
    assert first.until == NOW + 60 * SECOND  # One at a time from here on.
    second = met("L", probing(first), is_probe=True)
    assert second.waits_for_person
    assert met("LL").waits_for_person  # Two workers at the same moment.
    assert met("L.L").refusals == 2  # The success of one that began before tells nothing.


def test_a_login_that_works_forgives_the_one_refused_before() -> None:
    once = met(".", probing(met("L")), is_probe=True)
    assert once == Breaker()
    assert not met("L", once).waits_for_person


@pytest.mark.parametrize(
    ("breaker", "seconds", "is_probed", "expected"),
    [
        (Breaker(), 0, False, (True, False, 0)),
        (met("xxxx"), 0, False, (True, False, 0)),
        (met("xxxxx"), 0, False, (False, False, 60)),
        (met("xxxxx"), 59, False, (False, False, 1)),
        (met("xxxxx"), 60, False, (True, True, 0)),
        (probing(met("xxxxx")), 61, True, (False, False, 30)),
        (probing(met("xxxxx")), 61, False, (True, True, 0)),  # The one let through has died.
    ],
)
def test_who_may_pass(
    breaker: Breaker, seconds: int, expected: tuple[bool, bool, int], *, is_probed: bool
) -> None:
    found = passage(breaker, now=NOW + seconds * SECOND, is_probed=is_probed)
    assert (found.may_pass, found.is_probe, found.wait_seconds) == expected
    almost = passage(met("xxxxx"), now=NOW + timedelta(seconds=59, milliseconds=1), is_probed=False)
    assert almost.wait_seconds == 1


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(SIGNS)), st.integers(0, 2000), st.booleans()), max_size=80
    )
)
def test_whatever_happens_it_can_be_told_when_or_by_whom_it_goes_on(
    meetings: list[tuple[str, int, bool]],
) -> None:
    breaker, now = Breaker(), NOW
    for sign, seconds, is_late in meetings:
        now += seconds * SECOND
        allowed = passage(breaker, now=now, is_probed=False)
        assert 0 <= allowed.wait_seconds <= 900
        assert allowed.may_pass or allowed.wait_seconds > 0
        if not allowed.may_pass and not is_late:  # Late: it began before the breaker opened.
            continue
        is_probe = allowed.is_probe
        begun = probing(breaker) if is_probe else breaker
        breaker = after(begun, SIGNS[sign], code="CODE", now=now, is_probe=is_probe)
        assert (breaker.opened_at is None) is (breaker.standing is Standing.CLOSED)
        if breaker.until is not None:
            assert breaker.until <= now + timedelta(minutes=15)
    if not breaker.waits_for_person:
        late = now + timedelta(minutes=15)
        assert passage(breaker, now=late, is_probed=False).may_pass
        once = probing(breaker) if breaker.standing is not Standing.CLOSED else breaker
        answered = after(once, Outcome.ANSWERED, code="", now=late, is_probe=True)
        assert answered.standing is Standing.CLOSED
