"""Time and chance behind two small interfaces, so that a test can replay them."""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]  #: Returns an aware UTC instant.


def system_clock() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def today(now: datetime, time_zone: str) -> date:
    """Return the organisation's date at `now`."""
    return now.astimezone(ZoneInfo(time_zone)).date()


class Randomness(Protocol):
    """Where identifiers and jitter come from."""

    def uuid(self) -> UUID:
        """Return a new random UUID."""
        ...

    def text(self, alphabet: str, length: int) -> str:
        """Return `length` characters drawn evenly from `alphabet`."""
        ...

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to `limit` - 1."""
        ...


class SystemRandomness:
    """The operating system's generator."""

    def uuid(self) -> UUID:
        """Return a version 4 UUID."""
        return UUID(bytes=secrets.token_bytes(16), version=4)

    def text(self, alphabet: str, length: int) -> str:
        """Return `length` characters drawn evenly from `alphabet`."""
        return "".join(secrets.choice(alphabet) for _ in range(length))

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to `limit` - 1."""
        return secrets.randbelow(limit)
