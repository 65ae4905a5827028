"""Passwords: argon2id, and what a new one must be. Length, not composition (NIST SP 800-63B)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LENGTH_MIN = 12
LENGTH_MAX = 200  #: More protects nobody, and costs us.
HASHES_MAX = 4  #: At once, 64 MiB each (reliability.md 4); the next one waits.
_WAIT_SECONDS_MAX = 10

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_ROOM = BoundedSemaphore(HASHES_MAX)


class HashingBusyError(Exception):
    """Too many people sign in at this very moment."""


class WeakPasswordError(Exception):
    """The password is too short, too long, or one that everybody tries first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Whether a password is right, and whether its hash is of settings of before."""

    is_right: bool
    is_outdated: bool = False


def refuse_weak(password: str, *, email: str) -> None:
    """Raise WeakPasswordError where `password` is not one to be used."""
    folded = password.casefold()
    name, _, _ = email.partition("@")
    if (
        not LENGTH_MIN <= len(password) <= LENGTH_MAX
        or folded in _common()
        or folded in {email, name * 2, name * 3}
        or len(set(folded)) < 5
    ):
        raise WeakPasswordError


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password. Raises HashingBusyError."""
    with _room():
        return _HASHER.hash(password)


def check_password(known: str | None, password: str) -> Checked:
    """Tell whether `password` is the one of this hash. Raises HashingBusyError.

    Without a hash it takes as long, so that time does not tell who has an account.
    """
    with _room():
        try:
            _HASHER.verify(known or _nobody(), password[:LENGTH_MAX])
        except (VerificationError, InvalidHashError):
            return Checked(is_right=False)
    if known is None:
        return Checked(is_right=False)
    return Checked(is_right=True, is_outdated=_HASHER.check_needs_rehash(known))


@contextmanager
def _room() -> Iterator[None]:
    if not _ROOM.acquire(timeout=_WAIT_SECONDS_MAX):
        raise HashingBusyError
    try:
        yield
    finally:
        _ROOM.release()


@cache
def _nobody() -> str:
    """Return a hash that no account has; made once, with the settings of all others."""
    return _HASHER.hash("the password of nobody")


@cache
def _common() -> frozenset[str]:
    text = files("rcm.access").joinpath("common_passwords.txt").read_text(encoding="ascii")
    return frozenset(text.split())
