"""How long a partner has been silent, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_HOUR = timedelta(hours=1)
_DAYS_FROM = timedelta(hours=48)  #: Below it hours are counted, from it days.


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What a person should see: nothing has come for longer than the partner's limit."""

    words: str
    since: datetime | None  #: When the last file came; None: none ever did.


def silence_of(
    *,
    last_exchange_at: datetime | None,
    last_received_at: datetime | None,
    silent_hours: int,
    time_zone: str,
    now: datetime,
) -> Silence | None:
    """Return the silence of a partner; None where it spoke within its `silent_hours`.

    Times are told in the partner's time zone.

    >>> from datetime import UTC
    >>> silence_of(last_exchange_at=None, last_received_at=None, silent_hours=72,
    ...     time_zone="UTC", now=datetime(2026, 11, 23, tzinfo=UTC)).words
    'not visited yet'
    """
    if last_received_at is not None:
        quiet = now - last_received_at
        if quiet < silent_hours * _HOUR:
            return None
        at = last_received_at.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")
        words = f"nothing received since {at} ({_duration(quiet)})"
        return Silence(words=words, since=last_received_at)
    if last_exchange_at is None:
        return Silence(words="not visited yet", since=None)
    return Silence(words="never received anything", since=None)


def _duration(quiet: timedelta) -> str:
    if quiet >= _DAYS_FROM:
        return f"{quiet.days} days"
    hours = quiet // _HOUR
    return f"{hours} hour" if hours == 1 else f"{hours} hours"
