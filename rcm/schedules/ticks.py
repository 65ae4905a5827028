"""A cron expression in a time zone, as instants. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

TICKS_MAX = 1_000  #: Of one look back: a service that slept longer starts from there.
_LOOKED_AT_MAX = 60 * TICKS_MAX


class BadScheduleError(ValueError):
    """The expression is no cron line of five fields, or there is no such time zone."""


def next_ticks(cron: str, time_zone: str, *, after: datetime, count: int) -> tuple[datetime, ...]:
    """Return the next `count` instants (UTC) of a schedule. Raises BadScheduleError."""
    following = _from(cron, time_zone, after)
    return tuple(tick.astimezone(UTC) for _, tick in zip(range(count), following, strict=False))


def ticks(cron: str, time_zone: str, *, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """Return the instants (UTC) of a schedule later than `after` and not later than `until`.

    A time that a clock change skips is met when the clock has moved on; one that it repeats is
    met once. At most TICKS_MAX, the latest of the first _LOOKED_AT_MAX.

    >>> day = datetime(2026, 11, 2, tzinfo=UTC)
    >>> [tick.hour for tick in ticks("0 8 * * *", "America/New_York", after=day,
    ...     until=datetime(2026, 11, 3, tzinfo=UTC))]
    [13]
    """
    due = takewhile(lambda tick: tick <= until, _from(cron, time_zone, after))
    found = [tick.astimezone(UTC) for _, tick in zip(range(_LOOKED_AT_MAX), due, strict=False)]
    return tuple(found[-TICKS_MAX:])


def has_tick(cron: str, time_zone: str, *, after: datetime, until: datetime) -> bool:
    """Tell whether `ticks` has any, without counting them."""
    return any(tick <= until for tick in next_ticks(cron, time_zone, after=after, count=1))


def _from(cron: str, time_zone: str, start: datetime) -> Iterator[datetime]:
    try:
        return CronSim(cron, start.astimezone(ZoneInfo(time_zone)))
    except (CronSimError, ZoneInfoNotFoundError, ValueError):
        message = "a schedule is five cron fields and a time zone, such as America/New_York"
        raise BadScheduleError(message) from None
