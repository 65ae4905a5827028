"""The breaker of a partner's connection: whether it may be met, and what meetings say. Pure.

Closed, work flows. Open, nobody connects until a moment, or, where trying again does harm, until a
person lets it. Half open, exactly one meeting decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FAILURES_MAX = 5  #: In a row; then it opens (reliability.md 2.7, as the others).
WINDOW = 20  #: Meetings that are remembered; it opens where half of a full window failed.
REFUSALS_MAX = 2  #: Logins refused in a row; then a person decides, lest the account be locked.
FIRST_SECONDS = 60
LONGEST_SECONDS = 900
PROBE_SECONDS = 30  #: Between two looks at a meeting that decides: most are over sooner.
PERSON_SECONDS = 900  #: Between two looks at a person's word. When it comes, work is woken.
_ANSWERED, _FAILED = ".", "x"


class Outcome(StrEnum):
    """What a meeting says about the connection, not about the files."""

    ANSWERED = "answered"  #: Their server did its part; it may have refused one file.
    FAILED = "failed"  #: Not reached, or lost on the way.
    LOGIN_REFUSED = "login_refused"
    UNTRUSTED = "untrusted"  #: It may not be the partner; nothing was shown to it.


class Standing(StrEnum):
    """How the breaker stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What is remembered of the meetings with one partner."""

    standing: Standing = Standing.CLOSED
    last: str = ""  #: The latest meetings while closed, newest last: `.` answered, `x` failed.
    refusals: int = 0  #: Logins refused in a row.
    openings: int = 0  #: In a row: each waits twice as long.
    opened_at: datetime | None = None  #: When it opened first, since it was closed.
    until: datetime | None = None  #: Open: then one is let through. None: when a person says so.
    code: str = ""  #: Why it opened: a code of docs/findings.md.

    @property
    def failures(self) -> int:
        """How many meetings in a row failed.

        >>> Breaker(last="x.xxx").failures
        3
        """
        return len(self.last) - len(self.last.rstrip(_FAILED))

    @property
    def waits_for_person(self) -> bool:
        """Tell whether it stays open until somebody closes it."""
        return self.standing is Standing.OPEN and self.until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The answer to whoever would meet the partner now."""

    may_pass: bool
    is_probe: bool = False  #: It alone passes, and decides.
    wait_seconds: int = 0


def passage(breaker: Breaker, *, now: datetime, is_probed: bool) -> Passage:
    """Tell whether a meeting may begin. `is_probed`: the one that decides is still going on.

    >>> passage(Breaker(), now=datetime(2026, 11, 28), is_probed=False).may_pass
    True
    """
    if breaker.standing is Standing.CLOSED:
        return Passage(may_pass=True)
    if breaker.waits_for_person:
        return Passage(may_pass=False, wait_seconds=PERSON_SECONDS)
    if breaker.until is not None and now < breaker.until:
        seconds = -((now - breaker.until) // timedelta(seconds=1))
        return Passage(may_pass=False, wait_seconds=seconds)
    if is_probed:
        return Passage(may_pass=False, wait_seconds=PROBE_SECONDS)
    return Passage(may_pass=True, is_probe=True)


def probing(breaker: Breaker) -> Breaker:
    """Return the breaker whose deciding meeting has begun."""
    return replace(breaker, standing=Standing.HALF_OPEN)


def after(
    breaker: Breaker, outcome: Outcome, *, code: str, now: datetime, is_probe: bool
) -> Breaker:
    """Return the breaker after a meeting. One that began before it opened decides nothing any more.

    But whoever was refused or deceived is believed at any time.
    """
    if outcome is Outcome.UNTRUSTED:
        return _held(breaker, code=code, now=now)
    if outcome is Outcome.LOGIN_REFUSED:
        refused = replace(breaker, refusals=breaker.refusals + 1)
        if refused.refusals >= REFUSALS_MAX:
            return _held(refused, code=code, now=now)
        # One at a time from here on: of many workers only one may try a second time.
        is_open = refused.standing is not Standing.CLOSED and not is_probe
        return refused if is_open else _opened(refused, code=code, now=now)
    if breaker.standing is not Standing.CLOSED and not is_probe:
        return breaker
    if outcome is Outcome.ANSWERED:
        if is_probe:
            return Breaker()
        return replace(breaker, last=_remembered(breaker.last, _ANSWERED), refusals=0)
    failed = replace(breaker, last=_remembered(breaker.last, _FAILED))
    if is_probe or failed.failures >= FAILURES_MAX or _is_half_failed(failed.last):
        return _opened(failed, code=code, now=now)
    return failed


def _opened(breaker: Breaker, *, code: str, now: datetime) -> Breaker:
    seconds = min(FIRST_SECONDS * 2**breaker.openings, LONGEST_SECONDS)
    return replace(
        breaker,
        standing=Standing.OPEN,
        openings=min(breaker.openings + 1, WINDOW),
        opened_at=breaker.opened_at or now,
        until=now + timedelta(seconds=seconds),
        code=code,
    )


def _held(breaker: Breaker, *, code: str, now: datetime) -> Breaker:
    if breaker.waits_for_person:
        return breaker
    return replace(_opened(breaker, code=code, now=now), until=None)


def _remembered(last: str, sign: str) -> str:
    return (last + sign)[-WINDOW:]


def _is_half_failed(last: str) -> bool:
    return len(last) == WINDOW and 2 * last.count(_FAILED) >= WINDOW
