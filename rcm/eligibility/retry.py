"""Whether and when a payer may be asked again: by AAA04 alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rcm.eligibility.model import FollowUp, Level, Refusal

TRIES_MAX = 4  #: The first question and three more.


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What AAA04 lets us do."""

    message: str
    wait: timedelta | None  #: Before the same may be asked again; None: not by itself.


_SOON = timedelta(minutes=15)
ADVICE: Mapping[FollowUp, Advice] = {
    FollowUp.CORRECT: Advice(message="Correct it, then ask again.", wait=None),
    FollowUp.NEVER: Advice(message="Do not ask again.", wait=None),
    FollowUp.RESEND: Advice(message="The same is asked again soon.", wait=_SOON),
    FollowUp.ALLOWED: Advice(message="The same is asked again soon.", wait=_SOON),
    FollowUp.THIRD_PARTY: Advice(
        message="Do not ask again: the payer is asking somebody else and will answer.", wait=None
    ),
    FollowUp.WAIT_30_DAYS: Advice(
        message="The same is asked again after 30 days.", wait=timedelta(days=30)
    ),
    FollowUp.WAIT_10_DAYS: Advice(
        message="The same is asked again after 10 days.", wait=timedelta(days=10)
    ),
    FollowUp.HOLD_ON: Advice(
        message="Do not ask again: the payer keeps the question and will answer.", wait=None
    ),
}
_NOT_TOLD = Advice(message="The payer does not say whether to ask again.", wait=None)


def advice_of(refusal: Refusal) -> Advice:
    """Return what the payer lets us do after this refusal."""
    return ADVICE[refusal.follow_up] if refusal.follow_up else _NOT_TOLD


def retry_at(refusals: tuple[Refusal, ...], *, tries: int, now: datetime) -> datetime | None:
    """Return when to ask the same again after `tries` questions; None: not by itself.

    Every refusal about the person or above must allow it. A wait of less than a day grows with
    each try: 15 minutes, an hour, four hours.
    """
    about = [each for each in refusals if each.level is not Level.BENEFIT]
    waits = [wait for each in about if (wait := advice_of(each).wait) is not None]
    if not about or len(waits) < len(about) or tries >= TRIES_MAX:
        return None
    longest = max(waits)
    return now + (longest if longest >= timedelta(days=1) else longest * 4 ** (tries - 1))
